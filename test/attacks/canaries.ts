// Looking for what must not be there: a secret in any form in which it could have been written down by mistake.

import { createHash } from 'node:crypto'

/** Something that must not be found, under a name that a failing test may print. */
export type Canary = { readonly name: string; readonly text: string }

/** Every way in which people write a phone number in E.164 down. */
export function spellingsOf(number: string, national: string): readonly Canary[] {
  const digits = number.replace('+', '')
  const country = digits.slice(0, -national.length)
  const [area, rest] = [national.slice(0, 4), national.slice(4)]
  return [
    ['E.164', number],
    ['digits', digits],
    ['national', national],
    ['with a trunk zero', `0${national}`],
    ['as people print it', `+${country} ${area} ${rest}`],
    ['as people write it', `0${area} ${rest}`],
    ['with hyphens', `+${country}-${area}-${rest}`],
  ].map(([how, text]) => ({ name: `number ${how}`, text: text ?? '' }))
}

type Form = { readonly how: string; readonly bytes: Buffer }

/** The forms of a text: plain and in the encodings that programs use without being asked. Hashes without a key, too. */
function formsOf(text: string): readonly Form[] {
  const plain = Buffer.from(text)
  const hashes = ['sha256', 'sha1', 'md5'].flatMap(algorithm => {
    const hash = createHash(algorithm).update(text).digest()
    return [
      { how: algorithm, bytes: hash },
      { how: `${algorithm} in hex`, bytes: Buffer.from(hash.toString('hex')) },
      { how: `${algorithm} in base64`, bytes: Buffer.from(hash.toString('base64').replace(/=+$/, '')) },
    ]
  })
  return [
    { how: 'plain', bytes: plain },
    { how: 'upper case', bytes: Buffer.from(text.toUpperCase()) },
    { how: 'lower case', bytes: Buffer.from(text.toLowerCase()) },
    { how: 'backwards', bytes: Buffer.from([...text].reverse().join('')) },
    { how: 'UTF-16', bytes: Buffer.from(text, 'utf16le') },
    { how: 'hex', bytes: Buffer.from(plain.toString('hex')) },
    { how: 'in a URL', bytes: Buffer.from(encodeURIComponent(text)) },
    ...inBase64(plain),
    ...hashes,
  ]
}

// Inside a longer text, base64 looks different by where it falls among the groups of three. The symbols that hold six bits
// of this text and none of its neighbours' are always there.
function inBase64(plain: Buffer): readonly Form[] {
  return [0, 1, 2].map(shift => {
    const symbols = Buffer.concat([Buffer.alloc(shift), plain]).toString('base64')
    const own = symbols.slice(Math.ceil((8 * shift) / 6), Math.floor((8 * (shift + plain.length)) / 6))
    return { how: `base64 at ${shift}`, bytes: Buffer.from(own) }
  })
}

const shortest = 6

/** Which canaries are in `haystack`, and how they were written. Forms too short to mean anything are left out. */
export function found(haystack: Buffer, canaries: readonly Canary[]): readonly string[] {
  return canaries.flatMap(({ name, text }) =>
    formsOf(text)
      .filter(({ bytes }) => bytes.length >= shortest && haystack.includes(bytes))
      .map(({ how }) => `${name}, ${how}`),
  )
}

/**
 * Takes out what is random, or a moment, and public, so that six digits are not found in it by chance: request ids and
 * hashes in hex, moments, what was measured, and the 15 digits of ids and of places in a list. In a database's page what
 * comes next follows at once, and may be a digit too.
 */
export const withoutChance = (bytes: Buffer): Buffer =>
  Buffer.from(
    bytes
      .toString('latin1')
      .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{32})/g, '·')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '·')
      .replace(/(?<=[ :])\d+\.\d+(?:e[-+]\d+)?(?=[\n,}])/g, '·')
      .replace(/(?<!\d)(?:\d{15})+/g, '·')
      .replace(/(?<="(?:at|createdAt)":)\d{13}/g, '·'),
    'latin1',
  )
