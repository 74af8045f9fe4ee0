// A phone number as one subject: who claims it, who holds it, and the lock on it. Everything about the number is in this
// one small document, so that one compare-and-swap settles every race over it.
//
//     claim added ──▶ NOT_PROVED ── right code ──▶ PROVED ── register ──▶ HOLDER ── deregister ──▶ PROVED
//                         ▲                           ▲  └─ another claim registers ─▶ ENDED       │
//                         └───────────────────────────┴────────────── right code ◀──────┘          │
//                                                     └───────────────────────────────────────────-┘
//
// A claim is one party's handle on the number: a business account that lists it (its id is the Graph phone-number id) or
// one registration by an application. Several parties may claim a number; one at most holds it.

import { after, day, type Instant } from '../kernel/instant.ts'
import { assert } from '../kernel/outcome.ts'
import type { Limits } from '../throttle/limits.ts'
import type { Window } from '../throttle/moving-window.ts'
import type { Door } from './doors.ts'
import type { Lock } from './lock.ts'
import type { CodeRequest } from './ownership-code.ts'

/** A number in E.164: `+` and 7 to 15 digits. Made by numbering only, so that every spelling is one number. */
export type E164 = string & { readonly e164: true }

/** A claim's id: 15 digits, as Graph phone-number ids are. */
export type ClaimId = string

/** Who claims. */
export type Claimant =
  | { readonly kind: 'business'; readonly business: string; readonly verifiedName: string }
  | { readonly kind: 'application'; readonly application: string }

export type OwnershipProof =
  | { readonly kind: 'none' }
  | { readonly kind: 'proved'; readonly at: Instant }
  /** It was proved once, and somebody else has proved and registered the number since. */
  | { readonly kind: 'ended'; readonly at: Instant }

export type Claim = {
  readonly id: ClaimId
  readonly by: Claimant
  readonly addedAt: Instant
  readonly proof: OwnershipProof
  readonly request: CodeRequest | undefined
  /** Registrations and deregistrations through doors that count them. */
  readonly attempts: Window
  /** When this claim last registered the number. */
  readonly registeredAt: Instant | undefined
  /** The language that its codes were last asked for in, a tag of the catalogue: its mails are written in it. */
  readonly language?: string
}

export type Holder = {
  readonly claim: ClaimId
  readonly since: Instant
  readonly door: Door
}

export type PhoneNumber = {
  readonly number: E164
  /** The latest moment this document was shown. Time never runs back for it, whatever a node's clock says. */
  readonly seen: Instant
  readonly claims: readonly Claim[]
  readonly holder: Holder | undefined
  /** The account behind the number, from its first registration on; one after 30 days without use makes a new one. */
  readonly account: string | undefined
  readonly lock: Lock
  /** The last authenticated use by the holder; frozen while the number is contested. */
  readonly lastUse: Instant
  /** Codes sent: at the keeper's request, and at everybody else's. Strangers never use up the keeper's. */
  readonly sends: { readonly keeper: Window; readonly others: Window }
  /** When a claim was last deleted while it held the number or its lock. */
  readonly deletedAt: Instant | undefined
  /** When recovery addresses were given. */
  readonly addressesGiven?: Window
}

/** A number nobody has claimed yet. */
export const unclaimed = (number: E164, now: Instant): PhoneNumber => ({
  number,
  seen: now,
  claims: [],
  holder: undefined,
  account: undefined,
  lock: { kind: 'none' },
  lastUse: now,
  sends: { keeper: [], others: [] },
  deletedAt: undefined,
})

export const claimOf = (number: PhoneNumber, id: ClaimId): Claim | undefined =>
  number.claims.find(each => each.id === id)

/** The claim with this id. Only where the id was looked up in this very document. */
export function theClaim(number: PhoneNumber, id: ClaimId): Claim {
  const claim = claimOf(number, id)
  assert(claim !== undefined, 'a claim that was looked up is there')
  return claim
}

/** Whether the claim has proved the number and nobody has overtaken it since. A claim that is gone has proved nothing. */
export const hasProved = (number: PhoneNumber, id: ClaimId): boolean => claimOf(number, id)?.proof.kind === 'proved'

/**
 * The number as it is once time has passed: a proof that is too old has ended, unless the claim holds the number or keeps its
 * PIN. Every decision is made upon this, so that no rule can forget it.
 */
export function aged(number: PhoneNumber, now: Instant, limits: Limits): PhoneNumber {
  const old = ({ id, proof }: Claim) =>
    proof.kind === 'proved' && now >= after(proof.at, limits.ownershipProofLife) && !isKeeper(number, id)
  if (!number.claims.some(old)) return number
  return { ...number, claims: number.claims.map(each => (old(each) ? ended(each, now) : each)) }
}

/** A claim whose proof counts no more: it proves the number again before it registers again. */
export const ended = (claim: Claim, now: Instant): Claim =>
  claim.proof.kind === 'proved' ? { ...claim, proof: { kind: 'ended', at: now } } : claim

export const withClaim = (number: PhoneNumber, claim: Claim): PhoneNumber => ({
  ...number,
  claims: number.claims.map(each => (each.id === claim.id ? claim : each)),
})

/** Whether the claim is the number's own: it holds it, or nobody does and it keeps the PIN. */
export function isKeeper(number: PhoneNumber, id: ClaimId): boolean {
  if (number.holder !== undefined) return number.holder.claim === id
  return number.lock.kind === 'set' && number.lock.keeper === id
}

export type AddClaim = { readonly id: ClaimId; readonly by: Claimant }
export type AddClaimEnding =
  /** `evicted`: the claim that made room. */
  | { readonly kind: 'added'; readonly next: PhoneNumber; readonly evicted: ClaimId | undefined }
  /** The same party lists the number already. */
  | { readonly kind: 'listed_already'; readonly claim: ClaimId }

/**
 * Adds a claim. When the number has as many as it may, one that never proved the number makes room: whoever proved it, or
 * has a code out to prove it with, keeps their claim, whatever strangers add.
 */
export function addClaim(number: PhoneNumber, add: AddClaim, now: Instant, limits: Limits): AddClaimEnding {
  const twin = number.claims.find(each => isSameBusiness(each.by, add.by))
  if (twin !== undefined) return { kind: 'listed_already', claim: twin.id }
  const claim: Claim = {
    id: add.id,
    by: add.by,
    addedAt: now,
    proof: { kind: 'none' },
    request: undefined,
    attempts: [],
    registeredAt: undefined,
  }
  const evicted = number.claims.length < limits.claimsPerNumber ? undefined : leastOf(number, now, limits)
  const keep = number.claims.filter(each => each !== evicted)
  return { kind: 'added', next: { ...number, claims: [...keep, claim] }, evicted: evicted?.id }
}

// Who goes first: never proved before proved once; the keeper never. A claim that waits for its code goes after the idle
// ones: strangers add claims for nothing, but codes are few, so they cannot fill the number with those. Of the idle ones the
// forgotten go first, oldest before newer; when none is forgotten, the newest: a flood pushes out itself, not who was there.
function leastOf(number: PhoneNumber, now: Instant, limits: Limits): Claim | undefined {
  const waits = ({ request }: Claim) =>
    request !== undefined && now < after(request.lastSentAt, limits.ownershipCode.life)
  const worth = (claim: Claim) =>
    claim.proof.kind === 'proved' ? 3 : waits(claim) ? 2 : claim.proof.kind === 'ended' ? 1 : 0
  const forgotten = ({ addedAt }: Claim) => now >= after(addedAt, day)
  const byAge = (one: Claim, other: Claim) => {
    if (forgotten(one) !== forgotten(other)) return forgotten(one) ? -1 : 1
    return forgotten(one) ? one.addedAt - other.addedAt : other.addedAt - one.addedAt
  }
  return number.claims
    .filter(each => !isKeeper(number, each.id))
    .toSorted((one, other) => worth(one) - worth(other) || byAge(one, other))
    .at(0)
}

// An application may claim a number again and again: each claim is one registration of its own.
const isSameBusiness = (one: Claimant, other: Claimant): boolean =>
  one.kind === 'business' && other.kind === 'business' && one.business === other.business
