// The lock in the hands of its holder: PIN, recovery address and mail, reminders.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Application, openRest, otherPin, pin, type Registration, type RestDoor } from './door.ts'

let door: RestDoor
let app: Application
before(async () => {
  door = await openRest()
  app = await door.application()
})
after(() => door[Symbol.asyncDispose]())

const left = async (holder: Registration) => (await holder.get('two-step')).body.guesses_left
const leave = (email: string | null) => ({ pin, email, ...(email === null ? {} : { email_repeat: email }) })

test('two-step is turned on once, with an address or without; it is shown masked', async () => {
  const plain = await door.registered(app)
  const on = await plain.put('two-step', { pin })
  assert.deepEqual([on.body.enabled, on.body.recovery_email, on.body.guesses_left], [true, null, 5])
  const again = await plain.put('two-step', { pin: otherPin })
  assert.deepEqual([again.status, again.body.kind], [409, 'two_step_on'])

  const mail = 'ada.lovelace@example.com'
  const other = await door.registered(app)
  const with_ = await other.put('two-step', { pin, email: mail, email_repeat: mail })
  assert.deepEqual(with_.body.recovery_email, { address: 'a•••@e•••.com', confirmed: false, counts: true })
  assert.ok(!with_.text.includes('lovelace'))
  const unregistered = await door.proved(app)
  assert.equal((await unregistered.put('two-step', { pin })).body.kind, 'not_registered')
})

test('a PIN that anyone would try is refused with a reason, and nothing is spent', async () => {
  const holder = await door.registered(app)
  const own = holder.number.slice(-6)
  for (const [weak, reason] of [
    ['111111', 'repeats'],
    ['123456', 'run'],
    ['010199', 'date'],
    [own, 'own_number'],
  ] as const) {
    const reply = await holder.put('two-step', { pin: weak })
    assert.deepEqual([reply.status, reply.body.kind, reply.body.reason], [422, 'weak_pin', reason])
  }
  await holder.put('two-step', { pin })
  const change = (next: string) => holder.post('two-step/pin', { current_pin: pin, pin: next })
  assert.equal((await change('123456')).body.kind, 'weak_pin')
  assert.equal((await change(pin)).body.kind, 'same_pin')
  assert.equal(await left(holder), 5)
})

test('the PIN is changed by the one there is; a wrong one costs a guess, a right one gives them back', async () => {
  const holder = await door.locked(app)
  const wrong = await holder.post('two-step/pin', { current_pin: '735028', pin: otherPin })
  assert.deepEqual([wrong.status, wrong.body.kind, wrong.body.guesses_left], [423, 'wrong_pin', 4])
  const changed = await holder.post('two-step/pin', { current_pin: pin, pin: otherPin })
  assert.deepEqual([changed.status, changed.body.guesses_left], [200, 5])
  assert.equal((await holder.post('two-step/off', { pin })).body.kind, 'wrong_pin')
  const off = await holder.post('two-step/off', { pin: otherPin })
  assert.deepEqual([off.status, off.body.enabled], [200, false])
  assert.equal((await holder.post('two-step/off', { pin })).body.kind, 'two_step_off')
  assert.equal((await holder.post('two-step/pin', { current_pin: pin, pin: otherPin })).body.kind, 'two_step_off')
  assert.equal((await holder.get('reminder')).body.kind, 'two_step_off')
})

test('five wrong PINs of the holder wait, whatever they were for', async () => {
  const holder = await door.locked(app)
  const wrong = { pin: otherPin }
  await holder.post('two-step/off', wrong)
  await holder.post('two-step/pin', { current_pin: otherPin, pin: '735028' })
  await holder.put('two-step/email', { ...leave('a@example.com'), pin: otherPin })
  await holder.post('two-step/off', wrong)
  assert.equal((await holder.post('two-step/off', wrong)).body.guesses_left, 0)
  for (const reply of [
    await holder.post('two-step/off', { pin }),
    await holder.post('two-step/pin', { current_pin: pin, pin: '735028' }),
    await holder.put('two-step/email', leave('a@example.com')),
  ]) {
    assert.deepEqual([reply.status, reply.body.kind, reply.body.retry_after], [429, 'guess_too_soon', 60])
  }
  assert.equal((await holder.get('two-step')).body.guess_wait_s, 60)
})

test('the recovery address is given twice, changed and taken away with the PIN, and the old one is told', async () => {
  const holder = await door.locked(app)
  const mismatch = await holder.put('two-step/email', { pin, email: 'a@example.com', email_repeat: 'b@example.com' })
  assert.deepEqual([mismatch.status, mismatch.body.kind], [400, 'invalid_request'])
  const [first, second] = ['first-of-all@example.com', 'second-of-all@example.com']
  const given = await holder.put('two-step/email', leave(first))
  assert.deepEqual(given.body.recovery_email, { address: 'f•••@e•••.com', confirmed: false, counts: true })
  await holder.put('two-step/email', leave(second))
  assert.equal((await door.outbox(first)).length, 1)
  assert.equal((await door.outbox(second)).length, 0)
  const gone = await holder.put('two-step/email', leave(null))
  assert.equal(gone.body.recovery_email, null)
  assert.equal((await door.outbox(second)).length, 1)
})

test('who forgot the PIN has a link mailed, polls, and completes; opening the link changes nothing', async () => {
  const mail = 'forgetful@example.com'
  const holder = await door.locked(app, { email: mail, email_repeat: mail })
  const newcomer = await door.proved(app, holder.number)
  await newcomer.post('complete')
  const none = await newcomer.get('recovery-mail')
  assert.deepEqual([none.body.state, none.body.next], ['none', 'request'])
  const before = (await door.outbox(mail)).length
  const asked = await newcomer.post('recovery-mail')
  assert.deepEqual(
    [asked.status, asked.body],
    [202, { state: 'mailed', expires_in_s: 86_400, min_poll_s: 5, next: 'poll' }],
  )
  assert.equal((await door.outbox(mail)).length, before + 1)
  const soon = await newcomer.post('recovery-mail')
  assert.deepEqual([soon.status, soon.body.kind, soon.body.retry_after], [429, 'too_many_mails', 60])

  const link = await door.newestLink(mail)
  await door.send('GET', link)
  assert.equal((await newcomer.get('recovery-mail')).body.state, 'mailed')
  assert.equal((await newcomer.post('complete')).status, 423)
  await door.confirm(link)
  const polled = await newcomer.get('recovery-mail')
  assert.deepEqual([polled.body.state, polled.body.next], ['lock_removed', 'complete'])
  const done = await newcomer.post('complete')
  assert.deepEqual([done.status, done.body.state, done.body.reset], [200, 'registered', 'none'])
  assert.equal((await newcomer.post('recovery-mail')).body.kind, 'two_step_off')
})

test('without an address there is no mail, and the answer says what is left', async () => {
  const holder = await door.locked(app)
  const newcomer = await door.proved(app, holder.number)
  assert.deepEqual((await newcomer.post('complete')).body.reset_methods, ['time'])
  const asked = await newcomer.post('recovery-mail')
  assert.deepEqual([asked.status, asked.body.kind], [409, 'no_recovery_address'])
})

test('reminders come after 6 h, 12 h, a day, a day, 3 days, 7 days, then weekly, each at its millisecond', async () => {
  const holder = await door.locked(app)
  const hours = [6, 12, 24, 24, 72, 168, 168, 168]
  for (const [at, wait] of hours.entries()) {
    const next = (await holder.get('reminder')).body
    assert.deepEqual([next.due, next.due_in_s], [false, wait * 3600])
    await door.advance(`PT${wait - 1}H59M59.999S`)
    const early = await holder.post('reminder', { pin: otherPin })
    assert.deepEqual([early.status, early.body.kind, early.body.due_in_s], [409, 'reminder_not_due', 1])
    assert.equal(await left(holder), 5)
    await door.advance('PT0.001S')
    assert.deepEqual((await holder.get('reminder')).body.due, true)
    const right = await holder.post('reminder', { pin })
    assert.deepEqual([right.body.due, right.body.due_in_s], [false, (hours[at + 1] ?? 168) * 3600])
  }
})

test('a reminder answered wrong is due again and one step back', async () => {
  const holder = await door.locked(app)
  await door.advance('PT6H')
  await holder.post('reminder', { pin })
  await door.advance('PT12H')
  const wrong = await holder.post('reminder', { pin: otherPin })
  assert.deepEqual([wrong.status, wrong.body.kind, wrong.body.guesses_left], [423, 'wrong_pin', 4])
  assert.equal((await holder.get('reminder')).body.due, true)
  assert.equal((await holder.post('reminder', { pin })).body.due_in_s, 12 * 3600)
})

test('in the strict profile an address counts once it has confirmed itself', async () => {
  await using strict = await openRest({ TWOSTEP_PROFILE: 'strict' })
  const mine = await strict.application()
  const mail = 'careful@example.com'
  const holder = await strict.locked(mine, { email: mail, email_repeat: mail })
  assert.deepEqual((await holder.get('two-step')).body.recovery_email, {
    address: 'c•••@e•••.com',
    confirmed: false,
    counts: false,
  })
  const newcomer = await strict.proved(mine, holder.number)
  assert.deepEqual((await newcomer.post('complete')).body.reset_methods, ['time'])
  assert.equal((await newcomer.post('recovery-mail')).body.kind, 'no_recovery_address')
  await strict.confirm(await strict.newestLink(mail))
  assert.deepEqual((await newcomer.post('complete')).body.reset_methods, ['email', 'time'])
  assert.equal((await newcomer.post('recovery-mail')).status, 202)
  for (let guess = 0; guess < 10; guess++) await newcomer.post('complete', { pin: otherPin })
  const spent = await newcomer.post('complete', { pin: otherPin })
  assert.deepEqual([spent.body.kind, spent.body.guess_wait_s], ['guess_too_soon', 86_400])
})

test('nobody floods a mailbox by giving its address again and again, or by changing the PIN again and again', async () => {
  const app = await door.application()
  const victim = 'somebody-else@mail.example'
  const registration = await door.locked(app, { email: victim, email_repeat: victim })
  for (let change = 0; change < 12; change += 1) {
    const [current_pin, next] = change % 2 === 0 ? [pin, otherPin] : [otherPin, pin]
    assert.equal((await registration.post('two-step/pin', { current_pin, pin: next })).status, 200)
  }
  assert.equal((await door.outbox(victim)).length, 10)
  for (let given = 0; given < 4; given += 1) {
    const email = given % 2 === 0 ? `other-${given}@mail.example` : victim
    assert.equal((await registration.put('two-step/email', { pin, email, email_repeat: email })).status, 200)
  }
  const sixth = await registration.put('two-step/email', {
    pin,
    email: 'x@mail.example',
    email_repeat: 'x@mail.example',
  })
  assert.deepEqual([sixth.status, sixth.body.kind], [429, 'too_many_mails'])
  // Turned off and on again, the number has no more of them.
  assert.equal((await registration.post('two-step/off', { pin })).status, 200)
  const again = await registration.put('two-step', { pin, email: victim, email_repeat: victim })
  assert.deepEqual([again.status, again.body.kind], [429, 'too_many_mails'])
})
