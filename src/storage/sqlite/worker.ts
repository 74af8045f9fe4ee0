// The writing thread: waiting for the disk happens here, not where requests are served.
//
//     calls arrive ──▶ queue ──▶ group ──▶ BEGIN · each change · COMMIT ──▶ answers
//                        ▲                                │
//                        └── what arrives meanwhile       └─ something failed: ROLLBACK, each change in one of its own
//
// A change that is refused wrote nothing, so it shares its group in peace. A change that fails (the disk is full, a bug)
// takes the transaction with it; then each is made alone, and only the ones at fault fail.

import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { assert } from '#core/kernel/outcome.ts'
import { type Changes, openChanges } from './changes.ts'
import { openForWriting } from './connection.ts'
import { failureOf, openFailureOf } from './failure.ts'
import { packEnding, unpacking } from './packing.ts'
import type { FromWriter, ToWriter, WriteAnswer, WriteCall, WriterSettings } from './write-call.ts'

assert(parentPort, 'the writer runs as a worker thread')
try {
  serve(parentPort, workerData as WriterSettings)
} catch (error) {
  const { file } = workerData as WriterSettings
  parentPort.postMessage({ kind: 'unusable', failure: openFailureOf(error, file) } satisfies FromWriter)
}

function serve(port: MessagePort, { file, maxPages, groupSize }: WriterSettings): void {
  const db = openForWriting(file, maxPages)
  const changes = openChanges(db)
  changes.probe()

  const queue: WriteCall[] = []
  let closing = false

  function receive(message: ToWriter): void {
    if (message.kind === 'close') {
      closing = true
      return
    }
    const nextCommit = unpacking(message.commits)
    for (const call of message.calls) queue.push(call === 'commit' ? { name: 'commit', args: [nextCommit()] } : call)
  }

  /** Takes in what arrived while a group was being written, without waiting for the event loop. */
  function receiveMore(): void {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      receive(next.message as ToWriter)
    }
  }

  function send(message: FromWriter): void {
    port.postMessage(message)
  }

  function settle(group: readonly WriteCall[]): void {
    try {
      send({ kind: 'answers', answers: transact(group), transactions: 1 })
    } catch {
      const answers = group.map(call => {
        try {
          return transact([call])
        } catch (error) {
          return [{ kind: 'failed', failure: failureOf(error, file) } satisfies WriteAnswer]
        }
      })
      send({ kind: 'answers', answers: answers.flat(), transactions: group.length })
    }
  }

  function transact(group: readonly WriteCall[]): WriteAnswer[] {
    db.exec('BEGIN IMMEDIATE')
    try {
      const answers = group.map(call => carryOut(changes, call))
      db.exec('COMMIT')
      return answers
    } finally {
      // SQLite ends the transaction itself on some failures, and not on others.
      if (db.isTransaction) db.exec('ROLLBACK')
    }
  }

  port.on('message', (message: ToWriter) => {
    receive(message)
    for (receiveMore(); queue.length > 0; receiveMore()) settle(queue.splice(0, groupSize))
    if (!closing) return
    // Whoever copies the file after a clean stop copies all of it.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    db.close()
    send({ kind: 'closed' })
    port.close()
  })
  send({ kind: 'ready' })
}

function carryOut(changes: Changes, call: WriteCall): WriteAnswer {
  if (call.name === 'commit') return packEnding(changes.commit(...call.args))
  const change = changes[call.name] as (...args: WriteCall['args']) => unknown
  return { kind: 'done', value: change(...call.args) }
}
