// The lock: who may put a PIN on a number, what guesses cost, how a contest begins and ends, and what moves last use.

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
  locked,
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
import {
  contestAnswered,
  contested,
  guessWasRight,
  guessWasWrong,
  isContested,
  lockNotice,
  maySetPin,
  reminderAnswered,
  removePin,
  setPin,
  spendPinGuess,
  stillGuards,
  used,
  wipeEffect,
} from './lock.ts'
import type { ClaimId, PhoneNumber } from './phone-number.ts'
import { noLinks } from './recovery-mail.ts'

const set = (number: PhoneNumber, claim: ClaimId, moment = 5, weakness?: string) =>
  setPin(number, { claim, verifier: `PIN of ${claim}`, door: 'rest', weakness }, at(moment), classic)
const guess = (number: PhoneNumber, claim: ClaimId, moment = 5) =>
  spendPinGuess(number, lockOf(number), { claim, for: 'registration' }, at(moment), classic)
const guessed = (number: PhoneNumber, claim: ClaimId, moment = 5): PhoneNumber =>
  as(guess(number, claim, moment), 'look').next
const contestBy = (number: PhoneNumber, claim: ClaimId, moment = 5) =>
  contested(locked(number), { claim, door: 'graph' }, at(moment))

// ——— who may set a PIN

test('a PIN is set by the holder, or, where nobody holds the number, by who proved it', () => {
  assert.equal(maySetPin(heldNumber(), anna), 'yes')
  assert.equal(maySetPin(someNumber(), anna), 'yes')
  assert.equal(maySetPin(someNumber(), boris), 'yes')
})

test('a PIN is changed by its keeper only, whether they hold the number or nobody does', () => {
  for (const number of [lockedNumber(), someNumber({ lock: someLock() })]) {
    assert.equal(maySetPin(number, anna), 'yes')
    assert.equal(maySetPin(number, boris), 'not_keeper')
  }
  assert.equal(maySetPin(heldNumber(), boris), 'not_keeper')
})

test('who has not proved the number may set no PIN and does not learn whether there is one', () => {
  const ended = someClaim(boris, { proof: { kind: 'ended', at: at(0) } })
  for (const number of [someNumber(), heldNumber(), lockedNumber(), someNumber({ lock: someLock() })]) {
    assert.equal(maySetPin(number, xenia), 'not_proved')
    assert.equal(maySetPin(number, 'gone'), 'not_proved')
    assert.equal(
      maySetPin({ ...number, claims: [...number.claims.filter(each => each.id !== boris), ended] }, boris),
      'not_proved',
    )
    assert.deepEqual(set(number, xenia), { kind: 'not_proved' })
  }
})

// ——— setting and changing

test('a first PIN makes a whole lock: keeper, fresh budgets, first reminder, no contest, no address, no link', () => {
  const ending = as(set(heldNumber(), anna), 'set')
  assert.deepEqual(ending.next.lock, {
    kind: 'set',
    verifier: `PIN of ${anna}`,
    setAt: at(5),
    keeper: anna,
    budgets: { keeper: fresh, others: fresh },
    contest: undefined,
    recoveryEmail: undefined,
    recoveryLinks: noLinks,
    reminder: { step: 0, due: at(5 + 6 * hour) },
  })
  assert.deepEqual(kindsOf(ending), ['pin.set'])
  assert.deepEqual(told(ending.notices), [`pin_set → ${anna}`])
})

test('a changed PIN restores guesses and reminders, keeps address and contest, and tells the holder and the address', () => {
  const contest = { since: at(1), claim: boris }
  const number = guessed(guessed(lockedNumber({ contest, recoveryEmail: annasMail }), anna), boris)
  const ending = as(set(number, anna, 10), 'changed')
  const lock = lockOf(ending.next)
  assert.deepEqual(lock.budgets, { keeper: fresh, others: fresh })
  assert.deepEqual([lock.contest, lock.recoveryEmail?.address], [contest, annasMail.address])
  assert.equal(lock.reminder.due, at(10 + 6 * hour))
  assert.deepEqual(kindsOf(ending), ['pin.changed'])
  assert.deepEqual(told(ending.notices), [`pin_changed → ${anna}`, `pin_changed → ${annasMail.address}`])
})

test('a weak PIN that a door must accept is pointed out in the journal, by its kind alone', () => {
  const ending = as(set(heldNumber(), anna, 5, 'run'), 'set')
  assert.deepEqual(ending.events.at(-1), { kind: 'pin.weak', claim: anna, weakness: 'run' })
})

test('a first PIN on a number that was idle for years guards it from the first moment', () => {
  const idle = someNumber({ lastUse: at(0) })
  const { next } = as(set(idle, anna, 1_000 * day), 'set')
  assert.equal(wipeEffect(next, at(1_000 * day), classic), 'none')
  assert.equal(next.lastUse, at(1_000 * day))
})

test('a PIN changed in a contest does not hold the days back', () => {
  const { next } = contestBy(lockedNumber(), boris)
  assert.equal(as(set(next, anna, day), 'changed').next.lastUse, at(0))
})

// ——— guesses

test('a guess is spent in the change that hands out the verifier, from the budget of the side that guesses', () => {
  const look = as(guess(lockedNumber(), boris), 'look')
  assert.equal(look.verifier, lockOf(lockedNumber()).verifier)
  assert.deepEqual(look.events, [{ kind: 'pin.guess_spent', claim: boris, for: 'registration' }])
  const { budgets } = lockOf(look.next)
  assert.deepEqual([budgets.keeper.inARow, budgets.others.inARow], [0, 1])
  const own = lockOf(guessed(lockedNumber(), anna)).budgets
  assert.deepEqual([own.keeper.inARow, own.others.inARow], [1, 0])
})

test('a thief who spends all guesses costs the keeper none', () => {
  let number: PhoneNumber = lockedNumber()
  for (let guesses = 0; guesses < 5; guesses += 1) number = guessed(number, boris)
  assert.deepEqual(guess(number, boris), { kind: 'shut', until: at(5 + minute), wait: minute })
  as(guess(number, anna), 'look')
})

test('a right guess starts its own side over and no other', () => {
  const number = locked(guessed(guessed(lockedNumber(), anna), boris))
  const { next, events } = guessWasRight(number, { claim: anna, for: 'change', remade: undefined })
  const { budgets } = lockOf(next)
  assert.deepEqual([budgets.keeper, budgets.others.inARow], [fresh, 1])
  assert.deepEqual(events, [{ kind: 'pin.right', claim: anna, for: 'change' }])
})

test('a verifier made anew with a younger key is the same PIN on the same lock', () => {
  const number = lockedNumber({ recoveryEmail: annasMail })
  const { next } = guessWasRight(number, { claim: anna, for: 'reminder', remade: 'younger' })
  assert.deepEqual(next.lock, { ...number.lock, verifier: 'younger' })
})

test('a wrong guess changes nothing that its spending had not changed', () => {
  const number = guessed(lockedNumber(), boris)
  assert.deepEqual(guessWasWrong(number, boris, 'registration'), {
    next: number,
    events: [{ kind: 'pin.wrong', claim: boris, for: 'registration' }],
    notices: [],
  })
})

test('a guess compared with a PIN that is no longer set guards nothing', () => {
  const { verifier } = lockOf(lockedNumber())
  assert(stillGuards(lockedNumber(), verifier))
  assert(!stillGuards(lockedNumber({ verifier: 'another' }), verifier))
  assert(!stillGuards(someNumber(), verifier))
})

// ——— the notice

test('who meets the lock is told the guesses left on their side, the ways out, and both dates', () => {
  const number = lockedNumber({ recoveryEmail: annasMail })
  const notice = lockNotice(number, number.lock, boris, at(5), classic)
  assert.deepEqual(notice, {
    guessesLeft: 5,
    guessOpensAt: at(5),
    resetMethods: ['email', 'time'],
    wipeAt: at(7 * day),
    deleteAt: at(30 * day),
    wipeEffect: 'none',
  })
  let spent: PhoneNumber = number
  for (let guesses = 0; guesses < 5; guesses += 1) spent = guessed(spent, boris)
  const shut = lockNotice(spent, lockOf(spent), boris, at(5), classic)
  assert.deepEqual([shut.guessesLeft, shut.guessOpensAt], [0, at(5 + minute)])
  assert.equal(lockNotice(spent, lockOf(spent), anna, at(5), classic).guessesLeft, 5)
})

test('when the PIN way is closed no time is named for it, and without an address only time is left', () => {
  const closed = { inARow: 100, lastAt: at(0), owed: 100, owedSince: at(0) }
  const number = lockedNumber({ budgets: { keeper: fresh, others: closed } })
  const notice = lockNotice(number, number.lock, boris, at(8 * day), classic)
  assert.deepEqual([notice.guessesLeft, notice.guessOpensAt, notice.resetMethods], [0, undefined, ['time']])
  assert.equal(notice.wipeEffect, 'pending_messages')
})

test('7 days and 30 days without use count from the millisecond of the last use, and at the millisecond itself they are over', () => {
  const number = lockedNumber({}, { lastUse: at(3) })
  const effects = [-1, 0, 1].map(beside => [
    wipeEffect(number, at(3 + 7 * day + beside), classic),
    wipeEffect(number, at(3 + 30 * day + beside), classic),
  ])
  assert.deepEqual(effects, [
    ['none', 'pending_messages'],
    ['pending_messages', 'account'],
    ['pending_messages', 'account'],
  ])
})

// ——— removal

test('a removed PIN takes its lock away whole, and the holder and the address are told by which door', () => {
  const number = lockedNumber({ contest: { since: at(1), claim: boris }, recoveryEmail: annasMail })
  const removed = removePin(number, { by: anna, door: 'on-premises' }, at(5))
  assert.deepEqual(removed.next, { ...number, lock: { kind: 'none' } })
  assert.deepEqual(removed.events, [{ kind: 'pin.removed', claim: anna }])
  assert.deepEqual(told(removed.notices), [`pin_removed → ${anna}`, `pin_removed → ${annasMail.address}`])
  assert(removed.notices.every(each => each.door === 'on-premises' && each.at === at(5)))
})

test('where nobody holds the number, its keeper is told of a removal', () => {
  const removed = removePin(someNumber({ lock: someLock() }), { by: undefined, door: 'mail' }, at(5))
  assert.deepEqual(told(removed.notices), [`pin_removed → ${anna}`])
})

test('to remove a PIN that is not there changes nothing and tells nobody', () => {
  const number = heldNumber()
  assert.deepEqual(removePin(number, { by: anna, door: 'on-premises' }, at(5)), {
    next: number,
    events: [],
    notices: [],
  })
})

// ——— contests

test('a contest begins once, tells the holder and the address, and changes nothing else', () => {
  const number = lockedNumber({ recoveryEmail: annasMail })
  const first = contestBy(number, boris)
  assert.deepEqual(first.next, { ...number, lock: { ...number.lock, contest: { since: at(5), claim: boris } } })
  assert.deepEqual(kindsOf(first), ['registration.contested'])
  assert.deepEqual(told(first.notices), [
    `registration_contested → ${anna}`,
    `registration_contested → ${annasMail.address}`,
  ])
  assert.deepEqual(contestBy(first.next, boris, 6), { next: locked(first.next), events: [], notices: [] })
})

test('neither the keeper nor who has not proved the number contests it', () => {
  for (const claim of [anna, xenia, 'gone']) {
    const number = lockedNumber()
    assert.deepEqual(contestBy(number, claim), { next: number, events: [], notices: [] })
  }
})

test('where nobody holds the number, the keeper of its PIN is told of a contest', () => {
  assert.deepEqual(told(contestBy(someNumber({ lock: someLock() }), boris).notices), [
    `registration_contested → ${anna}`,
  ])
})

test('the holder moves last use, nobody else does, and in a contest nobody', () => {
  assert.equal(used(lockedNumber(), anna, at(9)).lastUse, at(9))
  assert.equal(used(heldNumber(), anna, at(9)).lastUse, at(9))
  assert.equal(used(lockedNumber(), boris, at(9)).lastUse, at(0))
  assert.equal(used(someNumber({ lock: someLock() }), anna, at(9)).lastUse, at(0))
  assert.equal(used(contestBy(lockedNumber(), boris).next, anna, at(9)).lastUse, at(0))
})

test('last use never runs back', () => {
  assert.equal(used(lockedNumber({}, { lastUse: at(9) }), anna, at(5)).lastUse, at(9))
  assert.equal(as(set(heldNumber({ lastUse: at(9) }), anna, 5), 'set').next.lastUse, at(9))
})

test("a contest ends by the holder's answer, which is use", () => {
  const { next } = contestBy(lockedNumber(), boris)
  const answered = made(contestAnswered(next, anna, at(9)))
  assert.deepEqual(answered.next, { ...lockedNumber(), lastUse: at(9) })
  assert.deepEqual(kindsOf(answered), ['registration.uncontested'])
})

test('a contest is not answered by another, nor where there is none', () => {
  const { next } = contestBy(lockedNumber(), boris)
  assert(isContested(next))
  assert.equal(contestAnswered(next, boris, at(9)), undefined)
  assert.equal(contestAnswered(next, xenia, at(9)), undefined)
  assert.equal(contestAnswered(lockedNumber(), anna, at(9)), undefined)
  assert.equal(contestAnswered(heldNumber(), anna, at(9)), undefined)
})

// ——— reminders

test('an answered reminder moves the reminder and nothing else of the number', () => {
  const number = lockedNumber({ reminder: { step: 1, due: at(hour) } })
  const right = reminderAnswered(number, true, at(hour), classic)
  assert.deepEqual(right.next, { ...number, lock: { ...number.lock, reminder: { step: 2, due: at(hour + day) } } })
  assert.deepEqual(right.events, [{ kind: 'reminder.answered', right: true }])
  const wrong = reminderAnswered(number, false, at(hour), classic)
  assert.deepEqual(lockOf(wrong.next).reminder, { step: 0, due: at(hour) })
})

test('each party that contests the number is told of once; the days count from the first', () => {
  const number = lockedNumber({}, { claims: [provedClaim(anna), provedClaim(boris), provedClaim(xenia)] })
  const first = contested(number, { claim: boris, door: 'graph' }, at(5))
  assert.deepEqual(told(first.notices), [`registration_contested → ${anna}`])
  const again = contested(locked(first.next), { claim: boris, door: 'graph' }, at(6))
  assert.deepEqual([again.next, again.events, again.notices], [first.next, [], []])
  const second = contested(locked(first.next), { claim: xenia, door: 'graph' }, at(7))
  assert.deepEqual(told(second.notices), [`registration_contested → ${anna}`])
  assert.deepEqual(kindsOf(second), ['registration.contested'])
  assert.deepEqual(lockOf(second.next).contest, { since: at(5), claim: xenia })
})
