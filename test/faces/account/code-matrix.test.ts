// A code is good for one purpose, by one channel, for one account. Every code there can be, tried at every place where codes
// are asked for: only the diagonal passes.
//
//     purpose (5) × channel (2) × account (2) = 20 codes at 20 places
//
// Each try begins at the same moment: the account is put back as it was when its code was sent, so that no try is refused
// for another reason than its code.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '#core/account/account.ts'
import { type AccountsDoor, expecting, openAccounts, opened, type Profile, profiles } from './door.ts'
import { documentOf, type Place, placesOf, putBack } from './places.ts'

type Sent = { readonly place: Place; readonly code: string; readonly asked: Account }

/** One code at each place, no two alike: of ten thousand, two may be the same by chance. */
async function sendAll(door: AccountsDoor, places: readonly Place[]): Promise<readonly Sent[]> {
  const before = new Map<string, Account>()
  for (const { account } of places) before.set(account, (await documentOf(door, account)).document)
  const sent: Sent[] = []
  for (const place of places) {
    const start = before.get(place.account)
    assert(start !== undefined)
    for (;;) {
      await putBack(door, start)
      const code = await place.ask()
      if (sent.some(each => each.code === code)) continue
      sent.push({ place, code, asked: (await documentOf(door, place.account)).document })
      break
    }
  }
  return sent
}

/** The account at one place, with the code of another of its places out as well. It stands first, to be found first. */
function bothOut(asked: Account, other: Sent): Account {
  if (asked.id !== other.asked.id) return asked
  const purposes = asked.challenges.map(each => each.purpose)
  const others = other.asked.challenges.filter(each => !purposes.includes(each.purpose))
  return { ...asked, challenges: [...others, ...asked.challenges] }
}

async function matrix(profile: Profile): Promise<void> {
  await using door = await openAccounts({ profile })
  const places = [...(await placesOf(door, 'ada')), ...(await placesOf(door, 'bob'))]
  await door.advance('PT1M')
  const sent = await sendAll(door, places)
  assert.equal(new Set(sent.map(({ place }) => place.name)).size, 20)
  for (const { place, asked, code: own } of sent) {
    for (const of of sent) {
      const { code } = of
      await putBack(door, bothOut(asked, of))
      const reply = await place.check(code)
      const ending = [reply.status, reply.body.kind]
      const passes = code === own
      const cell = `a code of ${of.place.name} at ${place.name}`
      if (passes) assert.equal(reply.status, 200, `${cell}: ${reply.text}`)
      else assert.deepEqual(ending, [422, 'wrong_code'], cell)
    }
  }
}

for (const profile of profiles) {
  test(`${profile}: a code passes where it was sent for, and nowhere else: purpose × channel × account`, () =>
    matrix(profile))
}

for (const profile of profiles) {
  test(`${profile}: a code passes in the sign-in or session that asked for it, and in no other of that person`, async () => {
    await using door = await openAccounts({ profile })
    const ada = await door.turnedOn()
    const one = await door.begun(ada)
    const other = await door.begun(ada)
    const code = await one.code()
    assert.equal((await expecting(422, other.step('code/check', { code }))).body.kind, 'wrong_code')
    const { session } = opened(await expecting(200, one.step('code/check', { code })))
    await door.advance('PT1M')
    await expecting(202, door.post('/account/step-up/code', { device: ada.device }, ada.session))
    const stepUp = await door.newestCode(ada.number)
    const inOther = await expecting(422, door.post('/account/step-up/code/check', { code: stepUp }, session))
    assert.equal(inOther.body.kind, 'wrong_code')
    await expecting(200, door.post('/account/step-up/code/check', { code: stepUp }, ada.session))
  })
}
