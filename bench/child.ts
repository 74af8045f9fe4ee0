// A process of the bench: started on a core of its own, asked by messages, answering by messages. What it costs is read
// from the kernel.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** Values that go from one process to the other. */
export type Values = { readonly [name: string]: number | string }

/** What a process has used since it began: processor time in microseconds, bytes handed to the disk; and resident bytes now. */
export type Usage = { readonly cpuMicros: number; readonly writtenBytes: number; readonly residentBytes: number }

export type Child = {
  readonly pid: number
  /** What it said of itself when it was ready. */
  readonly ready: Values
  /** Milliseconds from its start until it was ready. */
  readonly readyAfter: number
  /** What it writes on its fourth line, for whoever wants to hear. */
  readonly aside: Readable
  ask(name: string, values?: Values): Promise<Values>
  usage(): Usage
  stop(): Promise<void>
}

/** Where servers run, and where the load generator does. */
export const serverCore = 0
export const loadCore = 1

/** Puts the generator on a core of its own. It is started again for that: a process cannot choose its core from within. */
export function moveToLoadCore(): void {
  if (process.env.BENCH_PINNED !== undefined) return
  const args = ['-c', String(loadCore), process.execPath, ...process.argv.slice(1)]
  const { status } = spawnSync('taskset', args, { stdio: 'inherit', env: { ...process.env, BENCH_PINNED: '1' } })
  process.exit(status ?? 1)
}

/** Starts `script` of this folder on `core`; settles when it says that it is ready. */
export async function startChild(
  script: string,
  { env = {}, core = serverCore }: { readonly env?: NodeJS.ProcessEnv; readonly core?: number } = {},
): Promise<Child> {
  const began = performance.now()
  const file = join(import.meta.dirname, script)
  const child = spawn('taskset', ['-c', String(core), process.execPath, file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'ipc'],
  })
  const ready = Promise.withResolvers<Values>()
  const asked: PromiseWithResolvers<Values>[] = []
  child.on('message', (message: { ready?: Values; answer?: Values }) => {
    if (message.ready !== undefined) ready.resolve(message.ready)
    else asked.shift()?.resolve(message.answer ?? {})
  })
  child.once('exit', code => {
    const error = new Error(`${script} ended (${code})`)
    ready.reject(error)
    for (const each of asked) each.reject(error)
  })
  const said = await ready.promise
  const readyAfter = performance.now() - began
  const pid = child.pid ?? 0
  return {
    pid,
    ready: said,
    readyAfter,
    aside: child.stdio[3] as Readable,
    ask(name, values = {}) {
      const answer = Promise.withResolvers<Values>()
      asked.push(answer)
      child.send({ name, values })
      return answer.promise
    },
    usage: () => usageOf(pid),
    stop: () => stopped(child),
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.disconnect()
  await once(child, 'exit')
}

const ticksASecond = 100

/** What the kernel says of a process of ours. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  const written = /^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1]
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  return {
    cpuMicros: (ticks / ticksASecond) * 1e6,
    writtenBytes: Number(written),
    residentBytes: Number(resident) * 1024,
  }
}

/** The child's side: says that it is ready, answers what it is asked, and ends when nobody listens any more. */
export function speak(of: {
  readonly ready: Values
  readonly answer: { readonly [name: string]: (values: Values) => Promise<Values> }
  readonly end?: () => Promise<void>
}): void {
  process.on('message', async ({ name, values }: { name: string; values: Values }) => {
    const answer = of.answer[name]
    process.send?.({ answer: answer === undefined ? {} : await answer(values) })
  })
  process.once('disconnect', async () => {
    await of.end?.()
    process.exit(0)
  })
  process.send?.({ ready: of.ready })
}
