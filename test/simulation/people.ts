// The people of the simulation. Each is a step that is taken again and again: it does something with the number, looks at
// how that ended, and says when it comes back.
//
//   owner      proves the number, sets a PIN; then uses, mistypes, forgets, changes it, moves, leaves and comes back
//   thief      reads the number's messages (a SIM swap) in episodes of days, and guesses the PIN, also in crowds
//   stranger   knows the number and no more: claims it for many businesses, and tries everything

import assert from 'node:assert/strict'
import { day, hour, type Milliseconds, minute } from '#core/kernel/instant.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import type { Ended, Hands, Line, Person } from './hands.ts'

/** Takes a step at `now` and answers when the next one is due. */
export type Step = (now: number) => Promise<number>

const doors: readonly Door[] = ['graph', 'rest', 'on-premises', 'manager']

/** A guess that is not right; one throw of the dice, whatever is right. */
const wrong = ({ chance }: Person, right = '000000'): string =>
  String((Number(right) + 1 + chance.below(999_999)) % 1_000_000).padStart(6, '0')

const crowd = <T>(size: number, each: (at: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: size }, (_, at) => each(at)))

/** When to come back: exactly when told, in half of the cases, so that boundaries are met to the millisecond. */
const back = (person: Person, ended: Ended, now: number, otherwise: Milliseconds): number =>
  ended.retryAt !== undefined && person.chance.oneIn(2)
    ? Math.max(now + 1, ended.retryAt)
    : now + person.chance.about(otherwise)

// ——— the owner

export type OwnerTraits = {
  readonly businesses: readonly string[]
  /** Whether they move on, too: delete the number and begin anew, take it to another business. */
  readonly moves: boolean
}

export function owner(hands: Hands, person: Person, traits: OwnerTraits): Step {
  const { chance } = person
  let business = traits.businesses[0] ?? ''
  let claim: string | undefined
  let pin: string | undefined
  let proved = false
  let registered = false
  let failures = 0

  const mistyped = () => wrong(person, pin)

  // Where the answer was lost or the server was busy, they set it again until they know.
  async function change(mine: string): Promise<void> {
    const next = chance.pin()
    let last = await hands.setPin(mine, next)
    while (last.kind === 'crashed' || last.kind === 'overloaded') last = await hands.setPin(mine, next)
    if (last.kind === 'set' || last.kind === 'changed') pin = next
  }

  async function prove(mine: string, now: number): Promise<number> {
    const asked = await hands.ask(mine)
    const code = hands.code(mine)
    if (asked.kind !== 'sent' || code === undefined) return back(person, asked, now, hour)
    if (chance.oneIn(4)) await hands.prove(mine, wrong(person, code))
    if (chance.oneIn(8)) await hands.prove(mine, undefined)
    const ended = await hands.prove(mine, code)
    proved = ended.kind === 'proved'
    // A code that was used does not open again.
    if (proved && chance.oneIn(2))
      assert.notEqual((await hands.prove(mine, code)).kind, 'proved', 'a code opened twice')
    return proved ? now + chance.about(minute) : back(person, ended, now, hour)
  }

  async function arrive(mine: string, now: number): Promise<number> {
    pin ??= chance.pin()
    // After a few days of trying in vain they wait for the days without use to pass.
    const forgot = failures > 4
    const door = forgot || chance.oneIn(3) ? 'rest' : 'graph'
    const ended = await hands.register(mine, door, forgot ? undefined : pin)
    registered = ended.kind === 'registered'
    if (ended.kind === 'not_proved') proved = false
    if (ended.kind === 'wrong_pin') failures += 1
    if (!registered) return back(person, ended, now, ended.kind === 'pin_needed' ? day : 8 * hour)
    failures = 0
    if (door === 'rest') await change(mine)
    return now + chance.about(hour)
  }

  async function live(mine: string, now: number): Promise<number> {
    const ended = await hands.text(mine)
    registered = ended.kind === 'accepted'
    if (!registered) return back(person, ended, now, hour)
    const whim = chance.below(40)
    if (whim < 3) {
      await change(mine)
    } else if (whim < 6) {
      // A new phone, or the same one again: they prove the number and type the PIN, not always rightly.
      proved = false
      await hands.leave(mine)
      registered = false
    } else if (whim < 8) {
      if (pin !== undefined) await hands.register(mine, 'rest', mistyped())
    } else if (whim < 9) {
      // Set by two of their devices at once.
      const both = [chance.pin(), chance.pin()]
      await crowd(2, at => hands.setPin(mine, both[at] ?? ''))
      await change(mine)
    } else if (whim < 10) {
      failures = 5
      registered = (await hands.leave(mine)).kind !== 'deregistered'
      if (traits.moves) return now + chance.about(9 * day)
      failures = 0
    } else if (traits.moves && whim < 11) {
      await hands.remove(mine, chance.oneIn(4) ? mistyped() : chance.oneIn(4) ? 'unreadable' : pin)
      return now + chance.about(2 * minute)
    } else if (traits.moves && whim < 12) {
      business = chance.pick(traits.businesses)
      claim = undefined
    }
    return now + chance.about(20 * hour)
  }

  return async now => {
    if (claim !== undefined && !hands.has(claim)) claim = undefined
    if (claim === undefined) {
      claim = await hands.add(business)
      proved = false
      registered = false
      if (claim === undefined) return now + 1
    }
    if (!proved) return prove(claim, now)
    if (!registered) return arrive(claim, now)
    return live(claim, now)
  }
}

/** Proves the number, sets a PIN, and is not seen again. */
export function settler(hands: Hands, { chance }: Person, { businesses }: OwnerTraits): Step {
  return async () => {
    const claim = await hands.add(businesses[0] ?? '')
    assert.ok(claim !== undefined)
    await hands.ask(claim)
    await hands.prove(claim, hands.code(claim))
    await hands.register(claim, 'graph', chance.pin())
    return Number.POSITIVE_INFINITY
  }
}

// ——— the thief

export type ThiefTraits = { readonly businesses: readonly string[]; readonly largestCrowd: number }

/** Reads the number's messages. Now and then they saw the owner type the PIN. */
export function thief(hands: Hands, person: Person, line: Line, traits: ThiefTraits): Step {
  const { chance } = person
  const claims = new Map<string, string>()
  let until = 0
  let knows: string | undefined

  async function proves(claim: string): Promise<boolean> {
    const asked = await hands.ask(claim)
    const code = hands.code(claim)
    if (asked.kind !== 'sent' || code === undefined) return false
    // The right code among wrong ones, all at once, and the right one twice.
    const size = 1 + chance.below(6)
    const right = [chance.below(size), chance.below(size)]
    const ends = await crowd(size, at => hands.prove(claim, right.includes(at) ? code : wrong(person, code)))
    const opened = ends.filter(({ kind }) => kind === 'proved').length
    assert.ok(opened <= 1, 'a code opened twice')
    return opened === 1
  }

  async function guess(claim: string, now: number): Promise<number> {
    const size = 1 + chance.below(traits.largestCrowd)
    const ends = await crowd(size, at => {
      const pin = knows !== undefined && at === 0 ? knows : wrong(person, line.pin)
      return hands.register(claim, chance.pick(doors), pin)
    })
    const last = ends.at(-1)
    return last === undefined ? now + hour : back(person, last, now, 6 * hour)
  }

  async function plunder(claim: string, now: number): Promise<number> {
    const whim = chance.below(10)
    if (whim < 6) return guess(claim, now)
    if (whim === 6) return back(person, await hands.register(claim, 'rest'), now, 4 * hour)
    if (whim === 7) await crowd(3, () => hands.setPin(claim, chance.pin()))
    else if (whim === 8) await hands.text(claim)
    else await crowd(2, () => hands.leave(claim))
    return now + chance.about(4 * hour)
  }

  return async now => {
    if (line.id === undefined) return now + chance.about(day)
    if (now > until) {
      for (const claim of claims.values()) await hands.remove(claim, line.pin)
      claims.clear()
      until = now + chance.about(25 * day) + chance.about(5 * day)
      knows = chance.oneIn(6) ? line.pin : undefined
      return until - chance.about(3 * day)
    }
    const business = chance.pick(traits.businesses)
    const claim = claims.get(business) ?? (await hands.add(business))
    if (claim === undefined) return now + 1
    claims.set(business, claim)
    if (!hands.has(claim)) {
      claims.delete(business)
      return now + minute
    }
    if (chance.oneIn(3) && !(await proves(claim))) return now + chance.about(2 * hour)
    return plunder(claim, now)
  }
}

// ——— the stranger

export type StrangerTraits = {
  readonly businesses: readonly string[]
  readonly largestCrowd: number
  /** How long they stay away, about. */
  readonly every: Milliseconds
}

const learns: Readonly<Record<string, readonly string[]>> = {
  register: ['not_proved', 'attempts_spent', 'crashed'],
  'set-pin': ['not_proved', 'crashed'],
  prove: ['wrong_code', 'check_too_soon', 'checks_spent', 'crashed'],
  remove: ['deleted', 'crashed'],
  leave: ['not_registered', 'attempts_spent', 'crashed'],
  text: ['not_registered', 'crashed'],
}

/** Has never seen a code. Nothing they are told depends on whether there is a lock. */
export function stranger(hands: Hands, person: Person, line: Line, traits: StrangerTraits): Step {
  const { chance } = person
  const claims: string[] = []
  let guessing: string | undefined

  const tells = async (verb: string, call: Promise<Ended>): Promise<Ended> => {
    const ended = await call
    assert.ok(learns[verb]?.includes(ended.kind), `a stranger was told ${ended.kind} by ${verb}`)
    return ended
  }

  // Goes on at the very moment at which the next check is looked at, until the checks are spent.
  async function guessCodes(claim: string, now: number): Promise<number> {
    const size = 1 + chance.below(traits.largestCrowd)
    const code = hands.code(claim)
    const ends = await crowd(size, () => tells('prove', hands.prove(claim, wrong(person, code))))
    const wait = ends.find(({ kind }) => kind === 'check_too_soon')?.retryAt
    guessing = wait === undefined ? undefined : claim
    return wait === undefined ? now + chance.about(traits.every) : Math.max(now + 1, wait)
  }

  return async now => {
    if (line.id === undefined) return now + chance.about(day)
    if (guessing !== undefined && hands.has(guessing)) return guessCodes(guessing, now)
    const again = now + chance.about(traits.every)
    const added = await hands.add(chance.pick(traits.businesses))
    if (added !== undefined && !claims.includes(added)) claims.push(added)
    const claim = chance.pick(claims.length === 0 ? [''] : claims)
    if (claim === '' || !hands.has(claim)) return again
    // Codes to the owner's phone, as many as it may get.
    await hands.ask(claim)
    const size = 1 + chance.below(traits.largestCrowd)
    const whim = chance.below(8)
    if (whim === 0) return guessCodes(claim, now)
    if (whim === 1) await hands.unreadable(claim)
    else if (whim === 2) {
      await crowd(size, () => tells('register', hands.register(claim, chance.pick(doors), chance.pin())))
    } else if (whim === 3) await crowd(2, () => tells('register', hands.register(claim, chance.pick(doors))))
    else if (whim === 4) await crowd(2, () => tells('set-pin', hands.setPin(claim, chance.pin())))
    else if (whim === 5) await tells('leave', hands.leave(claim))
    else if (whim === 6) await tells('text', hands.text(claim))
    else await tells('remove', hands.remove(claim, chance.oneIn(2) ? chance.pin() : undefined))
    return again
  }
}

// ——— the patient thief

/** Guesses at every moment at which the next guess is looked at, several at once, and does nothing else. */
export function patientThief(hands: Hands, person: Person, line: Line, traits: ThiefTraits): Step {
  let claim: string | undefined
  let proved = false

  async function prove(now: number): Promise<number> {
    claim ??= await hands.add(traits.businesses[0] ?? '')
    assert.ok(claim !== undefined)
    const asked = await hands.ask(claim)
    if (asked.kind !== 'sent') return asked.retryAt ?? now + 1
    proved = (await hands.prove(claim, hands.code(claim))).kind === 'proved'
    return now + 1
  }

  return async now => {
    if (line.pin === undefined) return now + minute
    if (!proved) return prove(now)
    const mine = claim ?? ''
    for (;;) {
      const ends = await crowd(traits.largestCrowd, () => hands.register(mine, 'rest', wrong(person, line.pin)))
      const shut = ends.find(({ kind }) => kind === 'guess_too_soon' || kind === 'pin_closed')
      if (shut !== undefined) return shut.retryAt ?? now + day
      // A proof that is a month old counts no more: the thief needs the owner's codes again.
      if (ends.some(({ kind }) => kind === 'not_proved')) {
        proved = false
        return prove(now)
      }
    }
  }
}
