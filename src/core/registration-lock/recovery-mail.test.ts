// The recovery e-mail: only who proved the number makes a mail go out, and its link works once, for a day, on one lock.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  anna,
  annasMail,
  as,
  at,
  boris,
  classic,
  kindsOf,
  locked,
  lockedNumber,
  lockOf,
  made,
  someNumber,
  strict,
  told,
  xenia,
} from '#test/simulation/a-number.ts'
import { day, hour, minute } from '../kernel/instant.ts'
import { contested, setPin } from './lock.ts'
import type { PhoneNumber } from './phone-number.ts'
import {
  confirmRecoveryAddress,
  confirmRecoveryLink,
  giveRecoveryAddress,
  mailRecoveryLink,
  openRecoveryLink,
  reachableAddress,
} from './recovery-mail.ts'
import { approach, guessedRight, register } from './registration.ts'

const withAddress = lockedNumber({ recoveryEmail: annasMail })
const mail = (number: PhoneNumber, moment: number, claim = boris, limits = classic) =>
  mailRecoveryLink(number, { claim, verifier: `link of ${moment}` }, at(moment), limits)
const mailed = (number: PhoneNumber, moment: number): PhoneNumber => as(mail(number, moment), 'mailed').next
const confirm = (number: PhoneNumber, link: number, moment: number) =>
  confirmRecoveryLink(number, `link of ${link}`, at(moment))

test('whoever proved the number gets a link mailed to the recovery address, for a day', () => {
  const ending = as(mail(withAddress, 5), 'mailed')
  assert.equal(ending.address, annasMail.address)
  assert.equal(ending.expires, at(5 + day))
  assert.deepEqual(kindsOf(ending), ['recovery.mail_sent'])
  assert.deepEqual(ending.notices, [])
})

test('nobody without the number makes a mail go out, nor learns whether there is a lock or an address', () => {
  for (const number of [withAddress, lockedNumber(), someNumber()]) {
    assert.deepEqual(mail(number, 0, xenia), { kind: 'not_proved' })
    assert.deepEqual(mail(number, 0, 'gone'), { kind: 'not_proved' })
  }
})

test('without a lock or an address there is no mail', () => {
  assert.deepEqual(mail(someNumber(), 0), { kind: 'no_lock' })
  assert.deepEqual(mail(lockedNumber(), 0), { kind: 'no_address' })
})

test('an address that was not confirmed counts in the classic profile and not in the strict one', () => {
  const number = lockedNumber({ recoveryEmail: { ...annasMail, confirmed: false } })
  as(mail(number, 0), 'mailed')
  assert.deepEqual(mail(number, 0, boris, strict), { kind: 'no_address' })
  as(mail(withAddress, 0, boris, strict), 'mailed')
  assert.equal(reachableAddress(lockOf(number), classic), annasMail.address)
  assert.equal(reachableAddress(lockOf(number), strict), undefined)
})

test('five mails a day go out for one lock, a minute apart', () => {
  let number: PhoneNumber = withAddress
  for (let mails = 0; mails < 5; mails += 1) number = mailed(number, mails * minute)
  assert.deepEqual(mail(number, hour), { kind: 'too_many_mails', retryAt: at(day) })
  assert.deepEqual(mail(mailed(withAddress, 0), minute - 1), { kind: 'too_many_mails', retryAt: at(minute) })
  mailed(number, day)
})

test('the confirmed link removes the PIN, registers nobody and tells the holder and the address', () => {
  const number = mailed(withAddress, 0)
  const removed = made(confirm(number, 0, 5))
  assert.deepEqual(removed.next, { ...number, lock: { kind: 'none' } })
  assert.deepEqual(removed.events, [{ kind: 'pin.removed', claim: undefined }])
  assert.deepEqual(told(removed.notices), [`pin_removed → ${anna}`, `pin_removed → ${annasMail.address}`])
  assert(removed.notices.every(each => each.door === 'mail'))
})

test('a link lives for 24 hours, to the millisecond', () => {
  const number = mailed(withAddress, 0)
  assert(confirm(number, 0, day - 1) !== undefined)
  assert.equal(confirm(number, 0, day), undefined)
  assert.equal(confirm(number, 0, day + 1), undefined)
  assert.equal(openRecoveryLink(number, at(day)), undefined)
  assert(openRecoveryLink(number, at(day - 1)) !== undefined)
})

test('a link works once: also when a PIN is set again', () => {
  const removed = made(confirm(mailed(withAddress, 0), 0, 5)).next
  assert.equal(confirm(removed, 0, 6), undefined)
  const again = as(
    setPin(removed, { claim: anna, verifier: 'new', door: 'rest', weakness: undefined }, at(7), classic),
    'set',
  )
  assert.equal(confirm(again.next, 0, 8), undefined)
})

test('a link belongs to one lock: a changed PIN takes it away', () => {
  const number = mailed(withAddress, 0)
  const changed = as(
    setPin(number, { claim: anna, verifier: 'new', door: 'rest', weakness: undefined }, at(1), classic),
    'changed',
  )
  assert.equal(confirm(changed.next, 0, 2), undefined)
  assert.equal(lockOf(changed.next).recoveryEmail?.address, annasMail.address, 'the address stays')
})

test('a changed PIN does not restore the mails that may go out', () => {
  let number: PhoneNumber = withAddress
  for (let mails = 0; mails < 5; mails += 1) number = mailed(number, mails * minute)
  const changed = as(
    setPin(number, { claim: anna, verifier: 'new', door: 'rest', weakness: undefined }, at(hour), classic),
    'changed',
  )
  as(mail(changed.next, hour + 1), 'too_many_mails')
})

test('a new link replaces the old one, and a wrong secret opens nothing', () => {
  const number = mailed(mailed(withAddress, 0), minute)
  assert.equal(confirm(number, 0, 2 * minute), undefined)
  assert.equal(confirm(number, 7, 2 * minute), undefined)
  assert(confirm(number, minute, 2 * minute) !== undefined)
})

test('the holder who remembers the PIN after all keeps the lock; the link still works for its day', () => {
  const number = mailed(withAddress, 0)
  const right = {
    claim: anna,
    verifier: lockOf(number).verifier,
    door: 'rest',
    account: 'fresh',
    remade: undefined,
  } as const
  assert(confirm(made(guessedRight(number, right, at(1))).next, 0, 2) !== undefined)
})

test('who waited for the link to be confirmed registers then', () => {
  const contest = contested(locked(mailed(withAddress, 0)), { claim: boris, door: 'rest' }, at(1)).next
  const removed = made(confirm(contest, 0, 2)).next
  as(approach(removed, { claim: boris, pin: 'missing', door: 'rest' }, at(3), classic), 'open')
  const arrival = { claim: boris, door: 'rest', account: 'fresh', pin: undefined } as const
  assert.equal(made(register(removed, arrival, at(3), classic)).next.holder?.claim, boris)
})

// ——— the address

const give = (number: PhoneNumber, address: string | undefined, confirmation: string | undefined, moment = 0) =>
  giveRecoveryAddress(number, { claim: anna, address, confirmation, door: 'rest' }, at(moment), classic)

test('a first address waits for its confirmation; nobody else is told', () => {
  const given = made(give(lockedNumber(), annasMail.address, 'secret', 5))
  assert.deepEqual(lockOf(given.next).recoveryEmail, {
    address: annasMail.address,
    confirmed: false,
    confirmation: { verifier: 'secret', expires: at(5 + day) },
  })
  assert.deepEqual(kindsOf(given), ['recovery.address_changed'])
  assert.deepEqual(given.notices, [])
})

test('without a lock there is nothing to leave an address for', () => {
  assert.equal(give(someNumber(), annasMail.address, undefined), undefined)
})

test('a changed address tells the old one, and a link that went there dies', () => {
  const number = mailed(withAddress, 0)
  const changed = made(give(number, 'new@example.org', undefined, 1))
  assert.deepEqual(told(changed.notices), [`recovery_address_changed → ${annasMail.address}`])
  assert.equal(confirm(changed.next, 0, 2), undefined)
  as(mail(changed.next, 30), 'too_many_mails')
})

test('an address taken away is told as well, and no mail goes out any more', () => {
  const gone = made(give(withAddress, undefined, undefined))
  assert.deepEqual(told(gone.notices), [`recovery_address_changed → ${annasMail.address}`])
  as(mail(gone.next, 1), 'no_address')
})

test('the same address given again changes nothing, whether it is confirmed or waits', () => {
  const waiting = made(give(lockedNumber(), annasMail.address, 'secret')).next
  assert.equal(made(give(withAddress, annasMail.address, 'secret')).next, withAddress)
  assert.equal(made(give(waiting, annasMail.address, undefined)).next, waiting)
  assert.equal(made(give(lockedNumber(), undefined, undefined)).events.length, 0)
})

test('an address whose confirmation was lost gets a new one when it is given again', () => {
  const waiting = made(give(lockedNumber(), annasMail.address, 'first')).next
  const renewed = made(give(waiting, annasMail.address, 'second', 2 * day))
  assert.deepEqual(renewed.notices, [])
  assert.equal(confirmRecoveryAddress(renewed.next, 'first', at(2 * day)), undefined)
  assert(confirmRecoveryAddress(renewed.next, 'second', at(2 * day)) !== undefined)
})

test('an address is confirmed once, within a day, with its own secret', () => {
  const waiting = made(give(lockedNumber(), annasMail.address, 'secret')).next
  assert.equal(confirmRecoveryAddress(waiting, 'other', at(1)), undefined)
  assert.equal(confirmRecoveryAddress(waiting, 'secret', at(day)), undefined)
  const confirmed = made(confirmRecoveryAddress(waiting, 'secret', at(day - 1)))
  assert.deepEqual(lockOf(confirmed.next).recoveryEmail, annasMail)
  assert.deepEqual(kindsOf(confirmed), ['recovery.address_confirmed'])
  assert.equal(confirmRecoveryAddress(confirmed.next, 'secret', at(day - 1)), undefined)
  assert.equal(confirmRecoveryAddress(someNumber(), 'secret', at(1)), undefined)
})
