// A PIN before it is sent: that it is text of six digits, and whether anyone would try it first. The rules
// are the server's; its list of popular PINs would be larger than the rest of the client.

import { InvalidParameterError } from './whatsapp-error.ts'

/** Why a PIN is easily guessed. */
export type WeakPin = 'repeats' | 'run' | 'pattern' | 'date'

/** Refuses what is not six digits as text. The PIN is never part of the error. */
export function checkPin(pin: unknown): void {
  const message =
    typeof pin === 'number'
      ? 'Write the PIN as text, "012345": as a number it loses its leading zeros and becomes another PIN.'
      : 'Write the PIN as text of six digits 0 to 9.'
  if (typeof pin !== 'string' || !/^[0-9]{6}$/.test(pin)) {
    throw new InvalidParameterError({ code: 100, message, type: 'OAuthException' })
  }
}

/** An ownership code as it is sent: people see it with a hyphen, `123-830`. The code is never part of the error. */
export function readCode(code: unknown): string {
  const digits = typeof code === 'string' ? /^([0-9]{3})[- ]?([0-9]{3})$/.exec(code) : undefined
  if (digits) return `${digits[1]}${digits[2]}`
  throw new InvalidParameterError({
    code: 100,
    message: 'Write the code as text of six digits 0 to 9.',
    type: 'OAuthException',
  })
}

/**
 * Why a PIN of six digits is easily guessed, or `undefined` where these rules know nothing against it. A server may know more:
 * ours has a list of popular PINs, and refuses the digits of the number itself.
 */
export function weakPin(pin: string): WeakPin | undefined {
  checkPin(pin)
  const digits = Array.from(pin, Number)
  if (/^(...)\1$|^(.)\2(.)\3(.)\4$/.test(pin) || new Set(digits).size < 3) return 'repeats'
  if (isRun(digits)) return 'run'
  if (isPattern(pin, digits)) return 'pattern'
  return isDate(pin) ? 'date' : undefined
}

type Digits = readonly number[]

/** From each digit to the next, past nine to zero. */
const steps = (digits: Digits): Digits => digits.slice(1).map((to, at) => (to - (digits[at] ?? 0) + 10) % 10)
const same = (steps: Digits, ...allowed: Digits): boolean => allowed.some(step => steps.every(each => each === step))

// 123456, 024680, 890123 · 456123, 789987: two halves that each count by one.
const isRun = (digits: Digits): boolean =>
  same(steps(digits), 1, 9, 2, 8) || [digits.slice(0, 3), digits.slice(3)].every(half => same(steps(half), 1, 9))

const isLine = (keys: string): boolean => lines.includes(keys)
const lines = '123 456 789 147 258 369 159 357 321 654 987 741 852 963 951 753'.split(' ')
// What is beside each of the keys 0 to 9.
const beside = ['8', '24', '135', '26', '157', '2468', '359', '48', '5790', '68']

// 123321 · 102030, 010203 · 147258 · 125896, drawn on the keypad without lifting the finger.
function isPattern(pin: string, digits: Digits): boolean {
  if (/^(.)(.)(.)\3\2\1$/.test(pin) || (isLine(pin.slice(0, 3)) && isLine(pin.slice(3)))) return true
  const [even, odd] = [0, 1].map(start => digits.filter((_, at) => at % 2 === start))
  const gaps = (still: Digits = [], moving: Digits = []) => same(steps(still), 0) && same(steps(moving), 1, 9)
  if (gaps(even, odd) || gaps(odd, even)) return true
  const isDrawn = digits.every((_, at) => at === 0 || beside[digits[at - 1] ?? 0]?.includes(pin.charAt(at)))
  return isDrawn && new Set(digits).size === 6
}

const day = '(?:0[1-9]|[12][0-9]|3[01])'
const month = '(?:0[1-9]|1[0-2])'
const year = '(?:[5-9][0-9]|[012][0-9])'
const longYear = '(?:19[4-9][0-9]|20[012][0-9])'
// Days that their month does not have.
const noDay = '(?:3[01]02|31(?:04|06|09|11))'
const noDayTurned = '(?:023[01]|(?:04|06|09|11)31)'
const dates = new RegExp(
  `^(?:(?!${noDay})${day}${month}${year}|(?!${noDayTurned})${month}${day}${year}` +
    `|${year}(?!${noDayTurned})${month}${day}|${longYear}${month}|${month}${longYear})$`,
)

const yearFirst = new RegExp(`^${longYear}`)
const yearLast = new RegExp(`${longYear}$`)

// 311299, 123199, 991231, 199912, 121999 · the year and its end again: 198585, 851985.
const isDate = (pin: string): boolean =>
  dates.test(pin) ||
  (yearFirst.test(pin) && pin.slice(2, 4) === pin.slice(4)) ||
  (yearLast.test(pin) && pin.slice(0, 2) === pin.slice(4))
