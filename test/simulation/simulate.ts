// The simulation: years of people at many numbers, through the real actions and the memory store, in seconds.
//
//     who is next? ──▶ the clock moves there ──▶ they act, with others at the same number at the same moment
//         ▲                                                        │
//         └── they say when they come back ◀── which PIN is in force now? somebody must have been entitled to set it
//
// One seed is one life: hashing goes one at a time, and nothing else waits for anything real.

import assert from 'node:assert/strict'
import { createBusiness } from '#actions/operate.ts'
import { day, hour, type Instant, instantAt, type Milliseconds, minute } from '#core/kernel/instant.ts'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import { type Limits, limits, type Profile } from '#core/throttle/limits.ts'
import { coverJournals, type Receipt } from '#records/checkpoint.ts'
import { rotateKeys } from '#records/rotate-keys.ts'
import { type Verified, verifyJournal } from '#records/verify-journal.ts'
import { seededDice } from '#secrets/dice.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import { memoryKeyRing } from '#secrets/key-ring.ts'
import { Secret } from '#secrets/secret.ts'
import { createSecrets, type Secrets } from '#secrets/secrets.ts'
import { openMemoryStore } from '#storage/memory/memory-store.ts'
import type { Store } from '#storage/store.ts'
import { type Chance, chanceOf } from './chance.ts'
import { type Hands, handsOf, type Line, type Person } from './hands.ts'
import { createLedger } from './ledger.ts'
import { createNode, type Node, type Sabotage, type Trouble } from './nodes.ts'
import { owner, patientThief, type Step, settler, stranger, thief } from './people.ts'
import { createWitness, type Witness } from './witness.ts'

export type Simulation = {
  readonly seed: string
  readonly profile: Profile
  readonly days: number
  readonly numbers: number
  /** How many of each kind there are at every number. */
  readonly thieves: number
  readonly strangers: number
  /** How long strangers stay away, about. */
  readonly strangersEvery: Milliseconds
  readonly largestCrowd: number
  /** Owners that set a PIN and are not seen again, and thieves that do nothing but guess. */
  readonly patient?: boolean
  readonly ownersMove: boolean
  readonly nodes: number
  readonly trouble: Trouble
  /** Whether one node's clock is set back now and then, and keys are rotated while people act. */
  readonly upkeep: boolean
  readonly sabotage?: Sabotage
  /** Replaces parts of the secrets, to see that the simulation notices. */
  readonly weakened?: (secrets: Secrets) => Partial<Secrets>
  /** Replaces parts of the store under the nodes, likewise. */
  readonly leaky?: (store: Store) => Partial<Store>
  /** What the nodes believe the limits to be, likewise. */
  readonly laxer?: (limits: Limits) => Partial<Limits>
}

export type Report = {
  readonly steps: number
  readonly commits: number
  readonly looks: number
  readonly checks: number
  readonly mostInARow: number
  readonly crashes: number
  readonly lostRaces: number
  readonly journal: Verified
  /** How every owner's calls ended, in order. */
  readonly diaries: readonly (readonly string[])[]
  /** `register wrong_pin` → how often, over all numbers. */
  readonly endings: ReadonlyMap<string, number>
}

type Actor = {
  readonly line: Line
  readonly isOwner: boolean
  readonly step: Step
  readonly chance: Chance
  due: number
}

const begins = 1_800_000_000_000
const everyday = { door: 'operator', requestId: undefined, party: undefined, signal: undefined } as const

/** Runs a simulation; throws at the first thing that must never happen. */
export async function simulate(simulation: Simulation): Promise<Report> {
  const { seed, profile, days } = simulation
  const policy = limits[profile]
  let now = instantAt(begins)
  const dice = seededDice(`${seed} secrets`)
  const made = createSecrets({
    ring: memoryKeyRing({ dice, now }),
    dice,
    pinParameters: { memoryKiB: 8, passes: 1, lanes: 1 },
    hashing: createHashingQueue({ parallel: 1, waiting: 0, now: () => now }),
  })
  const secrets: Secrets = { ...made, ...simulation.weakened?.(made) }
  const memory = openMemoryStore()
  const store: Store = { ...memory, ...simulation.leaky?.(memory) }
  const ledger = createLedger(policy)
  const lines = linesOf(simulation.numbers)
  const address = `owner-${seed.replace(/\W/g, '')}@bakery.example`
  const witness = createWitness({
    limits: policy,
    secrets,
    ledger,
    now: () => now,
    canaries: number => canariesOf(number, lines, address),
  })

  const weather = chanceOf(`${seed} weather`)
  let deaths = 0
  const nodes = Array.from({ length: simulation.nodes }, (_, at) =>
    createNode({
      store,
      secrets,
      witness,
      limits: { ...policy, ...simulation.laxer?.(policy) },
      now: () => now,
      chance: chanceOf(`${seed} node ${at}`),
      trouble: simulation.trouble,
      sabotage: simulation.sabotage,
      onCrash: () => {
        deaths += 1
      },
    }),
  )
  const cast = await castOf(simulation, { lines, nodes, witness, store, address, secrets })
  const ends = begins + days * day

  let steps = 0
  let upkeepDue = begins + week
  const receipts: Receipt[] = []
  for (;;) {
    const actor = cast.actors.reduce((first, each) => (each.due < first.due ? each : first))
    if (actor.due >= ends) break
    now = instantAt(Math.max(now, actor.due))
    if (simulation.upkeep && now >= upkeepDue) {
      upkeepDue = now + week
      receipts.push(...(await coverJournals(store, secrets, now)))
      nodes.at(-1)?.setBack(weather.oneIn(2) ? weather.below(2 * hour) : 0)
    }
    const rotates = simulation.upkeep && weather.oneIn(1_000)
    const acting = together(actor, cast.actors, now)
    await Promise.all([
      ...acting.map(async each => {
        each.due = Math.max(now + 1, await each.step(now))
      }),
      ...(rotates ? [rotateKeys(store, secrets, { now: () => now })] : []),
    ])
    steps += acting.length
    await settle(actor.line, store, secrets, witness)
  }
  receipts.push(...(await coverJournals(store, secrets, now)))

  for (const line of lines) agree(line, witness, ledger.counts.unpaid)
  const journal = await verifyJournal(store, secrets, { receipts })
  assert.deepEqual(journal.findings, [], 'the journal does not verify')
  assert.equal(ledger.counts.unpaid, 0, 'something was looked at that nobody had paid for')
  return {
    steps,
    commits: witness.counts.commits,
    looks: ledger.counts.looks,
    checks: ledger.counts.checks,
    mostInARow: ledger.counts.mostInARow,
    crashes: deaths,
    lostRaces: nodes.reduce((sum, node) => sum + node.lostRaces(), 0),
    journal,
    diaries: cast.diaries,
    endings: sumOf(lines),
  }
}

const week = 7 * day

/** One actor whose turn it is, and sometimes others at the same number. An owner joins nobody: their days are their own. */
function together(first: Actor, all: readonly Actor[], now: Instant): readonly Actor[] {
  const others = all.filter(
    each =>
      each.line === first.line && each !== first && !each.isOwner && each.due < now + 8 * hour && each.chance.oneIn(3),
  )
  return [first, ...others]
}

// Ofcom's numbers for drama, which will never be anybody's.
const linesOf = (count: number): readonly Line[] =>
  Array.from({ length: count }, (_, at) => ({
    number: `+4477009${String(at).padStart(5, '0')}` as E164,
    id: undefined,
    pin: undefined,
    tried: new Set(),
    verifier: undefined,
    endings: new Map(),
    crashes: 0,
    unreadable: 0,
  }))

function canariesOf(number: string, lines: readonly Line[], address: string): readonly string[] {
  const line = lines.find(each => each.number === number)
  const pins = line === undefined ? [] : [...line.tried, ...(line.pin === undefined ? [] : [line.pin])]
  return [number.slice(1), address, 'Some Bakery', ...pins]
}

async function castOf(
  simulation: Simulation,
  given: {
    readonly lines: readonly Line[]
    readonly nodes: readonly Node[]
    readonly witness: Witness
    readonly store: Store
    readonly secrets: Secrets
    readonly address: string
  },
): Promise<{ readonly actors: readonly Actor[]; readonly diaries: readonly (readonly string[])[] }> {
  const { seed, largestCrowd } = simulation
  const [world] = given.nodes.map(node => node.worldOf('nobody'))
  assert.ok(world !== undefined, 'there is a node')
  const businesses = async (count: number): Promise<readonly string[]> => {
    const ids: string[] = []
    while (ids.length < count) {
      try {
        const node = given.nodes[0]
        const made = await createBusiness(node?.worldOf('nobody') ?? world, everyday, {
          name: 'Some Bakery',
          email: given.address,
        })
        ids.push(made.business)
      } catch (error) {
        if (!(error instanceof Error && error.name === 'Crashed')) throw error
      }
    }
    return ids
  }
  const honest = await businesses(3)
  const crooked = await businesses(4)
  const curious = await businesses(20)

  const actors: Actor[] = []
  const diaries: string[][] = []
  given.lines.forEach((line, index) => {
    const enter = (name: string, isOwner: boolean, stepOf: (hands: Hands, person: Person) => Step): void => {
      const person: Person = { name, chance: chanceOf(`${seed} ${line.number} ${name}`), diary: [] }
      const hands = handsOf({ line, person, nodes: given.nodes, witness: given.witness })
      if (isOwner) diaries.push(person.diary)
      const chance = chanceOf(`${seed} ${line.number} ${name} meets`)
      actors.push({ line, isOwner, step: stepOf(hands, person), chance, due: begins + index * minute })
    }
    const traits = { businesses: honest, moves: simulation.ownersMove }
    enter('owner', true, (hands, person) => (simulation.patient ? settler : owner)(hands, person, traits))
    for (let at = 0; at < simulation.thieves; at += 1) {
      const traits = { businesses: crooked.slice(at), largestCrowd }
      const kind = simulation.patient ? patientThief : thief
      enter(`thief ${at}`, false, (hands, person) => kind(hands, person, line, traits))
    }
    for (let at = 0; at < simulation.strangers; at += 1) {
      const traits = { businesses: curious, largestCrowd, every: simulation.strangersEvery }
      enter(`stranger ${at}`, false, (hands, person) => stranger(hands, person, line, traits))
    }
  })
  return { actors, diaries }
}

/** After a moment: the PIN in force is the one from before, or one that somebody was told (or may think) they set. */
async function settle(line: Line, store: Store, secrets: Secrets, witness: Witness): Promise<void> {
  if (line.id === undefined) return
  assert.ok((await store.read({ kind: 'number', id: line.id })) !== undefined, 'a number is never removed')
  const lock = witness.number(line.id)?.lock
  const verifier = lock?.kind === 'set' ? lock.verifier : undefined
  if (verifier !== line.verifier) {
    const known = [...line.tried, ...(line.pin === undefined ? [] : [line.pin])]
    line.pin = undefined
    for (const pin of verifier === undefined ? [] : known) {
      if (await secrets.checkPin(verifier ?? '', line.id, Secret.of(pin))) line.pin = pin
    }
    assert.ok(verifier === undefined || line.pin !== undefined, 'the PIN in force is one that nobody was told they set')
    line.verifier = verifier
  }
  line.tried.clear()
}

/** What the journal says and what people were told agree, up to the calls whose process died. */
function agree(line: Line, witness: Witness, unpaid: number): void {
  const { id } = line
  if (id === undefined) return
  const told = (...names: readonly string[]) => names.reduce((sum, name) => sum + (line.endings.get(name) ?? 0), 0)
  const close = (written: number, said: number, what: string) => {
    const off = written - said
    assert.ok(
      off >= 0 && off <= line.crashes,
      `${what}: ${written} in the journal, ${said} told, ${line.crashes} crashes`,
    )
  }
  const happened = (kind: Parameters<Witness['happened']>[1]) => witness.happened(id, kind)
  if (unpaid === 0) {
    const settled = happened('pin.right') + happened('pin.wrong')
    const spent = happened('pin.guess_spent')
    assert.ok(settled <= spent && spent - settled <= line.crashes, 'a guess that was spent was never settled')
    const checked = happened('code.right') + happened('code.wrong')
    const checks = happened('code.guess_spent')
    assert.ok(checked <= checks && checks - checked <= line.crashes, 'a check that was spent was never settled')
  }
  close(happened('code.sent'), told('ask sent'), 'codes sent')
  close(happened('code.right'), told('prove proved'), 'codes that opened')
  close(happened('registration.completed'), told('register registered'), 'registrations')
  close(happened('pin.wrong'), told('register wrong_pin', 'remove wrong_pin'), 'wrong PINs')
  close(happened('pin.changed'), told('set-pin changed'), 'changes of the PIN')
  close(happened('number.claimed'), told('add added'), 'claims')
}

function sumOf(lines: readonly Line[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>()
  for (const { endings } of lines) for (const [name, count] of endings) sum.set(name, (sum.get(name) ?? 0) + count)
  return sum
}
