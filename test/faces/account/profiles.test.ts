// One life of an account, lived in both profiles by the same steps. What comes of each step is written down; the two books
// are the same but for the lines that the table of limits says differ.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { otherThan } from '../../other-code.ts'
import type { Reply } from '../graph/door.ts'
import { type AccountsDoor, expecting, openAccounts, opened, type Profile } from './door.ts'

type Book = Map<string, string>

const short = 'Quiet-41-Sea'
const questions = ['First pet?', 'First street?', 'First song?'].map(question => ({ question, answer: 'Rex' }))
const identity = { security_questions: questions, birth_date: '1990-01-01' }

async function life(profile: Profile): Promise<Book> {
  await using door = await openAccounts({ profile })
  const book: Book = new Map()
  const note = (step: string, ending: unknown) => {
    assert(!book.has(step), `${step} is written down once`)
    book.set(step, String(ending))
  }
  const came = (step: string, { status, body }: Reply) => {
    note(step, status < 300 ? status : `${status} ${body.kind}`)
  }
  await beginning(door, came)
  const ada = await door.turnedOn({ email: 'ada@home.example' })
  await codes(door, ada, note, came)
  await times(door, ada, came)
  await ways(door, ada, note, came)
  return book
}

type Note = (step: string, ending: unknown) => void
type Came = (step: string, reply: Reply) => void
type TurnedOn = Awaited<ReturnType<AccountsDoor['turnedOn']>>

async function beginning(door: AccountsDoor, came: Came): Promise<void> {
  const email = 'bob@home.example'
  came('asked to sign up', await door.post('/sign-ups', { email }))
  const sign_up = await door.mailedToken(email)
  const made = await door.post('/accounts', { sign_up, password: short })
  came('twelve signs as a password', made)
  const bob = made.status === 201 ? opened(made) : await door.owner({ email })
  const at = (method: string, path: string, json: object) =>
    door.api(method, `/account${path}`, { token: bob.session, json })
  came('security questions', await at('PUT', '/security-questions', identity))
  came('beginning after them', await at('POST', '/two-step/begin', {}))
}

async function codes(door: AccountsDoor, ada: TurnedOn, note: Note, came: Came): Promise<void> {
  note('digits of a code that proves a number', (await ownershipCode(door, ada)).length)
  await door.advance('PT1M')
  const sign = await door.begun(ada)
  const code = await sign.code()
  note('digits of a code', code.length)
  const wrong = otherThan(code)
  for (let tries = 1; tries <= 6; tries += 1) {
    came(`wrong code ${tries}`, await sign.step('code/check', { code: wrong }))
  }
  await door.advance('PT10M')
  const again = await sign.code()
  await door.advance('PT4M59.999S')
  came('a code just before five minutes', await sign.step('code/check', { code: again }))
  const other = await door.begun(ada)
  const late = await other.code()
  await door.advance('PT5M')
  came('a code at five minutes', await other.step('code/check', { code: late }))
  const last = await door.begun(ada)
  const dead = await last.code()
  await door.advance('PT10M')
  came('a code at ten minutes', await last.step('code/check', { code: dead }))
}

async function ownershipCode(door: AccountsDoor, ada: TurnedOn): Promise<string> {
  const number = '+16315553300'
  await expecting(202, door.post('/account/devices', { kind: 'number', number }, await freshly(door, ada)))
  return door.newestCode(number)
}

/** A session with fresh proofs. */
async function freshly(door: AccountsDoor, ada: TurnedOn): Promise<string> {
  await door.advance('PT1M')
  return (await door.signedIn(ada)).session
}

async function times(door: AccountsDoor, ada: TurnedOn, came: Came): Promise<void> {
  await door.advance('P1D')
  const { session, browser } = await door.signedIn(ada, { trust_browser: true })
  for (const [used, after] of [
    ['at once', 'PT0S'],
    ['after an hour', 'PT1H'],
    ['after seven days', 'P7D'],
  ] as const) {
    await door.advance(after)
    came(`a session ${used}`, await door.get('/account', session))
  }
  const trusted = async (after: string) => {
    await door.advance(after)
    return door.firstStep(ada, { browser })
  }
  came('a trusted browser after a week', await trusted('PT0S'))
  came('a trusted browser after thirty days', await trusted('P23D'))
  came('a trusted browser after sixty days', await trusted('P30D'))
}

async function ways(door: AccountsDoor, ada: TurnedOn, note: Note, came: Came): Promise<void> {
  const sign = await door.begun(ada)
  const limited = await sign.step('recovery-key', { recovery_key: ada.recoveryKey })
  came('password and Recovery Key', limited)
  const { session } = opened(limited)
  came('a look in a limited session', await door.get('/account', session))
  const number = '+16315553301'
  const at = (method: string, path: string, json: object = {}) =>
    door.api(method, `/account${path}`, { token: session, ...(method === 'GET' ? {} : { json }) })
  came('a new device in it', await at('POST', '/devices', { kind: 'number', number }))
  came('its code', await at('POST', '/devices/check', { code: await door.newestCode(number) }))
  came('a look in a full session', await at('GET', ''))
  const { recovery_key, warnings } = (await at('GET', '/two-step')).body
  note('the Recovery Key that was used', recovery_key === null ? 'dead' : 'stands')
  note('what the owner is warned of', warnings)
  const begin = { identifier: ada.email, recovery_key: ada.recoveryKey }
  came('the same Recovery Key for a reset', await door.post('/password-resets', begin))

  const turnedOff = await freshly(door, ada)
  const off = (json: object) => door.api('DELETE', '/account/two-step', { token: turnedOff, json })
  came('turning off', await off({}))
  came('turning off with questions and birth date', await off(identity))
  note('two-step in the end', (await door.get('/account', turnedOff)).body.two_step)
}

/** Step, then what comes of it in `classic` and in `strict`. */
const differences: readonly (readonly [string, string, string])[] = [
  ['twelve signs as a password', '201', '422 weak_password'],
  ['security questions', '200', '409 not_in_profile'],
  ['beginning after them', '202', '200'],
  ['digits of a code', '4', '6'],
  ['wrong code 4', '429 checks_spent', '422 wrong_code'],
  ['wrong code 5', '429 checks_spent', '422 wrong_code'],
  ['a code at five minutes', '422 wrong_code', '200'],
  ['a session after an hour', '200', '401 session_needed'],
  ['a trusted browser after thirty days', '200', '201'],
  ['the Recovery Key that was used', 'stands', 'dead'],
  ['what the owner is warned of', '', 'no_recovery_key'],
  ['the same Recovery Key for a reset', '201', '422 reset_refused'],
  ['turning off', '422 identity_needed', '200'],
  ['turning off with questions and birth date', '200', '409 not_in_profile'],
]

test('both profiles live the same life, but for what the table of limits says differs', async () => {
  const [classic, strict] = [await life('classic'), await life('strict')]
  assert.deepEqual([...classic.keys()], [...strict.keys()])
  const differing = [...classic].flatMap(([step, ending]) => {
    const other = strict.get(step) ?? ''
    return ending === other ? [] : [[step, ending, other]]
  })
  assert.deepEqual(differing, differences)
})
