// A list of numbers as people keep it: CSV out of a spreadsheet. It is taken whole or not at all, and whatever is wrong with
// it is told by line and column. No value of it gets into a message: it holds tokens and PINs.

import { CsvError, parse } from 'csv-parse/sync'
import { Secret } from '#secrets/secret.ts'
import { mostNumbers } from './vault.ts'

/** One line of the list. What is empty there is `undefined`. */
export type Row = {
  readonly line: number
  readonly id: string
  readonly token: Secret | undefined
  readonly pin: Secret | undefined
  readonly name: string | undefined
  readonly region: string | undefined
}

/** Something wrong. `column`: its name, where it is one cell's fault. */
export type Mistake = { readonly line: number; readonly column?: string | undefined; readonly says: string }

export type CsvEnding =
  | { readonly kind: 'read'; readonly rows: readonly Row[] }
  | { readonly kind: 'wrong'; readonly mistakes: readonly Mistake[] }

export const columns = ['phone_number_id', 'access_token', 'pin', 'name', 'data_localization_region'] as const
type Column = (typeof columns)[number]
type Cells = Readonly<Partial<Record<Column, string>>>

/** Reads a file's bytes: UTF-8, with commas, semicolons or tabs, as spreadsheets write it. */
export function readCsv(bytes: Uint8Array): CsvEnding {
  const text = decode(bytes)
  if (text === undefined) {
    return wrong([{ line: 1, says: 'is not text in UTF-8. Save the list as "CSV UTF-8" in the spreadsheet' }])
  }
  let lines: readonly Line[]
  try {
    lines = parse(text, {
      ...{ bom: true, trim: true, skip_empty_lines: true, info: true, relax_column_count: true },
      delimiter: delimiterOf(text),
    }) as unknown as readonly Line[]
  } catch (error) {
    // Its own words quote what it stumbled over.
    if (!(error instanceof CsvError)) throw error
    const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : 1
    return wrong([{ line, says: 'has a quotation mark where none may be, or one that is not closed' }])
  }
  const [head, ...rest] = lines.filter(({ record }) => record.some(cell => cell !== ''))
  if (head === undefined)
    return wrong([{ line: 1, says: `is empty. The first line names the columns: ${columns.join()}` }])
  const names = head.record.map(name => name.toLowerCase())
  const misnamed = mistakesOfHead(names, head.info.lines)
  if (misnamed.length > 0) return wrong(misnamed)
  return readRows(names, rest)
}

type Line = { readonly record: readonly string[]; readonly info: { readonly lines: number } }

const wrong = (mistakes: readonly Mistake[]): CsvEnding => ({ kind: 'wrong', mistakes })

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

// Spreadsheets of half the world write semicolons. The names of the columns have none of these.
function delimiterOf(text: string): string {
  const head = text.slice(0, text.search(/[\r\n]|$/))
  return [',', ';', '\t'].find(sign => head.includes(sign)) ?? ','
}

function mistakesOfHead(names: readonly string[], line: number): readonly Mistake[] {
  const known: readonly string[] = columns
  return names
    .flatMap((name, at): readonly Mistake[] => {
      if (!known.includes(name)) {
        return [{ line, says: `has no known name over column ${at + 1}. There are: ${columns.join(', ')}` }]
      }
      return names.indexOf(name) < at ? [{ line, column: name, says: 'is there twice' }] : []
    })
    .concat(names.includes('phone_number_id') ? [] : [{ line, says: 'names no column phone_number_id' }])
}

function readRows(names: readonly string[], lines: readonly Line[]): CsvEnding {
  const mistakes: Mistake[] = []
  const rows: Row[] = []
  const first = new Map<string, number>()
  if (lines.length > mostNumbers) return wrong([{ line: 1, says: `begins more than ${mostNumbers} numbers` }])
  for (const { record, info } of lines) {
    const line = info.lines
    if (record.length > names.length) {
      mistakes.push({ line, says: `has ${record.length} cells; the first line names ${names.length} columns` })
      continue
    }
    const cells: Cells = Object.fromEntries(names.map((name, at) => [name, record[at] ?? '']))
    const found = mistakesOf(cells, line)
    const id = cells.phone_number_id ?? ''
    const before = first.get(id)
    if (found.length === 0 && before !== undefined) {
      found.push({ line, column: 'phone_number_id', says: `is the one of line ${before}` })
    }
    first.set(id, before ?? line)
    mistakes.push(...found)
    if (found.length === 0) rows.push(rowOf(cells, line))
  }
  return mistakes.length > 0 ? wrong(mistakes) : { kind: 'read', rows }
}

const rules: Readonly<Record<Column, (cell: string) => string | undefined>> = {
  phone_number_id(cell) {
    if (/^[0-9]{1,32}$/.test(cell)) return undefined
    if (/^[0-9][.,][0-9]+e\+?[0-9]+$/i.test(cell)) {
      return 'was rounded by the spreadsheet: format the column as text, and paste the id again'
    }
    if (/^\+|[ ()-]/.test(cell)) return 'looks like the number itself: write its phone-number id, digits only'
    return cell === '' ? 'is empty' : 'is not an id of digits'
  },
  access_token(cell) {
    if (cell === '' || (/^[!-~]+$/.test(cell) && cell.length <= 4_096)) return undefined
    return 'has spaces, line breaks or signs that no token has'
  },
  pin(cell) {
    if (cell === '' || /^[0-9]{6}$/.test(cell)) return undefined
    if (/^[0-9]{1,5}$/.test(cell)) {
      return 'has fewer than six digits. If the spreadsheet dropped leading zeros, format the column as text and type them'
    }
    return 'is not six digits'
  },
  name(cell) {
    if (/\p{C}/u.test(cell)) return 'has signs that cannot be shown'
    return [...cell].length > 75 ? 'is longer than 75 characters' : undefined
  },
  data_localization_region(cell) {
    return cell === '' || /^[A-Z]{2}$/.test(cell) ? undefined : 'is not a country of two capital letters, such as CH'
  },
}

const mistakesOf = (cells: Cells, line: number): Mistake[] =>
  columns.flatMap(column => {
    const says = rules[column](cells[column] ?? '')
    return says === undefined ? [] : [{ line, column, says }]
  })

function rowOf(cells: Cells, line: number): Row {
  const given = (column: Column): string | undefined => cells[column] || undefined
  const sealed = (column: Column): Secret | undefined => {
    const text = given(column)
    return text === undefined ? undefined : Secret.of(text)
  }
  return {
    line,
    id: cells.phone_number_id ?? '',
    token: sealed('access_token'),
    pin: sealed('pin'),
    name: given('name'),
    region: given('data_localization_region'),
  }
}
