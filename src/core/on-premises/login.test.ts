import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classic } from '#test/simulation/a-number.ts'
import { after, day, hour, type Instant, instantAt, minute } from '../kernel/instant.ts'
import {
  addUser,
  current,
  type Installation,
  installed,
  isAdminPassword,
  isPassword,
  isUsername,
  userOf,
  withoutUser,
  withToken,
} from './installation.ts'
import { loginWasRight, spendLogin } from './login.ts'

const start = instantAt(1_800_000_000_000)
const healthKey = { verifier: 'key', shown: undefined }
const bare = installed({ verifier: 'admin-1', healthKey, number: undefined }, start)
const withBaker = (() => {
  const added = addUser(bare, { username: 'baker', verifier: 'baker-1' }, classic)
  assert(added.kind === 'created')
  return added.next
})()

/** A wrong guess; answers the installation after it, or until when it is refused. */
function wrong(installation: Installation, username: string, caller: string, now: Instant): Installation | Instant {
  const spent = spendLogin(installation, { username, caller }, now, classic)
  return spent.kind === 'look' ? spent.next : spent.retryAt
}

/** A right login, which must not be refused. */
function right(installation: Installation, username: string, caller: string, now: Instant): Installation {
  const spent = spendLogin(installation, { username, caller }, now, classic)
  assert(spent.kind === 'look')
  const verifier = userOf(installation, username)?.verifier ?? ''
  const login = { username, caller, verifier, known: spent.known, remade: undefined, token: 'token' }
  const opened = loginWasRight(spent.next, login, now, classic)
  assert(opened !== undefined)
  return opened.next
}

const open = (ended: Installation | Instant): Installation => {
  assert(typeof ended === 'object', 'it was looked at')
  return ended
}

test('strangers wait longer and longer, an hour at most and never for good, whoever they name and from wherever', () => {
  let installation = withBaker
  for (const name of ['admin', 'baker', 'nobody', 'admin', ''])
    installation = open(wrong(installation, name, name, start))
  let now = start
  for (const minutes of [1, 2, 5, 15, 30, ...Array<number>(200).fill(60)]) {
    const opens = after(now, minutes * minute)
    for (const name of ['admin', 'baker', 'nobody']) {
      assert.equal(wrong(installation, name, `${name} elsewhere`, now), opens)
      assert.equal(wrong(installation, name, `${name} elsewhere`, instantAt(opens - 1)), opens)
    }
    installation = open(wrong(installation, 'nobody', 'elsewhere', opens))
    now = opens
  }
})

test('a day without a guess starts the strangers over, to the millisecond', () => {
  let installation = bare
  let now = start
  for (let guess = 0; guess < 12; guess += 1) {
    installation = open(wrong(installation, 'admin', 'x', now))
    now = after(now, hour)
  }
  const last = instantAt(now - hour)
  const early = open(wrong(installation, 'admin', 'x', instantAt(last + day - 1)))
  assert.equal(typeof wrong(early, 'admin', 'x', instantAt(last + day)), 'number')
  const rested = open(wrong(installation, 'admin', 'x', after(last, day)))
  assert.equal(rested.strangers.inARow, 1)
})

test('where a user logged in from has a budget of its own, for that user alone and for thirty days', () => {
  let installation = right(bare, 'admin', 'bakery', start)
  for (let guess = 0; guess < 5; guess += 1) installation = open(wrong(installation, 'admin', 'elsewhere', start))
  assert.equal(typeof wrong(installation, 'admin', 'elsewhere', start), 'number')
  assert.equal(typeof wrong(installation, 'nobody', 'bakery', start), 'number', 'it is not known for others')
  // Five of the owner's own mistakes, and their right password starts their budget over.
  for (let guess = 0; guess < 4; guess += 1) installation = open(wrong(installation, 'admin', 'bakery', start))
  installation = right(installation, 'admin', 'bakery', start)
  assert.equal(userOf(installation, 'admin')?.guesses.inARow, 0)
  const edge = after(start, 30 * day)
  const spent = (now: Instant) => spendLogin(installation, { username: 'admin', caller: 'bakery' }, now, classic)
  const known = (now: Instant) => (spent(now) as { known?: boolean }).known
  assert.deepEqual([known(instantAt(edge - 1)), known(edge)], [true, false])
})

test('a right login gives a stranger’s guess back and no more', () => {
  let installation = withBaker
  for (let guess = 0; guess < 3; guess += 1) installation = open(wrong(installation, 'admin', 'thief', start))
  for (let login = 0; login < 20; login += 1) installation = right(installation, 'baker', `place ${login}`, start)
  assert.equal(installation.strangers.inARow, 3)
  assert.equal(userOf(installation, 'baker')?.knownAt.length, 8)
})

test('a password that was replaced while it was looked at was not right after all', () => {
  const spent = spendLogin(bare, { username: 'admin', caller: 'x' }, start, classic)
  assert(spent.kind === 'look')
  const login = { username: 'admin', caller: 'x', verifier: 'another', known: false, remade: undefined, token: 'token' }
  assert.equal(loginWasRight(spent.next, login, start, classic), undefined)
  const gone = { ...login, username: 'nobody' }
  assert.equal(loginWasRight(spent.next, gone, start, classic), undefined)
})

test('a user’s oldest token makes room for the newest, and never another’s', () => {
  const expires = after(start, 7 * day)
  let installation = withToken(withBaker, { verifier: 'admin', username: 'admin', expires }, classic)
  for (let login = 0; login < 20; login += 1) {
    installation = withToken(installation, { verifier: `baker ${login}`, username: 'baker', expires }, classic)
  }
  const kept = Array.from({ length: 16 }, (_, at) => `baker ${at + 4}`)
  assert.deepEqual(
    installation.tokens.map(each => each.verifier),
    ['admin', ...kept],
  )
  assert.deepEqual(
    withoutUser(installation, 'baker').tokens.map(each => each.verifier),
    ['admin'],
  )
  assert.equal(current(installation, instantAt(expires - 1)).tokens.length, 17)
  assert.deepEqual(current(installation, expires).tokens, [])
})

test('an installation holds 32 users', () => {
  let installation = bare
  for (let at = 1; at < 32; at += 1) {
    const added = addUser(installation, { username: `baker-${at}`, verifier: 'x' }, classic)
    assert(added.kind === 'created')
    installation = added.next
  }
  assert.equal(addUser(installation, { username: 'baker-32', verifier: 'x' }, classic).kind, 'too_many_users')
  assert.equal(addUser(installation, { username: 'baker-31', verifier: 'x' }, classic).kind, 'exists_already')
})

test('names and passwords are as long as documented, counted as people count', () => {
  for (const name of ['admin', 'a.b~', 'A-Z_', 'x'.repeat(32)]) assert(isUsername(name), name)
  for (const name of ['abc', 'x'.repeat(33), 'ba ker', 'bäcker', 'ba/ker', 'baker\n', ''])
    assert(!isUsername(name), name)
  for (const word of ['12345678', '🥖'.repeat(64), 'pass word with: colon']) assert(isPassword(word), word)
  for (const word of ['1234567', '🥖'.repeat(65), 'line\r\nbreak', 'zero\u0000byte']) assert(!isPassword(word), word)
  for (const word of ['Sourdough-7', 'Größe 7 m²', 'Äpfel_22']) assert(isAdminPassword(word), word)
  for (const word of ['sourdough-7', 'SOURDOUGH-7', 'Sourdough--', 'Sourdough77', 'Sour-7'])
    assert(!isAdminPassword(word), word)
})
