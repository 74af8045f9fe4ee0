// What is stored, said once for all engines: each table with its columns, the ones of its key first. A copy from one
// database to another reads by it, writes by it, and sums up by it.
//
// Not in it: `schema_version` and `write_probe`, which say nothing about anybody.

/**
 * A row as it travels: its values in the order of the table's columns. A commit id is 16 bytes. Whole numbers are below
 * 2^53, as everywhere in the store.
 */
export type Rows = {
  /** A removed subject has neither key nor body: its row stays, so that its versions go on counting. */
  readonly documents: readonly [
    kind: string,
    id: string,
    version: number,
    commitId: Uint8Array,
    keyId: string | null,
    body: Uint8Array | null,
  ]
  readonly handles: readonly [handle: Uint8Array, keyId: string, kind: string, id: string]
  readonly memberships: readonly [
    gathering: Uint8Array,
    position: string,
    member: string,
    keyId: string,
    kind: string,
    id: string,
  ]
  readonly journal: readonly [
    kind: string,
    id: string,
    sequence: number,
    at: number,
    keyId: string,
    body: Uint8Array,
    hash: Uint8Array,
  ]
  /** The newest event of each, whatever an engine keeps in the table: it is what the next checkpoint signs. */
  readonly uncovered_heads: readonly [kind: string, id: string, sequence: number, hash: Uint8Array]
  readonly checkpoints: readonly [number: number, body: Uint8Array]
  readonly waiting_messages: readonly [
    id: string,
    due: number,
    expires: number,
    ready: number,
    attempt: number,
    keyId: string,
    body: Uint8Array,
  ]
  readonly settled_messages: readonly [
    id: string,
    due: number,
    expires: number,
    keyId: string,
    body: Uint8Array,
    state: string,
    settledAt: number,
    keepUntil: number | null,
    reason: string | null,
  ]
}

export type TableName = keyof Rows

export type Value = string | number | Uint8Array | null

/** A row of some table. */
export type Row = readonly Value[]

/** `id128` is 16 bytes that PostgreSQL keeps as a uuid. */
export type ColumnType = 'text' | 'whole' | 'bytes' | 'id128'

export type Column = { readonly name: string; readonly type: ColumnType }

export type Table = {
  readonly name: TableName
  /** How many of the columns are the key. Keys sort as bytes do, in every engine alike. */
  readonly key: number
  readonly columns: readonly Column[]
}

function table(name: TableName, key: number, columns: Readonly<Record<string, ColumnType>>): Table {
  return { name, key, columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })) }
}

/** Every table, documents first: the others speak of them. */
export const tables: readonly Table[] = [
  table('documents', 2, {
    kind: 'text',
    id: 'text',
    version: 'whole',
    commit_id: 'id128',
    key_id: 'text',
    body: 'bytes',
  }),
  table('handles', 1, { handle: 'bytes', key_id: 'text', kind: 'text', id: 'text' }),
  table('memberships', 3, {
    gathering: 'bytes',
    position: 'text',
    member: 'text',
    key_id: 'text',
    kind: 'text',
    id: 'text',
  }),
  table('journal', 3, {
    kind: 'text',
    id: 'text',
    sequence: 'whole',
    at: 'whole',
    key_id: 'text',
    body: 'bytes',
    hash: 'bytes',
  }),
  table('uncovered_heads', 2, { kind: 'text', id: 'text', sequence: 'whole', hash: 'bytes' }),
  table('checkpoints', 1, { number: 'whole', body: 'bytes' }),
  table('waiting_messages', 1, {
    id: 'text',
    due: 'whole',
    expires: 'whole',
    ready: 'whole',
    attempt: 'whole',
    key_id: 'text',
    body: 'bytes',
  }),
  table('settled_messages', 1, {
    id: 'text',
    due: 'whole',
    expires: 'whole',
    key_id: 'text',
    body: 'bytes',
    state: 'text',
    settled_at: 'whole',
    keep_until: 'whole',
    reason: 'text',
  }),
]

/** The table of that name. */
export function tableNamed(name: TableName): Table {
  const found = tables.find(each => each.name === name)
  if (found === undefined) throw new TypeError(`there is no table ${name}`)
  return found
}

/** The key of a row. */
export const keyOf = ({ key }: Table, row: Row): Row => row.slice(0, key)
