// A year of an account: its owner signs in, forgets, loses and replaces things; a thief has one of her proofs, another one
// after each time she has taken it back; strangers guess; processes die between a guess and its answer.
//
//     who is next? ──▶ time moves there ──▶ they act, each step as an action would ──▶ is everything still as promised?
//
// One seed is one life. It throws at the first thing that must never happen.

import assert from 'node:assert/strict'
import { isOn, tidied } from '#core/account/account.ts'
import { devicesOf } from '#core/account/trusted-device.ts'
import { day, hour, type Instant, minute } from '#core/kernel/instant.ts'
import { type Limits, limits, type Profile } from '#core/throttle/limits.ts'
import { type AccountCore, theAccountCore } from './account-core.ts'
import { type Done, handsOn, personOf, type Scene, somebody, withPerson } from './account-hands.ts'
import { onScene } from './account-samples.ts'
import { wayBack } from './account-way-back.ts'
import { type Chance, chanceOf } from './chance.ts'

export type Year = {
  readonly seed: string
  readonly profile: Profile
  readonly days: number
  /** What the thief steals, again after every time the owner has made it worthless. */
  readonly steals: 'P' | 'D' | 'K' | undefined
  readonly strangers: number
  /** The bucket that the owner's new browsers fall into; without one, that of the strangers, where she may wait with them. */
  readonly newBrowsersIn?: number
  /** One process in so many dies between a guess and its answer; 0: none. */
  readonly crash: number
  readonly spoilt?: Partial<AccountCore>
}

export type YearReport = {
  readonly steps: number
  readonly looks: number
  readonly crashes: number
  readonly largest: number
  readonly endings: ReadonlyMap<string, number>
  /** How everything ended that the owner tried on a browser of hers. */
  readonly diary: readonly string[]
}

type Life = {
  scene: Scene
  rows: Limits
  chance: Chance
  endings: Map<string, number>
  looksInARow: Map<string, number>
  steps: number
  looks: number
  crashes: number
  largest: number
}

export function liveAYear(year: Year): YearReport {
  const rows = limits[year.profile]
  const core = { ...theAccountCore, ...year.spoilt }
  const hands = handsOn(core, rows)
  const life: Life = {
    ...{ scene: onScene(rows), rows, chance: chanceOf(`${year.seed} thieves`), endings: new Map() },
    ...{ looksInARow: new Map(), steps: 0, looks: 0, crashes: 0, largest: 0 },
  }
  const owner = chanceOf(`${year.seed} owner`)
  const weather = chanceOf(`${year.seed} weather`)
  const diary: string[] = []
  const begins = life.scene.now

  /** Does one thing and looks whether all promises hold. */
  const act = (who: string, what: string, deed: (scene: Scene) => Done): string => {
    const before = life.scene
    const done = deed(before)
    const kept = tidied(done.scene.account, done.scene.now, rows)
    life.scene = { ...done.scene, account: kept }
    life.steps += 1
    count(life, done)
    const told = done.ending.replace(/ \+.*/, '')
    life.endings.set(`${what} ${told}`, (life.endings.get(`${what} ${told}`) ?? 0) + 1)
    if (who !== 'anna') guarded({ ...before, account: tidied(before.account, before.now, rows) }, life.scene, who)
    return done.ending
  }

  /** A guess whose process may die before it is answered. */
  const guess = (who: string, what: string, spend: (scene: Scene) => Done, trust = false): string => {
    const ending = act(who, what, spend)
    if (life.scene.flight === undefined) return ending
    if (year.crash > 0 && weather.oneIn(year.crash)) {
      life.crashes += 1
      life.scene = { ...life.scene, flight: undefined }
      return 'crashed'
    }
    return act(who, what, scene => hands.settle(scene, trust))
  }

  const play: Play = { life, year, hands, guess, act }
  const anna = annaOf(play, owner, diary)
  const thieves = thievesOf(play)

  const due = { anna: begins + hour, thieves: begins + 2 * hour }
  let steals = begins + day
  while (Math.min(due.anna, due.thieves) < begins + year.days * day) {
    const next = due.anna <= due.thieves ? 'anna' : 'thieves'
    life.scene = { ...life.scene, now: Math.max(life.scene.now, due[next]) as Instant }
    if (year.steals !== undefined && life.scene.now >= steals) {
      steals = life.scene.now + 20 * day
      steal(life, year.steals)
    }
    if (next === 'anna') {
      anna()
      due.anna = life.scene.now + owner.about(12 * hour)
      // Whatever happened, two proofs that nobody stole lead all the way back.
      for (const pair of pairsLeft(year.steals)) {
        const stuck = wayBack(core, hands, rows, life.scene, pair)
        assert.equal(stuck, undefined, `no way back by ${pair}`)
      }
    } else {
      thieves()
      due.thieves = life.scene.now + life.chance.about(6 * hour)
    }
  }
  const { steps, looks, crashes, largest, endings } = life
  return { steps, looks, crashes, largest, endings, diary }
}

const pairsLeft = (stolen: Year['steals']) =>
  (['P + D', 'P + K', 'K + D'] as const).filter(pair => stolen === undefined || !pair.includes(stolen))

// Looks at codes are counted here, in the plainest way, and held against the table.
function count(life: Life, done: Done): void {
  assert.equal(done.free, undefined, 'a guess was free')
  life.largest = Math.max(life.largest, JSON.stringify(done.scene.account).length)
  assert(life.largest < 40_000, 'the document grows')
  for (const event of done.change?.events ?? []) {
    if (event.kind.endsWith('guess_spent')) life.looks += 1
    if (event.kind === 'code.guess_spent' && event.purpose !== 'add-device') {
      const row = `${event.device}/${event.side}`
      const looks = (life.looksInARow.get(row) ?? 0) + 1
      assert(looks <= life.rows.account.failuresInARow, `${looks} looks in a row at ${row}`)
      life.looksInARow.set(row, looks)
    }
    if (event.kind === 'code.right') life.looksInARow.set(`${event.device}/${event.side}`, 0)
    if (event.kind === 'password.changed' || event.kind === 'password.reset' || event.kind === 'session.full') {
      life.looksInARow.clear()
    }
  }
}

// What a thief or stranger did has opened nothing and changed nothing that guards.
function guarded(before: Scene, after: Scene, who: string): void {
  assert.equal(personOf(after, who).session, undefined, `${who} is signed in`)
  assert(!after.account.resets.some(each => each.codeRightAt !== undefined && each.id === personOf(after, who).reset))
  const guards = ({ account }: Scene) => [
    account.password,
    account.appPasswords,
    devicesOf(account).map(each => each.id),
  ]
  assert.deepEqual(guards(after), guards(before), `${who} changed what guards the account`)
  assert.equal(after.account.sessions.length, before.account.sessions.length, `${who} ended a session`)
}

function steal(life: Life, what: 'P' | 'D' | 'K'): void {
  const { anna } = life.scene.people
  const parts = {
    P: { password: anna?.password },
    D: { devices: devicesOf(life.scene.account).map(each => each.id) },
    K: { key: anna?.key },
  }
  life.scene = withPerson(life.scene, 'theo', parts[what])
}

/** What everybody acts in and with. */
type Play = {
  readonly life: Life
  readonly year: Year
  readonly hands: ReturnType<typeof handsOn>
  readonly guess: (who: string, what: string, spend: (scene: Scene) => Done, trust?: boolean) => string
  readonly act: (who: string, what: string, deed: (scene: Scene) => Done) => string
}

function annaOf({ life, year, hands, guess, act }: Play, chance: Chance, diary: string[]): () => void {
  const me = () => personOf(life.scene, 'anna')
  const code = (purpose: 'sign-in' | 'reset-password', what: 'code' | 'reset code', trust: boolean): string => {
    const device = chance.pick(devicesOf(life.scene.account)).id
    const sent = act('anna', 'send', scene => hands.send(scene, 'anna', purpose, device))
    return sent === 'sent' ? guess('anna', what, scene => hands.spendCode(scene, 'anna', what), trust) : sent
  }
  /** Signs in, and says how it went. */
  const signIn = (): string => {
    const typed = chance.oneIn(8) ? 'a typing error' : (me().password ?? '')
    const first = guess('anna', 'password', scene => hands.spendPassword(scene, 'anna', typed))
    return first === 'second_step_needed' ? code('sign-in', 'code', chance.oneIn(2)) : first
  }
  const stepUp = (): boolean => {
    const device = chance.pick(devicesOf(life.scene.account)).id
    if (act('anna', 'send', scene => hands.send(scene, 'anna', 'step-up', device)) !== 'sent') return false
    return guess('anna', 'step-up code', scene => hands.spendCode(scene, 'anna', 'step-up code')) === 'stepped up'
  }
  return () => {
    const known = life.scene.account.browsers.some(each => each.id === me().cookie?.id)
    life.scene = withPerson(life.scene, 'anna', { bucket: known ? 0 : (year.newBrowsersIn ?? 0) })
    const ending = signIn()
    if (known) diary.push(ending)
    if (ending !== 'signed_in') return
    const change = chance.below(16)
    // A trusted browser skipped D: to change a factor, it is asked for.
    if (change < 2 && !stepUp()) return
    switch (change) {
      case 0:
        return void act('anna', 'replace key', scene => hands.replaceKey(scene, 'anna'))
      case 1:
        return void act('anna', 'change password', scene => hands.changePassword(scene, 'anna'))
      case 2: {
        const given = me().key ?? ''
        if (guess('anna', 'reset key', scene => hands.spendKey(scene, 'anna', 'reset key', given)) !== 'begun') return
        if (code('reset-password', 'reset code', false) !== 'proved') return
        return void act('anna', 'set password', scene => hands.setPassword(scene, 'anna'))
      }
      default:
        return undefined
    }
  }
}

function thievesOf({ life, year, hands, guess, act }: Play): () => void {
  const { chance } = life
  return () => {
    for (let each = 0; each < year.strangers; each += 1) {
      const who = `stranger ${each}`
      if (life.scene.people[who] === undefined) {
        life.scene = { ...life.scene, people: { ...life.scene.people, [who]: somebody(who, { bucket: each % 4 }) } }
      }
      guess(who, 'stranger password', scene => hands.spendPassword(scene, who, 'a guess'))
      guess(who, 'stranger key', scene => hands.spendKey(scene, who, 'reset key', 'a guess'))
    }
    if (year.steals === undefined || !isOn(life.scene.account)) return
    const theo = personOf(life.scene, 'theo')
    const reset = year.steals === 'K'
    if (reset) guess('theo', 'thief key', scene => hands.spendKey(scene, 'theo', 'reset key', theo.key ?? 'a guess'))
    else guess('theo', 'thief password', scene => hands.spendPassword(scene, 'theo', theo.password ?? 'a guess'))
    for (let tries = chance.below(8); tries > 0; tries -= 1) {
      life.scene = { ...life.scene, now: (life.scene.now + chance.below(2 * minute)) as Instant }
      const device = chance.pick(devicesOf(life.scene.account)).id
      act('theo', 'thief send', scene => hands.send(scene, 'theo', reset ? 'reset-password' : 'sign-in', device))
      guess('theo', 'thief code', scene => hands.spendCode(scene, 'theo', reset ? 'reset code' : 'code'))
      if (reset) act('theo', 'thief set password', scene => hands.setPassword(scene, 'theo'))
      else guess('theo', 'thief key', scene => hands.spendKey(scene, 'theo', 'key', theo.key ?? 'a guess'))
    }
  }
}
