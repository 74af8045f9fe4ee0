// The serving thread's end of the writing thread: sends changes, keeps their promises, and breaks all of them when the
// thread dies.

import { Worker } from 'node:worker_threads'
import { type Commit, StoreAway } from '../store.ts'
import type { Changes } from './changes.ts'
import { errorOf } from './failure.ts'
import { packCommits, unpackEnding } from './packing.ts'
import type { FromWriter, ToWriter, WriteAnswer, WriteCall, WriterSettings } from './write-call.ts'

export type WriteThread = {
  /** Asks for a change; settles when it is durable, in the order asked. */
  ask<Name extends keyof Changes>(name: Name, ...args: Parameters<Changes[Name]>): Promise<ReturnType<Changes[Name]>>
  /** Transactions written since the thread was started. */
  transactions(): number
  /** Finishes what was asked for, moves the log into the file, and ends the thread. */
  close(): Promise<void>
}

/** Changes that may wait at once. Above it the disk is not keeping up, and more would only fill memory. */
const maxWaiting = 16_384

type Pending = { readonly settle: (value: unknown) => void; readonly refuse: (error: Error) => void }

/**
 * Starts the thread and waits until it has the database open. Throws `StoreUnusable` when it cannot. `beforeAnswers` is
 * called when changes have become durable, before anybody is told.
 */
export async function startWriteThread(settings: WriterSettings, beforeAnswers: () => void): Promise<WriteThread> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: settings })
  const pending = new Map<number, Pending>()
  let outgoing: WriteCall[] = []
  const opened = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  // Changes are answered in the order they were asked for.
  let asked = 0
  let answered = 0
  let transactions = 0
  let gone: string | undefined

  /** Nothing is answered any more: whoever waits learns that the answer is not known. */
  function give(up: string): void {
    gone ??= up
    for (const { refuse } of pending.values()) refuse(new StoreAway(gone))
    pending.clear()
    opened.reject(new StoreAway(gone))
    ended.resolve()
  }

  function take(answer: WriteAnswer): void {
    answered += 1
    const waiting = pending.get(answered)
    pending.delete(answered)
    if (typeof answer === 'number') waiting?.settle(unpackEnding(answer))
    else if (answer.kind === 'done') waiting?.settle(answer.value)
    else waiting?.refuse(errorOf(answer.failure))
  }

  worker.on('message', (message: FromWriter) => {
    switch (message.kind) {
      case 'ready':
        return opened.resolve()
      case 'unusable':
        return opened.reject(errorOf(message.failure))
      case 'answers':
        transactions += message.transactions
        beforeAnswers()
        return message.answers.forEach(take)
      case 'closed':
        gone = 'The store is closed.'
        return
    }
  })
  worker.on('messageerror', error => give(`The store lost an answer (${error.message}). Restart the server.`))
  worker.on('error', error => give(`The store’s writing thread broke (${describe(error)}). Restart the server.`))
  worker.on('exit', () => give('The store’s writing thread ended. Restart the server.'))

  function send(message: ToWriter, ...handedOver: ArrayBuffer[]): void {
    worker.postMessage(message, handedOver)
  }

  function flush(): void {
    if (outgoing.length === 0) return
    const asked = outgoing
    outgoing = []
    const sent: Commit[] = []
    const calls = asked.map(call => {
      if (call.name !== 'commit') return call
      sent.push(...call.args)
      return 'commit'
    })
    const commits = packCommits(sent)
    send({ kind: 'write', calls, commits }, commits.bytes.buffer)
  }

  await opened.promise.catch(async error => {
    await worker.terminate()
    throw error
  })

  return {
    async ask(name, ...args) {
      if (gone !== undefined) throw new StoreAway(gone)
      if (pending.size >= maxWaiting) throw new StoreAway('The disk does not keep up: too many commits are waiting.')
      asked += 1
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      pending.set(asked, { settle: resolve, refuse: reject })
      // What is asked for in the same turn travels together: to wake the thread, and to end a transaction, costs more than a
      // change does. A turn is over when everything that had arrived was looked at.
      if (outgoing.push({ name, args } as WriteCall) === 1) setImmediate(flush)
      return (await promise) as ReturnType<Changes[typeof name]>
    },

    transactions: () => transactions,

    async close() {
      flush()
      send({ kind: 'close' })
      await ended.promise
    },
  }
}

const describe = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
