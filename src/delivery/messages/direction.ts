// What is put into a text, a product's or a business's name, a device's, a browser's, is one line of text that reads in its
// own direction and changes nobody else's (UAX #9): a name with an override for the direction could otherwise turn round
// what a mail says, and a Latin name or a number in Arabic words would be shown in pieces.

// The scripts that are read from right to left: the blocks that Unicode keeps for them (UAX #9, DerivedBidiClass).
const fromRight = '\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}'
const hasFromRight = new RegExp(`(?=[${fromRight}])\\p{L}`, 'u')
const beginsFromRight = new RegExp(`^\\P{L}*(?=[${fromRight}])\\p{L}`, 'u')

const breaks = /[\p{Cc}\p{Zl}\p{Zp}]+/gu
// Marks, embeddings, overrides, isolates: also the end of an isolate, by which a value would get out of its own.
const turns = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A value on one line, without signs that turn the direction of what is around it. */
export const oneLine = (value: string): string => value.replace(turns, '').replace(breaks, ' ')

/**
 * A value between FSI and PDI where its direction could differ from the text's. Of those that {@link oneLine} made. Digits
 * alone keep their order everywhere, and a code is to stand first. What begins as the text does is left to it: a text all of
 * whose words stood apart would have no direction left.
 */
export function isolated(value: string, direction: 'ltr' | 'rtl'): string {
  const isAtHome =
    direction === 'ltr' ? !hasFromRight.test(value) : /^[0-9]*$/.test(value) || beginsFromRight.test(value)
  return isAtHome ? value : `\u2068${value}\u2069`
}
