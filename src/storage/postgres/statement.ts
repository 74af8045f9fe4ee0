// Statements with the type of their rows, and how values come off the wire. They come as text: pg decodes what a server
// sends as UTF-8 before it looks at the format, so binary answers would arrive spoilt. What is sent goes in binary.

import type { CustomTypesConfig } from 'pg'

/** A statement that is prepared under its name, once a connection. Values are bound, never written into SQL. */
export type Statement<Row> = {
  readonly name: string
  readonly text: string
  /** Only there for its type. */
  readonly row?: Row
}

export const statement = <Row>(name: string, text: string): Statement<Row> => ({ name, text })

// Object ids of types, from PostgreSQL's pg_type: the ones our statements answer in.
const bool = 16
const bytea = 17
const int8 = 20
const int4 = 23

const readers: Readonly<Record<number, (value: string) => unknown>> = {
  [bool]: value => value === 't',
  // `\x` and hexadecimal. Bytes of their own, not a window into a pool with whatever else lies there.
  [bytea]: value => new Uint8Array(Buffer.from(value.slice(2), 'hex')),
  [int8]: Number,
  [int4]: Number,
}

/** How pg reads what comes back. Whole numbers stay below 2^53: versions, sequences, milliseconds. */
export const wireTypes = {
  getTypeParser: (oid: number) => readers[oid] ?? String,
} as CustomTypesConfig
