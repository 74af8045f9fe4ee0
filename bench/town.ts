// Whom to measure on: businesses with access tokens, and their phone numbers as a life would have left them; accounts with
// two-step verification on. Made through the core and sealed like any other; only their PINs and passwords are all the same,
// and set without a request.

import { randomUUID } from 'node:crypto'
import { createAccount } from '#core/account/account.ts'
import { withTrusted } from '#core/account/trusted-device.ts'
import { issueToken } from '#core/business/business.ts'
import { hour, type Instant } from '#core/kernel/instant.ts'
import type { NumberEvent } from '#core/registration-lock/change.ts'
import { lockedWith } from '#core/registration-lock/lock.ts'
import { addClaim, type E164, type PhoneNumber, unclaimed } from '#core/registration-lock/phone-number.ts'
import { limits as allLimits } from '#core/throttle/limits.ts'
import { beginning } from '#records/journal.ts'
import { type Records, sealCommit } from '#records/records.ts'
import { Secret } from '#secrets/secret.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { Commit } from '#storage/store.ts'

/** A number as the load generator knows it. */
export type Resident = { readonly number: string; readonly claim: string; readonly token: string }

/** An account as the load generator knows it: its address, and the number that codes go to. */
export type AccountHolder = { readonly email: string; readonly number: string }

/** How many of each. */
export type TownSize = { readonly unproved: number; readonly locked: number; readonly accounts?: number }

export type Town = {
  /** Listed, not proved yet. */
  readonly unproved: readonly Resident[]
  /** Registered, with {@link townPin} set. */
  readonly locked: readonly Resident[]
  /** Two-step verification is on, with {@link townPassword} set. */
  readonly accounts: readonly AccountHolder[]
}

/** The PIN of every locked number. */
export const townPin = '271828'
/** The password of every account. */
export const townPassword = 'Quiet-Harbour-41-Lanterns'

const limits = allLimits.classic
const underWay = 512
/** How many numbers a business has. */
const perBusiness = 500

/** A German mobile number that nobody is ever called on: the couriers of the bench carry nothing. */
export const numberAt = (at: number): E164 => `+4915${String(at).padStart(9, '0')}` as E164

/** Makes a town in an empty database. `now`: when it was built. */
export async function makeTown(records: Records, size: TownSize, now: Instant): Promise<Town> {
  const many = size.unproved + size.locked
  const businesses = await Promise.all(
    Array.from({ length: Math.ceil(many / perBusiness) }, () => makeBusiness(records, now)),
  )
  const residents: Resident[] = new Array(many)
  const cause = { at: now, door: 'operator', requestId: undefined } as const
  let next = 0
  const build = async () => {
    for (let at = next++; at < many; at = next++) {
      const business = businesses[Math.floor(at / perBusiness)]
      if (business === undefined) throw new Error('every number has a business')
      const made = await makeNumber(records.secrets, numberAt(at), business.id, at >= size.unproved, now)
      const unborn = records.unborn('number', made.id, made.number)
      await records.commit(unborn, { document: made.number, events: made.events, messages: [] }, cause)
      residents[at] = { number: made.number.number, claim: made.claim, token: business.token }
    }
  }
  await Promise.all(Array.from({ length: underWay }, build))
  const accounts = await makeAccounts(records, size.accounts ?? 0, now)
  return { unproved: residents.slice(0, size.unproved), locked: residents.slice(size.unproved), accounts }
}

async function makeAccounts(records: Records, many: number, now: Instant): Promise<readonly AccountHolder[]> {
  const { secrets } = records
  const cause = { at: now, door: 'operator', requestId: undefined } as const
  const make = async (at: number): Promise<AccountHolder> => {
    const id = secrets.newNumericId()
    const holder = { email: `holder-${at}@home.example`, number: numberAt(500_000_000 + at) }
    // Bound as the verbs bind it: actions/account/passwords.ts.
    const verifier = await secrets.makePinVerifier(Secret.of(townPassword), `account/${id}`)
    const made = {
      ...{ id, application: undefined, password: { verifier, weak: false } },
      addresses: [{ address: holder.email, confirmedAt: now }],
    }
    const on = { kind: 'on', since: now, devices: [], key: undefined, replacement: undefined } as const
    const phone = { kind: 'number', id: secrets.newHexId(), name: 'Phone', model: undefined } as const
    const off = createAccount(made, now, limits)
    const account = withTrusted({ ...off, twoStep: on }, { ...phone, number: holder.number }, now)
    const changes = { document: account, events: [{ kind: 'account.created' }] as const, messages: [] }
    await records.commit(records.unborn('account', id, account), changes, cause)
    return holder
  }
  return Promise.all(Array.from({ length: many }, (_, at) => make(at)))
}

async function makeBusiness(records: Records, now: Instant): Promise<{ readonly id: string; readonly token: string }> {
  const { secrets } = records
  const id = secrets.newNumericId()
  const { token, verifier } = secrets.makeToken('EAA', id)
  const permissions = ['whatsapp_business_management', 'whatsapp_business_messaging'] as const
  const business = { name: 'Bakery', email: 'owner@bakery.example', createdAt: now, seen: now, tokens: [] }
  const issued = issueToken(business, { verifier, permissions, issuedAt: now, expires: undefined }, now, limits)
  if (issued.kind !== 'issued') throw new Error('a new business has room for a token')
  const cause = { at: now, door: 'operator', requestId: undefined } as const
  const changes = { document: issued.next, events: [{ kind: 'business.created' }] as const, messages: [] }
  await records.commit(records.unborn('business', id, issued.next), changes, cause)
  return { id, token: token.reveal() }
}

/** A number as it is stored for the first time, with what led to it. */
type Made = {
  readonly id: string
  readonly claim: string
  readonly number: PhoneNumber
  readonly events: readonly NumberEvent[]
}

/** The commit that a number with a PIN is stored by. */
export async function commitOfLocked(secrets: Secrets, now: Instant): Promise<Commit> {
  const { id, number, events } = await makeNumber(secrets, numberAt(0), secrets.newNumericId(), true, now)
  const unborn = { kind: 'number', id, version: 0, head: beginning, keyId: undefined, eventKey: undefined } as const
  const changes = { document: number, events, messages: [] }
  // Told of as requests are, whose ids stand in each event.
  const cause = { at: now, door: 'graph', requestId: randomUUID() } as const
  return sealCommit(secrets, { ...unborn, document: number }, changes, cause)
}

async function makeNumber(
  secrets: Secrets,
  e164: E164,
  business: string,
  locked: boolean,
  now: Instant,
): Promise<Made> {
  const id = secrets.newHexId()
  const claim = secrets.newNumericId()
  const by = { kind: 'business', business, verifiedName: 'Bakery' } as const
  const added = addClaim(unclaimed(e164, now), { id: claim, by }, now, limits)
  if (added.kind !== 'added') throw new Error('nobody claims a new number')
  const claimed = { kind: 'number.claimed', claim } as const
  if (!locked) return { id, claim, number: added.next, events: [claimed] }
  const at = (now - hour) as Instant
  const registered: PhoneNumber = {
    ...added.next,
    claims: added.next.claims.map(each => ({ ...each, proof: { kind: 'proved', at }, registeredAt: at })),
    holder: { claim, since: at, door: 'graph' },
    account: secrets.newHexId(),
  }
  const verifier = await secrets.makePinVerifier(Secret.of(townPin), id)
  const number = { ...registered, lock: lockedWith(registered, { claim, verifier }, now, limits) }
  return { id, claim, number, events: [claimed, ...lifeOf(claim)] }
}

const lifeOf = (claim: string): readonly NumberEvent[] => [
  { kind: 'code.sent', claim, method: 'sms' },
  { kind: 'code.guess_spent', claim },
  { kind: 'code.right', claim },
  { kind: 'registration.attempted', claim },
  { kind: 'registration.completed', claim },
  { kind: 'pin.set', claim },
]
