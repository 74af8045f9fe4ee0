// The example of a registration lock in an app, over real HTTP: Ada, and somebody who reads her codes.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openRest } from '#test/faces/rest/door.ts'
import { registrationApp, type Screen } from '../../examples/registration-lock/app.ts'

const door = await openRest()
after(() => door[Symbol.asyncDispose]())
let keys = 0
const key = () => `key-${++keys}`

const registrationOf = (screen: Screen): string => ('registration' in screen ? screen.registration : '')

test('a person registers, sets a PIN, and from then on a thief with the codes does not come in', async () => {
  const { key: apiKey } = await door.application()
  const app = registrationApp(door.url, apiKey)
  const national = `0${door.newNational()}`
  const number = `+44${national.slice(1)}`
  const register = async () => {
    const begun = await app.begin(national, 'GB', key())
    assert.equal(begun.kind, 'type_code')
    return app.code(registrationOf(begun), await door.newestCode(number), key())
  }
  const ada = await register()
  assert.equal(ada.kind, 'in')
  assert.match((await app.setPin(registrationOf(ada), '123456', 'ada@example.com')) ?? '', /Choose another/)
  assert.equal(await app.setPin(registrationOf(ada), '837465', 'ada@example.com'), undefined)

  await door.advance('PT1M')
  const thief = await register()
  assert.deepEqual([thief.kind, thief.kind === 'type_pin' && thief.wrong], ['type_pin', false])
  const guessed = await app.pin(registrationOf(thief), '111222', key())
  assert(guessed.kind === 'type_pin' && guessed.wrong && guessed.guessesLeft === 4)
  assert.equal((await app.withoutPin(registrationOf(thief), 'account', key())).kind, 'type_pin')
  // Tapped twice is done once: no second guess is spent.
  const tapped = key()
  const twice = [
    await app.pin(registrationOf(thief), '222111', tapped),
    await app.pin(registrationOf(thief), '222111', tapped),
  ]
  assert.deepEqual(twice[0], twice[1])

  const back = await app.pin(registrationOf(thief), '837465', key())
  assert.equal(back.kind, 'in')
})

test('a wrong code is told from a wrong number, and a wait is a wait', async () => {
  const { key: apiKey } = await door.application()
  const app = registrationApp(door.url, apiKey)
  assert.equal((await app.begin('not a number', 'GB', key())).kind, 'refused')
  const begun = await app.begin(`+44${door.newNational()}`, 'GB', key())
  assert.equal((await app.code(registrationOf(begun), '000000', key())).kind, 'code_wrong')
  const again = await app.begin('+447700900999', 'GB', key())
  assert.equal(again.kind, 'type_code')
  assert.equal((await app.begin('+447700900999', 'GB', key())).kind, 'later')
})
