// Columns of rows as PostgreSQL's arrays in their binary form: one parameter a column, whatever is in it. pg would write
// arrays as text, with every byte as two digits and every quote escaped.
//
//   1 (dimensions) · 1 (may hold nulls) · type · how many · 1 (counted from) · each: its length and bytes, or -1 for null

import type { ColumnType, Row, Value } from '../transfer/tables.ts'

/** What a column's type is called in a cast, and its object id in pg_type. */
export const wireArrays: Readonly<Record<ColumnType, { readonly cast: string; readonly oid: number }>> = {
  text: { cast: 'text[]', oid: 25 },
  whole: { cast: 'bigint[]', oid: 20 },
  bytes: { cast: 'bytea[]', oid: 17 },
  id128: { cast: 'uuid[]', oid: 2950 },
}

const headerBytes = 20

/** The values that `rows` have at `column`, as an array of that type. */
export function encodeArray(rows: readonly Row[], column: number, type: ColumnType): Buffer {
  const bytes = Buffer.allocUnsafe(rows.reduce((sum, row) => sum + 4 + sizeOf(row[column] ?? null), headerBytes))
  let at = bytes.writeInt32BE(1, 0)
  at = bytes.writeInt32BE(1, at)
  at = bytes.writeInt32BE(wireArrays[type].oid, at)
  at = bytes.writeInt32BE(rows.length, at)
  at = bytes.writeInt32BE(1, at)
  for (const row of rows) at = write(bytes, row[column] ?? null, at)
  return bytes
}

function sizeOf(value: Value): number {
  if (value === null) return 0
  if (typeof value === 'number') return 8
  return typeof value === 'string' ? Buffer.byteLength(value) : value.byteLength
}

function write(to: Buffer, value: Value, at: number): number {
  if (value === null) return to.writeInt32BE(-1, at)
  const start = to.writeInt32BE(sizeOf(value), at)
  if (typeof value === 'number') return to.writeBigInt64BE(BigInt(value), start)
  if (typeof value === 'string') return start + to.write(value, start, 'utf8')
  to.set(value, start)
  return start + value.byteLength
}
