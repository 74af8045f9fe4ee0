// A program that copies a database and kills itself, as hard as can be, at the nth step. A place is a file, or a schema
// and the URL of a server.
// Usage: node copy-until-killed.ts <from> <to> <n>

import { argv, kill, pid, stdout } from 'node:process'
import { Secret } from '#secrets/secret.ts'
import { openPostgresSink } from '#storage/postgres/row-sink.ts'
import { openPostgresSource } from '#storage/postgres/row-source.ts'
import { openSqliteSink } from '#storage/sqlite/row-sink.ts'
import { openSqliteSource } from '#storage/sqlite/row-source.ts'
import { transfer } from '#storage/transfer/transfer.ts'
import { atStep } from './houses.ts'

const [, , from = '', to = '', nth = ''] = argv
const server = (place: string) => {
  const [schema = '', url = ''] = place.split(' ')
  return { schema, url: Secret.of(url) }
}
const source = await (from.includes(' ') ? openPostgresSource(server(from)) : openSqliteSource({ file: from }))
const sink = await (to.includes(' ') ? openPostgresSink(server(to)) : openSqliteSink({ file: to }))
const onProgress = atStep(Number(nth), () => kill(pid, 'SIGKILL'))
const ending = await transfer(source, sink, { pageSize: 3, onProgress })
await sink.close()
await source.close()
stdout.write(`${ending.kind}\n`)
