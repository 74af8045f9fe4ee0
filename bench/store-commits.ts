// Our store by itself: commits of one document and one event, as many under way as the bare group has, nothing sealed.

import { createHash, randomBytes } from 'node:crypto'
import { instantAt } from '#core/kernel/instant.ts'
import { Secret } from '#secrets/secret.ts'
import { openPostgresStore } from '#storage/postgres/postgres-store.ts'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import type { Store } from '#storage/store.ts'
import { speak } from './child.ts'
import { bytesOf, grouped, subjects } from './commit-shape.ts'

const { BENCH_DATABASE = '' } = process.env
const several = BENCH_DATABASE.startsWith('postgres') ? 3 : 1
const store: Store = BENCH_DATABASE.startsWith('postgres')
  ? await openPostgresStore({ url: Secret.of(BENCH_DATABASE) })
  : await openSqliteStore({ file: BENCH_DATABASE })

const keyId = 'k1'
const ids = Array.from({ length: subjects }, () => ({ id: randomBytes(16).toString('hex'), version: 0 }))
const hash = createHash('sha256').digest()

async function commitNext(subject: { id: string; version: number }): Promise<void> {
  const ending = await store.commit({
    subject: { kind: 'number', id: subject.id },
    expects: subject.version,
    commitId: randomBytes(16).toString('hex'),
    document: { keyId, body: new Uint8Array(bytesOf.document) },
    claims: [],
    releases: [],
    joins: [],
    leaves: [],
    events: [
      { sequence: subject.version + 1, at: instantAt(Date.now()), keyId, body: new Uint8Array(bytesOf.event), hash },
    ],
    messages: [],
  })
  if (ending.kind !== 'committed') throw new Error(`nobody else writes here, and yet: ${ending.kind}`)
  subject.version = ending.version
}

async function run(milliseconds: number) {
  const began = performance.now()
  let count = 0
  let next = 0
  const one = async () => {
    while (performance.now() - began < milliseconds) {
      const subject = ids[next++ % ids.length]
      if (subject !== undefined) await commitNext(subject)
      count += 1
    }
  }
  await Promise.all(Array.from({ length: grouped * several }, one))
  return { count, milliseconds: performance.now() - began }
}

speak({ ready: {}, answer: { run: ({ milliseconds }) => run(Number(milliseconds)) }, end: () => store.close() })
