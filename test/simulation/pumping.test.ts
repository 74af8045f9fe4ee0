// The guard against pumping, seen working: thieves of several kinds against honest people, over the real actions. What it
// may cost is worked out from the settings alone. `node bench/pumping.ts` prints the money.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { day, hour, minute } from '#core/kernel/instant.ts'
import { freeSending, sendingRules } from '#core/sending/rules.ts'
import { type Store, StoreAway } from '#storage/store.ts'
import {
  ask,
  enter,
  guarded,
  mostOfRange,
  oneRange,
  openLine,
  type Plan,
  pump,
  roundPrices,
  spread,
  unguarded,
} from './pumping.ts'

const seed = process.env.SIMULATION_SEED ?? randomBytes(4).toString('hex')
const told = `SIMULATION_SEED=${seed}`
const counts = { ...guarded, budget: 0, perCountry: 0 }

test('a thief with a thousand numbers of one range gets what the rules say, and the honest outside it lose nothing', async t => {
  const plan: Plan = { ...oneRange, rounds: 3, apart: 60 }
  const most = mostOfRange(1, guarded, 'GB')
  // In the second, somebody of the range asks before it is paused.
  for (const life of [seed, 'baaea3d4']) {
    const lived = `SIMULATION_SEED=${life}`
    const { thief, honest, inRange } = await pump(life, guarded, plan)
    const naked = await pump(life, unguarded, { ...plan, rounds: 1 }, 0)
    t.diagnostic(
      `${lived}: ${thief.cost / 10_000} guarded (at most ${most / 10_000}), ${naked.thief.cost / 10_000} not`,
    )
    assert(thief.cost <= most, `${lived}: ${thief.cost} is more than ${most}`)
    assert(naked.thief.cost > 10 * most, lived)
    assert.deepEqual([honest.refused, honest.sent], [0, honest.people], lived)
    assert(inRange.people > 0, lived)
    assert.deepEqual([inRange.refused, inRange.sent], [inRange.told, inRange.people - inRange.told], lived)
  }
})

test('a thief that enters every tenth code has the day of a prefix, and no more', async () => {
  const safe = await pump(seed, guarded, { ...oneRange, rounds: 1, apart: 600, enters: 10 }, 50)
  assert(safe.thief.sent <= guarded.perPrefix, `${told}: ${safe.thief.sent}`)
  assert.equal(safe.honest.refused, 0, told)
})

test('a thief that stays below the volume of many prefixes meets the hour: twice the budget in two hours', async () => {
  const hourly = { ...guarded, budget: 20 * 10_000 }
  const plan: Plan = { ...oneRange, numbers: spread(100, 19), rounds: 1, apart: 110, methods: ['voice'] }
  const safe = await pump(seed, hourly, plan, 0)
  assert(safe.thief.sent < plan.numbers.length, told)
  assert(safe.thief.cost <= 2 * hourly.budget, `${told}: ${safe.thief.cost}`)
  assert(
    safe.thief.cost > 2 * hourly.budget - 2 * 10 * roundPrices['GB/voice'],
    `${told}: little of it is lost in leases`,
  )
})

test('of a thousand codes asked for at once on two nodes, the volume of the prefix goes out, and not one more', async () => {
  const line = openLine(seed, counts, { nodes: 2 })
  // More than may wait for one prefix are turned away before they are looked at.
  await Promise.allSettled(
    oneRange.numbers.map((number, at) => ask(line.nodes[at % 2] ?? line.world, number, 'sms', `app-${at % 7}`)),
  )
  assert.equal((await line.post()).length, sendingRules.volume, told)
})

test('the hour and the day of a country hold exactly, however many ask at once on however many nodes', async () => {
  for (const [limit, policy] of [
    [50, { ...counts, budget: 50 * 400 }],
    [70, { ...counts, perCountry: 70 }],
  ] as const) {
    const line = openLine(seed, policy, { nodes: 3 })
    const endings = await Promise.all(spread(150, 2).map((number, at) => ask(line.nodes[at % 3] ?? line.world, number)))
    const sent = (await line.post()).length
    assert(sent <= limit && sent >= limit - 3, `${told}: ${sent} of ${limit}`)
    const refused = endings.find(({ ending }) => ending.kind === 'codes_paused')?.ending
    assert(refused?.kind === 'codes_paused' && refused.retryAt !== undefined && refused.retryAt > line.now())
    // And with the next span it goes on.
    line.move(policy.budget > 0 ? hour : day)
    assert.equal((await ask(line.world, '+447400991234')).ending.kind, 'begun')
  }
})

test('a code that lost its race costs nothing: of fifty asked for one number at once, one is sent and one is counted', async () => {
  const line = openLine(seed, { ...counts, perPrefix: 3, perCountry: 1_000 }, { nodes: 2 })
  const endings = await Promise.all(
    Array.from({ length: 50 }, (_, at) => ask(line.nodes[at % 2] ?? line.world, '+447400120001')),
  )
  assert.equal(endings.filter(({ ending }) => ending.kind === 'begun').length, 1, told)
  assert.equal((await line.post()).length, 1, told)
  const kinds = []
  for (const last of [2, 3, 4]) kinds.push((await ask(line.world, `+44740012000${last}`)).ending.kind)
  assert.deepEqual(kinds, ['begun', 'begun', 'codes_paused'], told)
})

test('whoever goes on asking at a paused prefix writes nothing, makes nothing, and holds up no block', async () => {
  const line = openLine(seed, counts)
  for (const number of oneRange.numbers.slice(0, 20)) await ask(line.world, number)
  line.move(21 * minute)
  assert.equal((await ask(line.world, '+447400129999')).ending.kind, 'codes_paused')
  const before = line.watched.filter(each => each.startsWith('commit')).length
  const { documents } = await line.store.count()
  for (let at = 0; at < 200; at++) {
    const { ending } = await ask(line.world, `+44740012${String(9_000 + at)}`)
    assert.equal(ending.kind === 'codes_paused' && ending.ways.join(), 'voice')
  }
  assert.equal(line.watched.filter(each => each.startsWith('commit')).length, before, told)
  assert.equal((await line.store.count()).documents, documents, told)
  assert.equal(line.watched.filter(each => each === 'paused prefix GB').length, 1)
  line.move(12 * hour + 10 * minute)
  assert.equal((await ask(line.world, '+447400129998')).ending.kind, 'begun')
})

test('a right code counts for its prefix, whichever node it comes to and whichever application asked', async () => {
  const line = openLine(seed, { ...counts, perPrefix: 0 }, { nodes: 2 })
  for (const [at, number] of oneRange.numbers.slice(0, 60).entries()) {
    const world = line.nodes[at % 2] ?? line.world
    const { claim, ending } = await ask(world, number, 'sms', `app-${at % 3}`)
    assert.equal(ending.kind, 'begun', `${told}: ${at}`)
    const [message] = await line.post()
    if (at % 5 === 0) {
      const other = line.nodes[(at + 1) % 2] ?? line.world
      assert.equal(await enter(other, claim, message?.code ?? '', `app-${at % 3}`), 'proved')
    }
    line.move(minute)
  }
})

test('numbers that cost whoever sends to them, that nobody was given, or of a country that is not served, get none', async () => {
  const line = openLine(seed, counts)
  const kinds: Record<string, string> = {}
  for (const number of [
    '+449012345678',
    '+448431234567',
    '+447012345678',
    '+491500000000',
    '+881612345678',
    '+37120123456',
  ]) {
    kinds[number] = (await ask(line.world, number, 'voice')).ending.kind
  }
  assert.deepEqual(kinds, {
    ...{ '+449012345678': 'line_not_served', '+448431234567': 'line_not_served', '+447012345678': 'line_not_served' },
    ...{ '+491500000000': 'line_not_served', '+881612345678': 'country_not_served' },
    '+37120123456': 'country_not_served',
  })
  assert.equal((await line.store.count()).documents, 0)
})

test('a clock that is set back opens nothing', async () => {
  const line = openLine(seed, { ...counts, perCountry: 5 })
  for (const number of spread(5, 1)) await ask(line.world, number)
  assert.equal((await ask(line.world, '+447400991234')).ending.kind, 'codes_paused')
  line.move(-2 * day)
  assert.equal((await ask(line.world, '+447400991234')).ending.kind, 'codes_paused')
})

test('when the store is away nothing is sent, and a right code is right all the same once it was stored', async () => {
  let broken: (kind: string) => boolean = () => false
  const through = (store: Store): Store => ({
    ...store,
    commit: async commit => {
      if (broken(commit.subject.kind)) throw new StoreAway('gone')
      return store.commit(commit)
    },
  })
  const line = openLine(seed, { ...guarded }, { through })
  for (const away of ['allowance', 'prefix', 'number']) {
    broken = kind => kind === away
    await assert.rejects(ask(line.world, '+447400120001'), StoreAway)
    assert.equal((await line.post()).length, 0, away)
  }
  broken = () => false
  const { claim } = await ask(line.world, '+447400120001')
  const [message] = await line.post()
  broken = kind => kind === 'prefix'
  assert.equal(await enter(line.world, claim, message?.code ?? ''), 'proved')
})

test('a code costs one commit more than without the guard, a right one one more, and leases one in many', async () => {
  const commitsOf = async (sending: typeof guarded): Promise<number> => {
    const line = openLine(seed, sending)
    for (const number of spread(100, 1)) {
      const { claim } = await ask(line.world, number)
      await enter(line.world, claim, (await line.post())[0]?.code ?? '')
    }
    return line.watched.filter(each => each === 'commit committed').length / 100
  }
  const free = await commitsOf(freeSending)
  const full = await commitsOf({ ...guarded, budget: 1_000 * 10_000 })
  assert.equal(free, 3)
  assert(full <= 5.05, `${full} commits`)
})
