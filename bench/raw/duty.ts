// The raw limit of a pair and of a PIN check: what is left to do for a program that keeps the promises and does nothing else.
// Node's own HTTP server; as many durable commits of as many rows, as long as ours, in the same tables, all that has come in
// one transaction, on a thread of its own; a message that is taken and settled; argon2id at the server's cost. Nothing is
// read, checked, decided, routed, logged or counted.
//
//     request_code ──▶ document, event, message ──▶ answer      with all that wait: taken ──▶ settled
//     verify_code  ──▶ document, event ──▶ document, event ──▶ answer
//     register     ──▶ document, event ──▶ argon2id ──▶ document, event ──▶ answer
//
// With BENCH_SEALED it also makes as many boxes, indexes and hashes as ours, of nothing in particular.

import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type MessagePort, parentPort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads'
import { prepareChanges } from '#storage/sqlite/change-statements.ts'
import { openForWriting } from '#storage/sqlite/connection.ts'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import { bytesOf, grouped, subjects } from '../commit-shape.ts'
import { serveBare } from './bare-server.ts'
import { oneHash } from './one-hash.ts'

/** What the writing thread is asked for. */
const change = { commitWithMessage: 0, commit: 1, take: 2, settle: 3 } as const

const key = createSecretKey(randomBytes(32))
const document = randomBytes(bytesOf.document)
const event = randomBytes(bytesOf.event)
const digest = randomBytes(32)

if (parentPort === null) await serve(process.env.BENCH_DATABASE ?? '', process.env.BENCH_SEALED !== undefined)
else await writeFor(parentPort, workerData as string)

async function serve(file: string, seals: boolean): Promise<void> {
  const writer = new Worker(new URL(import.meta.url), { workerData: file })
  await once(writer, 'message')
  const waiting: (() => void)[] = []
  let asked: number[] = []
  writer.on('message', (many: number) => {
    for (const then of waiting.splice(0, many)) then()
  })

  function ask(what: number, then: () => void): void {
    waiting.push(then)
    if (asked.push(what) === 1) setImmediate(flush)
  }

  function flush(): void {
    writer.postMessage(asked)
    asked = []
  }

  let handing = false
  let more = false
  function handOver(): void {
    more = handing
    if (handing) return
    handing = true
    setImmediate(() => {
      ask(change.take, () => {
        ask(change.settle, () => {
          handing = false
          if (more) handOver()
        })
      })
    })
  }

  function requestCode(answer: () => void): void {
    if (seals) seal({ boxes: [document, event, event], opened: 2, digests: 3 })
    ask(change.commitWithMessage, () => {
      handOver()
      answer()
    })
  }

  function verifyCode(answer: () => void): void {
    if (seals) seal({ boxes: [document, event], opened: 0, digests: 1 })
    ask(change.commit, () => {
      if (seals) seal({ boxes: [document, event], opened: 0, digests: 1 })
      ask(change.commit, answer)
    })
  }

  let hashing: Promise<unknown> = Promise.resolve()
  async function register(answer: () => void): Promise<void> {
    if (seals) seal({ boxes: [document, event], opened: 1, digests: 2 })
    await new Promise<void>(resolve => ask(change.commit, resolve))
    // One at a time: it has one core.
    hashing = hashing.then(oneHash)
    await hashing
    if (seals) seal({ boxes: [document, event], opened: 0, digests: 1 })
    ask(change.commit, answer)
  }

  const verbs = new Map<string, (answer: () => void) => unknown>([
    ['request_code', requestCode],
    ['verify_code', verifyCode],
    ['register', register],
  ])
  serveBare((verb, answer) => verbs.get(verb)?.(answer))
}

type Seals = { readonly boxes: readonly Uint8Array[]; readonly opened: number; readonly digests: number }

/** A pair of ours makes seven boxes, opens two, and makes five blind indexes and five hashes. */
function seal({ boxes, opened, digests }: Seals): void {
  const nonce = digest.subarray(0, 12)
  for (const [at, body] of boxes.entries()) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    const sealed = cipher.update(body)
    cipher.final()
    const tag = cipher.getAuthTag()
    if (at >= opened) continue
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(tag)
    decipher.update(sealed)
    decipher.final()
  }
  for (let at = 0; at < digests; at += 1) {
    createHmac('sha256', key).update(digest).digest()
    hash('sha256', event, 'buffer')
  }
}

/** Says how many changes became durable together. */
async function writeFor(port: MessagePort, file: string): Promise<void> {
  // It makes the tables.
  await (await openSqliteStore({ file })).close()
  const db = openForWriting(file, undefined)
  const rows = prepareChanges(db)
  const ids = Array.from({ length: subjects }, () => randomBytes(16).toString('hex'))
  const commitId = randomBytes(16)
  for (const id of ids) rows.addDocument.run('number', id, 1, commitId, 'k1', document)
  let sequence = 1
  let messages = 0
  let taken: readonly { readonly id: string }[] = []

  function carryOut(what: number): void {
    const now = Date.now()
    if (what === change.take) {
      taken = rows.freeMessages.all(now, now, grouped)
      for (const { id } of taken) rows.lease.run(now + 30_000, id)
    } else if (what === change.settle) {
      for (const { id } of taken) rows.dropMessage.run(id)
    } else {
      sequence += 1
      const id = ids[sequence % ids.length] ?? ''
      const head = rows.head.get('number', id)
      rows.replaceDocument.run(sequence, commitId, 'k1', document, head?.rowid ?? 0)
      rows.addEvent.run('number', id, sequence, now, 'k1', event, digest)
      rows.moveHead.run('number', id, sequence, digest)
      if (what === change.commit) return
      rows.addMessage.run(`${++messages}`.padStart(32, '0'), now, now + 600_000, now, 'k1', event)
    }
  }

  port.on('message', (first: number[]) => {
    const all = [...first]
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
      all.push(...next.message)
    db.exec('BEGIN IMMEDIATE')
    for (const what of all) carryOut(what)
    db.exec('COMMIT')
    port.postMessage(all.length)
  })
  port.postMessage(0)
}
