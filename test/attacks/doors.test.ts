// Attacks that come through several doors at once.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Business, openDoor, type Phone } from '#test/faces/graph/door.ts'
import { adminPassword, clientOf, registration } from '#test/faces/on-premises/client.ts'
import { pin } from '#test/faces/rest/door.ts'
import { operatorToken } from '#test/faces/sandbox.ts'
import { visitor } from '#test/pages/visitor.ts'
import { flood, storedBy, times, wrong } from './target.ts'

const door = await openDoor()
after(() => door[Symbol.asyncDispose]())

/** A business with all its doors: Graph, its On-Premises client, its manager pages. */
async function shop() {
  const business = await door.business()
  const operate = (path: string, json: object) =>
    door.send('POST', `/api/v1/operator/businesses/${business.waba}/${path}`, { token: operatorToken, json })
  const made = await operate('on-premises', {})
  const client = clientOf(door, String(made.body.path))
  const token = await client.token('admin', String(made.body.password), { new_password: adminPassword })
  const email = `admin-${business.waba}@shop.example`
  const link = new URL(String((await operate('admins', { email })).body.link)).pathname
  const manager = visitor(door.url)
  await manager.get(link)
  const password = 'seven quiet rivers'
  await manager.post(link, { new: password, again: password })
  assert.equal((await manager.signIn(email, password)).status, 303)
  await manager.get('/manager/password')
  return { business, manager, onPremises: (path: string, json: object) => client.send('POST', path, { token, json }) }
}

/** A registration of an application that has proved the number; answers how it is completed. */
async function application(number: string) {
  const made = await door.send('POST', '/api/v1/operator/applications', { token: operatorToken, json: { name: 'App' } })
  const post = (path: string, json: object) =>
    door.send('POST', `/api/v1/registrations${path}`, { token: String(made.body.api_key), json })
  const begun = await post('', { number })
  const code = await door.newestCode(number)
  assert.equal((await post(`/${String(begun.body.id)}/code/check`, { code })).status, 200)
  return (guess: string) => post(`/${String(begun.body.id)}/complete`, { pin: guess })
}

const proved = async (of: Business, national: string): Promise<Phone> => {
  await door.advance('PT1M')
  return door.proved(of, national)
}

test('two hundred guesses through every door at once: five are looked at for the keeper, five for all others', async () => {
  const [owner, rival] = [await shop(), await shop()]
  const national = door.newNational()
  const number = `+44${national}`
  const account = (guess: string) => registration(national, { pin: guess })

  // The owner registers at Graph, and the client On-Premises is told the number by meeting it with the PIN.
  const phone = await proved(owner.business, national)
  assert.equal((await phone.register(pin)).status, 200)
  assert.equal((await owner.onPremises('/account', account(pin))).status, 201)
  // Two others have proved the number as well.
  const listed = await proved(rival.business, national)
  await door.advance('PT1M')
  const complete = await application(number)

  const page = `/manager/numbers/${phone.id}`
  const shards = { cc: '44', phone_number: national, shards: 2 }
  const fresh = { pin: '504829', 'pin-again': '504829' }
  const ways: readonly ((guess: string) => Promise<{ readonly status: number }>)[] = [
    guess => phone.register(guess),
    guess => owner.manager.post(`${page}/two-step/pin/change`, { ...fresh, current: guess }),
    guess => owner.manager.post(`${page}/deletion`, { pin: guess }),
    guess => owner.onPremises('/account/shards', { ...shards, pin: guess }),
    guess => complete(guess),
    guess => listed.register(guess),
    guess => rival.onPremises('/account', account(guess)),
  ]
  const { world } = door.sandbox
  const before = await storedBy(world, number)
  const replies = await flood(200, async at => ways[at % ways.length]?.(wrong(pin, at)))
  assert.ok(replies.every(reply => reply !== undefined && reply.status >= 400 && reply.status < 500))
  const stored = await storedBy(world, number)
  for (const kind of ['pin.guess_spent', 'pin.wrong'] as const)
    assert.equal(times(stored, kind) - times(before, kind), 10, kind)
  const { lock } = stored.number
  assert.ok(lock.kind === 'set')
  assert.deepEqual([lock.budgets.keeper.inARow, lock.budgets.others.inARow], [5, 5])
  // Not even the right one is looked at now, on either side.
  assert.equal((await complete(pin)).status, 429)
  assert.equal((await owner.onPremises('/account/shards', { ...shards, pin })).status, 429)
})
