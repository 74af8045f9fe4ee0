// A reverse proxy asks for app-specific passwords: the real nginx, with what the guide tells operators to write.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expecting, openAccounts } from './door.ts'
import { openNginx } from './nginx.ts'

test('nginx lets in who has an app-specific password for the service, says who it is, and asks everybody else', async () => {
  await using door = await openAccounts()
  const on = await door.turnedOn()
  await door.advance('PT1M')
  await door.freshen(on)
  const json = { label: 'Mail on the tablet', service: 'mail' }
  const made = await expecting(201, door.post('/account/app-passwords', json, on.session))
  const password = String(made.body.app_password)
  await using nginx = await openNginx(new URL(door.url).host)

  assert.deepEqual(await nginx.ask(`${on.email}:${password}`), {
    status: 200,
    challenge: undefined,
    text: `GET for ${on.id}`,
  })
  assert.equal((await nginx.ask(`${on.email}:${password}`, 'POST')).text, `POST for ${on.id}`)
  for (const credentials of [undefined, `${on.email}:${on.password}`, `nobody@home.example:${password}`]) {
    const { status, challenge } = await nginx.ask(credentials)
    assert.deepEqual([status, challenge], [401, 'Basic realm="mail", charset="UTF-8"'], credentials)
  }
  // Where it was used from is what nginx says of its caller, and no header of theirs.
  const listed = await expecting(200, door.get('/account/app-passwords', on.session))
  const [used] = listed.body.app_passwords as readonly { readonly last_used: { readonly from: { place: string } } }[]
  assert.equal(used?.last_used.from.place, '127.0.0.1')
  // Revoked, the very next request is refused.
  await expecting(200, door.api('DELETE', '/account/app-passwords', { token: on.session }))
  assert.equal((await nginx.ask(`${on.email}:${password}`)).status, 401)
})
