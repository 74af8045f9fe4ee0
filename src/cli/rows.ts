// Lists for people: a line each, in columns; and texts of others made plain, so that none moves the cursor or hides a line.

/** What stands in each column, in order. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => string | undefined>>

/** Rows under a line of headings. */
export function table<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const names = Object.keys(columns)
  const lines = [names, ...rows.map(row => names.map(name => columns[name]?.(row) || '–'))]
  const widths = names.map((_, at) => Math.max(...lines.map(line => [...(line[at] ?? '')].length)))
  return lines
    .map(line => line.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - [...cell].length)).join('  '))
    .map(line => line.trimEnd())
    .join('\n')
}

// Names of sessions, senders and businesses are whatever somebody sent. A terminal would obey what is in them: control
// characters, and those that turn the direction of what follows.
const obeyed = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const asEscape = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A text as a terminal may have it. */
export const plain = (text: string): string =>
  text.replace(obeyed, sign => (sign === '\n' || sign === '\t' ? sign : asEscape(sign)))

/** The same value as JSON on one line, likewise. */
export const plainJson = (value: unknown): string => JSON.stringify(value).replace(obeyed, asEscape)
