// `twostep dead-letters`: what did not leave, through a running server.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { httpServer } from '#test/delivery/house.ts'
import { openRest } from '../faces/rest/door.ts'
import { operatorToken } from '../faces/sandbox.ts'
import { run } from './command.ts'

const account = `AC${'a'.repeat(32)}`

test('dead letters are listed without text or number, and one is sent again once', async () => {
  const server = await httpServer((_, response) => {
    response.writeHead(400).end(JSON.stringify({ code: 21211 }))
  })
  await using rest = await openRest({
    TWOSTEP_SMS_PROVIDERS: `twilio://${account}:token@api.twilio.com?from=Acme&base=${server.url}`,
  })
  const env = { TWOSTEP_PORT: new URL(rest.sandbox.url).port, TWOSTEP_OPERATOR_TOKEN: operatorToken }
  const list = () => run(['dead-letters', 'list', '--json'], env)
  assert.equal((await run(['dead-letters', 'list'], env)).out, 'No dead letters.\n')

  const registration = await rest.begun(await rest.application())
  const code = await rest.newestCode(registration.number)
  let letters: readonly { readonly id: string }[] = []
  for (let looks = 0; looks < 500 && letters.length === 0; looks += 1) {
    letters = (await list()).json().dead_letters as typeof letters
  }
  const [letter] = letters
  assert(letter !== undefined)
  const shown = await run(['dead-letters', 'list'], env)
  assert.match(shown.out, new RegExp(`^1 dead letter, .*\n {2}${letter.id} .* sms +rejected +can be sent again`))
  assert.ok(!shown.out.includes(code) && !shown.out.includes(registration.number))

  const resend = (id: string) => run(['dead-letters', 'resend', id], env)
  const both = await Promise.all([resend(letter.id), resend(letter.id)])
  assert.deepEqual(both.map(({ code }) => code).sort(), [0, 1])
  assert.match((await resend(letter.id)).out, /was sent again before/)
  const unknown = await run(['dead-letters', 'resend', 'f'.repeat(32), '--json'], env)
  assert.deepEqual([unknown.code, unknown.json().kind], [1, 'no_such_letter'])
  assert.equal((await resend('../keys/rotation')).code, 2)

  const stranger = await run(['dead-letters', 'list'], { ...env, TWOSTEP_OPERATOR_TOKEN: 'x'.repeat(32) })
  assert.deepEqual([stranger.code, stranger.out], [2, ''])
  assert.match(stranger.err, /does not take this operator token/)
})

test('the operator token is not sent to whoever took the port of a server that is gone', async () => {
  const thief = await httpServer((_, response) => void response.writeHead(200).end('{}'))
  const env = { TWOSTEP_PORT: new URL(thief.url).port, TWOSTEP_OPERATOR_TOKEN: operatorToken }
  const said = await run(['dead-letters', 'list'], env)
  assert.deepEqual([said.code, said.out], [2, ''])
  assert.match(said.err, /No Twostep answers at/)
  assert.ok(!JSON.stringify(thief.got).includes(operatorToken))
})
