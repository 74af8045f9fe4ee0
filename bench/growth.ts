// What size does to speed: the same few thousand numbers, asked about in a database of their own and among millions.

import { startChild } from './child.ts'
import { type Engine, type Ground, openPlace, type Place } from './contenders.ts'
import { type Figure, figureOf, quantile } from './measure.ts'
import { openTraffic } from './traffic.ts'

export type GrowthRow = {
  readonly engine: Engine
  readonly numbers: number
  readonly bytesPerNumber: number
  /** Milliseconds that one waits, alone: the median of each round. */
  readonly read: Figure
  readonly pair: Figure
}

export type GrowthOptions = {
  readonly sizes: readonly number[]
  readonly engines: readonly Engine[]
  readonly rounds: number
}

const askedEach = 300

/** Makes a crowd of each size in each engine, and measures in rounds that take them in turn. */
export async function measureGrowth(
  ground: Ground,
  { sizes, engines, rounds }: GrowthOptions,
  tell: (line: string) => void,
): Promise<readonly GrowthRow[]> {
  const rows: GrowthRow[] = []
  for (const engine of engines) {
    const places: Place[] = []
    for (const crowd of sizes) {
      const town = { unproved: askedEach * (rounds + 2), locked: 4 }
      places.push(await openPlace(ground, engine, town, crowd))
    }
    const bytes = await Promise.all(places.map(place => place.bytes()))
    const asked = await Promise.all(places.map(waits))
    const samples = asked.map(() => ({ read: [] as number[], pair: [] as number[] }))
    for (let round = 0; round <= rounds; round += 1) {
      for (const [at, each] of asked.entries()) {
        const [read, pair] = [await each.median('Graph read'), await each.median('request and check a code')]
        if (round === 0) continue
        samples[at]?.read.push(read)
        samples[at]?.pair.push(pair)
      }
      tell(`growth on ${engine}: ${round === 0 ? 'warmed up' : `round ${round} of ${rounds}`}`)
    }
    for (const each of asked) await each.close()
    for (const place of places) await place.remove()
    for (const [at, numbers] of sizes.entries()) {
      const [read, pair] = [samples[at]?.read ?? [], samples[at]?.pair ?? []]
      const bytesPerNumber = (bytes[at] ?? 0) / (numbers + askedEach * (rounds + 2))
      rows.push({ engine, numbers, bytesPerNumber, read: figureOf(read), pair: figureOf(pair) })
    }
  }
  return rows
}

/** One client that waits for each answer before it asks again. */
async function waits(place: Place) {
  const server = await startChild('server.ts', { env: place.env })
  const traffic = openTraffic(Number(server.ready.port), place.town, 1, server.aside)
  return {
    async median(what: 'Graph read' | 'request and check a code'): Promise<number> {
      await traffic.refresh()
      const all = new Float64Array(askedEach)
      for (let at = 0; at < askedEach; at += 1) {
        const began = performance.now()
        await traffic.of(what)(0)
        all[at] = performance.now() - began
      }
      return quantile(all.sort(), 0.5)
    },
    async close() {
      traffic.close()
      await server.stop()
    },
  }
}
