// The witness: sees every commit that was applied, opened, next to the one before it, and says at once when a number is
// in a state that no rule leads to. It also hands on what a commit shows: guesses that were paid for, codes that were sent.

import assert from 'node:assert/strict'
import type { Instant } from '#core/kernel/instant.ts'
import type { NumberEvent } from '#core/registration-lock/change.ts'
import { isContested } from '#core/registration-lock/lock.ts'
import { claimOf, hasProved, isKeeper, type PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { Limits } from '#core/throttle/limits.ts'
import { readEntry } from '#records/journal.ts'
import { open, openMessage } from '#records/records.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { Commit } from '#storage/store.ts'
import type { Ledger, Side } from './ledger.ts'

export type Witness = ReturnType<typeof createWitness>

type Seen = {
  readonly before: PhoneNumber | undefined
  readonly next: PhoneNumber
  readonly events: readonly NumberEvent[]
}

export function createWitness(given: {
  readonly limits: Limits
  readonly secrets: Secrets
  readonly ledger: Ledger
  readonly now: () => Instant
  /** Texts that must not be found in anything that is stored for a number. */
  readonly canaries: (number: string) => readonly string[]
}) {
  const { limits, secrets, ledger, now } = given
  const numbers = new Map<string, PhoneNumber>()
  const codes = new Map<string, string>()
  const requests = new Map<string, string>()
  const usedCodes = new Set<string>()
  const kinds = new Map<string, number>()
  const counts = { commits: 0, events: 0, messages: 0 }

  /** `answered`: whether the action was told; one whose process died right then never goes on to look. */
  function saw(commit: Commit, answered: boolean): void {
    counts.commits += 1
    counts.events += commit.events.length
    counts.messages += commit.messages.length
    assert.ok(commit.document !== undefined, 'no action removes a subject')
    if (commit.subject.kind !== 'number') return
    const { id } = commit.subject
    const stored = { version: commit.expects + 1, ...commit.document }
    const next = open(secrets, 'number', id, stored).document
    const events = commit.events.map(row => readEntry<'number'>(secrets, commit.subject, row).event)
    for (const { kind } of events) kinds.set(`${id} ${kind}`, (kinds.get(`${id} ${kind}`) ?? 0) + 1)
    const before = numbers.get(id)
    numbers.set(id, next)

    nothingSecret(commit, given.canaries(next.number))
    whole(next, limits)
    const seen = { before, next, events }
    account(seen, answered)
    timeIsKept(seen, now())
    if (before !== undefined) {
      legalStep({ ...seen, before }, limits)
      oneCodeOnce({ ...seen, before }, usedCodes)
    }
    for (const event of events) if (event.kind === 'code.sent') codes.set(event.claim, codeIn(commit))
  }

  const codeIn = (commit: Commit): string =>
    commit.messages.map(row => openMessage(secrets, row).code ?? '').find(code => code !== '') ?? ''

  function account({ before, next, events }: Seen, answered: boolean): void {
    for (const event of events) {
      if (event.kind === 'pin.guess_spent' && answered && before?.lock.kind === 'set') {
        const { verifier } = before.lock
        ledger.spent({ verifier, claim: event.claim, side: sideOf(before, event.claim), at: next.seen })
      }
      if (event.kind === 'code.guess_spent' && answered) ledger.spentCheck(requestOf(next, event.claim), next.seen)
      if (event.kind === 'code.sent') {
        requests.set(claimOf(next, event.claim)?.request?.verifier ?? '', requestOf(next, event.claim))
      }
    }
    if (before?.lock.kind !== 'set' || next.lock.kind !== 'set' || next.lock.verifier !== before.lock.verifier) return
    for (const side of ['keeper', 'others'] as const) {
      const restored = next.lock.budgets[side].inARow < before.lock.budgets[side].inARow
      if (restored && events.some(event => event.kind === 'pin.right')) ledger.restored(before.lock.verifier, side)
      else assert.ok(!restored, 'a budget is restored by a right guess only')
    }
  }

  return {
    saw,
    counts,
    /** The newest code that was sent for a claim: who reads the number's messages has it. */
    codeFor: (claim: string): string | undefined => codes.get(claim),
    number: (id: string): PhoneNumber | undefined => numbers.get(id),
    /** How many events of this kind were committed for a number. */
    happened: (id: string, kind: NumberEvent['kind']): number => kinds.get(`${id} ${kind}`) ?? 0,
    /** A look at a PIN, from the seam. */
    looked(id: string, claim: string, verifier: string): void {
      const number = numbers.get(id)
      const side = number === undefined ? 'others' : sideOf(number, claim)
      ledger.looked({ verifier, claim, side, at: now() })
    },
    /** A look at a code, from the seam. All codes of one request count together. */
    checked: (verifier: string): void => ledger.checked(requests.get(verifier) ?? 'never sent', now()),
  }
}

const sideOf = (number: PhoneNumber, claim: string): Side => (isKeeper(number, claim) ? 'keeper' : 'others')

const requestOf = (number: PhoneNumber, claim: string): string =>
  `${claim} ${claimOf(number, claim)?.request?.began ?? 'gone'}`

const verifierShape = /^twostep-pin\$1\$[0-9a-z]+\$m=\d+,t=\d+,p=\d\$[\w-]{22}\$[\w-]{43}$/

/** A lock is never half: what belongs together is there together. */
function whole(number: PhoneNumber, limits: Limits): void {
  const { lock, holder, claims } = number
  assert.ok(claims.length <= limits.claimsPerNumber, 'a number has no more claims than it may')
  assert.equal(new Set(claims.map(({ id }) => id)).size, claims.length, 'a claim is there once')
  if (holder !== undefined) {
    assert.ok(hasProved(number, holder.claim), 'half a lock: the holder has not proved the number')
    assert.ok(number.account !== undefined, 'half a lock: a held number has no account')
  }
  if (lock.kind === 'none') return
  assert.match(lock.verifier, verifierShape, 'half a lock: nothing to check a PIN against')
  assert.ok(claimOf(number, lock.keeper) !== undefined, 'half a lock: the keeper of the PIN is gone')
  assert.ok(holder === undefined || holder.claim === lock.keeper, 'half a lock: holder and keeper are two')
  for (const { inARow } of [lock.budgets.keeper, lock.budgets.others]) {
    assert.ok(inARow >= 0 && inARow <= limits.pinGuesses.closesAfter, 'half a lock: a budget out of its bounds')
  }
}

function timeIsKept({ before, next }: Seen, now: Instant): void {
  assert.ok(next.seen <= now, 'a number has not seen the future')
  assert.ok(before === undefined || next.seen >= before.seen, 'time never runs back for a number')
}

type Step = Seen & { readonly before: PhoneNumber }

/** The arrows of the drawing, seen from outside. */
function legalStep({ before, next, events }: Step, limits: Limits): void {
  const has = (kind: NumberEvent['kind']) => events.some(event => event.kind === kind)
  const reset = events.find(event => event.kind === 'registration.reset')
  const idle = next.seen - before.lastUse

  if (isContested(before) && isContested(next)) {
    assert.equal(next.lastUse, before.lastUse, 'in a contest, last use stands still')
  }
  if (before.lock.kind === 'set') {
    if (next.lock.kind === 'none') assert.ok(has('pin.removed') || reset, 'a PIN went and nobody can say why')
    else if (next.lock.verifier !== before.lock.verifier) {
      assert.ok(has('pin.changed') || has('pin.right') || reset, 'a PIN changed and nobody can say why')
    }
    const arrived = has('registration.completed')
    if (arrived) assert.ok(has('pin.right') || reset, 'somebody registered past a lock')
  }
  if (reset !== undefined) {
    assert.ok(idle >= limits.withoutPin.pendingMessages, 'a lock fell before its seven days')
    const effect = idle >= limits.withoutPin.account ? 'account' : 'pending_messages'
    assert.equal(reset.effect, effect, 'what a fallen lock costs')
  }
  if (before.account !== undefined) {
    assert.equal(next.account === before.account, reset?.effect !== 'account', 'an account ends after 30 days only')
  }
  for (const event of events) {
    if (event.kind === 'pin.guess_spent') {
      const may = hasProved(before, event.claim) || isKeeper(before, event.claim)
      assert.ok(may, 'who has not proved the number spends no guess')
    }
    if (event.kind === 'registration.contested') {
      assert.ok(hasProved(before, event.claim), 'who has not proved the number contests nothing')
    }
  }
}

function oneCodeOnce({ before, next, events }: Step, used: Set<string>): void {
  for (const event of events) {
    if (event.kind !== 'code.right') continue
    const verifier = claimOf(before, event.claim)?.request?.verifier
    assert.ok(verifier !== undefined && !used.has(verifier), 'a code opened twice')
    assert.equal(claimOf(next, event.claim)?.request, undefined, 'a code that opened is used up')
    used.add(verifier)
  }
}

const place = /^\d{15}$/
const hex = /^[0-9a-f]{32}$/

/** What a thief of the database would read: sealed bytes, random ids, times. */
function nothingSecret(commit: Commit, canaries: readonly string[]): void {
  const { subject, document, events, messages, joins, leaves } = commit
  assert.match(subject.id, hex, 'a number is stored under a random id')
  assert.match(commit.commitId, hex)
  for (const { position, member } of [...joins, ...leaves]) {
    assert.match(position, place)
    assert.match(member, place)
  }
  const bodies = [document?.body, ...events.map(({ body }) => body), ...messages.map(({ body }) => body)]
  for (const body of bodies) {
    if (body === undefined) continue
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    for (const canary of canaries) assert.ok(!bytes.includes(canary), 'something secret was stored in the clear')
  }
}
