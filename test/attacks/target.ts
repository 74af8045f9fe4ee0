// A number worth attacking, on a running server: its owner has set a PIN, and a thief reads its messages. And what became
// of it, read from the database itself.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { World } from '#actions/world.ts'
import { instantAt } from '#core/kernel/instant.ts'
import type { NumberEvent } from '#core/registration-lock/change.ts'
import type { PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { readEntry } from '#records/journal.ts'
import { open } from '#records/records.ts'
import { verifyJournal } from '#records/verify-journal.ts'
import { systemDice } from '#secrets/dice.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import { openKeyRing } from '#secrets/key-ring.ts'
import { owaspPinParameters } from '#secrets/pin-verifier.ts'
import { createSecrets, type Secrets } from '#secrets/secrets.ts'
import { openSqliteStoreForReading } from '#storage/sqlite/sqlite-store.ts'
import type { StoreReader } from '#storage/store.ts'
import { addNumber, advance, call, newBusiness, newestCode, type Reply, verifiedNumber } from '#test/faces/sandbox.ts'

/** One party's handle on a number: its phone-number id and the token that may use it. */
export type Handle = { readonly id: string; readonly token: string }

export type Target = {
  readonly url: string
  readonly number: string
  readonly pin: string
  readonly owner: Handle
  readonly thief: Handle
}

/** An owner with a PIN, and a thief of another business who has proved the number, too. */
export async function target(url: string, national: string, pin = '730519'): Promise<Target> {
  const [bakery, butcher] = [await newBusiness(url), await newBusiness(url)]
  const owner = { id: await verifiedNumber(url, bakery, national), token: bakery.token }
  const registered = await register(url, owner, pin)
  assert.equal(registered.status, 200)
  await advance(url, 'PT61S')
  const thief = { id: await verifiedNumber(url, butcher, national), token: butcher.token }
  return { url, number: `+44${national}`, pin, owner, thief }
}

/** A number that is claimed and has a code out; answers the code. */
export async function askedNumber(url: string, national: string): Promise<Handle & { readonly code: string }> {
  const business = await newBusiness(url)
  const id = await addNumber(url, business, national)
  const body = { code_method: 'SMS', language: 'en_US' }
  const asked = await call(url, 'POST', `/v25.0/${id}/request_code`, { token: business.token, body })
  assert.equal(asked.status, 200)
  return { id, token: business.token, code: await newestCode(url, `+44${national}`) }
}

export const register = (url: string, { id, token }: Handle, pin: string): Promise<Reply> =>
  call(url, 'POST', `/v25.0/${id}/register`, { token, body: { messaging_product: 'whatsapp', pin } })

export const verifyCode = (url: string, { id, token }: Handle, code: string): Promise<Reply> =>
  call(url, 'POST', `/v25.0/${id}/verify_code`, { token, body: { code } })

/** Six digits that are not `right`, another one for every `at` below 999,999. */
export const wrong = (right: string, at: number): string =>
  String((Number(right) + 1 + at) % 1_000_000).padStart(6, '0')

/** All at once. */
export const flood = <T>(size: number, each: (at: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: size }, (_, at) => each(at)))

/** How many replies carried each of Graph's error codes; successes count under `0`. */
export function byCode(replies: readonly Reply[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { status, body } of replies) {
    assert.ok(status < 500 || status === 503, `a bug: ${status} ${JSON.stringify(body)}`)
    const code = status === 200 ? 0 : String((body.error as { code: number }).code)
    counts[code] = (counts[code] ?? 0) + 1
  }
  return counts
}

/** A number as it is stored, with the kinds of its events in order. */
export type Stored = { readonly number: PhoneNumber; readonly events: readonly NumberEvent['kind'][] }

const countOf = (events: readonly string[], kind: NumberEvent['kind']): number =>
  events.filter(each => each === kind).length

/** How often something happened to a number. */
export const times = ({ events }: Stored, kind: NumberEvent['kind']): number => countOf(events, kind)

/** What a running server has stored of a number. */
export const storedBy = ({ records, secrets }: World, number: string): Promise<Stored> =>
  storedIn(records.store, secrets, number)

async function storedIn(store: StoreReader, secrets: Secrets, number: string): Promise<Stored> {
  const subject = await store.find(secrets.handles('number', number).map(({ index }) => index))
  assert.ok(subject !== undefined, 'the number is stored')
  const document = await store.read(subject)
  assert.ok(document !== undefined)
  const rows = await store.journal(subject, 1, 10_000)
  const events = rows.map(row => readEntry<'number'>(secrets, subject, row).event.kind)
  return { number: open(secrets, 'number', subject.id, document).document, events }
}

export const databaseIn = (folder: string): string => join(folder, 'twostep.db')

/** Reads a data folder like somebody who has the key ring, server or no server, and verifies its journal. */
export async function readFolder(folder: string, numbers: readonly string[]): Promise<readonly Stored[]> {
  const now = instantAt(0)
  const ring = openKeyRing({ file: join(folder, 'keyring.json'), create: false, dice: systemDice, now })
  const hashing = createHashingQueue({ parallel: 1, waiting: 0, now: () => now })
  const secrets = createSecrets({ ring, dice: systemDice, pinParameters: owaspPinParameters, hashing })
  const store = await openSqliteStoreForReading({ file: databaseIn(folder) })
  try {
    assert.deepEqual((await verifyJournal(store, secrets)).findings, [], 'the journal verifies')
    return await Promise.all(numbers.map(number => storedIn(store, secrets, number)))
  } finally {
    await store.close()
  }
}
