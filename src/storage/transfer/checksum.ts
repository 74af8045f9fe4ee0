// Checksums over tables: SHA-256 over each row in the order of its key, written down in one way that no engine has a say
// in. Two tables with the same sum hold the same rows, byte for byte.
//
//   table   "twostep-rows-1", a line break, the names of its columns with commas between, a line break, its rows
//   row     its values in the order of the columns
//   value   a tag, and then: 0 nothing · 1 the length in 4 bytes and UTF-8 · 2 a whole number in 8 bytes, two's
//           complement · 3 the length in 4 bytes and the bytes. The most significant byte comes first

import { createHash } from 'node:crypto'
import type { Row, Table, Value } from './tables.ts'

/** What a table holds: how many rows, and their SHA-256 in hex. */
export type TableSum = { readonly table: Table['name']; readonly rows: number; readonly sha256: string }

/** A sum that rows are added to, in the order of their keys. */
export type OpenSum = { add(rows: readonly Row[]): void; sum(): TableSum }

export function openSum({ name, columns }: Table): OpenSum {
  const hash = createHash('sha256').update(`twostep-rows-1\n${columns.map(column => column.name).join()}\n`)
  let many = 0
  return {
    add(rows) {
      hash.update(encodeRows(rows))
      many += rows.length
    },
    sum: () => ({ table: name, rows: many, sha256: hash.copy().digest('hex') }),
  }
}

/** One name for all that a database holds: SHA-256 over its sums, in hex. */
export function fingerprintOf(sums: readonly TableSum[]): string {
  const lines = sums.map(({ table, rows, sha256 }) => `${table} ${rows} ${sha256}\n`)
  return createHash('sha256').update('twostep-copy-1\n').update(lines.join('')).digest('hex')
}

/** Rows as they are summed up. */
export function encodeRows(rows: readonly Row[]): Buffer {
  const bytes = Buffer.allocUnsafe(rows.reduce((sum, row) => sum + row.reduce<number>(most, 0), 0))
  let end = 0
  for (const row of rows) for (const value of row) end = write(bytes, value, end)
  return bytes.subarray(0, end)
}

/** The most bytes that a value can take, added to `sum`: a UTF-16 unit is at most three bytes of UTF-8. */
function most(sum: number, value: Value): number {
  if (typeof value === 'string') return sum + 5 + 3 * value.length
  return sum + (value instanceof Uint8Array ? 5 + value.byteLength : 9)
}

function write(to: Buffer, value: Value, at: number): number {
  if (value === null) return to.writeUInt8(0, at)
  if (typeof value === 'number') return to.writeBigInt64BE(BigInt(value), to.writeUInt8(2, at))
  if (typeof value === 'string') {
    const size = to.write(value, at + 5, 'utf8')
    return to.writeUInt32BE(size, to.writeUInt8(1, at)) + size
  }
  to.set(value, at + 5)
  return to.writeUInt32BE(value.byteLength, to.writeUInt8(3, at)) + value.byteLength
}
