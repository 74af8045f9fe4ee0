// The words a number is found by: those of its verified name, in one spelling, and the end of the number itself.

/** How many words of one name are kept to be found by. Each is a row, so there is an end to them. */
const mostWords = 4

/** How many last digits a number is found by. */
export const lastDigits = 4

/**
 * The words of a name in one spelling: `Café  Zürich` reads `cafe`, `zurich`. The first few that differ; single letters of
 * an alphabet find too much to be of use, single signs of a script like Chinese are whole words.
 */
export function nameWords(name: string): readonly string[] {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word.length >= 2 || /[^\p{ASCII}]/u.test(word))
  return [...new Set(words)].slice(0, mostWords)
}

/** The last digits of a number in E.164. */
export const endOfNumber = (number: string): string => number.slice(-lastDigits)
