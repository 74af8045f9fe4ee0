// Starting and idling: from the command to the first answer (GET /readyz, 200), and what the server holds when nobody has
// asked anything for five seconds. Over data that are there already, and over an empty folder, in turn.
//
//     node bench/start.ts [rounds]

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '#test/free-port.ts'
import { moveToLoadCore, serverCore, usageOf } from './child.ts'
import { type Figure, figureOf } from './measure.ts'

/** `firstAnswerMs` counts from the command; `idleBytes` is resident memory. */
export type Start = { readonly firstAnswerMs: Figure; readonly idleBytes: Figure }

/** Over data that are there already; and `overNew`, which makes its key ring, its database and its first account. */
export type Starts = Start & { readonly overNew: Start }

const idle = 5_000
const main = join(import.meta.dirname, '..', 'src', 'main.js')

type Once = { readonly milliseconds: number; readonly bytes: number }

/** Starts and stops the sandbox `2 × rounds` times, on one core; about six seconds each. */
export async function measureStart({ rounds }: { readonly rounds: number }): Promise<Starts> {
  const old = mkdtempSync(join(tmpdir(), 'twostep-start-'))
  const overOld: Once[] = []
  const overNew: Once[] = []
  try {
    // Makes the data, and brings the program into the page cache: a machine's very first start measures its disk.
    await startOnce(old, 0)
    for (let round = 0; round < rounds; round += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'twostep-start-'))
      try {
        overNew.push(await startOnce(folder, idle))
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
      overOld.push(await startOnce(old, idle))
    }
  } finally {
    rmSync(old, { recursive: true, force: true })
  }
  return { ...startOf(overOld), overNew: startOf(overNew) }
}

const startOf = (all: readonly Once[]): Start => ({
  firstAnswerMs: figureOf(all.map(each => each.milliseconds)),
  idleBytes: figureOf(all.map(each => each.bytes)),
})

async function startOnce(folder: string, idleFor: number): Promise<Once> {
  const port = await freePort()
  const began = performance.now()
  const child = spawn('taskset', ['-c', String(serverCore), process.execPath, main], {
    env: { PATH: process.env.PATH, TWOSTEP_DATA_DIR: folder, TWOSTEP_PORT: String(port), TWOSTEP_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    while ((await statusOf(`http://127.0.0.1:${port}/readyz`)) !== 200) {
      if (child.exitCode !== null) throw new Error('the server did not start')
      // Who asks without a pause takes time from the server, for two cores of a machine may be one.
      await pause(2)
    }
    const milliseconds = performance.now() - began
    await pause(idleFor)
    return { milliseconds, bytes: usageOf(child.pid ?? 0).residentBytes }
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}

/** 0 as long as nobody listens. */
const statusOf = (url: string): Promise<number> =>
  new Promise(resolve => {
    get(url, { agent: false }, answer => resolve(answer.resume().statusCode ?? 0)).once('error', () => resolve(0))
  })

if (import.meta.main) {
  moveToLoadCore()
  const { overNew, ...overOld } = await measureStart({ rounds: Number(process.argv[2] ?? 5) })
  for (const [over, { firstAnswerMs, idleBytes }] of Object.entries({ 'data there': overOld, 'new folder': overNew })) {
    const figure = ({ median, least, most }: Figure, unit: number) =>
      [median, least, most].map(value => (value / unit).toFixed(0)).join(', ')
    process.stdout.write(
      `${over}: first answer after ${figure(firstAnswerMs, 1)} ms; idle ${figure(idleBytes, 1e6)} MB (median, least, most)\n`,
    )
  }
}
