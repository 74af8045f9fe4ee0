import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAccount } from '#core/account/account.ts'
import type { AccountEvent } from '#core/account/change.ts'
import type { Clock } from '#core/kernel/clock.ts'
import { limits } from '#core/throttle/limits.ts'
import { causeAt, inMemory, start, tickingClock } from '#test/cli/stored.ts'
import type { Subject } from './records.ts'
import { rotateKeys } from './rotate-keys.ts'
import { verifyJournal } from './verify-journal.ts'

const id = '700100200300400'
const added: AccountEvent = { kind: 'device.added', device: '1', name: 'Anna’s phone' }
const clock: Clock = tickingClock()

/** An account with a device in its journal; and the same, closed. */
async function closed() {
  const ground = inMemory('forgetting')
  const { records } = ground
  const made = { id, application: { id: '1', user: 'anna' }, password: undefined, addresses: [] }
  const account = createAccount(made, start, limits.strict)
  const commit = async (subject: Subject<'account'>, document: typeof account, events: readonly AccountEvent[]) => {
    const ending = await records.commit(subject, { document, events, messages: [] }, causeAt(start))
    assert.equal(ending.kind, 'committed')
    const stored = await records.load('account', id)
    assert(stored !== undefined)
    return stored
  }
  const first = await commit(records.unborn('account', id, account), account, [{ kind: 'account.created' }])
  const second = await commit(first, account, [added])
  const close = () => commit(second, { ...account, closedAt: start }, [{ kind: 'account.closed' }])
  return { ...ground, close, eventKey: second.eventKey }
}

const eventsOf = async (records: Awaited<ReturnType<typeof closed>>['records']) =>
  (await records.journal('account', id)).map(({ event }) => event)

test('what happened to an account is read until it is closed, and by nobody after', async () => {
  const { records, store, close, eventKey } = await closed()
  assert.deepEqual(await eventsOf(records), [{ kind: 'account.created' }, added])
  await close()
  assert.deepEqual(await eventsOf(records), [{ kind: 'forgotten' }, { kind: 'forgotten' }, { kind: 'account.closed' }])
  // Nothing that is stored opens it with every key of the ring: the key that did is in no row.
  assert(eventKey !== undefined)
  assert.equal((await records.load('account', id))?.eventKey, undefined)
  const rows = [await store.walk(undefined, 9), await store.journal({ kind: 'account', id }, 1, 9)]
  const text = JSON.stringify(rows, (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  )
  for (const word of [eventKey, 'Anna', 'device.added']) assert(!text.includes(word), word)
})

test('a journal whose events are forgotten still verifies, and one byte changed in it shows', async () => {
  const { store, secrets, close } = await closed()
  await close()
  const whole = await verifyJournal(store, secrets)
  assert.deepEqual([whole.events, whole.findings], [3, []])
  const [, row] = await store.journal({ kind: 'account', id }, 1, 9)
  assert(row !== undefined)
  row.body[row.body.length - 1] = (row.body.at(-1) ?? 0) ^ 1
  assert.equal((await verifyJournal(store, secrets)).findings.length, 1)
})

test('the key of an account’s events outlives a rotation of the ring', async () => {
  const { records, store, secrets, eventKey } = await closed()
  assert.equal((await rotateKeys(store, secrets, clock)).kind, 'rotated')
  assert.equal((await records.load('account', id))?.eventKey, eventKey)
  assert.deepEqual(await eventsOf(records), [{ kind: 'account.created' }, added])
})
