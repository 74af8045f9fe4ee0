// What one core carries of each operation, what each costs, and how long one waits for it at seven tenths of that load.
//
//     round 1: every contender in turn ─▶ round 2: every contender in turn ─▶ …   so that a slow minute hits all alike

import { join } from 'node:path'
import { type Child, startChild } from './child.ts'
import { type Engine, engines, type Ground, openPlace, type Place } from './contenders.ts'
import {
  asFastAsItGoes,
  atMoments,
  type Coming,
  dueMoments,
  type Figure,
  figureOf,
  quantile,
  seededDice,
} from './measure.ts'
import type { Town } from './town.ts'
import { hashes, type OperationName, openTraffic, operations, type Traffic } from './traffic.ts'

export type OperationsOptions = { readonly rounds: number; readonly milliseconds: number; readonly seed: number }

/** One measured thing: so many a second; and, for our server, what each costs and how long one waits. */
export type Row = {
  readonly what: string
  readonly on: string
  readonly perSecond: Figure
  readonly cost?: { readonly cpuMicros: Figure; readonly writtenBytes: Figure; readonly commits: Figure }
  readonly wait?: Wait | undefined
}

/** Milliseconds from the moment when a request was due, and how many came a second. */
export type Wait = Readonly<Record<Coming, { readonly p50: Figure; readonly p99: Figure }>> & {
  readonly atPerSecond: number
}

export type OperationsReport = {
  readonly rows: readonly Row[]
  readonly residentAtLoad: Readonly<Record<Engine, number>>
}

const workersOf = (name: OperationName): number => (hashes(name) ? 8 : 64)
const seven10ths = 0.7
/** Of the generator to each server. */
const connections = 128

type Cell = { readonly what: string; readonly on: string; readonly run: () => Promise<Sample> }
type Sample = {
  readonly perSecond: number
  readonly cpuMicros?: number
  readonly bytes?: number
  readonly commits?: number
}

export async function measureOperations(
  ground: Ground,
  options: OperationsOptions,
  tell: (line: string) => void,
): Promise<OperationsReport> {
  const { rounds, milliseconds } = options
  const seconds = (milliseconds / 1_000) * (rounds + 1)
  // So many are used up by the quickest machine we know, with room for one twice as quick.
  const size = {
    unproved: Math.ceil(seconds * 3_500),
    locked: Math.ceil(seconds * 250),
    accounts: Math.ceil(seconds * 320),
  }
  tell(`two towns of ${size.unproved + size.locked} numbers and ${size.accounts} accounts are built`)
  const places: Place[] = []
  for (const engine of engines) places.push(await openPlace(ground, engine, size))
  const servers = await Promise.all(places.map(place => startChild('server.ts', { env: place.env })))
  const ours = places.map((place, at) => contender(place, servers[at] as Child))
  const bare = await startBare(ground, places[0]?.town ?? { unproved: [], locked: [], accounts: [] })
  const raw = await startRaw(ground)

  const cells: Cell[] = operations.flatMap(what => [
    ...ours.map(each => ({ what, on: each.place.engine, run: () => each.flatOut(what, milliseconds) })),
    ...bare.flatMap(({ on, does, traffic }) =>
      does(what) ? [{ what, on, run: () => flatOut(traffic, what, milliseconds) }] : [],
    ),
  ])
  cells.push(...raw.cells(milliseconds))
  const samples = new Map<Cell, Sample[]>(cells.map(cell => [cell, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const cell of cells) {
      const sample = await cell.run()
      // The first round warms everybody up and counts for nobody.
      if (round > 0) samples.get(cell)?.push(sample)
    }
    tell(round === 0 ? 'warmed up' : `round ${round} of ${rounds}`)
  }
  const rows = cells.map(cell => rowOf(cell, samples.get(cell) ?? []))

  const residentAtLoad = Object.fromEntries(
    ours.map(each => [each.place.engine, each.server.usage().residentBytes]),
  ) as Record<Engine, number>
  const waits = new Map<Row, Wait>()
  for (const what of operations) {
    // The bare ones are asked as often as ours: what a wait is on this machine when there is less to do, or nothing.
    let ourRate: number | undefined
    for (const row of rows.filter(each => each.what === what)) {
      const mine = ours.find(each => each.place.engine === row.on)
      const asked = mine ?? bare.find(each => each.on === row.on)
      if (asked === undefined) continue
      const wait = await measureWaits(asked.traffic, what, mine === undefined ? ourRate : undefined, options)
      ourRate ??= wait.atPerSecond
      waits.set(row, wait)
      tell(`waits: ${what} on ${row.on}`)
    }
  }
  const waited = rows.map(row => ({ ...row, wait: waits.get(row) }))
  for (const each of [...bare, ...ours]) each.traffic.close()
  await Promise.all([raw.stop(), ...bare.map(({ child }) => child.stop()), ...servers.map(server => server.stop())])
  for (const place of places) await place.remove()
  return { rows: waited, residentAtLoad }
}

function rowOf({ what, on }: Cell, samples: readonly Sample[]): Row {
  const figure = (of: (sample: Sample) => number | undefined) => figureOf(samples.map(each => of(each) ?? Number.NaN))
  const row = { what, on, perSecond: figure(each => each.perSecond) }
  if (samples[0]?.cpuMicros === undefined) return row
  const cost = {
    cpuMicros: figure(each => each.cpuMicros),
    writtenBytes: figure(each => each.bytes),
    commits: figure(each => each.commits),
  }
  return { ...row, cost }
}

/**
 * How long one waits, in each round at seven tenths of what was carried a moment before: on a machine whose speed others
 * change, seven tenths of an earlier minute may be more than all of this one. `rate`: at that rate instead.
 */
async function measureWaits(
  traffic: Traffic,
  what: OperationName,
  rate: number | undefined,
  { rounds, milliseconds, seed }: OperationsOptions,
): Promise<Wait> {
  const quantiles = () => ({ p50: [] as number[], p99: [] as number[] })
  const seen = { random: quantiles(), even: quantiles(), rates: [] as number[] }
  for (let round = 0; round < rounds; round += 1) {
    const perSecond = rate ?? (await flatOut(traffic, what, milliseconds)).perSecond * seven10ths
    const dice = seededDice(seed + round)
    for (const coming of ['random', 'even'] as const) {
      await traffic.refresh()
      const due = dueMoments(coming, { perSecond, milliseconds }, dice)
      const waits = await atMoments(traffic.of(what), due, connections)
      seen[coming].p50.push(quantile(waits, 0.5))
      seen[coming].p99.push(quantile(waits, 0.99))
    }
    seen.rates.push(perSecond)
  }
  const figures = ({ p50, p99 }: ReturnType<typeof quantiles>) => ({ p50: figureOf(p50), p99: figureOf(p99) })
  return { random: figures(seen.random), even: figures(seen.even), atPerSecond: figureOf(seen.rates).median }
}

async function flatOut(traffic: Traffic, what: OperationName, milliseconds: number): Promise<Sample> {
  await traffic.refresh()
  const { perSecond } = await asFastAsItGoes(traffic.of(what), workersOf(what), milliseconds)
  return { perSecond }
}

function contender(place: Place, server: Child) {
  const port = Number(server.ready.port)
  const traffic = openTraffic(port, place.town, connections, server.aside)
  return {
    place,
    server,
    traffic,
    async flatOut(what: OperationName, milliseconds: number): Promise<Sample> {
      await traffic.refresh()
      const before = { ...server.usage(), commits: await commitsOf(port), logged: await place.logged() }
      const pace = await asFastAsItGoes(traffic.of(what), workersOf(what), milliseconds)
      const after = { ...server.usage(), commits: await commitsOf(port), logged: await place.logged() }
      const written = after.logged === undefined ? after.writtenBytes : after.logged
      const writtenBefore = before.logged === undefined ? before.writtenBytes : before.logged
      return {
        perSecond: pace.perSecond,
        cpuMicros: (after.cpuMicros - before.cpuMicros) / pace.count,
        bytes: (written - writtenBefore) / pace.count,
        commits: (after.commits - before.commits) / pace.count,
      }
    },
  }
}

/** Commits that the server counts, of every ending. */
async function commitsOf(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const lines = text.split('\n').filter(line => line.startsWith('twostep_commits_total{'))
  return lines.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
}

/** Servers that are asked what ours is, and do as little as their raw limits say. */
async function startBare(ground: Ground, town: Town) {
  const duty = (what: OperationName) => what === 'request and check a code' || what === 'right PIN'
  const over = (file: string) => ({ BENCH_DATABASE: join(ground.folder, file) })
  const kinds = [
    { on: 'bare HTTP', does: (what: OperationName) => !hashes(what), script: 'raw/http.ts', env: {} },
    { on: 'bare rows', does: duty, script: 'raw/duty.ts', env: over('duty.db') },
    {
      on: 'bare rows, sealed',
      does: duty,
      script: 'raw/duty.ts',
      env: { ...over('sealed-duty.db'), BENCH_SEALED: 'yes' },
    },
  ]
  return Promise.all(
    kinds.map(async ({ on, does, script, env }) => {
      const child = await startChild(script, { env })
      const traffic = openTraffic(Number(child.ready.port), town, connections, undefined)
      return { on, does, child, traffic }
    }),
  )
}

/** The raw limits, and our stores by themselves beside them. */
async function startRaw(ground: Ground) {
  await ground.query('CREATE DATABASE raw_limit')
  await ground.query('CREATE DATABASE store_alone')
  const started = [
    ['PIN hash', 'bare argon2id', await startChild('raw/argon2.ts')],
    [
      'commit',
      'bare SQLite',
      await startChild('raw/commits.ts', { env: { BENCH_DATABASE: join(ground.folder, 'raw.db') } }),
    ],
    [
      'commit',
      'store on SQLite',
      await startChild('store-commits.ts', { env: { BENCH_DATABASE: join(ground.folder, 'store.db') } }),
    ],
    [
      'commit',
      'bare PostgreSQL',
      await startChild('raw/commits.ts', { env: { BENCH_DATABASE: ground.url('raw_limit') } }),
    ],
    [
      'commit',
      'store on PostgreSQL',
      await startChild('store-commits.ts', { env: { BENCH_DATABASE: ground.url('store_alone') } }),
    ],
  ] as const
  return {
    cells: (milliseconds: number): Cell[] =>
      started.map(([what, on, child]) => ({
        what,
        on,
        run: async () => {
          const ran = await child.ask('run', { milliseconds })
          return { perSecond: (Number(ran.count) / Number(ran.milliseconds)) * 1_000 }
        },
      })),
    stop: async () => {
      for (const [, , child] of started) await child.stop()
    },
  }
}
