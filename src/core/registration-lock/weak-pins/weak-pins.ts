// Which PINs somebody would guess, and why. Guess limits leave a thief five or ten tries; they only help while the tries
// a thief makes first are not the PINs that people choose first. So these are refused, with words for the person.
//
// Measured over all 1,000,000 PINs (weak-pins.test.ts holds the product to it): 7.4 % are refused whoever asks, 6.7 %
// as dates; a phone number refuses up to 20 more. The 926,057 that are left are 19.8 bits; all would be 19.9.

import { assert } from '../../kernel/outcome.ts'
import { popularPins } from './popular.ts'

export type WeakPinKind = 'repeats' | 'run' | 'own_number' | 'pattern' | 'date' | 'popular'

/** Why a PIN is weak. `explanation` is one or two English sentences for the person; they never repeat the PIN. */
export type Weakness = { readonly kind: WeakPinKind; readonly explanation: string }

const explanations: Readonly<Record<WeakPinKind, string>> = {
  repeats: 'This PIN repeats its digits. Repeats are among the first PINs anyone tries.',
  run: 'This PIN counts up or down. Runs of digits are among the first PINs anyone tries.',
  own_number:
    'This PIN is part of your own phone number, forwards or backwards. Whoever knows the number would try it.',
  pattern: 'This PIN makes a pattern of its digits or on the keypad. Patterns are easy to see and to guess.',
  date: 'This PIN can be read as a date. Birthdays and anniversaries are easy to find out.',
  popular: 'This PIN is on public lists of leaked passwords. Other people chose it too, and thieves start with those.',
}

/**
 * Why `pin` (six ASCII digits, else it throws) must not be used with `ownNumber`, or `undefined` when nothing speaks
 * against it. Of several reasons the one most useful to the person is given. `ownNumber` may have any signs between its
 * digits. Pure, and quick: about a microsecond.
 *
 * NIST SP 800-63B-4 §3.1.1.2 (a blocklist of values commonly used, expected or compromised, and a reason given).
 */
export function weakness(
  pin: string,
  { ownNumber }: { readonly ownNumber?: string | undefined },
): Weakness | undefined {
  assert(/^[0-9]{6}$/.test(pin), 'a PIN is six ASCII digits before its strength is judged')
  const kind = weakKind(pin, ownNumber)
  return kind === undefined ? undefined : { kind, explanation: explanations[kind] }
}

function weakKind(pin: string, ownNumber: string | undefined): WeakPinKind | undefined {
  const digits = digitsOf(pin)
  if (repeats(digits)) return 'repeats'
  if (runs(digits)) return 'run'
  if (ownNumber !== undefined && isPartOf(ownNumber, pin)) return 'own_number'
  if (isMirror(digits) || isRunWithGaps(digits) || isTwoLines(pin) || isDrawn(digits)) return 'pattern'
  if (isDate(digits)) return 'date'
  return popularPins().has(pin) ? 'popular' : undefined
}

type Digits = readonly [number, number, number, number, number, number]

function digitsOf(pin: string): Digits {
  const at = (index: number) => pin.charCodeAt(index) - 48
  return [at(0), at(1), at(2), at(3), at(4), at(5)]
}

// 123123 (a half twice) · 112233 (pairs) · 111111, 121212, 111221 (two digits at most).
function repeats(digits: Digits): boolean {
  const [a, b, c, d, e, f] = digits
  if ((a === d && b === e && c === f) || (a === b && c === d && e === f)) return true
  const other = digits.find(each => each !== a)
  return digits.every(each => each === a || each === other)
}

// 123456, 987654, 024680, 890123: counting by one or by two, past nine to zero · 456123, 123321, 789987: two halves that
// each count by one.
function runs([a, b, c, d, e, f]: Digits): boolean {
  if (step(a, b) !== step(b, c) || step(d, e) !== step(e, f)) return false
  const joined = step(a, b) === step(c, d) && step(c, d) === step(d, e)
  return (joined && [1, 2, 8, 9].includes(step(a, b))) || (isByOne(a, b) && isByOne(d, e))
}

const step = (from: number, to: number): number => (to - from + 10) % 10
const isByOne = (from: number, to: number): boolean => step(from, to) === 1 || step(from, to) === 9

function isPartOf(number: string, pin: string): boolean {
  const digits = number.replace(/[^0-9]/g, '')
  return digits.includes(pin) || digits.includes([...pin].reverse().join(''))
}

// 123321
const isMirror = ([a, b, c, d, e, f]: Digits): boolean => a === f && b === e && c === d

// 102030, 010203: a run with one digit in between.
function isRunWithGaps([a, b, c, d, e, f]: Digits): boolean {
  if (a === c && c === e) return isByOne(b, d) && step(b, d) === step(d, f)
  return b === d && d === f && isByOne(a, c) && step(a, c) === step(c, e)
}

const lines = ['123', '456', '789', '147', '258', '369', '159', '357']
const keypadLines: ReadonlySet<string> = new Set(lines.flatMap(line => [line, [...line].reverse().join('')]))

// 147258, 159753: two lines of three keys, straight or aslant.
const isTwoLines = (pin: string): boolean => keypadLines.has(pin.slice(0, 3)) && keypadLines.has(pin.slice(3))

// The keys above, below, left and right of the keys 0 to 9, as on every telephone.
const neighbours = [[8], [2, 4], [1, 3, 5], [2, 6], [1, 5, 7], [2, 4, 6, 8], [3, 5, 9], [4, 8], [5, 7, 9, 0], [6, 8]]

// 125896: drawn on the keypad without lifting the finger, no key twice.
function isDrawn(digits: Digits): boolean {
  const joined = digits.every((key, at) => at === 0 || neighbours[key]?.includes(digits[at - 1] ?? key))
  return joined && new Set(digits).size === digits.length
}

// Years people remember. The two-digit window is what keeps the refused share below 8 %: the leaked lists are full of
// birthdays from these years, and years outside it that are popular all the same are on the popular list.
const shortYears = { from: 50, to: 29 }
const longYears = { from: 1940, to: 2029 }
const daysIn = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

// ddmmyy, mmddyy, yymmdd · yyyymm, mmyyyy · the year and its end again: 198585, 851985.
function isDate([a, b, c, d, e, f]: Digits): boolean {
  const [first, middle, last] = [10 * a + b, 10 * c + d, 10 * e + f]
  if (isShortYear(last) && (isDay(middle, first) || isDay(first, middle))) return true
  if (isShortYear(first) && isDay(middle, last)) return true
  if (isLongYear(100 * first + middle) && (isMonth(last) || last === middle)) return true
  return isLongYear(100 * middle + last) && (isMonth(first) || first === last)
}

const isDay = (month: number, day: number): boolean => day >= 1 && day <= (daysIn[month - 1] ?? 0)
const isMonth = (month: number): boolean => month >= 1 && month <= 12
const isShortYear = (year: number): boolean => year >= shortYears.from || year <= shortYears.to
const isLongYear = (year: number): boolean => year >= longYears.from && year <= longYears.to
