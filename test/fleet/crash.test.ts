// Every place where a run can end, with every fate of its requests: the PIN in force is always one that is written down, and
// the next run finds out which. The vault is a real one; a crash is the end of all that the run does.

import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { day, instantAt, type Milliseconds } from '#core/kernel/instant.ts'
import { rotatePin } from '#fleet/change-pin.ts'
import { newNumber } from '#fleet/number.ts'
import { candidates, lateSpan } from '#fleet/pin-state.ts'
import { provePin, registerNumber } from '#fleet/register.ts'
import { serverTime } from '#fleet/server-time.ts'
import { openVault, readVault, type Vault } from '#fleet/vault.ts'
import { openWire } from '#fleet/wire.ts'
import type { Ending, Fleet } from '#fleet/work.ts'
import { seededDice } from '#secrets/dice.ts'
import { Secret } from '#secrets/secret.ts'
import { type Fate, type TinyGraph, tinyGraph } from './graph.ts'
import { fleetFolder, newVault, passphrase } from './house.ts'

const folder = fleetFolder(after)
const id = '106540352242922'
const dice = seededDice('fleet')

class Crash extends Error {}

/** The vault, with a step before each write and after it. */
const stepping = (vault: Vault, step: () => void): Vault => ({
  ...vault,
  save(...numbers) {
    step()
    vault.save(...numbers)
    step()
  },
})

let houses = 0

/** A vault with one number, which is the server's. */
async function house(graph: TinyGraph, pin: string | undefined) {
  houses += 1
  const file = await newVault(join(folder, `${houses}.vault`), 'http://127.0.0.1:8022/')
  let now = instantAt(1_800_000_000_000)
  const machine = { now: () => now }
  /** Opens the vault, works, and lets go of it; `crashAt`: the step at which everything ends. */
  async function run(work: (fleet: Fleet) => Promise<Ending>, crashAt = 0): Promise<Ending | undefined> {
    let steps = 0
    const step = () => {
      steps += 1
      if (steps === crashAt) throw new Crash()
    }
    using vault = await openVault(file, passphrase, dice)
    graph.onStep = step
    const time = serverTime(machine)
    // A crash in the middle of a request is none that the client could handle: it is the end.
    const fetch: typeof globalThis.fetch = (...asked) => graph.fetch(...asked)
    const wire = openWire({ server: 'http://127.0.0.1:8022', time, machine, fetch })
    let crashed = false
    const unlessCrashed = (): void => {
      if (steps >= crashAt && crashAt > 0) crashed = true
      if (crashed) throw new Crash()
    }
    try {
      return await work({
        ...{ vault: stepping(vault, step), wire: ending(wire, unlessCrashed), time, dice },
        pause: async () => {},
      })
    } catch (error) {
      if (error instanceof Crash) return undefined
      throw error
    } finally {
      graph.onStep = () => {}
    }
  }
  using vault = await openVault(file, passphrase, dice)
  const number = newNumber(id, Secret.of('EAAG'))
  vault.save(pin === undefined ? number : { ...number, pin: { kind: 'kept', pin: Secret.of(pin), from: 'imported' } })
  return {
    run,
    advance: (by: Milliseconds) => {
      now = instantAt(now + by)
    },
    number: async () => {
      const { numbers } = await readVault(file, passphrase)
      const number = numbers.get(id)
      assert.ok(number !== undefined)
      return number
    },
    [Symbol.dispose]: () => rmSync(file, { force: true }),
  }
}

/** After each answer: whether the run has ended meanwhile. */
function ending(wire: Fleet['wire'], unlessCrashed: () => void): Fleet['wire'] {
  const then = async <Answer>(asking: Promise<Answer>): Promise<Answer> => {
    const answer = await asking
    unlessCrashed()
    return answer
  }
  return {
    look: number => then(wire.look(number)),
    setPin: (number, pin) => then(wire.setPin(number, pin)),
    register: (number, pin) => then(wire.register(number, pin)),
  }
}

const old = '493816'
const fates: readonly (readonly Fate[])[] = [
  [],
  ['answered', 'lost'],
  ['answered', 'unheard'],
  ['answered', 'unheard', 'token_void'],
  ['answered', 'broken', 'broken', 'broken'],
  ['answered', 'lost', 'lost', 'lost'],
  ['answered', 'unheard', 'slowed', 'lost'],
  ['answered', 'slowed', 'slowed', 'slowed'],
  ['answered', 'token_void'],
  ['token_void'],
]

type Story = {
  readonly name: string
  readonly graph: () => TinyGraph
  readonly knows: string | undefined
  readonly work: (fleet: Fleet) => Promise<Ending>
}

const stories: readonly Story[] = [
  {
    name: 'a rotation',
    graph: () => tinyGraph({ pin: old }),
    knows: old,
    work: fleet => rotatePin(fleet, id, false),
  },
  {
    name: 'a rotation over a PIN that nobody knows',
    graph: () => tinyGraph({ pin: '604188' }),
    knows: undefined,
    work: fleet => rotatePin(fleet, id, true),
  },
  {
    name: 'a first registration, where PINs are set offline, too',
    graph: () => tinyGraph({ setsOffline: true }),
    knows: undefined,
    work: fleet => registerNumber(fleet, id),
  },
  {
    name: 'a first registration, where they are not',
    graph: () => tinyGraph({}),
    knows: undefined,
    work: fleet => registerNumber(fleet, id),
  },
  {
    name: 'a proof',
    graph: () => tinyGraph({ pin: old }),
    knows: old,
    work: fleet => provePin(fleet, id),
  },
]

const known = async (at: Awaited<ReturnType<typeof house>>): Promise<readonly string[]> =>
  candidates((await at.number()).pin).map(pin => pin.reveal())

for (const { name, graph: make, knows, work } of stories) {
  test(`${name} may end anywhere, with any fate of its requests: the next run proves the PIN in force`, async () => {
    let crashes = 0
    for (const fate of fates) {
      for (let crashAt = 1; ; crashAt += 1) {
        const graph = make()
        const before = graph.pin
        using at = await house(graph, knows)
        graph.fates = [...fate]
        const ended = await at.run(work, crashAt)
        const where = `${fate.join()} at step ${crashAt}`
        graph.fates = []

        // Whatever was done, the PIN in force is written down, unless it is one that nobody here ever knew.
        const written = await known(at)
        if (graph.pin !== undefined && (graph.pin !== before || knows !== undefined)) {
          assert.ok(written.includes(graph.pin), `${where}: the PIN in force is not written down`)
        }
        const sent = graph.asked.filter(({ edge }) => edge === 'register').length
        assert.ok((await at.number()).registrations.length >= sent, `${where}: a registration was not counted`)

        // The next run, of a server that answers; what was lost is not on its way any more.
        at.advance(lateSpan)
        const again = await at.run(work)
        assert.ok(again !== undefined && again.kind !== 'needs', `${where}: ${JSON.stringify(again)}`)
        assert.deepEqual(await known(at), [graph.pin], `${where}: which PIN is in force is not known`)
        assert.deepEqual(await at.run(fleet => provePin(fleet, id)), { kind: 'proved' }, where)
        if (ended !== undefined) break
        crashes += 1
      }
    }
    assert.ok(crashes > 20, `${crashes} crashes`)
  })
}

test('a machine whose clock runs ahead sends no eleventh registration, for the server tells the time', async () => {
  let date = 1_800_000_000_000
  const graph = tinyGraph({ pin: old, date: () => new Date(date).toUTCString() })
  using at = await house(graph, old)
  const register = () => {
    graph.status = 'PENDING'
    return at.run(fleet => registerNumber(fleet, id))
  }
  for (let time = 1; time <= 10; time += 1) assert.deepEqual(await register(), { kind: 'registered' })
  for (const [jump, passed] of [
    [4 * day, 0],
    [-30 * day, 0],
    [300 * day, 3 * day],
  ] as const) {
    at.advance(jump)
    date += passed
    const over = await register()
    assert.ok(over?.kind === 'needs' && over.need.kind === 'budget')
  }
  date += 5 * 60_000
  assert.deepEqual(await register(), { kind: 'registered' })
})

test('a number that is banned, on the phone or in a state that nobody knows is left alone; one that is flagged is registered', async () => {
  const graph = tinyGraph({ pin: old })
  using at = await house(graph, old)
  for (const [status, kind] of [
    ['BANNED', 'unclear'],
    ['SOMETHING_NEW', 'unclear'],
    ['PENDING', 'on_phone'],
  ] as const) {
    graph.status = status
    graph.isOnPhone = kind === 'on_phone'
    for (const work of [registerNumber, provePin]) {
      const ending = await at.run(fleet => work(fleet, id))
      assert.ok(ending?.kind === 'needs' && [kind, 'not_registered'].includes(ending.need.kind), status)
    }
  }
  graph.isOnPhone = false
  graph.status = 'FLAGGED'
  assert.deepEqual(await at.run(fleet => registerNumber(fleet, id)), { kind: 'already' })
  assert.deepEqual(
    graph.asked.filter(({ method }) => method === 'POST'),
    [],
  )
})

test('a request that is done late, after its PIN was settled, finds no newer PIN to undo', async () => {
  const graph = tinyGraph({ pin: old })
  using at = await house(graph, old)
  graph.fates = ['answered', 'lost']
  assert.deepEqual(await at.run(fleet => rotatePin(fleet, id, false)), { kind: 'rotated' })
  const [late] = await known(at)
  const next = await at.run(fleet => rotatePin(fleet, id, false))
  assert.ok(next?.kind === 'needs' && next.need.kind === 'late')
  at.advance(lateSpan - 1)
  assert.equal((await at.run(fleet => rotatePin(fleet, id, false)))?.kind, 'needs')
  // The lost one is done after all: it is the PIN that is kept anyway.
  graph.pin = late
  assert.deepEqual(await known(at), [graph.pin])
  at.advance(1)
  assert.deepEqual(await at.run(fleet => rotatePin(fleet, id, false)), { kind: 'rotated' })
  assert.notEqual(graph.pin, late)
})

test('no more than ten registrations in a moving 72 hours are ever sent, and what only looks leaves three', async () => {
  const graph = tinyGraph({ pin: old })
  using at = await house(graph, old)
  const prove = () => at.run(fleet => provePin(fleet, id))
  const register = () => {
    graph.status = 'PENDING'
    return at.run(fleet => registerNumber(fleet, id))
  }
  const sent = () => graph.asked.filter(({ edge }) => edge === 'register').length
  for (let time = 1; time <= 7; time += 1) assert.deepEqual(await prove(), { kind: 'proved' })
  const kept = await prove()
  assert.ok(kept?.kind === 'needs' && kept.need.kind === 'budget' && sent() === 7)
  for (let time = 1; time <= 3; time += 1) assert.deepEqual(await register(), { kind: 'registered' })
  const over = await register()
  assert.ok(over?.kind === 'needs' && over.need.kind === 'budget' && sent() === 10)
  at.advance(3 * day)
  assert.equal((await register())?.kind, 'needs', 'the server counts from when it came there')
  at.advance(5 * 60_000)
  assert.deepEqual(await register(), { kind: 'registered' })
})
