// Registering a number: what a claim meets on the way in, and what changes hands when it gets there.
//
//                    not proved ──▶ refused (nothing counted but the attempt)
//    register ──┬─── lock NONE ───▶ open ─────────────────────────────────────────────┐
//               ├─── PIN missing ─▶ pin needed: contested ── 7 d / 30 d ──▶ lapsed ───┤
//               │                                                                     ▼
//               └─── PIN given ───▶ shut or closed, unseen                        registered
//                                └▶ guess spent ─▶ looked at ─ right ─────────────────┘
//                                                           └─ wrong ─▶ contested

import { after, type Instant, later, type Milliseconds } from '../kernel/instant.ts'
import { assert } from '../kernel/outcome.ts'
import { fresh } from '../throttle/guess-budget.ts'
import type { Limits } from '../throttle/limits.ts'
import { take } from '../throttle/moving-window.ts'
import { type Change, type Notice, type NumberEvent, quietly } from './change.ts'
import { type Door, doorRules } from './doors.ts'
import {
  contested,
  guessWasRight,
  guessWasWrong,
  type LockNotice,
  lockedWith,
  lockNotice,
  spendPinGuess,
  stillGuards,
  toldAbout,
  used,
  type WipeEffect,
  wipeEffect,
} from './lock.ts'
import { type ClaimId, claimOf, ended, hasProved, isKeeper, type PhoneNumber, withClaim } from './phone-number.ts'

// ——— the attempt, where a door counts it

export type AttemptEnding =
  | ({ readonly kind: 'counted' } & Change)
  | { readonly kind: 'attempts_spent'; readonly retryAt: Instant }

/**
 * Takes one of the claim's registrations and deregistrations. A refused attempt does not prolong the wait. A claim that is
 * gone has nothing to count on; what comes next finds that it has proved nothing.
 */
export function countAttempt(number: PhoneNumber, id: ClaimId, now: Instant, limits: Limits): AttemptEnding {
  const claim = claimOf(number, id)
  if (claim === undefined) return { kind: 'counted', ...quietly(number) }
  const taken = take(claim.attempts, now, limits.registerAndDeregister)
  if (taken.kind === 'full') return { kind: 'attempts_spent', retryAt: taken.until }
  const next = withClaim(number, { ...claim, attempts: taken.next })
  return { kind: 'counted', ...quietly(next, { kind: 'registration.attempted', claim: id }) }
}

// ——— the approach

export type Approach =
  | { readonly kind: 'not_proved' }
  | { readonly kind: 'deleted_recently'; readonly retryAt: Instant }
  /** No lock: finish with {@link register}. */
  | { readonly kind: 'open' }
  /** The days without use are over: finish with {@link register}, which resets what was there. */
  | { readonly kind: 'lapsed'; readonly effect: 'pending_messages' | 'account' }
  | ({ readonly kind: 'pin_needed'; readonly notice: LockNotice } & Change)
  | {
      readonly kind: 'guess_too_soon'
      readonly retryAt: Instant
      readonly wait: Milliseconds
      readonly notice: LockNotice
    }
  | { readonly kind: 'pin_closed'; readonly notice: LockNotice }
  /** A guess is spent: store `next`, compare with `verifier`, then {@link guessedRight} or {@link guessedWrong}. */
  | ({ readonly kind: 'look'; readonly verifier: string } & Change)

export type RegisterCommand = {
  readonly claim: ClaimId
  readonly pin: 'given' | 'missing'
  readonly door: Door
  /** The most that a registration without the PIN may cost; left out, anything. */
  readonly accepts?: WipeEffect | undefined
}

const costs: readonly WipeEffect[] = ['none', 'pending_messages', 'account']

/** What stands between this claim and the registration right now. */
export function approach(number: PhoneNumber, command: RegisterCommand, now: Instant, limits: Limits): Approach {
  const { claim } = command
  if (!hasProved(number, claim)) return { kind: 'not_proved' }
  if (number.deletedAt !== undefined) {
    const free = after(number.deletedAt, limits.afterDeletion)
    if (now < free) return { kind: 'deleted_recently', retryAt: free }
  }
  const lock = number.lock
  if (lock.kind === 'none') return { kind: 'open' }

  if (command.pin === 'missing') {
    const effect = wipeEffect(number, now, limits)
    const accepted = costs.indexOf(effect) <= costs.indexOf(command.accepts ?? 'account')
    if (effect !== 'none' && accepted && doorRules[command.door].timeOpensLock) return { kind: 'lapsed', effect }
    const change = contested({ ...number, lock }, command, now)
    return { kind: 'pin_needed', notice: lockNotice(number, lock, claim, now, limits), ...change }
  }

  const guess = spendPinGuess(number, lock, { claim, for: 'registration' }, now, limits)
  if (guess.kind === 'look') return guess
  const notice = lockNotice(number, lock, claim, now, limits)
  return guess.kind === 'shut'
    ? { kind: 'guess_too_soon', retryAt: guess.until, wait: guess.wait, notice }
    : { kind: 'pin_closed', notice }
}

export type RightPin = {
  readonly claim: ClaimId
  readonly door: Door
  /** What the guess was compared with. */
  readonly verifier: string
  /** A fresh id, used when the number has no account yet. */
  readonly account: string
  /** A new verifier of the same PIN, when the old one was made with an older key or a lower cost. */
  readonly remade: string | undefined
}

/**
 * The PIN was right: the claim registers, data is kept, the contest is over. `undefined` when the PIN or the proof
 * changed while the guess was looked at: then it was not right after all.
 */
export function guessedRight(number: PhoneNumber, right: RightPin, now: Instant): Change | undefined {
  if (!stillGuards(number, right.verifier)) return undefined
  if (!hasProved(number, right.claim)) return undefined
  const open = guessWasRight(number, { ...right, for: 'registration' })
  const registered = changeHands(open.next, { ...right, reset: undefined }, now)
  const { lock } = registered.next
  assert(lock.kind === 'set', 'the PIN stays when it was right')
  // A keeper's right PIN leaves the others' budget as it is, or each sign-in of the owner would hand a waiting thief five
  // more looks. A newcomer's starts both over: they are the keeper now, and what the others spent was theirs too.
  const budgets = isKeeper(number, right.claim) ? lock.budgets : { keeper: fresh, others: fresh }
  const next = { ...registered.next, lock: { ...lock, keeper: right.claim, contest: undefined, budgets } }
  const uncontested: NumberEvent[] =
    lock.contest === undefined ? [] : [{ kind: 'registration.uncontested', claim: right.claim }]
  return { next, events: [...open.events, ...uncontested, ...registered.events], notices: registered.notices }
}

/** The PIN was wrong: a claim that is not the keeper's contests the number, and what is left is told. */
export function guessedWrong(
  number: PhoneNumber,
  wrong: { readonly claim: ClaimId; readonly door: Door },
  now: Instant,
  limits: Limits,
): { readonly change: Change; readonly notice: LockNotice | undefined } {
  const told = guessWasWrong(number, wrong.claim, 'registration')
  const { lock } = number
  if (lock.kind === 'none') return { change: told, notice: undefined }
  const contest = contested({ ...number, lock }, wrong, now)
  return {
    change: { ...contest, events: [...told.events, ...contest.events] },
    notice: lockNotice(number, lock, wrong.claim, now, limits),
  }
}

// ——— arriving

export type Arrival = {
  readonly claim: ClaimId
  readonly door: Door
  /** A fresh id, used when the old account does not carry over or there was none. */
  readonly account: string
  /** The PIN that came along, where the door makes it the lock's PIN. */
  readonly pin: { readonly verifier: string; readonly weakness: string | undefined } | undefined
  readonly accepts?: WipeEffect | undefined
}

/** Registers a claim that {@link approach} found `open` or `lapsed`; `undefined` when that is no longer so. */
export function register(number: PhoneNumber, arrival: Arrival, now: Instant, limits: Limits): Change | undefined {
  const { claim, door, accepts } = arrival
  const met = approach(number, { claim, pin: 'missing', door, accepts }, now, limits)
  if (met.kind !== 'open' && met.kind !== 'lapsed') return undefined
  const reset = met.kind === 'lapsed' ? met.effect : undefined
  const moved = changeHands(number, { ...arrival, reset }, now)
  const events: NumberEvent[] = [...moved.events]
  if (reset !== undefined) events.push({ kind: 'registration.reset', claim: arrival.claim, effect: reset })
  // The lock goes with the days; what else belonged to the old holder's lock (address, links, reminders) goes with it.
  const unlocked: PhoneNumber = { ...moved.next, lock: { kind: 'none' } }
  if (arrival.pin === undefined) return { next: unlocked, events, notices: moved.notices }
  events.push({ kind: 'pin.set', claim: arrival.claim })
  if (arrival.pin.weakness !== undefined) {
    events.push({ kind: 'pin.weak', claim: arrival.claim, weakness: arrival.pin.weakness })
  }
  const lock = lockedWith(unlocked, { claim: arrival.claim, verifier: arrival.pin.verifier }, now, limits)
  const told: Notice[] = [
    ...moved.notices,
    { kind: 'pin_set', to: { kind: 'claim', claim: arrival.claim }, door: arrival.door, at: now },
  ]
  return { next: { ...unlocked, lock }, events, notices: told }
}

// The registration moves to a claim. An earlier holder's registration and proof end, and they are told.
function changeHands(
  number: PhoneNumber,
  to: {
    readonly claim: ClaimId
    readonly door: Door
    readonly account: string
    readonly reset: 'pending_messages' | 'account' | undefined
  },
  now: Instant,
): Change {
  const before = number.holder?.claim
  const keeper = number.lock.kind === 'set' ? number.lock.keeper : undefined
  const claims = number.claims.map(each => {
    if (each.id === to.claim) return { ...each, registeredAt: now }
    // Whoever proved the number before has been overtaken: they prove it again before they register again.
    return ended(each, now)
  })
  const left: NumberEvent[] =
    before === undefined || before === to.claim
      ? []
      : [{ kind: 'registration.ended', claim: before, why: 'taken_over' }]
  const told = before ?? keeper
  return {
    next: {
      ...number,
      claims,
      holder: { claim: to.claim, since: now, door: to.door },
      account: to.reset === 'account' ? to.account : (number.account ?? to.account),
      lastUse: later(number.lastUse, now),
      deletedAt: undefined,
    },
    events: [...left, { kind: 'registration.completed', claim: to.claim }],
    notices:
      told === undefined || told === to.claim ? [] : toldAbout(number, 'registration_taken_over', told, to.door, now),
  }
}

// ——— leaving

export type DeregisterEnding = ({ readonly kind: 'deregistered' } & Change) | { readonly kind: 'not_registered' }

/** Ends the claim's registration. The PIN stays, and so does the proof. */
export function deregister(number: PhoneNumber, id: ClaimId, now: Instant): DeregisterEnding {
  if (number.holder?.claim !== id) return { kind: 'not_registered' }
  const left = { ...used(number, id, now), holder: undefined }
  return { kind: 'deregistered', ...quietly(left, { kind: 'registration.ended', claim: id, why: 'deregistered' }) }
}

/**
 * Takes a claim off the number. One that held the number or its PIN leaves it unregistrable for some minutes, and takes
 * the PIN along, so the keeper and the recovery address are told: a deletion by a thief must not be a silent removal.
 */
export function deleteClaim(number: PhoneNumber, id: ClaimId, now: Instant, door: Door): Change {
  if (claimOf(number, id) === undefined) return quietly(number)
  const held = number.holder?.claim === id
  const kept = number.lock.kind === 'set' && number.lock.keeper === id
  const next: PhoneNumber = {
    ...number,
    // Who read a code while this claim had the number must not find it open now: they prove it again.
    claims: number.claims.filter(each => each.id !== id).map(each => (held || kept ? ended(each, now) : each)),
    holder: held ? undefined : number.holder,
    lock: kept ? { kind: 'none' } : number.lock,
    deletedAt: held || kept ? now : number.deletedAt,
  }
  const left: NumberEvent[] = held ? [{ kind: 'registration.ended', claim: id, why: 'deleted' }] : []
  const removed: NumberEvent[] = kept ? [{ kind: 'pin.removed', claim: id }] : []
  return {
    next,
    events: [...left, ...removed, { kind: 'number.deleted', claim: id }],
    notices: kept ? toldAbout(number, 'pin_removed', id, door, now) : [],
  }
}
