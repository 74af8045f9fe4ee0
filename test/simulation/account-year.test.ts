// A year of an account in both profiles and with each proof stolen, and proof that the simulation would notice.
//
// SIMULATION_SEED repeats a life.

import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { hour, type Instant } from '#core/kernel/instant.ts'
import { delayOpens } from '#core/throttle/growing-delay.ts'
import { limits } from '#core/throttle/limits.ts'
import { theAccountCore as core } from './account-core.ts'
import { handsOn, withPerson } from './account-hands.ts'
import { ends, later, onScene } from './account-samples.ts'
import { liveAYear, type Year, type YearReport } from './account-year.ts'

const { SIMULATION_SEED } = process.env
const seed = SIMULATION_SEED ?? String(randomInt(2 ** 31))

const plain: Year = { seed, profile: 'classic', days: 365, steals: undefined, strangers: 1, crash: 100 }

/** Lives it, and says in every failure which seed repeats it. */
function run(year: Year): YearReport {
  try {
    return liveAYear(year)
  } catch (error) {
    if (error instanceof Error) error.message = `SIMULATION_SEED=${year.seed}: ${error.message}`
    throw error
  }
}

for (const [profile, steals] of [
  ['classic', 'P'],
  ['strict', 'P'],
  ['classic', 'D'],
  ['classic', 'K'],
  ['strict', 'K'],
] as const) {
  test(`${profile}: a year with a thief who has ${steals}: nothing opens, and the owner always comes back`, context => {
    const report = run({ ...plain, profile, steals })
    const { steps, looks, crashes, largest, endings } = report
    context.diagnostic(`seed ${seed}: ${steps} steps, ${looks} looks, ${crashes} crashes, ${largest} bytes at most`)
    assert(steps > 3_000 && looks > 1_000 && crashes > 5)
    for (const each of [
      'code signed_in',
      'password second_step_needed',
      'password wrong password',
      'replace key replaced',
    ]) {
      assert(endings.has(each), `SIMULATION_SEED=${seed}: "${each}" never happened`)
    }
    if (steals === 'P') assert((endings.get('thief code wrong code') ?? 0) > 20, `SIMULATION_SEED=${seed}`)
  })
}

test('strangers cost the owner nothing: everything on her browsers ends as it does without them', () => {
  // A new browser among strangers may wait an hour with them. Hers fall elsewhere here, or both lives would part at the first.
  const quiet = { ...plain, crash: 0, newBrowsersIn: 3 }
  // The second is the life in which one new browser did wait.
  for (const life of [seed, '1251952535']) {
    const [among, alone] = [run({ ...quiet, seed: life, strangers: 3 }), run({ ...quiet, seed: life, strangers: 0 })]
    assert(among.steps > alone.steps * 2, 'the strangers were there')
    assert(alone.diary.length > 300)
    assert.deepEqual(among.diary, alone.diary, `SIMULATION_SEED=${life}`)
  }
})

test('ten thousand tries of strangers at the password, at every moment that is open, change nothing on known browsers', () => {
  for (const profile of ['classic', 'strict'] as const) {
    const rows = limits[profile]
    const hands = handsOn(core, rows)
    let scene = withPerson(onScene(rows), 'theo', { bucket: 1 })
    for (let each = 0; each < 10_000; each += 1) {
      const delay = scene.account.strangers[1]
      if (delay !== undefined)
        scene = { ...scene, now: delayOpens(delay, scene.now, rows.account.password.delay) as Instant }
      scene = ends(hands.password(scene, 'theo', 'a guess'), 'wrong password')
    }
    assert(scene.now - onScene(rows).now > 9_900 * hour, 'they waited an hour for each')
    let anna = ends(hands.password(scene, 'anna', '§password 0'), 'second_step_needed')
    anna = ends(hands.send(anna, 'anna', 'sign-in', 'd2'), 'sent')
    ends(hands.code(anna, 'anna', 'code'), 'signed_in')
    // A new browser of hers falls into another bucket, or waits an hour at most: never for good.
    const fresh = withPerson(scene, 'anna', { cookie: undefined, bucket: 1 })
    ends(hands.password(later(fresh, hour), 'anna', '§password 0'), 'second_step_needed')
  }
})

test('a seed is one life: the same seed ends in the same way', () => {
  const life = { ...plain, days: 30, steals: 'P' } as const
  assert.deepEqual(run(life), run(life))
})

const bites: readonly (readonly [string, Partial<Year>, RegExp])[] = [
  [
    'a code is looked at for nothing',
    {
      spoilt: {
        spendSignInCheck: (account, ...rest) => {
          const spent = core.spendSignInCheck(account, ...rest)
          return spent.kind === 'look' ? { ...spent, next: account } : spent
        },
      },
    },
    /a guess was free/,
  ],
  [
    'wrong codes never turn a device off',
    {
      spoilt: {
        spendSignInCheck: (account, of, now, rows) =>
          core.spendSignInCheck(account, of, now, { ...rows, account: { ...rows.account, failuresInARow: 1_000 } }),
        chooseDevice: (account, choice, now, rows) =>
          core.chooseDevice(account, choice, now, { ...rows, account: { ...rows.account, failuresInARow: 1_000 } }),
      },
    },
    /looks in a row/,
  ],
  [
    'a right password is a session',
    {
      spoilt: {
        passwordWasRight: (account, right, ...rest) => {
          if (right.caller.from.agent !== 'theo') return core.passwordWasRight(account, right, ...rest)
          const done = core.passwordWasRight({ ...account, twoStep: { kind: 'off' } }, right, ...rest)
          return done && { ...done, next: { ...done.next, twoStep: account.twoStep } }
        },
      },
    },
    /is signed in/,
  ],
  [
    'what strangers tried is never forgotten',
    {
      spoilt: {
        spendKeyTry: (account, attempt, now, rows) => {
          const network = `${attempt.caller.network} ${now}`
          const all = {
            ...rows,
            account: { ...rows.account, recoveryKey: { ...rows.account.recoveryKey, callers: 9_999 } },
          }
          const far = {
            ...account,
            keyTries: account.keyTries.map(each => ({ ...each, delay: { tries: 1, lastAt: now } })),
          }
          return core.spendKeyTry(far, { ...attempt, caller: { ...attempt.caller, network } }, now, all)
        },
      },
      strangers: 3,
    },
    /the document grows/,
  ],
]

for (const [what, broken, says] of bites) {
  test(`the simulation bites when ${what}`, () => {
    // One seed for all of them: a bite is shown, not sought.
    assert.throws(() => liveAYear({ ...plain, steals: 'P', seed: 'bites', ...broken }), says)
  })
}
