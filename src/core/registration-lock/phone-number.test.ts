// Who claims a number: one party, one claim for a business, and strangers who push nobody out.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  anna,
  as,
  at,
  boris,
  classic,
  heldNumber,
  lockedNumber,
  provedClaim,
  someClaim,
  someLock,
  someNumber,
  xenia,
} from '#test/simulation/a-number.ts'
import { day, minute } from '../kernel/instant.ts'
import { sendCode } from './ownership-code.ts'
import {
  addClaim,
  aged,
  type Claim,
  claimOf,
  hasProved,
  isKeeper,
  type PhoneNumber,
  theClaim,
  unclaimed,
} from './phone-number.ts'

const application = (id: string) => ({ id, by: { kind: 'application', application: id } }) as const
const business = (id: string, name: string) =>
  ({ id, by: { kind: 'business', business: name, verifiedName: name } }) as const

/** Adds so many claims by strangers, one a minute. */
function crowded(number: PhoneNumber, strangers: number, from = 1): PhoneNumber {
  let crowd = number
  for (let stranger = 0; stranger < strangers; stranger += 1) {
    const moment = at((from + stranger) * 10)
    crowd = as(addClaim(crowd, application(`stranger ${stranger}`), moment, classic), 'added').next
  }
  return crowd
}

test('a new claim has proved nothing and changes nothing else', () => {
  const number = unclaimed(someNumber().number, at(0))
  const added = as(addClaim(number, application(anna), at(5), classic), 'added').next
  assert.deepEqual(added, { ...number, claims: [someClaim(anna, { addedAt: at(5), by: application(anna).by })] })
})

test('a business lists a number once; an application may claim it again for another registration', () => {
  const number = as(
    addClaim(unclaimed(someNumber().number, at(0)), business('1', 'Lucky Shrub'), at(0), classic),
    'added',
  ).next
  assert.deepEqual(addClaim(number, business('2', 'Lucky Shrub'), at(1), classic), {
    kind: 'listed_already',
    claim: '1',
  })
  as(addClaim(number, business('2', 'Wind & Wool'), at(1), classic), 'added')
  const claimed = as(addClaim(number, application('3'), at(1), classic), 'added').next
  as(addClaim(claimed, { ...application('4'), by: application('3').by }, at(1), classic), 'added')
})

test('however many claims strangers add, the document stays within its bound and the holder stays on it', () => {
  const number = crowded(lockedNumber(), 100)
  assert.equal(number.claims.length, classic.claimsPerNumber)
  assert(claimOf(number, anna) !== undefined)
  assert(claimOf(number, 'stranger 99') !== undefined, 'the newest is on it')
})

test('the keeper of a PIN without a registration stays as well', () => {
  const number = crowded(someNumber({ claims: [someClaim(anna)], lock: someLock() }), 100)
  assert(claimOf(number, anna) !== undefined)
})

test('whoever proved the number, or did once, keeps their claim against strangers who never did', () => {
  const ended = someClaim(xenia, { proof: { kind: 'ended', at: at(0) } })
  const number = crowded(someNumber({ claims: [provedClaim(boris), ended] }), 100)
  assert(hasProved(number, boris))
  assert.equal(claimOf(number, xenia)?.proof.kind, 'ended')
})

test('a claim that waits for its code is not pushed out before the code has run out', () => {
  const first = someNumber({ claims: [someClaim(anna)] })
  const waiting = as(sendCode(first, { claim: anna, method: 'sms', verifier: 'v' }, at(0), classic), 'sent').next
  assert(claimOf(crowded(waiting, 100), anna) !== undefined)
  assert.equal(claimOf(crowded(waiting, 100, day), anna), undefined)
})

test('a code stops holding a place at the millisecond at which it runs out', () => {
  const idle = Array.from({ length: 15 }, (_, index) => someClaim(`i${index}`, { addedAt: at(index - 100) }))
  const first = someNumber({ claims: [...idle, someClaim(anna)] })
  const full = as(sendCode(first, { claim: anna, method: 'sms', verifier: 'v' }, at(0), classic), 'sent').next
  const last = (moment: number) => as(addClaim(full, application('last'), at(moment), classic), 'added').next
  assert(claimOf(last(10 * minute - 1), anna) !== undefined)
  assert.equal(claimOf(last(10 * minute), anna), undefined)
})

test('of claims of one day the newest goes first, so that a flood pushes out itself; of older ones the oldest', () => {
  for (const make of [someClaim, provedClaim]) {
    const claims: Claim[] = Array.from({ length: 16 }, (_, index) => make(`p${index}`, { addedAt: at(index) }))
    const pushedOut = (moment: number) =>
      as(addClaim(someNumber({ claims }), application('new'), at(moment), classic), 'added').evicted
    assert.deepEqual([99, day - 1, day, day + 5, 99 * day].map(pushedOut), ['p15', 'p15', 'p0', 'p0', 'p0'])
  }
})

test('a proof ends after 31 days, to the millisecond, but for who holds the number or keeps its PIN', () => {
  const kindsAt = (number: PhoneNumber, moment: number) =>
    aged(number, at(moment), classic).claims.map(each => each.proof.kind)
  const proved = { claims: [provedClaim(anna), provedClaim(boris)] }
  const last = 31 * day - 1
  assert.deepEqual(kindsAt(someNumber(proved), last), ['proved', 'proved'])
  assert.deepEqual(kindsAt(someNumber(proved), last + 1), ['ended', 'ended'])
  assert.deepEqual(kindsAt(someNumber({ ...proved, lock: someLock() }), last + 1), ['proved', 'ended'])
  assert.deepEqual(kindsAt(heldNumber(proved), last + 1), ['proved', 'ended'])
  const young = someNumber(proved)
  assert.equal(aged(young, at(last), classic), young)
})

test('the number belongs to its holder; without one, to the keeper of its PIN; without both, to nobody', () => {
  assert(isKeeper(heldNumber(), anna) && !isKeeper(heldNumber(), boris))
  assert(isKeeper(someNumber({ lock: someLock() }), anna))
  assert(!isKeeper(someNumber(), anna))
  assert(!isKeeper(heldNumber({ holder: { claim: boris, since: at(0), door: 'rest' }, lock: someLock() }), anna))
})

test('a claim that is gone has proved nothing, and to ask for it as if it were there is a bug', () => {
  assert.equal(hasProved(someNumber(), 'gone'), false)
  assert.equal(hasProved(someNumber(), xenia), false)
  assert.equal(hasProved(someNumber(), boris), true)
  assert.throws(() => theClaim(someNumber(), 'gone'), { name: 'Broken' })
})
