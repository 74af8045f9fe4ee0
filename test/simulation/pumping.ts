// A town of honest people and thieves who are paid for each code that reaches their numbers: the real actions, over a store
// that several nodes share, with the time handed in. What leaves is counted in the outbox, at a price.
//
//     honest ── asks ──▶ enters the code seven to nine times in ten ──▶ or asks once more, and gives up
//     thief ─── asks, by text and by call, for as many applications as it likes ──▶ enters as many as its plan says

import { beginRegistration } from '#actions/begin-registration.ts'
import { createLanes } from '#actions/lanes.ts'
import { registrationOfApplication } from '#actions/registration-of-application.ts'
import { createRunning } from '#actions/running.ts'
import { createLeases } from '#actions/sending/leases.ts'
import { verifyCode } from '#actions/verify-code.ts'
import type { Call, World } from '#actions/world.ts'
import { day, type Instant, instantAt, type Milliseconds, minute } from '#core/kernel/instant.ts'
import type { Message } from '#core/message/message.ts'
import type { CodeMethod } from '#core/registration-lock/ownership-code.ts'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import { defaultSending, freeSending, priceOf, type SendingPolicy, sendingRules } from '#core/sending/rules.ts'
import { limits } from '#core/throttle/limits.ts'
import { parseNumber } from '#numbering/number.ts'
import { createRecords, openMessage } from '#records/records.ts'
import { seededDice } from '#secrets/dice.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import { memoryKeyRing } from '#secrets/key-ring.ts'
import { Secret } from '#secrets/secret.ts'
import { createSecrets } from '#secrets/secrets.ts'
import { openMemoryStore } from '#storage/memory/memory-store.ts'
import type { Store } from '#storage/store.ts'
import { chanceOf } from './chance.ts'

/** A day's noon, so that a country's day and an hour both begin anew while the simulation runs. */
const begins = Date.UTC(2027, 0, 15, 12)

/** Round figures, to compare policies by: no operator's price list. In ten-thousandths of a euro. */
export const roundPrices = {
  GB: 400,
  'GB/voice': 900,
  DE: 800,
  'DE/voice': 1_200,
  FR: 600,
  'FR/voice': 1_100,
  '*': 1_500,
}

/** Nothing but the limits of each number. */
export const unguarded: SendingPolicy = { ...freeSending, prices: roundPrices }

/** What the settings say when nobody says anything, with prices. */
export const guarded: SendingPolicy = { ...defaultSending, budget: 100 * 10_000, prices: roundPrices }

export type Line = {
  readonly world: World
  readonly now: () => Instant
  readonly move: (by: Milliseconds) => void
  /** As many nodes over the one store, each with leases and lanes of its own. */
  readonly nodes: readonly World[]
  readonly store: Store
  /** Takes what is in the outbox. */
  readonly post: () => Promise<readonly Message[]>
  readonly watched: string[]
}

/** Opens a house of nodes over one store in memory. `through` wraps it. */
export function openLine(
  seed: string,
  sending: SendingPolicy,
  {
    nodes = 1,
    through = store => store,
    stores,
  }: { nodes?: number; through?: (store: Store) => Store; stores?: readonly Store[] } = {},
): Line {
  let now = instantAt(begins)
  const dice = seededDice(seed)
  const hashing = createHashingQueue({ parallel: 1, waiting: 0, now: () => now })
  const pinParameters = { memoryKiB: 8, passes: 1, lanes: 1 }
  const secrets = createSecrets({ ring: memoryKeyRing({ dice, now }), dice, pinParameters, hashing })
  const store = stores?.[0] ?? through(openMemoryStore())
  const watched: string[] = []
  const worlds = Array.from(
    { length: nodes },
    (_, at): World => ({
      clock: { now: () => now },
      records: createRecords(stores?.[at] ?? store, secrets),
      secrets,
      lanes: createLanes(),
      leases: createLeases(),
      running: createRunning(),
      limits: limits.strict,
      policy: {
        ...{ pinBlocklist: 'warn', homeCountries: ['GB', 'DE', 'FR'], codeRegions: 'all', sending },
        ...{ product: 'Twostep', origin: undefined, webhooks: { plainHttp: false } },
      },
      watch: {
        ...{ action: () => () => {}, commit: ending => void watched.push(`commit ${ending}`), guess: () => {} },
        phoneCode: what => void watched.push(what),
        codesPaused: (what, region) => void watched.push(`paused ${what} ${region}`),
      },
      messagesWait: () => {},
      publicUrl: () => 'https://twostep.example',
      confirmCallback: async () => ({ kind: 'unreachable' }),
    }),
  )
  const [world] = worlds
  if (world === undefined) throw new Error('a house has a node')
  return {
    ...{ world, nodes: worlds, store, watched },
    now: () => now,
    move(by) {
      now = instantAt(now + by)
    },
    async post() {
      const taken = await store.takeMessages(now, instantAt(now + minute), 10_000)
      await store.settleMessages(
        taken.map(({ id }) => ({ id, settlement: { kind: 'sent', at: now, keepUntil: undefined } })),
      )
      return taken.map(row => openMessage(secrets, row))
    },
  }
}

export const call: Call = { door: 'rest', party: 'application', requestId: undefined, signal: undefined }

/** Asks for a code to a number; a new registration each time. */
export async function ask(world: World, number: string, method: CodeMethod = 'sms', application = 'app') {
  const claim = world.secrets.newNumericId()
  const begin = { application, number: number as E164, method, language: 'en', claim }
  return { claim, ending: await beginRegistration(world, call, begin) }
}

/** Enters a code for a registration. */
export async function enter(world: World, claim: string, code: string, application = 'app'): Promise<string> {
  const subject = await registrationOfApplication(world, application, claim)
  if (subject === undefined) return 'gone'
  return (await verifyCode(world, call, { number: subject.id, claim, code: Secret.of(code) })).kind
}

/** How a thief goes about it. */
export type Plan = {
  /** Numbers that it has. */
  readonly numbers: readonly string[]
  /** How often it asks for each, and how many minutes apart. */
  readonly rounds: number
  readonly apart: number
  readonly methods: readonly CodeMethod[]
  /** One in so many codes is entered; 0: none. */
  readonly enters: number
}

/** A thousand numbers of one range. */
export const oneRange: Plan = {
  numbers: Array.from({ length: 1_000 }, (_, at) => `+44740012${String(at * 7).padStart(4, '0')}`),
  ...{ rounds: 10, apart: 30, methods: ['sms', 'voice'], enters: 0 },
}

/** Numbers that are `each` to a prefix. */
export const spread = (prefixes: number, each: number): readonly string[] =>
  Array.from({ length: prefixes * each }, (_, at) => {
    const prefix = `+4474${String(1_000 + Math.floor(at / each)).padStart(4, '0')}`
    return `${prefix}${String((at % each) * 11).padStart(4, '0')}`
  })

export type Outcome = {
  readonly honest: { readonly people: number; readonly refused: number; readonly cost: number; readonly sent: number }
  /** Honest people of the very prefix that the thief's numbers are of. */
  readonly inRange: Outcome['honest'] & { readonly told: number }
  readonly thief: { readonly asked: number; readonly sent: number; readonly cost: number }
  readonly commits: number
}

// Where the honest live: the thief's range, the ranges beside it, and the rest of three countries.
const homes: readonly (readonly [prefix: string, share: number])[] = [
  ['+44740012', 2],
  ...['+44740011', '+44740013', '+44740002', '+44740031', '+44740032'].map(prefix => [prefix, 10] as const),
  ...Array.from({ length: 10 }, (_, at) => [`+4915112${30 + at}`, 5] as const),
  ...Array.from({ length: 10 }, (_, at) => [`+33612${30 + at}`, 5] as const),
]

type Person = { readonly number: string; readonly at: Milliseconds; readonly enters: boolean }

function peopleOf(seed: string, many: number): readonly Person[] {
  const chance = chanceOf(`${seed} people`)
  const places = homes.flatMap(([prefix, share]) => Array.from({ length: share }, () => prefix))
  const seen = new Set<string>()
  const people: Person[] = []
  while (people.length < many) {
    const prefix = chance.pick(places)
    const number = `${prefix}${String(chance.below(10 ** 4)).padStart(4, '0')}`
    if (seen.has(number) || oneRange.numbers.includes(number)) continue
    seen.add(number)
    // Between seven and nine in ten, differing by where they live.
    const share = 70 + (Number(prefix.slice(-1)) % 3) * 10
    people.push({ number, at: chance.below(day / 2), enters: chance.below(100) < share })
  }
  return people.sort((one, other) => one.at - other.at)
}

/** Lives half a day under a policy. */
export async function pump(seed: string, sending: SendingPolicy, plan: Plan, many = 1_000): Promise<Outcome> {
  const line = openLine(seed, sending, { nodes: 2 })
  const chance = chanceOf(`${seed} thief`)
  const range = oneRange.numbers[0]?.slice(0, -4)
  const honest = { people: 0, refused: 0, cost: 0, sent: 0 }
  const inRange = { people: 0, refused: 0, cost: 0, sent: 0, told: 0 }
  const thief = { asked: 0, sent: 0, cost: 0 }

  const paid = (messages: readonly Message[]): number =>
    messages.reduce((sum, { to, channel }) => {
      const parsed = parseNumber(to)
      return sum + (parsed.kind === 'number' ? priceOf(roundPrices, parsed.region, channel as CodeMethod) : 0)
    }, 0)

  const askAsPerson = async ({ number, enters }: Person): Promise<void> => {
    const place = number.slice(0, -4) === range ? inRange : honest
    const world = chance.pick(line.nodes)
    place.people += 1
    const { claim, ending } = await ask(world, number)
    const sent = await line.post()
    place.cost += paid(sent)
    place.sent += sent.length
    if (ending.kind === 'codes_paused' && place === inRange && ending.retryAt !== undefined) inRange.told += 1
    if (ending.kind !== 'begun') place.refused += 1
    const code = sent[0]?.code
    if (enters && code !== undefined) await enter(world, claim, code)
  }

  const askAsThief = async (number: string): Promise<void> => {
    const world = chance.pick(line.nodes)
    const application = `app-${chance.below(5)}`
    thief.asked += 1
    const { claim } = await ask(world, number, chance.pick(plan.methods), application)
    const sent = await line.post()
    thief.cost += paid(sent)
    thief.sent += sent.length
    const code = sent[0]?.code
    if (code !== undefined && plan.enters > 0 && thief.sent % plan.enters === 0) {
      await enter(world, claim, code, application)
    }
  }

  const started = line.now()
  const honestMoves = peopleOf(seed, many).map(person => ({ at: person.at, move: () => askAsPerson(person) }))
  const thiefMoves = Array.from({ length: plan.rounds }, (_, round) =>
    plan.numbers.map((number, at) => {
      const spread = (at / plan.numbers.length) * plan.apart
      return { at: (round * plan.apart + spread) * minute, move: () => askAsThief(number) }
    }),
  ).flat()
  for (const { at, move } of [...honestMoves, ...thiefMoves].sort((one, other) => one.at - other.at)) {
    line.move(Math.max(0, started + Math.ceil(at) - line.now()))
    await move()
  }
  const commits = line.watched.filter(each => each === 'commit committed').length
  return { honest, inRange, thief, commits }
}

/**
 * The most that a range can cost in half a day, by the settings and rules alone: what is let go before too few came back, and
 * what is on trial after it, by text and by call.
 */
export function mostOfRange(prefixes: number, { prices }: SendingPolicy, region: string): number {
  const { volume, trial } = sendingRules
  return prefixes * (volume + trial) * (priceOf(prices, region, 'sms') + priceOf(prices, region, 'voice'))
}
