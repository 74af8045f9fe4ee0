// A year of owners, thieves and strangers in seconds, and proof that the simulation would notice if a rule were broken.
//
// SIMULATION_SEED repeats a life; SIMULATION_DAYS and SIMULATION_NUMBERS make it longer and larger.

import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { day, hour } from '#core/kernel/instant.ts'
import { limits } from '#core/throttle/limits.ts'
import { readEntry } from '#records/journal.ts'
import { open } from '#records/records.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { Commit } from '#storage/store.ts'
import { mostChecks, mostLooks } from './ledger.ts'
import type { Sabotage } from './nodes.ts'
import { type Report, type Simulation, simulate } from './simulate.ts'

const { SIMULATION_SEED, SIMULATION_DAYS, SIMULATION_NUMBERS } = process.env
const seed = SIMULATION_SEED ?? String(randomInt(2 ** 31))

const year: Omit<Simulation, 'profile'> = {
  seed,
  days: Number(SIMULATION_DAYS ?? 365),
  numbers: Number(SIMULATION_NUMBERS ?? 3),
  thieves: 1,
  strangers: 1,
  strangersEvery: 14 * hour,
  largestCrowd: 16,
  ownersMove: true,
  nodes: 3,
  trouble: { crash: 150, race: 30 },
  upkeep: true,
}

/** Runs it, and says in every failure which seed repeats it. */
async function run(simulation: Simulation): Promise<Report> {
  try {
    return await simulate(simulation)
  } catch (error) {
    if (error instanceof Error) error.message = `SIMULATION_SEED=${simulation.seed}: ${error.message}`
    throw error
  }
}

// What a year must have brought about, or the simulation has become smaller than it was.
const happens = [
  ...['add added', 'add listed_already', 'ask sent'],
  ...['prove proved', 'prove wrong_code', 'prove check_too_soon', 'prove crashed'],
  ...['register registered', 'register not_proved', 'register wrong_pin', 'register pin_needed'],
  ...['register guess_too_soon', 'register attempts_spent', 'register crashed'],
  ...['set-pin set', 'set-pin changed', 'set-pin not_proved', 'set-pin not_keeper'],
  ...['leave deregistered', 'leave not_registered', 'remove deleted', 'text accepted', 'text not_registered'],
]

for (const profile of ['classic', 'strict'] as const) {
  test(`${profile}: a year of crowds, crashes and lost races looks no oftener than the table allows`, async t => {
    const report = await run({ ...year, profile })
    const { steps, commits, looks, checks, mostInARow, crashes, lostRaces, journal } = report
    t.diagnostic(
      `seed ${seed}: ${steps} steps, ${commits} commits, ${looks} looks at PINs (at most ${mostInARow} in a row), ` +
        `${checks} at codes, ${crashes} crashes, ${lostRaces} lost races, ${journal.events} events`,
    )
    if (year.days < 365) return
    assert.deepEqual(
      happens.filter(name => !report.endings.has(name)),
      [],
      `SIMULATION_SEED=${seed}: this never happened`,
    )
    assert.ok(looks > 100 && checks > 100 && crashes > 10 && lostRaces > 100 && mostInARow > 5)
  })
}

const quiet: Simulation = {
  ...year,
  profile: 'classic',
  days: 100,
  numbers: 2,
  ownersMove: false,
  nodes: 2,
  trouble: { crash: 0, race: 0 },
  upkeep: false,
}

test('strangers without the code cost the owner nothing: every call ends as it does without them', async () => {
  // Often enough to use up what codes a number gets in a day.
  const strangers = { ...quiet, thieves: 0, strangers: 2, strangersEvery: 4 * hour }
  const [among, alone] = [await run(strangers), await run({ ...strangers, strangers: 0 })]
  assert.ok(among.steps > 2 * alone.steps, 'the strangers were there')
  assert.deepEqual(among.diaries, alone.diaries, `SIMULATION_SEED=${seed}`)
})

test('the comparison notices somebody who has the code', async () => {
  const stolen = { ...quiet, seed: 'stolen', strangers: 0, largestCrowd: 3 }
  const [among, alone] = [await run({ ...stolen, thieves: 2 }), await run({ ...stolen, thieves: 0 })]
  assert.notDeepEqual(among.diaries, alone.diaries)
})

test('a seed is one life: the same seed ends in the same way', async () => {
  const life = { ...year, profile: 'classic', days: 20, numbers: 2 } as const
  const [one, other] = [await run(life), await run(life)]
  assert.deepEqual(one, other)
})

// Two thieves at one number, each with two guesses at every moment that is open.
for (const profile of ['classic', 'strict'] as const) {
  test(`${profile}: thieves who do nothing but guess get what the table says, to the guess, then nothing`, async () => {
    const patient = { ...quiet, profile, numbers: 1, patient: true, thieves: 2, strangers: 0, largestCrowd: 2 }
    for (const days of [1, 2, 60, 120]) {
      const { looks } = await run({ ...patient, days })
      assert.equal(looks, mostLooks(limits[profile].pinGuesses, days * day - hour), `after ${days} days`)
    }
    assert.equal(mostLooks(limits[profile].pinGuesses, 120 * day), 100, 'the budget ends')
  })
}

const eventsOf = (commit: Commit, secrets: Secrets): readonly string[] =>
  commit.subject.kind === 'number'
    ? commit.events.map(row => readEntry<'number'>(secrets, commit.subject, row).event.kind)
    : []

/** Answers as if what holds this event were stored, and does not store it. */
const dropping =
  (kind: string): Sabotage =>
  (commit, secrets) =>
    eventsOf(commit, secrets).includes(kind) ? 'dropped' : commit

/** Stores a lock whose keeper is nobody. */
const halving: Sabotage = (commit, secrets) => {
  if (commit.subject.kind !== 'number' || commit.document === undefined) return commit
  const version = commit.expects + 1
  const { document, head } = open(secrets, 'number', commit.subject.id, { version, ...commit.document })
  if (document.lock.kind === 'none') return commit
  const half = { ...document, lock: { ...document.lock, keeper: '100000000000000' } }
  const text = JSON.stringify({ document: half, head: { ...head, hash: Buffer.from(head.hash).toString('base64') } })
  return { ...commit, document: secrets.seal(`document/number/${commit.subject.id}/${version}`, text) }
}

// One seed for all of them: a bite is shown, not sought.
const attacked = { ...quiet, seed: 'bites', thieves: 3, strangers: 1, largestCrowd: 30 }

// Each breaks one promise on purpose; the second part is what the simulation then says.
const bites: readonly (readonly [string, Partial<Simulation>, RegExp])[] = [
  [
    'a PIN is looked at before the guess is stored',
    { sabotage: dropping('pin.guess_spent') },
    /guesses at one PIN were/,
  ],
  [
    'a code is looked at before the check is stored',
    { sabotage: dropping('code.guess_spent') },
    /checks of one request/,
  ],
  ['the use of a code is not stored', { sabotage: dropping('code.right') }, /a code opened twice/],
  ['a new PIN is answered and not stored', { sabotage: dropping('pin.changed') }, /changes of the PIN/],
  ['a lock is stored by half', { sabotage: halving }, /half a lock/],
  [
    'one guess too many is allowed at once',
    {
      patient: true,
      laxer: ({ pinGuesses }) => ({
        pinGuesses: pinGuesses.kind === 'steps' ? { ...pinGuesses, atOnce: 6 } : pinGuesses,
      }),
    },
    /guesses at one PIN were/,
  ],
  [
    'a lock falls before its time',
    { ownersMove: true, laxer: ({ withoutPin }) => ({ withoutPin: { ...withoutPin, pendingMessages: day } }) },
    /before its seven days/,
  ],
  [
    'documents are stored unsealed',
    {
      weakened: ({ ring }) => ({
        seal: (_binding, text) => ({ keyId: ring.active().id, body: Buffer.from(text) }),
        open: (_binding, { body }) => Buffer.from(body).toString(),
      }),
    },
    /stored in the clear/,
  ],
  [
    'an event of the journal was edited',
    {
      days: 5,
      leaky: store => ({
        journal: async (subject, from, limit) =>
          (await store.journal(subject, from, limit)).map(row =>
            row.sequence === 2 ? { ...row, body: row.body.toReversed() } : row,
          ),
      }),
    },
    /the journal does not verify/,
  ],
]

for (const [what, broken, says] of bites) {
  test(`the simulation bites when ${what}`, async () => {
    await assert.rejects(simulate({ ...attacked, ...broken }), says)
  })
}

test('the ledger knows the table: five at once, ten on the first day, one a day from then on, never more than a hundred', () => {
  const steps = {
    kind: 'steps',
    atOnce: 5,
    waits: [60_000, 300_000, 900_000, 3_600_000, 21_600_000, day],
    closesAfter: 100,
  } as const
  assert.deepEqual(
    [0, 59_999, 60_000, 359_999, 360_000, day, 2 * day, 1_000 * day].map(elapsed => mostLooks(steps, elapsed)),
    [5, 5, 6, 6, 7, 10, 11, 100],
  )
  const refill = { kind: 'refill', inAll: 10, every: day, closesAfter: 100 } as const
  assert.deepEqual(
    [0, day - 1, day, 1_000 * day].map(elapsed => mostLooks(refill, elapsed)),
    [10, 10, 11, 100],
  )
  assert.deepEqual(
    [0, 59_999, 60_000, 180_000, day].map(elapsed => mostChecks([0, 0, 60_000, 120_000], elapsed)),
    [3, 3, 4, 5, 5],
  )
})
