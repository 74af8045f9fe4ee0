// A consumer app registers numbers: the code, the lock, and the ways past it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { otherThan } from '../../other-code.ts'
import { type Application, openRest, otherPin, pin, type RestDoor } from './door.ts'

let door: RestDoor
let app: Application
before(async () => {
  door = await openRest()
  app = await door.application()
})
after(() => door[Symbol.asyncDispose]())

const days = (count: number) => count * 86_400

test('a number is registered with its code, and each answer says what comes next', async () => {
  const national = door.newNational()
  const begun = await door.rest(app, 'POST', '/registrations', {
    json: { number: `0${national.slice(0, 4)} ${national.slice(4)}`, country: 'gb', method: 'voice', locale: 'pt-BR' },
  })
  assert.equal(begun.status, 201, begun.text)
  assert.deepEqual(begun.body, {
    id: begun.body.id,
    number: `+44${national}`,
    state: 'not_proved',
    next: 'check_code',
    created_at: begun.body.created_at,
    code: { expires_in_s: 600, checks_left: 5, check_wait_s: 0, send_wait_s: 60 },
    registered_at: null,
    account_id: null,
  })
  const [message] = await door.outbox(`+44${national}`)
  assert.equal(message?.channel, 'voice')
  const registration = door.registrationOf(app, String(begun.body.id), `+44${national}`)
  assert.equal((await registration.post('complete')).body.kind, 'not_proved')
  const code = await door.newestCode(registration.number)
  const proved = await registration.post('code/check', { code: `${code.slice(0, 3)}-${code.slice(3)}` })
  assert.deepEqual([proved.body.state, proved.body.next, proved.body.code], ['proved', 'complete', null])
  const completed = await registration.post('complete')
  assert.deepEqual([completed.body.state, completed.body.reset], ['registered', 'none'])
  assert.match(String(completed.body.account_id), /^[0-9a-f]{32}$/)
  const again = await registration.post('complete')
  assert.deepEqual(again.body, completed.body)
  const { reset: _, ...shown } = completed.body
  assert.deepEqual((await registration.get()).body, shown)
  assert.equal((await registration.get('two-step')).body.enabled, false)
})

test('a wrong code, a used one and a late one read alike; the fifth wrong one is the last', async () => {
  const registration = await door.begun(app)
  const code = await door.newestCode(registration.number)
  const wrong = otherThan(code)
  const first = await registration.post('code/check', { code: wrong })
  assert.deepEqual([first.status, first.body.kind], [422, 'wrong_code'])
  assert.equal((await registration.post('code/check', { code: wrong })).body.kind, 'wrong_code')
  await registration.post('code/check', { code: wrong })
  const fast = await registration.post('code/check', { code })
  assert.deepEqual([fast.status, fast.body.kind, fast.body.retry_after], [429, 'check_too_soon', 60])
  await door.advance('PT1M')
  await registration.post('code/check', { code: wrong })
  await door.advance('PT2M')
  await registration.post('code/check', { code: wrong })
  const spent = await registration.post('code/check', { code })
  assert.deepEqual([spent.body.kind, spent.body.retry_after], ['checks_spent', 420])

  const plain = (body: Readonly<Record<string, unknown>>) => ({ ...body, instance: undefined })
  const late = await door.begun(app)
  const lateCode = await door.newestCode(late.number)
  await door.advance('PT10M')
  assert.deepEqual(plain((await late.post('code/check', { code: lateCode })).body), plain(first.body))
  assert.equal((await late.get()).body.next, 'send_code')
  const used = await door.proved(app)
  const usedCode = await door.newestCode(used.number)
  assert.deepEqual(plain((await used.post('code/check', { code: usedCode })).body), plain(first.body))
})

test('a code is sent again after its wait, replaces the one before, and five a day are the most', async () => {
  const registration = await door.begun(app)
  const first = await door.newestCode(registration.number)
  const soon = await registration.post('code', { method: 'sms' })
  assert.deepEqual([soon.status, soon.body.kind, soon.body.retry_after], [429, 'too_many_codes', 60])
  assert.equal((await registration.get()).body.next, 'check_code')
  await door.advance('PT1M')
  const again = await registration.post('code', { method: 'voice', locale: 'de' })
  assert.equal(again.status, 200, again.text)
  assert.equal((await registration.post('code/check', { code: first })).body.kind, 'wrong_code')
  for (const wait of ['PT1M', 'PT3M', 'PT5M']) {
    await door.advance(wait)
    assert.equal((await registration.post('code')).status, 200)
  }
  await door.advance('PT10M')
  const spent = await registration.post('code')
  assert.deepEqual([spent.status, spent.body.retry_after], [429, days(1) - 20 * 60])
  const newcomer = await door.rest(app, 'POST', '/registrations', { json: { number: registration.number } })
  assert.deepEqual([newcomer.status, newcomer.body.kind], [429, 'too_many_codes'])
})

test('who takes a number without a lock over ends the earlier registration', async () => {
  const first = await door.registered(app)
  const second = await door.registered(await door.application(), first.number)
  const ended = await first.get()
  assert.deepEqual([ended.body.state, ended.body.next, ended.body.account_id], ['ended', 'send_code', null])
  for (const path of ['two-step', 'reminder', 'contest']) {
    assert.equal((await first.get(path)).body.kind, 'not_registered')
  }
  assert.equal((await first.post('use')).body.kind, 'not_registered')
  assert.equal((await second.get()).body.state, 'registered')
})

test('the lock is met with all that a person needs, and the right PIN opens it', async () => {
  const holder = await door.locked(app, { email: 'ada@example.com', email_repeat: 'ada@example.com' })
  const newcomer = await door.proved(app, holder.number)
  assert.equal((await newcomer.get('two-step')).body.kind, 'not_registered')
  const met = await newcomer.post('complete')
  assert.equal(met.status, 423)
  assert.equal(met.body.kind, 'pin_needed')
  const members = {
    guesses_left: 5,
    guess_wait_s: 0,
    reset_methods: ['email', 'time'],
    wipe_wait_s: days(7) - 60,
    delete_wait_s: days(30) - 60,
    wipe_effect: 'none',
  }
  assert.deepEqual({ ...met.body, ...members }, met.body)
  const wrong = await newcomer.post('complete', { pin: otherPin })
  assert.deepEqual([wrong.status, wrong.body.kind, wrong.body.guesses_left], [423, 'wrong_pin', 4])
  const { account_id } = (await holder.get()).body
  const right = await newcomer.post('complete', { pin })
  assert.deepEqual([right.status, right.body.reset, right.body.account_id], [200, 'none', account_id])
  assert.deepEqual([(await holder.get()).body.state, (await newcomer.get('two-step')).body.enabled], ['ended', true])
  assert.equal((await newcomer.get('contest')).body.contested, false)
})

test('a completion that is sent again is answered again, and asks nothing twice', async () => {
  const holder = await door.locked(app)
  const again = await holder.post('complete')
  assert.deepEqual([again.status, again.body.state, again.body.reset], [200, 'registered', 'none'])
})

test('five wrong PINs in a row, then each waits longer, and what is refused is not looked at', async () => {
  const holder = await door.locked(app)
  const thief = await door.proved(app, holder.number)
  for (const left of [4, 3, 2, 1, 0]) {
    assert.equal((await thief.post('complete', { pin: otherPin })).body.guesses_left, left)
  }
  const soon = await thief.post('complete', { pin })
  assert.deepEqual(
    [soon.status, soon.body.kind, soon.body.guess_wait_s, soon.body.retry_after],
    [429, 'guess_too_soon', 60, 60],
  )
  await door.advance('PT59.999S')
  assert.equal((await thief.post('complete', { pin })).body.guess_wait_s, 1)
  await door.advance('PT0.001S')
  assert.equal((await thief.post('complete', { pin: otherPin })).body.kind, 'wrong_pin')
  assert.equal((await thief.post('complete')).body.guess_wait_s, 300)
  const { body } = await holder.get('two-step')
  assert.deepEqual([body.guesses_left, body.guess_wait_s], [5, 0])
})

test('seven days without use open the lock to the millisecond, to who accepted what it costs', async () => {
  const holder = await door.locked(app, { email: 'ada@example.com', email_repeat: 'ada@example.com' })
  const { account_id } = (await holder.get()).body
  const newcomer = await door.proved(app, holder.number)
  const early = { accept_reset: 'account' }
  assert.equal((await newcomer.post('complete', early)).body.wipe_wait_s, days(7) - 60)
  await door.advance('P6DT23H58M59.999S')
  const last = await newcomer.post('complete', early)
  assert.deepEqual([last.status, last.body.wipe_effect, last.body.wipe_wait_s], [423, 'none', 1])
  await door.advance('PT0.001S')
  const asked = await newcomer.post('complete')
  assert.deepEqual([asked.status, asked.body.wipe_effect, asked.body.wipe_wait_s], [423, 'pending_messages', 0])
  await door.advance('PT0.001S')
  assert.deepEqual((await newcomer.post('complete')).body.wipe_effect, 'pending_messages')
  const done = await newcomer.post('complete', { accept_reset: 'pending_messages' })
  assert.deepEqual([done.status, done.body.reset, done.body.account_id], [200, 'pending_messages', account_id])
  const state = (await newcomer.get('two-step')).body
  assert.deepEqual([state.enabled, state.recovery_email], [false, null])
  assert.equal((await holder.get()).body.state, 'ended')
})

test('a wait that is over is zero, however long ago it ended', async () => {
  const holder = await door.locked(app)
  const newcomer = await door.proved(app, holder.number)
  await newcomer.post('complete')
  await door.advance('P30D')
  const { body } = await newcomer.post('complete', { pin: otherPin })
  assert.deepEqual([body.kind, body.wipe_wait_s, body.delete_wait_s, body.wipe_effect], ['wrong_pin', 0, 0, 'account'])
})

test('at 30 days the account goes too: only to who accepted that, under a new id', async () => {
  const holder = await door.locked(app)
  const { account_id } = (await holder.get()).body
  const newcomer = await door.proved(app, holder.number)
  await door.advance('P29DT23H58M59.999S')
  const before = await newcomer.post('complete')
  assert.deepEqual([before.body.wipe_effect, before.body.delete_wait_s], ['pending_messages', 1])
  await door.advance('PT0.001S')
  const less = await newcomer.post('complete', { accept_reset: 'pending_messages' })
  assert.deepEqual([less.status, less.body.wipe_effect, less.body.delete_wait_s], [423, 'account', 0])
  await door.advance('PT0.001S')
  assert.equal((await newcomer.post('complete', { accept_reset: 'pending_messages' })).status, 423)
  const done = await newcomer.post('complete', { accept_reset: 'account' })
  assert.deepEqual([done.status, done.body.reset], [200, 'account'])
  assert.notEqual(done.body.account_id, account_id)
  await door.advance('P31D')
  assert.equal((await newcomer.get()).body.state, 'registered')
})

test('use begins the days anew, but not in a contest; deregistering keeps the PIN', async () => {
  const holder = await door.locked(app)
  await door.advance('P6D')
  const used = await holder.post('use')
  assert.equal(used.body.counted, true)
  const newcomer = await door.proved(app, holder.number)
  assert.equal((await newcomer.post('complete')).body.wipe_wait_s, days(7) - 60)
  await door.advance('P1D')
  const frozen = await holder.post('use')
  assert.deepEqual(frozen.body, { counted: false, last_use: used.body.last_use })
  const contest = (await holder.get('contest')).body
  assert.deepEqual([contest.contested, contest.wipe_wait_s, contest.delete_wait_s], [true, days(6) - 60, days(29) - 60])

  assert.equal((await holder.post('contest', { pin: otherPin })).body.kind, 'wrong_pin')
  const ended = await holder.post('contest', { pin })
  assert.deepEqual([ended.status, ended.body.contested], [200, false])
  // Nobody contests it: the PIN is not looked at.
  assert.equal((await holder.post('contest', { pin: otherPin })).body.kind, 'no_contest')
  assert.equal((await holder.get('two-step')).body.guesses_left, 5)
  assert.equal((await newcomer.post('complete')).body.wipe_wait_s, days(7))

  await holder.post('contest', { pin })
  const left = await holder.post('deregister')
  assert.deepEqual([left.body.state, left.body.next], ['proved', 'complete'])
  assert.equal((await holder.post('deregister')).body.kind, 'not_registered')
  assert.equal((await holder.post('two-step/off', { pin })).body.kind, 'not_registered')
  assert.equal((await holder.post('complete')).body.kind, 'pin_needed')
  assert.equal((await holder.post('complete', { pin })).body.state, 'registered')
})
