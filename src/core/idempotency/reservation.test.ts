// What is remembered under an idempotency key, and for how long.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { after, day, instantAt, minute } from '../kernel/instant.ts'
import { meetReservation, reservationOf, settled, takenUp, type Wanted } from './reservation.ts'

const now = instantAt(1_000_000)
const wanted: Wanted = { name: 'n', application: 'a', fingerprint: 'f', ids: { claim: '1', mark: 'first' } }
const answer = { status: 201, mediaType: 'application/json', body: '{}', retryAfter: undefined }
const reservation = reservationOf(wanted, now)
const kindAt = (at: typeof now, of = reservation, by = wanted) => meetReservation(of, by, at).kind

test('a request is under way for a minute, then left, and after a day its key is free', () => {
  assert.equal(kindAt(after(now, minute - 1)), 'under_way')
  assert.equal(kindAt(after(now, minute)), 'left')
  assert.equal(kindAt(after(now, day - 1)), 'left')
  assert.equal(kindAt(after(now, day)), 'free')
})

test('an answer is kept for a day from the request on', () => {
  const late = after(now, minute)
  const kept = settled(reservation, 'first', { kind: 'answered', answer }, late) ?? reservation
  assert.deepEqual(meetReservation(kept, wanted, after(now, day - 1)), { kind: 'answered', answer })
  assert.equal(kindAt(after(now, day), kept), 'free')
})

test('another request, or one of another application, is told apart whatever became of the first', () => {
  const kept = settled(reservation, 'first', { kind: 'answered', answer }, now) ?? reservation
  for (const held of [reservation, kept]) {
    assert.equal(kindAt(now, held, { ...wanted, fingerprint: 'g' }), 'other_request')
    assert.equal(kindAt(now, held, { ...wanted, application: 'b' }), 'other_request')
  }
})

test('what was released is free at once; what was left can be taken up at once, with the ids it had', () => {
  const released = settled(reservation, 'first', { kind: 'released' }, now) ?? reservation
  assert.equal(kindAt(now, released), 'free')
  const left = settled(reservation, 'first', { kind: 'left' }, now) ?? reservation
  assert.equal(kindAt(now, left), 'left')
  const again = takenUp(left, now)
  assert.deepEqual([kindAt(now, again), again.ids, again.expires], ['under_way', wanted.ids, reservation.expires])
})

test('whoever comes late settles nothing: not what another request holds, nor what is answered', () => {
  assert.equal(settled(reservation, 'second', { kind: 'answered', answer }, now), undefined)
  const kept = settled(reservation, 'first', { kind: 'answered', answer }, now)
  assert.ok(kept)
  assert.equal(settled(kept, 'first', { kind: 'released' }, now), undefined)
})
