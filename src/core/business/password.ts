// Which passwords somebody would guess, and why. Length does most; what is left are the words that everybody takes, and
// those that whoever knows the person would try first.

/** Why a password is refused. */
export type WeakPassword = 'too_short' | 'too_long' | 'repeats' | 'common' | 'about_you'

/** The longest that is taken, in characters. Hashing costs the same for all; this bounds the request. */
export const longestPassword = 256

/**
 * Why `password` must not be taken, or `undefined`. `about`: the person's address, the product's and the business's name.
 * No rule asks for digits or signs: they make passwords alike. NIST SP 800-63B-4 §3.1.1.2, ASVS 5.0 §6.2.
 */
export function weakPassword(
  password: string,
  of: { readonly least: number; readonly about: readonly string[] },
): WeakPassword | undefined {
  const text = onePassword(password)
  const length = [...text].length
  if (length < of.least) return 'too_short'
  if (length > longestPassword) return 'too_long'
  const letters = plainLetters(text)
  if (new Set(text).size <= 4 || isRepeated(text) || isRun(text)) return 'repeats'
  const about = of.about.flatMap(words => [words, ...words.split('@'), ...words.split(/[@.\s_-]+/)]).map(plainLetters)
  if (about.some(word => word.length >= 3 && mostOf(letters, word))) return 'about_you'
  return commonWords.some(word => mostOf(letters, word)) ? 'common' : undefined
}

/** One form for each password: the same letters typed on two keyboards are one (NIST SP 800-63B-4 §3.1.1.2: NFKC). */
export const onePassword = (text: string): string => text.normalize('NFKC')

// What is left when the tricks are taken away that everybody knows: case, digits and signs around, digits for letters.
const plainLetters = (text: string): string =>
  [
    ...text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, ''),
  ]
    .map(sign => letters[sign] ?? sign)
    .join('')
    .replace(/[^\p{L}]/gu, '')

const letters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
}

// Of a long passphrase a common word is a small part; of `Password2024!!` it is nearly all.
const mostOf = (letters: string, word: string): boolean =>
  letters.replaceAll(word, '').length <= 3 && letters.includes(word)

const isRepeated = (text: string): boolean => {
  const half = (text + text).slice(1, -1)
  return half.includes(text)
}

// abcdefgh, 87654321, qwertyui: one after the other in the alphabet or on a keyboard.
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'azertyuiop',
  'qwertzuiop',
]
const runsOf = rows.flatMap(row => [row, [...row].reverse().join('')])
const isRun = (text: string): boolean => {
  const plain = text.toLowerCase()
  let steps = 0
  for (let at = 1; at < plain.length; at += 1) {
    const pair = plain.slice(at - 1, at + 1)
    if (runsOf.some(row => row.includes(pair))) steps += 1
  }
  return steps >= plain.length * 0.75
}

// The words that leaked lists are made of, after the tricks are taken away.
const commonWords: readonly string[] = (
  'password passwort passwd motdepasse contrasena senha parola wachtwoord letmein welcome willkommen bienvenue admin ' +
  'administrator administrador root user username login master secret changeme default test testing guest support manager ' +
  'company business office internet computer server whatsapp facebook google microsoft apple samsung iloveyou ilovegod love ' +
  'lovely princess sunshine monkey dragon football baseball basketball soccer superman batman pokemon starwars naruto ' +
  'shadow michael jennifer jessica charlie ashley daniel thomas jordan hunter ranger buster freedom whatever trustno ' +
  'qwerty qwertz azerty asdf zxcvbn abc abcd abcdef summer winter spring autumn monday friday january october december ' +
  'london paris berlin madrid chocolate cookie flower banana orange cheese pepper ginger silver golden diamond mustang ' +
  'ferrari mercedes porsche yankees liverpool arsenal chelsea barcelona realmadrid corvette access hello helloworld'
).split(' ')
