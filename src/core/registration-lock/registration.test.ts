// Registering and leaving: every way a claim is met, both sides of each boundary, and who is left with what.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  anna,
  annasMail,
  as,
  at,
  boris,
  classic,
  heldNumber,
  kindsOf,
  lockedNumber,
  lockOf,
  made,
  provedClaim,
  someClaim,
  someLock,
  someNumber,
  told,
  xenia,
} from '#test/simulation/a-number.ts'
import { day, hour, minute } from '../kernel/instant.ts'
import { fresh } from '../throttle/guess-budget.ts'
import type { Door } from './doors.ts'
import { isContested, setPin } from './lock.ts'
import { type ClaimId, claimOf, hasProved, type PhoneNumber, theClaim, withClaim } from './phone-number.ts'
import {
  approach,
  countAttempt,
  deleteClaim,
  deregister,
  guessedRight,
  guessedWrong,
  register,
} from './registration.ts'

const meet = (number: PhoneNumber, pin: 'given' | 'missing', moment = 5, claim: ClaimId = boris, door: Door = 'rest') =>
  approach(number, { claim, pin, door }, at(moment), classic)
const arrive = (number: PhoneNumber, moment = 5, claim: ClaimId = boris, door: Door = 'rest', pin?: string) => {
  const made = pin === undefined ? undefined : { verifier: pin, weakness: undefined }
  return register(number, { claim, door, account: 'fresh account', pin: made }, at(moment), classic)
}
const right = (number: PhoneNumber, verifier: string, claim: ClaimId = boris, moment = 6, remade?: string) =>
  guessedRight(number, { claim, door: 'rest', verifier, account: 'fresh account', remade }, at(moment))
const spent = (number: PhoneNumber, guesses: number, claim: ClaimId = boris): PhoneNumber => {
  let next = number
  for (let guess = 0; guess < guesses; guess += 1) next = as(meet(next, 'given', 5, claim), 'look').next
  return next
}
const { verifier } = lockOf(lockedNumber())

// ——— the approach

test('who has not proved the number meets the same refusal whether there is a lock, a holder, a deletion, or nothing', () => {
  const ended = someClaim(boris, { proof: { kind: 'ended', at: at(0) } })
  const claims = [ended, someClaim(xenia)]
  const numbers = [
    someNumber({ claims }),
    heldNumber({ claims }),
    lockedNumber({}, { claims }),
    someNumber({ claims, deletedAt: at(4) }),
    lockedNumber({}, { claims, lastUse: at(-40 * day) }),
  ]
  for (const number of numbers) {
    for (const claim of [boris, xenia, 'gone']) {
      assert.deepEqual(meet(number, 'given', 5, claim), { kind: 'not_proved' })
      assert.deepEqual(meet(number, 'missing', 5, claim), { kind: 'not_proved' })
    }
  }
})

test('a deleted number registers again after five minutes, to the millisecond', () => {
  const number = someNumber({ deletedAt: at(0) })
  const retryAt = at(5 * minute)
  assert.deepEqual(meet(number, 'missing', 5 * minute - 1), { kind: 'deleted_recently', retryAt })
  as(meet(number, 'missing', 5 * minute), 'open')
  as(meet(number, 'missing', 5 * minute + 1), 'open')
  assert.equal(arrive(number, 5 * minute - 1), undefined)
  assert.equal(made(arrive(number, 5 * minute)).next.deletedAt, undefined)
})

test('a number without a lock is open at every door, with a PIN or without', () => {
  for (const door of ['rest', 'graph', 'on-premises', 'manager'] as const) {
    for (const pin of ['given', 'missing'] as const) as(meet(heldNumber(), pin, 5, boris, door), 'open')
  }
})

test('who brings no PIN to a lock contests the number and is told what they can do', () => {
  const met = as(meet(lockedNumber({ recoveryEmail: annasMail }), 'missing'), 'pin_needed')
  assert(isContested(met.next))
  assert.deepEqual(kindsOf(met), ['registration.contested'])
  assert.deepEqual(told(met.notices), [
    `registration_contested → ${anna}`,
    `registration_contested → ${annasMail.address}`,
  ])
  assert.deepEqual([met.notice.guessesLeft, met.notice.wipeAt], [5, at(7 * day)])
  const again = as(meet(met.next, 'missing', 6), 'pin_needed')
  assert.deepEqual([again.events, again.notices], [[], []])
})

test('the keeper who brings no PIN contests nothing', () => {
  const number = lockedNumber()
  assert.deepEqual(as(meet(number, 'missing', 5, anna), 'pin_needed').next, number)
})

test('7 days without use open the lock to the millisecond, 30 days delete the account, and the notice says so', () => {
  for (const [span, effect, before] of [
    [7 * day, 'pending_messages', undefined],
    [30 * day, 'account', 'pending_messages'],
  ] as const) {
    const early = meet(lockedNumber(), 'missing', span - 1)
    if (before === undefined) assert.equal(as(early, 'pin_needed').notice.wipeEffect, 'none')
    else assert.deepEqual(early, { kind: 'lapsed', effect: before })
    assert.deepEqual(meet(lockedNumber(), 'missing', span), { kind: 'lapsed', effect })
    assert.deepEqual(meet(lockedNumber(), 'missing', span + 1), { kind: 'lapsed', effect })
  }
})

test('who says what a registration may cost pays no more, also when a boundary passes in between', () => {
  const accepting = (accepts: 'none' | 'pending_messages' | 'account', moment: number) =>
    approach(lockedNumber(), { claim: boris, pin: 'missing', door: 'rest', accepts }, at(moment), classic).kind
  assert.equal(accepting('none', 40 * day), 'pin_needed')
  assert.deepEqual(
    [accepting('pending_messages', 7 * day - 1), accepting('pending_messages', 7 * day)],
    ['pin_needed', 'lapsed'],
  )
  assert.deepEqual(
    [accepting('pending_messages', 30 * day - 1), accepting('pending_messages', 30 * day)],
    ['lapsed', 'pin_needed'],
  )
  assert.deepEqual([accepting('account', 7 * day), accepting('account', 30 * day)], ['lapsed', 'lapsed'])
  const arrival = { claim: boris, door: 'rest', account: 'new', pin: undefined, accepts: 'pending_messages' } as const
  assert.ok(register(lockedNumber(), arrival, at(30 * day - 1), classic))
  assert.equal(register(lockedNumber(), arrival, at(30 * day), classic), undefined)
})

test('time opens the lock at the consumer door only', () => {
  for (const door of ['graph', 'on-premises', 'manager'] as const) {
    as(meet(lockedNumber(), 'missing', 400 * day, boris, door), 'pin_needed')
    assert.equal(arrive(lockedNumber(), 400 * day, boris, door), undefined)
  }
})

test('a PIN that comes along is looked at after its guess is spent, never before', () => {
  const met = as(meet(lockedNumber(), 'given'), 'look')
  assert.equal(met.verifier, verifier)
  assert.equal(lockOf(met.next).budgets.others.inARow, 1)
  assert.deepEqual(met.events, [{ kind: 'pin.guess_spent', claim: boris, for: 'registration' }])
})

test('with no guess left a PIN is not looked at, and the moment of the next guess is told', () => {
  const met = as(meet(spent(lockedNumber(), 5), 'given'), 'guess_too_soon')
  assert.deepEqual([met.retryAt, met.notice.guessesLeft, met.notice.guessOpensAt], [at(5 + minute), 0, at(5 + minute)])
  as(meet(spent(lockedNumber(), 5), 'given', 5 + minute), 'look')
})

test('a hundred wrong guesses close the PIN way for the others; e-mail, time and the keeper stay', () => {
  const closed = { inARow: 100, lastAt: at(0), owed: 100, owedSince: at(0) }
  const number = lockedNumber({ budgets: { keeper: fresh, others: closed }, recoveryEmail: annasMail })
  const met = as(meet(number, 'given', 5 * day), 'pin_closed')
  assert.deepEqual(met.notice.resetMethods, ['email', 'time'])
  as(meet(number, 'given', 5 * day, anna), 'look')
  as(meet(number, 'missing', 7 * day), 'lapsed')
})

// ——— a right PIN

test('a right PIN registers: account and data stay, the contest is over, all guesses are back', () => {
  const contest = { since: at(1), claim: boris }
  const number = spent(spent(lockedNumber({ contest }), 3), 2, anna)
  const opened = made(right(number, verifier))
  const lock = lockOf(opened.next)
  assert.deepEqual([lock.keeper, lock.contest, lock.budgets], [boris, undefined, { keeper: fresh, others: fresh }])
  assert.deepEqual(opened.next.holder, { claim: boris, since: at(6), door: 'rest' })
  assert.deepEqual([opened.next.account, opened.next.lastUse], ['first account', at(6)])
  assert.deepEqual(kindsOf(opened), [
    'pin.right',
    'registration.uncontested',
    'registration.ended',
    'registration.completed',
  ])
})

test('the earlier holder ends, must prove the number again, and is told', () => {
  const opened = made(right(lockedNumber({ recoveryEmail: annasMail }), verifier))
  assert.deepEqual(theClaim(opened.next, anna).proof, { kind: 'ended', at: at(6) })
  assert(hasProved(opened.next, boris))
  assert.deepEqual(told(opened.notices), [
    `registration_taken_over → ${anna}`,
    `registration_taken_over → ${annasMail.address}`,
  ])
  as(meet(opened.next, 'given', 7, anna), 'not_proved')
})

test('a holder who registers again ends nobody and is not told', () => {
  const opened = made(right(lockedNumber(), verifier, anna))
  assert.deepEqual([opened.notices, kindsOf(opened)], [[], ['pin.right', 'registration.completed']])
})

test("a keeper's right PIN gives the others no guess back; a newcomer's gives everybody all", () => {
  const number = spent(spent(lockedNumber(), 3), 2, anna)
  const own = lockOf(made(right(number, verifier, anna)).next).budgets
  assert.deepEqual([own.keeper, own.others.inARow], [fresh, 3])
  assert.deepEqual(lockOf(made(right(number, verifier, boris)).next).budgets, { keeper: fresh, others: fresh })
})

test('a PIN made anew is stored with the registration that proved it', () => {
  assert.equal(lockOf(made(right(lockedNumber(), verifier, boris, 6, 'younger')).next).verifier, 'younger')
})

test('a PIN is right only while it is the PIN: not when it was changed or removed while it was looked at', () => {
  const change = { claim: anna, verifier: 'new', door: 'rest', weakness: undefined } as const
  assert.equal(right(as(setPin(lockedNumber(), change, at(5), classic), 'changed').next, verifier), undefined)
  assert.equal(right(someNumber(), verifier), undefined)
})

test('a PIN is right only for who still proves the number: not when another registered or the claim went meanwhile', () => {
  const overtaken = made(right(lockedNumber(), verifier, anna)).next
  assert.equal(right(overtaken, verifier, boris), undefined)
  assert.equal(right(deleteClaim(lockedNumber(), boris, at(5), 'manager').next, verifier, boris), undefined)
})

// ——— a wrong PIN

test('a wrong PIN contests the number once, and what is left is told', () => {
  const number = spent(lockedNumber(), 1)
  const wrong = guessedWrong(number, { claim: boris, door: 'rest' }, at(6), classic)
  assert(isContested(wrong.change.next))
  assert.deepEqual(kindsOf(wrong.change), ['pin.wrong', 'registration.contested'])
  assert.deepEqual(told(wrong.change.notices), [`registration_contested → ${anna}`])
  assert.equal(wrong.notice?.guessesLeft, 4)
  const again = guessedWrong(spent(wrong.change.next, 1), { claim: boris, door: 'rest' }, at(7), classic)
  assert.deepEqual([kindsOf(again.change), again.change.notices], [['pin.wrong'], []])
})

test("the keeper's own wrong PIN contests nothing", () => {
  const wrong = guessedWrong(spent(lockedNumber(), 1, anna), { claim: anna, door: 'rest' }, at(6), classic)
  assert.deepEqual([isContested(wrong.change.next), kindsOf(wrong.change)], [false, ['pin.wrong']])
})

test('a wrong PIN whose lock is gone changes nothing and has nothing to tell', () => {
  const wrong = guessedWrong(heldNumber(), { claim: boris, door: 'rest' }, at(6), classic)
  assert.deepEqual([wrong.change.next, wrong.notice], [heldNumber(), undefined])
})

test('a wrong PIN of a claim that was overtaken or went meanwhile freezes nothing', () => {
  const overtaken = made(right(spent(lockedNumber(), 1), verifier, anna)).next
  assert(!isContested(guessedWrong(overtaken, { claim: boris, door: 'rest' }, at(7), classic).change.next))
  const gone = deleteClaim(spent(lockedNumber(), 1), boris, at(6), 'manager').next
  assert(!isContested(guessedWrong(gone, { claim: boris, door: 'rest' }, at(7), classic).change.next))
})

// ——— arriving without a PIN

test('a first registration makes the account and moves last use', () => {
  const { next, events, notices } = made(arrive(someNumber({ lastUse: at(-day) })))
  assert.deepEqual(next.holder, { claim: boris, since: at(5), door: 'rest' })
  assert.deepEqual([next.account, next.lastUse, next.lock.kind], ['fresh account', at(5), 'none'])
  assert.deepEqual(theClaim(next, boris).registeredAt, at(5))
  assert.deepEqual([events, notices], [[{ kind: 'registration.completed', claim: boris }], []])
})

test('a registration never moves last use back', () => {
  assert.equal(made(arrive(heldNumber({ lastUse: at(9) }), 5)).next.lastUse, at(9))
})

test('without a lock the number changes hands: the earlier holder ends, is told, and the account carries over', () => {
  const { next, events, notices } = made(arrive(heldNumber()))
  assert.equal(next.account, 'first account')
  assert.equal(theClaim(next, anna).proof.kind, 'ended')
  assert.deepEqual(events, [
    { kind: 'registration.ended', claim: anna, why: 'taken_over' },
    { kind: 'registration.completed', claim: boris },
  ])
  assert.deepEqual(told(notices), [`registration_taken_over → ${anna}`])
})

test('a claim that never proved the number keeps its state when another registers', () => {
  assert.equal(theClaim(made(arrive(someNumber())).next, xenia).proof.kind, 'none')
})

test('after 7 days the PIN is gone, pending messages are to go, and the account stays', () => {
  const number = lockedNumber({ recoveryEmail: annasMail, contest: { since: at(1), claim: boris } })
  const { next, events, notices } = made(arrive(number, 7 * day))
  assert.deepEqual([next.lock, next.account], [{ kind: 'none' }, 'first account'])
  assert.deepEqual(events.at(-1), { kind: 'registration.reset', claim: boris, effect: 'pending_messages' })
  assert.deepEqual(told(notices), [
    `registration_taken_over → ${anna}`,
    `registration_taken_over → ${annasMail.address}`,
  ])
  assert.equal(arrive(number, 7 * day - 1), undefined)
})

test('after 30 days a new account begins and nothing of the old one carries over', () => {
  const { next, events } = made(arrive(lockedNumber(), 30 * day))
  assert.deepEqual([next.lock, next.account], [{ kind: 'none' }, 'fresh account'])
  assert.deepEqual(events.at(-1), { kind: 'registration.reset', claim: boris, effect: 'account' })
  assert.equal(made(arrive(lockedNumber(), 30 * day - 1)).next.account, 'first account')
})

test('a lapse where nobody holds the number tells the keeper of the PIN', () => {
  const { notices } = made(arrive(someNumber({ lock: someLock() }), 7 * day))
  assert.deepEqual(told(notices), [`registration_taken_over → ${anna}`])
})

test('a PIN that comes along where the door makes it the PIN sets the lock in the same step', () => {
  const { next, events, notices } = made(arrive(heldNumber(), 5, boris, 'graph', 'new PIN'))
  assert.deepEqual([lockOf(next).verifier, lockOf(next).keeper, lockOf(next).setAt], ['new PIN', boris, at(5)])
  assert.deepEqual(events.at(-1), { kind: 'pin.set', claim: boris })
  assert.deepEqual(told(notices), [`registration_taken_over → ${anna}`, `pin_set → ${boris}`])
  const weak = register(
    heldNumber(),
    { claim: boris, door: 'graph', account: 'fresh account', pin: { verifier: 'new PIN', weakness: 'run' } },
    at(5),
    classic,
  )
  assert.deepEqual(made(weak).events.at(-1), { kind: 'pin.weak', claim: boris, weakness: 'run' })
})

test('after a lapse nothing of the old lock is on the new one', () => {
  const old = lockedNumber({ recoveryEmail: annasMail, contest: { since: at(1), claim: boris } })
  const lock = lockOf(made(arrive(old, 7 * day, boris, 'rest', 'new PIN')).next)
  assert.deepEqual([lock.recoveryEmail, lock.contest, lock.recoveryLinks.mailed], [undefined, undefined, []])
})

test('nobody arrives past a lock that was set meanwhile, or without a proof', () => {
  assert.equal(arrive(lockedNumber()), undefined)
  assert.equal(arrive(someNumber(), 5, xenia), undefined)
  assert.equal(arrive(someNumber(), 5, 'gone'), undefined)
})

// ——— leaving

test('who deregisters keeps the PIN, the proof and the account; the PIN is asked when they come back', () => {
  const left = as(deregister(lockedNumber(), anna, at(9)), 'deregistered')
  assert.deepEqual(left.next, { ...lockedNumber(), holder: undefined, lastUse: at(9) })
  assert.deepEqual(left.events, [{ kind: 'registration.ended', claim: anna, why: 'deregistered' }])
  as(meet(left.next, 'missing', 10, anna), 'pin_needed')
})

test('a deregistration in a contest does not hold the days back', () => {
  const number = lockedNumber({ contest: { since: at(1), claim: boris } })
  const { next } = as(deregister(number, anna, at(9)), 'deregistered')
  assert.deepEqual([next.lastUse, isContested(next)], [at(0), true])
})

test('only the holder deregisters', () => {
  for (const claim of [boris, xenia, 'gone']) {
    assert.deepEqual(deregister(lockedNumber(), claim, at(9)), { kind: 'not_registered' })
  }
})

test('a deleted holder takes the PIN along, is told together with the address, and the number rests for five minutes', () => {
  const deleted = deleteClaim(lockedNumber({ recoveryEmail: annasMail }), anna, at(9), 'manager')
  assert.deepEqual(
    [deleted.next.holder, deleted.next.lock, deleted.next.deletedAt],
    [undefined, { kind: 'none' }, at(9)],
  )
  assert.equal(claimOf(deleted.next, anna), undefined)
  assert.deepEqual(kindsOf(deleted), ['registration.ended', 'pin.removed', 'number.deleted'])
  assert.deepEqual(told(deleted.notices), [`pin_removed → ${anna}`, `pin_removed → ${annasMail.address}`])
  // Who had proved the number while it was somebody's proves it again.
  as(meet(deleted.next, 'missing', 10), 'not_proved')
  as(meet(withClaim(deleted.next, provedClaim(boris)), 'missing', 10), 'deleted_recently')
})

test('a deleted keeper without a registration takes the PIN along too', () => {
  const deleted = deleteClaim(someNumber({ lock: someLock() }), anna, at(9), 'manager')
  assert.deepEqual([deleted.next.lock, deleted.next.deletedAt], [{ kind: 'none' }, at(9)])
  assert.deepEqual(kindsOf(deleted), ['pin.removed', 'number.deleted'])
})

test("a deleted claim that was not the number's own leaves everything else as it was", () => {
  const number = lockedNumber({ contest: { since: at(1), claim: boris } })
  const deleted = deleteClaim(number, boris, at(9), 'manager')
  assert.deepEqual(deleted.next, { ...number, claims: number.claims.filter(each => each.id !== boris) })
  assert.deepEqual([kindsOf(deleted), deleted.notices], [['number.deleted'], []])
})

test('to delete a claim twice changes nothing the second time', () => {
  const { next } = deleteClaim(lockedNumber(), boris, at(9), 'manager')
  assert.deepEqual(deleteClaim(next, boris, at(10), 'manager'), { next, events: [], notices: [] })
})

// ——— attempts

test('ten registrations and deregistrations in 72 hours are counted; what is refused does not prolong the wait', () => {
  let number = someNumber()
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const counted = as(countAttempt(number, boris, at(attempt * hour), classic), 'counted')
    assert.deepEqual(kindsOf(counted), ['registration.attempted'])
    number = counted.next
  }
  const retryAt = at(72 * hour)
  for (const moment of [10 * hour, 71 * hour, 72 * hour - 1]) {
    assert.deepEqual(countAttempt(number, boris, at(moment), classic), { kind: 'attempts_spent', retryAt })
  }
  const next = as(countAttempt(number, boris, at(72 * hour), classic), 'counted').next
  assert.deepEqual(countAttempt(next, boris, at(72 * hour), classic), {
    kind: 'attempts_spent',
    retryAt: at(73 * hour),
  })
})

test('attempts are counted for each claim apart, so nobody spends those of another', () => {
  let number = someNumber()
  for (let attempt = 0; attempt < 10; attempt += 1) {
    number = as(countAttempt(number, xenia, at(0), classic), 'counted').next
  }
  as(countAttempt(number, xenia, at(0), classic), 'attempts_spent')
  as(countAttempt(number, boris, at(0), classic), 'counted')
})

test('an attempt of a claim that is gone is counted nowhere and refused by what comes next', () => {
  const number = someNumber()
  assert.deepEqual(as(countAttempt(number, 'gone', at(0), classic), 'counted').next, number)
})
