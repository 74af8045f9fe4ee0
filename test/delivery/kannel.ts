// Kannel, started when a test asks for it and stopped when the tests are done, however the process ends (see scripts/kannel).

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'

export type Kannel = Awaited<ReturnType<typeof startKannel>>

/** `smppPort`: the SMPP server that the gateway binds to. */
export async function startKannel(smppPort: number) {
  const script = join(import.meta.dirname, '..', '..', 'scripts', 'kannel')
  const child = spawn(script, [String(smppPort)], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const ended = once(child, 'exit')
  after(async () => {
    child.stdin.end()
    await ended
  })
  const line = String((await createInterface(child.stdout)[Symbol.asyncIterator]().next()).value)
  assert.match(line, /^ready /)
  const { sendsms, smpp, folder } = JSON.parse(line.slice(6)) as { sendsms: string; smpp: number; folder: string }
  return {
    sendsms,
    smpp,
    /** Waits until a log says so; answers all of it. */
    async logged(name: 'drive_smpp' | 'fakesmsc' | 'smsbox' | 'bearerbox', what: RegExp): Promise<string> {
      const file = join(folder, `${name}.log`)
      const late = AbortSignal.timeout(10_000)
      const changes = watch(file)
      try {
        for (let text = readFileSync(file, 'latin1'); ; text = readFileSync(file, 'latin1')) {
          if (what.test(text)) return text
          await once(changes, 'change', { signal: late })
        }
      } finally {
        changes.close()
      }
    },
  }
}
