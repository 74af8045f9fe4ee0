// What a document of an admin promises on its own: lists with a bound, guesses that are counted where they belong, links that
// never reset a password.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classic } from '#test/simulation/a-number.ts'
import { day, instantAt, minute } from '../kernel/instant.ts'
import * as admins from './admin.ts'

const at = (milliseconds: number) => instantAt(1_000 * day + milliseconds)
const person = { ...admins.nobody('a@b.example', at(0)), password: 'v1' }

const right = (admin: admins.Admin, number: number, by: admins.Guesser = { kind: 'stranger' }) => {
  const session = { verifier: `s${number}`, formToken: 'f' }
  const of = { by, verifier: 'v1', remade: undefined, session, browser: `b${number}` }
  const signedIn = admins.passwordWasRight(admin, of, at(number), classic)
  assert.ok(signedIn !== undefined)
  return signedIn.next
}

test('one address has one spelling', () => {
  assert.equal(admins.addressOf(' Anna@Bakery.Example '), 'anna@bakery.example')
})

test('a person looks after so many businesses and no more, and a change of role needs no room', () => {
  let admin: admins.Admin = person
  for (let business = 0; business < classic.businessesPerAdmin; business++) {
    const joined = admins.join(admin, { business: String(business), role: 'member' }, at(0), classic)
    assert.ok(joined.kind === 'joined')
    admin = joined.next
  }
  assert.equal(admins.join(admin, { business: 'x', role: 'admin' }, at(0), classic).kind, 'too_many_businesses')
  const raised = admins.join(admin, { business: '0', role: 'admin' }, at(1), classic)
  assert.ok(raised.kind === 'joined')
  assert.deepEqual(raised.events, [{ kind: 'admin.role_changed', business: '0', role: 'admin' }])
  assert.equal(admins.roleIn(raised.next, '0'), 'admin')
  assert.equal(admins.leave(admin, 'x'), undefined)
})

test('a right password gives back the guesses of who guessed, and of nobody else', () => {
  let admin = right(person, 1)
  const known = { kind: 'known_browser', verifier: 'b1' } as const
  for (const by of [known, { kind: 'stranger' } as const]) {
    for (let guess = 0; guess < 3; guess++) {
      const spent = admins.spendPasswordGuess(admin, by, at(10), classic)
      assert.ok(spent.kind === 'look')
      admin = spent.next
    }
  }
  const again = right(admin, 11, known)
  assert.equal(again.browsers.find(({ verifier }) => verifier === 'b1')?.guesses.inARow, 0)
  assert.equal(again.strangers.inARow, 3)
})

test('a browser that was pushed out of the list guesses as a stranger does', () => {
  const gone = { kind: 'known_browser', verifier: 'b-gone' } as const
  const spent = admins.spendPasswordGuess(person, gone, at(0), classic)
  assert.ok(spent.kind === 'look')
  assert.equal(spent.next.strangers.inARow, 1)
})

test('sessions and browsers are bounded; the least lately used goes first', () => {
  let admin: admins.Admin = person
  for (let number = 0; number < 30; number++) admin = right(admin, number)
  assert.deepEqual([admin.sessions.length, admin.sessions[0]?.verifier], [classic.sessionsPerAdmin, 's10'])
  assert.deepEqual([admin.browsers.length, admin.browsers[0]?.verifier], [classic.browsersPerAdmin, 'b20'])
})

test('a password that was changed while another was looked at lets nobody in', () => {
  const by = { kind: 'stranger' } as const
  const session = { verifier: 's', formToken: 'f' }
  const of = { by, verifier: 'an older one', remade: undefined, session, browser: 'b' }
  assert.equal(admins.passwordWasRight(person, of, at(0), classic), undefined)
  const inside = right(person, 1)
  assert.equal(admins.changePassword(inside, { session: 's1', verifier: 'an older one', password: 'v2' }), undefined)
  assert.equal(admins.changePassword(inside, { session: 's9', verifier: 'v1', password: 'v2' }), undefined)
})

test('use of a session is written down now and then, and a session that is over is not used', () => {
  const admin = right(person, 0)
  const twelfth = classic.session.idle / 12
  assert.equal(admins.usedSession(admin, 's0', at(twelfth - 1), classic), undefined)
  assert.equal(admins.usedSession(admin, 's0', at(twelfth), classic)?.next.sessions[0]?.lastUse, at(twelfth))
  assert.equal(admins.usedSession(admin, 's0', at(classic.session.idle), classic), undefined)
})

test('an invitation is good once, until its last millisecond', () => {
  const { next } = admins.invite(admins.nobody('a@b.example', at(0)), 'i', at(0), classic)
  const choose = (admin: admins.Admin, milliseconds: number) =>
    admins.choosePassword(admin, { invitation: 'i', password: 'v' }, at(milliseconds))
  assert.equal(choose(next, day), undefined)
  const chosen = choose(next, day - 1)
  assert.equal(chosen?.next.password, 'v')
  assert.equal(choose(chosen?.next ?? next, 2 * minute), undefined)
})
