// Numbers in a store, for tests of what is kept: made through the records, under real keys.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Clock } from '#core/kernel/clock.ts'
import { type Instant, instantAt } from '#core/kernel/instant.ts'
import type { NumberEvent } from '#core/registration-lock/change.ts'
import { type Claim, type E164, type PhoneNumber, unclaimed } from '#core/registration-lock/phone-number.ts'
import { createRecords, type Records, type Subject } from '#records/records.ts'
import { type Dice, seededDice, systemDice } from '#secrets/dice.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import { type KeyRing, memoryKeyRing, openKeyRing } from '#secrets/key-ring.ts'
import { createSecrets, type Secrets } from '#secrets/secrets.ts'
import { openMemoryStore } from '#storage/memory/memory-store.ts'
import { openSqliteStore, type SqliteStore } from '#storage/sqlite/sqlite-store.ts'
import type { Store } from '#storage/store.ts'

export const start: Instant = instantAt(1_800_000_000_000)

/** A clock that goes on by a millisecond whenever it is looked at. */
export function tickingClock(from: Instant = start): Clock {
  let now: number = from
  return { now: () => instantAt(now++) }
}

/** Secrets over a ring, with PIN verifiers that cost next to nothing. */
export function secretsOver(ring: KeyRing, dice: Dice): Secrets {
  const hashing = createHashingQueue({ parallel: 1, waiting: 9, now: () => start })
  return createSecrets({ ring, dice, pinParameters: { memoryKiB: 8, passes: 1, lanes: 1 }, hashing })
}

export function memorySecrets(seed: string): Secrets {
  const dice = seededDice(seed)
  return secretsOver(memoryKeyRing({ dice, now: start }), dice)
}

export type InMemory = { readonly store: Store; readonly secrets: Secrets; readonly records: Records }

export function inMemory(seed: string): InMemory {
  const store = openMemoryStore()
  const secrets = memorySecrets(seed)
  return { store, secrets, records: createRecords(store, secrets) }
}

/** A data folder as a server leaves it: key ring and database. */
export async function inFolder(
  folder: string,
): Promise<{ store: SqliteStore; secrets: Secrets; records: Records; file: string }> {
  const ring = openKeyRing({ file: join(folder, 'keyring.json'), create: true, dice: systemDice, now: start })
  const secrets = secretsOver(ring, systemDice)
  const file = join(folder, 'twostep.db')
  const store = await openSqliteStore({ file })
  return { store, secrets, records: createRecords(store, secrets), file }
}

export const business = '100200300400500'

/** The nth number of Ofcom's range for drama. */
export const numberAt = (n: number): E164 => `+447700${900_000 + n}` as E164
export const claimAt = (n: number): string => `${500_000_000_000_000 + n}`
export const idAt = (n: number): string => n.toString(16).padStart(32, '0')

export const claimOf = (id: string, by = business): Claim => ({
  id,
  by: { kind: 'business', business: by, verifiedName: 'Bakery' },
  addedAt: start,
  proof: { kind: 'proved', at: start },
  request: undefined,
  attempts: [],
  registeredAt: start,
})

/** Stores the nth number, claimed by the business. */
export async function makeNumber(records: Records, n: number, parts: Partial<PhoneNumber> = {}): Promise<string> {
  const document = { ...unclaimed(numberAt(n), start), claims: [claimOf(claimAt(n))], ...parts }
  const events: readonly NumberEvent[] = [{ kind: 'number.claimed', claim: claimAt(n) }]
  const changes = { document, events, messages: [] }
  const ended = await records.commit(records.unborn('number', idAt(n), document), changes, causeAt(start))
  assert.equal(ended.kind, 'committed')
  return idAt(n)
}

/** Changes a number until no other commit gets in between. */
export async function changeNumber(
  records: Records,
  id: string,
  change: (document: PhoneNumber) => PhoneNumber = document => document,
  events: readonly NumberEvent[] = [{ kind: 'code.right', claim: claimAt(0) }],
): Promise<void> {
  for (;;) {
    const subject = await theNumber(records, id)
    const changes = { document: change(subject.document), events, messages: [] }
    if ((await records.commit(subject, changes, causeAt(start))).kind === 'committed') return
  }
}

export async function theNumber(records: Records, id: string): Promise<Subject<'number'>> {
  const subject = await records.load('number', id)
  assert(subject !== undefined, 'the number is there')
  return subject
}

export const causeAt = (at: Instant) => ({ at, door: 'graph', requestId: undefined }) as const
