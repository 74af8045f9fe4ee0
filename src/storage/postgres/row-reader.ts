// Rows of whole tables, page by page in the order of their keys.

import type { ClientBase } from 'pg'
import type { RowReader } from '../transfer/rows.ts'
import type { Row, Table, Value } from '../transfer/tables.ts'
import type { Address } from './address.ts'
import { failureOf } from './failure.ts'
import { type Statement, statement, wireTypes } from './statement.ts'

/** Runs a statement; rows come as lists of values. */
export type AskRows = (asked: Statement<object>, values: readonly unknown[]) => Promise<readonly Row[]>

/** Reads rows by `ask`. `nameOf` gives a table's name as it stands in SQL. */
export const openRowReader = (ask: AskRows, nameOf: (table: Table) => string): RowReader => ({
  rows: (table, after, limit) => {
    return after === undefined
      ? ask(firstPage(table, nameOf(table)), [limit])
      : ask(nextPage(table, nameOf(table)), [...after, limit])
  },
})

const firstPage = (table: Table, name: string): Statement<object> =>
  statement(`first_${table.name}`, `SELECT ${columnsOf(table)} FROM ${name} ORDER BY ${keyOf(table)} LIMIT $1`)

function nextPage(table: Table, name: string): Statement<object> {
  const places = Array.from({ length: table.key }, (_, at) => `$${at + 1}`).join(', ')
  return statement(
    `next_${table.name}`,
    `SELECT ${columnsOf(table)} FROM ${name} WHERE (${keyOf(table)}) > (${places})
     ORDER BY ${keyOf(table)} LIMIT $${table.key + 1}`,
  )
}

const columnsOf = ({ columns }: Table): string =>
  columns.map(({ name, type }) => (type === 'id128' ? `uuid_send(${name}) AS ${name}` : name)).join(', ')

const keyOf = ({ columns, key }: Table): string =>
  columns
    .slice(0, key)
    .map(({ name }) => name)
    .join(', ')

/** How a connection of one's own is asked: one thing at a time. Throws as `failureOf` says, also `Setback`. */
export function askOver(client: ClientBase, address: Address): AskRows {
  let before: Promise<unknown> = Promise.resolve()

  async function ask({ text }: Statement<object>, values: readonly unknown[]): Promise<readonly Row[]> {
    try {
      const asked = { text, values: [...values], rowMode: 'array' as const, types: wireTypes }
      return (await client.query<Value[]>(asked)).rows
    } catch (error) {
      throw failureOf(error, address)
    }
  }

  return async (asked, values) => {
    const answer = before.then(() => ask(asked, values))
    before = answer.catch(() => {})
    return await answer
  }
}
