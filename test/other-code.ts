// A wrong code is made from the right one: a guess would be right once in ten thousand runs.

/** A code as long as `right`, and another. */
export const otherThan = (right: string): string => (right.startsWith('0') ? '1' : '0') + right.slice(1)
