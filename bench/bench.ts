// The bench: how fast Twostep is, what each operation costs, and beside each figure the raw limit of this machine.
//
//     node bench/bench.ts                                     all of it, up to a million numbers; about half an hour
//     node bench/bench.ts --only operations|start|growth
//     node bench/bench.ts --only growth --sizes 10000,10000000   the largest, by hand: 45 minutes, 60 GB of disk
//
// Not a test: nothing here passes or fails by the clock. Linux, two cores or more. Durable settings are always on.

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { moveToLoadCore } from './child.ts'
import { type Engine, engines, openGround } from './contenders.ts'
import { measureGrowth } from './growth.ts'
import { machineOf } from './machine.ts'
import { measureOperations } from './operations.ts'
import { measureStart } from './start.ts'
import { goalsOf, growthTable, operationsTable, startTable } from './tables.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'operations,start,growth' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    sizes: { type: 'string', default: '10000,1000000' },
    engines: { type: 'string', default: engines.join() },
    seed: { type: 'string', default: '1' },
    json: { type: 'string', default: 'bench/latest.json' },
  },
})

moveToLoadCore()

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const tell = (line: string): void => void process.stderr.write(`· ${line}\n`)
const parts = values.only.split(',')
const rounds = Number(values.rounds)

const ground = await openGround()
try {
  const [postgres] = await ground.query('SHOW server_version')
  const machine = machineOf(String(postgres?.server_version))
  for (const [fact, value] of Object.entries(machine)) say(`${fact.padEnd(12)} ${value}`)
  const options = { rounds, milliseconds: Number(values.seconds) * 1_000, seed: Number(values.seed) }
  say(`${'rounds'.padEnd(12)} ${rounds}, seed ${values.seed}`)
  const report: Record<string, unknown> = { machine, options }
  if (parts.includes('operations')) {
    const operations = await measureOperations(ground, options, tell)
    Object.assign(report, { operations })
    say(operationsTable(operations))
    say(goalsOf(operations))
  }
  if (parts.includes('start')) {
    const start = await measureStart({ rounds })
    Object.assign(report, { start })
    say(startTable(start))
  }
  if (parts.includes('growth')) {
    const growing = {
      sizes: values.sizes.split(',').map(Number),
      engines: values.engines.split(',') as Engine[],
      rounds,
    }
    const growth = await measureGrowth(ground, growing, tell)
    Object.assign(report, { growth })
    say(growthTable(growth))
  }
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  tell(`written to ${values.json}`)
} finally {
  await ground.close()
}
