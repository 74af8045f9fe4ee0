// Floods: two hundred guesses at once, at every door that looks at a secret. The journal says how many were looked at.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call, newBusiness, startSandbox, verifiedNumber } from '#test/faces/sandbox.ts'
import { askedNumber, byCode, flood, register, storedBy, target, times, verifyCode, wrong } from './target.ts'

const size = 200

// One server for those that need nothing special, each with a number of its own.
let shared: Awaited<ReturnType<typeof startSandbox>>
before(async () => {
  shared = await startSandbox()
})
after(() => shared[Symbol.asyncDispose]())

for (const [profile, budget] of [
  ['classic', 5],
  ['strict', 10],
] as const) {
  test(`${profile}: of ${size} wrong PINs at once, exactly ${budget} are looked at`, async () => {
    await using server = await startSandbox({ TWOSTEP_PROFILE: profile })
    const { url, world } = server
    const { number, pin, thief, owner } = await target(url, '7700900201')
    const before = await storedBy(world, number)

    const codes = byCode(await flood(size, at => register(url, thief, wrong(pin, at))))

    const after = await storedBy(world, number)
    const looked = times(after, 'pin.guess_spent') - times(before, 'pin.guess_spent')
    assert.equal(looked, budget)
    assert.equal(times(after, 'pin.wrong') - times(before, 'pin.wrong'), budget)
    assert.equal(codes[133005], budget, 'and as many are told that they were wrong')
    assert.equal(codes[0], undefined)
    assert.equal(times(after, 'registration.contested'), 1, 'the owner is told once')

    assert.equal((await register(url, owner, pin)).status, 200, 'and it cost the owner none of theirs')
  })
}

test('guesses by registering and by deleting come out of one budget', async () => {
  const { url, world } = shared
  const { number, pin, owner } = await target(url, '7700900202')
  const remove = (guess: string) =>
    call(url, 'DELETE', `/v25.0/${owner.id}`, { token: owner.token, body: { pin: guess } })

  const replies = await flood(size, at =>
    at % 2 === 0 ? register(url, owner, wrong(pin, at)) : remove(wrong(pin, at)),
  )

  assert.equal(byCode(replies)[133005], 5)
  const stored = await storedBy(world, number)
  assert.equal(times(stored, 'pin.guess_spent'), 5)
  assert.equal(times(stored, 'pin.wrong'), 5)
  assert.equal(times(stored, 'number.deleted'), 0)
})

test('the right PIN among two hundred opens only if it is one of the five', async () => {
  const { url, world } = shared
  const { number, pin, thief } = await target(url, '7700900203')

  const replies = await flood(size, at => register(url, thief, at === 100 ? pin : wrong(pin, at)))

  const stored = await storedBy(world, number)
  // A right one among the first five restores the budget; whoever is behind it is let in then, and is the thief no more.
  const inTime = times(stored, 'pin.right') > 0
  assert.equal(byCode(replies)[0] ?? 0, inTime ? 1 : 0)
  assert.ok(times(stored, 'pin.guess_spent') <= 10, 'ten attempts in 72 hours, right ones too')
})

test(`of ${size} codes at once, at most five are looked at, and a right one that is not among them stays shut`, async () => {
  const { url, world } = shared
  const asked = await askedNumber(url, '7700900204')

  const replies = await flood(size, at => verifyCode(url, asked, at === 100 ? asked.code : wrong(asked.code, at)))

  const stored = await storedBy(world, '+447700900204')
  const looked = times(stored, 'code.guess_spent')
  assert.ok(looked >= 1 && looked <= 3, `three checks follow each other without a wait, and ${looked} were looked at`)
  assert.equal(byCode(replies)[0] ?? 0, times(stored, 'code.right'))
  assert.ok(times(stored, 'code.right') <= 1)
})

test('a right code opens once, however often it is sent at once, and never again', async () => {
  const { url, world } = shared
  const asked = await askedNumber(url, '7700900205')

  const two = await flood(2, () => verifyCode(url, asked, asked.code))
  assert.equal(byCode(two)[0], 1)

  const many = await askedNumber(url, '7700900206')
  const replies = await flood(size, () => verifyCode(url, many, many.code))
  assert.equal(byCode(replies)[0], 1)
  assert.equal(times(await storedBy(world, '+447700900206'), 'code.right'), 1)

  const again = await verifyCode(url, many, many.code)
  assert.equal((again.body.error as { code: number }).code, 136025)
  assert.equal(times(await storedBy(world, '+447700900206'), 'code.right'), 1)
})

test('setting, registering, leaving and deleting all at once end in a state that the rules know', async () => {
  await using server = await startSandbox({ TWOSTEP_HASHING_WAITING: '8' })
  const { url, world } = server
  const { number, pin, owner, thief } = await target(url, '7700900207')
  const third = await newBusiness(url)
  const post = ({ id, token }: typeof owner, path: string, body: unknown) =>
    call(url, 'POST', `/v25.0/${id}${path}`, { token, body })
  const moves = [
    (at: number) => post(owner, '', { pin: wrong(pin, at) }),
    () => post(owner, '/register', { messaging_product: 'whatsapp', pin }),
    () => post(owner, '/deregister', {}),
    (at: number) => post(thief, '/register', { messaging_product: 'whatsapp', pin: wrong(pin, at) }),
    (at: number) => post(thief, '', { pin: wrong(pin, at) }),
    () => post(owner, '/request_code', { code_method: 'SMS', language: 'en_US' }),
    () => call(url, 'DELETE', `/v25.0/${thief.id}`, { token: thief.token }),
    () => post(thief, '/request_code', { code_method: 'SMS', language: 'en_US' }),
    () => post(thief, '/deregister', {}),
    () => verifiedNumber(url, third, '7700900207'),
    () => call(url, 'DELETE', `/v25.0/${owner.id}`, { token: owner.token, body: { pin } }),
  ]

  const replies = await flood(110, async at => moves[at % moves.length]?.(at))

  for (const reply of replies) if (typeof reply === 'object') byCode([reply])
  const stored = await storedBy(world, number)
  const { lock, holder, claims } = stored.number
  if (lock.kind === 'set') {
    assert.ok(
      claims.some(({ id }) => id === lock.keeper),
      'a PIN has a keeper',
    )
    assert.ok(holder === undefined || holder.claim === lock.keeper, 'who is the holder, if there is one')
  }
  assert.ok(holder === undefined || claims.some(({ id, proof }) => id === holder.claim && proof.kind === 'proved'))
  assert.equal(times(stored, 'pin.guess_spent'), times(stored, 'pin.right') + times(stored, 'pin.wrong'))
})
