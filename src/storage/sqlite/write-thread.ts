// The serving thread's end of the writing thread: sends changes, keeps their promises, and breaks all of them when the
// thread dies.

import { Worker } from 'node:worker_threads'
import { StoreAway } from '../store.ts'
import type { Changes } from './changes.ts'
import { errorOf } from './failure.ts'
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

/** Starts the thread and waits until it has the database open. Throws `StoreUnusable` when it cannot. */
export async function startWriteThread(settings: WriterSettings): Promise<WriteThread> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: settings })
  const pending = new Map<number, Pending>()
  const outgoing: WriteCall[] = []
  const opened = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  let nextId = 1
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
    const waiting = pending.get(answer.id)
    pending.delete(answer.id)
    if (answer.kind === 'done') waiting?.settle(answer.value)
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
        return message.answers.forEach(take)
      case 'closed':
        gone = 'The store is closed.'
        return
    }
  })
  worker.on('messageerror', error => give(`The store lost an answer (${error.message}). Restart the server.`))
  worker.on('error', error => give(`The store’s writing thread broke (${describe(error)}). Restart the server.`))
  worker.on('exit', () => give('The store’s writing thread ended. Restart the server.'))

  function send(message: ToWriter): void {
    worker.postMessage(message)
  }

  function flush(): void {
    if (outgoing.length > 0) send({ kind: 'write', calls: outgoing.splice(0) })
  }

  await opened.promise.catch(async error => {
    await worker.terminate()
    throw error
  })

  return {
    async ask(name, ...args) {
      if (gone !== undefined) throw new StoreAway(gone)
      if (pending.size >= maxWaiting) throw new StoreAway('The disk does not keep up: too many commits are waiting.')
      const id = nextId++
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      pending.set(id, { settle: resolve, refuse: reject })
      // What is asked for in the same turn travels together.
      if (outgoing.push({ id, name, args } as WriteCall) === 1) queueMicrotask(flush)
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
