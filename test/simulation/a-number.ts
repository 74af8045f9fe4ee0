// Numbers, claims and locks that tests of the core begin with, and two ways to read an ending.

import assert from 'node:assert/strict'
import { type Instant, instantAt, type Milliseconds } from '#core/kernel/instant.ts'
import type { Change, Notice } from '#core/registration-lock/change.ts'
import type { LockSet } from '#core/registration-lock/lock.ts'
import type { Claim, ClaimId, E164, PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { noLinks, type RecoveryEmail } from '#core/registration-lock/recovery-mail.ts'
import { fresh } from '#core/throttle/guess-budget.ts'
import { limits } from '#core/throttle/limits.ts'

/** Where the tests' time begins. */
export const start: Instant = instantAt(1_800_000_000_000)

/** A moment so long after {@link start}. */
export const at = (span: Milliseconds): Instant => instantAt(start + span)

export const { classic, strict } = limits

/** The holder in most tests, somebody who can read the number's codes, and somebody who never can. */
export const anna: ClaimId = '100000000000001'
export const boris: ClaimId = '100000000000002'
export const xenia: ClaimId = '100000000000003'

export const someClaim = (id: ClaimId, parts: Partial<Claim> = {}): Claim => ({
  id,
  by: { kind: 'application', application: `application of ${id}` },
  addedAt: start,
  proof: { kind: 'none' },
  request: undefined,
  attempts: [],
  registeredAt: undefined,
  ...parts,
})

export const provedClaim = (id: ClaimId, parts: Partial<Claim> = {}): Claim =>
  someClaim(id, { proof: { kind: 'proved', at: start }, ...parts })

/** Anna and Boris have proved the number, Xenia has not; nobody holds it, and there is no lock. */
export const someNumber = (parts: Partial<PhoneNumber> = {}): PhoneNumber => ({
  number: '+16315550100' as E164,
  seen: start,
  claims: [provedClaim(anna), provedClaim(boris), someClaim(xenia)],
  holder: undefined,
  account: undefined,
  lock: { kind: 'none' },
  lastUse: start,
  sends: { keeper: [], others: [] },
  deletedAt: undefined,
  ...parts,
})

export const someLock = (parts: Partial<LockSet> = {}): LockSet => ({
  kind: 'set',
  verifier: "verifier of Anna's PIN",
  setAt: start,
  keeper: anna,
  budgets: { keeper: fresh, others: fresh },
  contest: undefined,
  recoveryEmail: undefined,
  recoveryLinks: noLinks,
  reminder: { step: 0, due: at(classic.reminders[0] ?? 0) },
  ...parts,
})

/** Anna holds the number. */
export const heldNumber = (parts: Partial<PhoneNumber> = {}): PhoneNumber =>
  someNumber({ holder: { claim: anna, since: start, door: 'rest' }, account: 'first account', ...parts })

export type LockedNumber = PhoneNumber & { readonly lock: LockSet }

/** Anna holds the number and keeps its PIN. */
export const lockedNumber = (lock: Partial<LockSet> = {}, parts: Partial<PhoneNumber> = {}): LockedNumber => ({
  ...heldNumber(parts),
  lock: someLock(lock),
})

export const annasMail: RecoveryEmail = { address: 'anna@example.org', confirmed: true, confirmation: undefined }

/** The ending, which must be of this kind. */
export function as<E extends { readonly kind: string }, K extends E['kind']>(
  ending: E,
  kind: K,
): E & { readonly kind: K } {
  assert.equal(ending.kind, kind)
  return ending as E & { readonly kind: K }
}

/** The change, which must have come about. */
export function made(change: Change | undefined): Change {
  assert(change !== undefined, 'the change came about')
  return change
}

/** The lock of a number that must have one. */
export function lockOf(number: PhoneNumber): LockSet {
  assert(number.lock.kind === 'set', 'the number has a lock')
  return number.lock
}

/** The number with its lock, which must be there. */
export const locked = (number: PhoneNumber): LockedNumber => ({ ...number, lock: lockOf(number) })

export const kindsOf = (change: Change): readonly string[] => change.events.map(each => each.kind)

/** Who is told what: `pin_set → 100…1`, `pin_set → anna@example.org`. */
export const told = (notices: readonly Notice[]): readonly string[] =>
  notices.map(({ kind, to }) => `${kind} → ${to.kind === 'claim' ? to.claim : to.address}`)
