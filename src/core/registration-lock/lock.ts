// The registration lock: a PIN that is asked whenever the number is registered anywhere.
//
//             set PIN                     forgotten: e-mail link confirmed, or 7 days without use
//    NONE ──────────────▶ SET ──────────────────────────────────────────────────────────▶ NONE
//                        ▲   │ someone proves the number but has no PIN
//              change PIN│   ▼
//                        │ CONTESTED (since; wipe at last use + 7 d, delete at last use + 30 d)
//                        └───┘ PIN right, or the holder answers with the PIN or a step-up
//
// CONTESTED is SET with a contest: the PIN, the budgets and the address are the same; last use stands still.

import { after, type Instant, later } from '../kernel/instant.ts'
import { fresh, type GuessBudget, type GuessDoor, guessDoor, spendGuess } from '../throttle/guess-budget.ts'
import type { Limits } from '../throttle/limits.ts'
import { take } from '../throttle/moving-window.ts'
import { type Change, type Notice, type NumberEvent, type PinUse, quietly } from './change.ts'
import type { Door } from './doors.ts'
import { type ClaimId, hasProved, isKeeper, type PhoneNumber } from './phone-number.ts'
import { noLinks, type RecoveryEmail, type RecoveryLinks, reachableAddress, withoutLinksOut } from './recovery-mail.ts'
import { answeredReminder, firstReminder, type Reminder } from './reminder.ts'

export type Lock = { readonly kind: 'none' } | LockSet

export type LockSet = {
  readonly kind: 'set'
  /** What a PIN is checked against. It also tells one PIN from the next: every set or change makes a new one. */
  readonly verifier: string
  readonly setAt: Instant
  /** The claim that last proved the PIN, by setting it or by registering with it. */
  readonly keeper: ClaimId
  /** Guesses by the keeper's claim, and by all others: a thief who spends theirs costs the keeper none. */
  readonly budgets: { readonly keeper: GuessBudget; readonly others: GuessBudget }
  readonly contest: Contest | undefined
  readonly recoveryEmail: RecoveryEmail | undefined
  readonly recoveryLinks: RecoveryLinks
  readonly reminder: Reminder
}

/** Somebody proved the number and met the lock. */
export type Contest = { readonly since: Instant; readonly claim: ClaimId }

/** What a person who meets the lock is told, so that they know what they can do and when. */
export type LockNotice = {
  readonly guessesLeft: number
  /** From when the next guess is looked at; `undefined` when the PIN way is closed. */
  readonly guessOpensAt: Instant | undefined
  readonly resetMethods: readonly ('email' | 'time')[]
  readonly wipeAt: Instant
  readonly deleteAt: Instant
  /** What registering without the PIN would cost at this moment. */
  readonly wipeEffect: WipeEffect
}

export type WipeEffect = 'none' | 'pending_messages' | 'account'

/** What a registration without the PIN may do at `now`. Boundaries are exact: at the millisecond itself it is allowed. */
export function wipeEffect(number: PhoneNumber, now: Instant, limits: Limits): WipeEffect {
  if (now >= after(number.lastUse, limits.withoutPin.account)) return 'account'
  if (now >= after(number.lastUse, limits.withoutPin.pendingMessages)) return 'pending_messages'
  return 'none'
}

/** The notice for a claim that meets the lock. */
export function lockNotice(
  number: PhoneNumber,
  lock: LockSet,
  claim: ClaimId,
  now: Instant,
  limits: Limits,
): LockNotice {
  const door = guessDoor(budgetOf(number, lock, claim), now, limits.pinGuesses)
  return {
    guessesLeft: door.kind === 'open' ? door.left : 0,
    guessOpensAt: door.kind === 'open' ? now : door.kind === 'shut' ? door.until : undefined,
    resetMethods: reachableAddress(lock, limits) === undefined ? ['time'] : ['email', 'time'],
    wipeAt: after(number.lastUse, limits.withoutPin.pendingMessages),
    deleteAt: after(number.lastUse, limits.withoutPin.account),
    wipeEffect: wipeEffect(number, now, limits),
  }
}

// ——— guesses

export type PinGuessEnding =
  /** Spent: store `next`, then compare with `verifier`, then settle with {@link guessWasRight} or {@link guessWasWrong}. */
  ({ readonly kind: 'look'; readonly verifier: string } & Change) | Exclude<GuessDoor, { kind: 'open' }>

/** Spends one guess at the PIN from the budget of the claim's side. */
export function spendPinGuess(
  number: PhoneNumber,
  lock: LockSet,
  guess: { readonly claim: ClaimId; readonly for: PinUse },
  now: Instant,
  limits: Limits,
): PinGuessEnding {
  const side = sideOf(number, guess.claim)
  const door = guessDoor(lock.budgets[side], now, limits.pinGuesses)
  if (door.kind !== 'open') return door
  const budgets = { ...lock.budgets, [side]: spendGuess(lock.budgets[side], now, limits.pinGuesses) }
  return {
    kind: 'look',
    verifier: lock.verifier,
    ...quietly(
      { ...number, lock: { ...lock, budgets } },
      { kind: 'pin.guess_spent', claim: guess.claim, for: guess.for },
    ),
  }
}

/** Whether the lock still has the PIN that a guess was compared with. */
export const stillGuards = (
  number: PhoneNumber,
  verifier: string,
): number is PhoneNumber & { readonly lock: LockSet } => number.lock.kind === 'set' && number.lock.verifier === verifier

/** A right guess starts the budget of its side over. `remade` replaces a verifier of an older key or cost. */
export function guessWasRight(
  number: PhoneNumber & { readonly lock: LockSet },
  guess: { readonly claim: ClaimId; readonly for: PinUse; readonly remade: string | undefined },
): Change {
  const side = sideOf(number, guess.claim)
  const lock = {
    ...number.lock,
    verifier: guess.remade ?? number.lock.verifier,
    budgets: { ...number.lock.budgets, [side]: fresh },
  }
  return quietly({ ...number, lock }, { kind: 'pin.right', claim: guess.claim, for: guess.for })
}

/** A wrong guess was paid for already; the journal remembers it. */
export const guessWasWrong = (number: PhoneNumber, claim: ClaimId, use: PinUse): Change =>
  quietly(number, { kind: 'pin.wrong', claim, for: use })

const sideOf = (number: PhoneNumber, claim: ClaimId) => (isKeeper(number, claim) ? 'keeper' : 'others')
const budgetOf = (number: PhoneNumber, lock: LockSet, claim: ClaimId) => lock.budgets[sideOf(number, claim)]

// ——— set, change, remove

export type SetPinEnding =
  | ({ readonly kind: 'set' | 'changed' } & Change)
  /** The claim has not proved the number: whoever sets a PIN on a number they do not own would lock its owner out. */
  | { readonly kind: 'not_proved' }
  /** Somebody else holds the number or keeps its PIN. */
  | { readonly kind: 'not_keeper' }

/** Whether the claim may set or change the PIN without giving the old one: only on its own number. */
export function maySetPin(number: PhoneNumber, id: ClaimId): 'yes' | 'not_proved' | 'not_keeper' {
  if (isKeeper(number, id)) return 'yes'
  if (!hasProved(number, id)) return 'not_proved'
  return number.holder === undefined && number.lock.kind === 'none' ? 'yes' : 'not_keeper'
}

/**
 * Sets the first PIN or replaces the one there is. A contest goes on: a new PIN proves nothing about the old one. Without
 * a contest this is use: the days without use begin anew, or a first PIN on a long idle number would guard nothing.
 */
export function setPin(
  number: PhoneNumber,
  set: {
    readonly claim: ClaimId
    readonly verifier: string
    readonly door: Door
    readonly weakness: string | undefined
  },
  now: Instant,
  limits: Limits,
): SetPinEnding {
  const may = maySetPin(number, set.claim)
  if (may !== 'yes') return { kind: may }
  const first = number.lock.kind === 'none'
  const kind = first ? 'set' : 'changed'
  const events: NumberEvent[] = [{ kind: first ? 'pin.set' : 'pin.changed', claim: set.claim }]
  if (set.weakness !== undefined) events.push({ kind: 'pin.weak', claim: set.claim, weakness: set.weakness })
  const telling = tellOfChange(number, now, limits)
  return {
    kind,
    next: {
      ...number,
      lock: lockedWith(telling, set, now, limits),
      lastUse: isContested(number) ? number.lastUse : later(number.lastUse, now),
    },
    events,
    notices: toldAbout(number, first ? 'pin_set' : 'pin_changed', set.claim, set.door, now).filter(
      ({ to }) => to.kind === 'claim' || telling !== number,
    ),
  }
}

/**
 * The number once its recovery address is told of one more change; as it is when there is none, or it was told often enough.
 * The address may be a stranger's, and a right PIN changes the PIN as often as it likes.
 */
function tellOfChange(number: PhoneNumber, now: Instant, limits: Limits): PhoneNumber {
  const { lock } = number
  const email = lock.kind === 'set' ? lock.recoveryEmail : undefined
  if (lock.kind === 'none' || email === undefined) return number
  const told = take(email.changesTold ?? [], now, limits.pinChangesMailed)
  if (told.kind === 'full') return number
  return { ...number, lock: { ...lock, recoveryEmail: { ...email, changesTold: told.next } } }
}

/** The lock with a new PIN: fresh budgets, first reminder, no link out; address and contest stay. */
export function lockedWith(
  number: PhoneNumber,
  set: { readonly claim: ClaimId; readonly verifier: string },
  now: Instant,
  limits: Limits,
): LockSet {
  const old = number.lock.kind === 'set' ? number.lock : undefined
  return {
    kind: 'set',
    verifier: set.verifier,
    setAt: now,
    keeper: set.claim,
    budgets: { keeper: fresh, others: fresh },
    contest: old?.contest,
    recoveryEmail: old?.recoveryEmail,
    recoveryLinks: withoutLinksOut(old?.recoveryLinks ?? noLinks),
    reminder: firstReminder(now, limits),
  }
}

/**
 * Takes the PIN off. Who asked has proved the right to: the PIN, a mailed link, or an admin's token where it counts. Where
 * there is no PIN nothing happens, and nobody is told that something did.
 */
export function removePin(
  number: PhoneNumber,
  removal: { readonly by: ClaimId | undefined; readonly door: Door },
  now: Instant,
): Change {
  if (number.lock.kind === 'none') return quietly(number)
  return {
    next: { ...number, lock: { kind: 'none' } },
    events: [{ kind: 'pin.removed', claim: removal.by }],
    notices: toldAbout(number, 'pin_removed', number.holder?.claim ?? number.lock.keeper, removal.door, now),
  }
}

/** Notices to the party behind a claim and to the recovery address. */
export function toldAbout(
  number: PhoneNumber,
  kind: Notice['kind'],
  claim: ClaimId,
  door: Door,
  now: Instant,
): readonly Notice[] {
  const notices: Notice[] = [{ kind, to: { kind: 'claim', claim }, door, at: now }]
  const address = number.lock.kind === 'set' ? number.lock.recoveryEmail?.address : undefined
  if (address !== undefined) notices.push({ kind, to: { kind: 'recovery_email', address }, door, at: now })
  return notices
}

// ——— contests, use, reminders

/** Whether somebody proved the number and met its lock, and that is not settled yet. */
export const isContested = (number: PhoneNumber): boolean =>
  number.lock.kind === 'set' && number.lock.contest !== undefined

/**
 * The number becomes contested, once: last use stands still from here, so no silent client can hold the days back. Only
 * for a claim whose proof stands at this moment: one that was overtaken while its guess was looked at freezes nothing.
 */
export function contested(
  number: PhoneNumber & { readonly lock: LockSet },
  contest: { readonly claim: ClaimId; readonly door: Door },
  now: Instant,
): Change {
  if (number.lock.contest?.claim === contest.claim) return quietly(number)
  if (isKeeper(number, contest.claim) || !hasProved(number, contest.claim)) return quietly(number)
  const told = number.holder?.claim ?? number.lock.keeper
  return {
    next: {
      ...number,
      lock: { ...number.lock, contest: { since: number.lock.contest?.since ?? now, claim: contest.claim } },
    },
    events: [{ kind: 'registration.contested', claim: contest.claim }],
    notices: toldAbout(number, 'registration_contested', told, contest.door, now),
  }
}

/** The holder answered a contest with the PIN or a step-up: it is over, and this was use. */
export function contestAnswered(number: PhoneNumber, holder: ClaimId, now: Instant): Change | undefined {
  if (number.lock.kind === 'none' || number.lock.contest === undefined) return undefined
  if (number.holder?.claim !== holder) return undefined
  const next = { ...number, lock: { ...number.lock, contest: undefined } }
  return quietly(used(next, holder, now), { kind: 'registration.uncontested', claim: holder })
}

/** Authenticated use by the holder moves last use, except in a contest. Never called for background pings. */
export function used(number: PhoneNumber, claim: ClaimId, now: Instant): PhoneNumber {
  if (number.holder?.claim !== claim) return number
  if (isContested(number)) return number
  return { ...number, lastUse: later(number.lastUse, now) }
}

/** The holder answered a reminder; the guess was spent and looked at like any other. */
export function reminderAnswered(
  number: PhoneNumber & { readonly lock: LockSet },
  right: boolean,
  now: Instant,
  limits: Limits,
): Change {
  const reminder = answeredReminder(number.lock.reminder, right, now, limits)
  return quietly({ ...number, lock: { ...number.lock, reminder } }, { kind: 'reminder.answered', right })
}
