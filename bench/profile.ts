// Where the processor's time goes: server and load generator in one process, one operation again and again, so that a
// profile shows both sides of each call.
//
//     node bench/profile.ts 'Graph read' [many] [repeats]
//     node --cpu-prof --cpu-prof-dir=<folder> bench/profile.ts 'request and check a code'     for the profile itself
//
// Prints processor time for each operation, the generator's share (some 30 µs a request) included, which is steadier than
// rates on a machine that others use too.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { destination } from 'pino'
import { readConfig } from '#config'
import type { Courier } from '#delivery/courier.ts'
import { createLog } from '#observe/log.ts'
import { serve } from '../src/serve.ts'
import { openPlace } from './contenders.ts'
import { hashes, type OperationName, openTraffic, operations } from './traffic.ts'

const [what = 'Graph read', many = '3000', repeats = '6'] = process.argv.slice(2)
if (!operations.includes(what as OperationName)) throw new Error(`an operation is one of: ${operations.join(', ')}`)

const name = what as OperationName
const workers = hashes(name) ? 8 : 32
const folder = mkdtempSync(join(tmpdir(), 'twostep-profile-'))
const total = Number(many) * Number(repeats)
const size = {
  unproved: 2 + (hashes(name) ? 0 : total),
  // As many as their limits ask for: see traffic.ts.
  locked: what.endsWith('PIN') ? 4 + Math.ceil(total / 2) : 4,
  accounts: name === 'sign in and out' ? total : 0,
}
const place = await openPlace({ folder } as never, 'SQLite', size)
const config = readConfig({ ...place.env })
const to = destination({ dest: '/dev/null', sync: true })
const log = createLog({ level: config.logLevel, now: Date.now, stacks: false, to })
const codes = new PassThrough()
const courier: Courier = {
  async send(message) {
    codes.write(`${message.to} ${message.code}\n`)
    return { kind: 'taken' }
  },
}
const running = await serve(config, log, { sms: courier, email: courier })
const traffic = openTraffic(Number(new URL(running.url).port), place.town, workers, codes)
await traffic.refresh()
for (let repeat = 0; repeat < Number(repeats); repeat += 1) {
  const before = { ...process.cpuUsage(), ...threads() }
  let left = Number(many)
  const work = async (worker: number) => {
    while (left-- > 0) await traffic.of(name)(worker)
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  const used = process.cpuUsage(before)
  const now = threads()
  const each = (micros: number) => (micros / Number(many)).toFixed(0)
  const main = each(now.main - before.main)
  const busiest = each(Math.max(...Object.keys(now.others).map(id => (now.others[id] ?? 0) - (before.others[id] ?? 0))))
  const resident = (process.memoryUsage.rss() / 1e6).toFixed(0)
  const shares = `${each(used.system)} of them in the kernel; main thread ${main}, the busiest other ${busiest}`
  process.stdout.write(`${each(used.user + used.system)} µs each (${shares}); ${resident} MB\n`)
}
traffic.close()
await running.stop()
rmSync(folder, { recursive: true, force: true })

/** Processor time of each thread so far, in microseconds: the serving one, and the others by their number. */
function threads(): { readonly main: number; readonly others: Readonly<Record<string, number>> } {
  const ids = readdirSync('/proc/self/task')
  const used = (id: string) => Number(readFileSync(`/proc/self/task/${id}/schedstat`, 'latin1').split(' ')[0]) / 1_000
  const others = ids.filter(id => id !== String(process.pid)).map(id => [id, used(id)] as const)
  return { main: used(String(process.pid)), others: Object.fromEntries(others) }
}
