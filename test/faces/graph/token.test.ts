// Who asks: where an access token may stand, what it must be allowed, and what those without one are told.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { errorOf, expectError, expectSuccess, openDoor, type Reply, type Sent, withoutIds } from './door.ts'

const door = await openDoor()
after(() => door[Symbol.asyncDispose]())

const bakery = await door.business()
const phone = await door.registered(bakery, '493816')
const node = `/v25.0/${phone.id}`
const { token } = bakery

test('a token is taken from the header in any spelling, from the query, and from a body of any kind', async () => {
  const places: readonly Sent[] = [
    { headers: { authorization: `Bearer ${token}` } },
    { headers: { authorization: `bearer ${token}` } },
    { headers: { authorization: `BEARER   ${token} ` } },
    { headers: { authorization: `OAuth ${token}` } },
    { headers: { authorization: `oauth ${token}` } },
    { query: { access_token: token } },
    { json: { access_token: token } },
    { form: { access_token: token } },
    { multipart: { access_token: token } },
    { raw: { body: JSON.stringify({ access_token: token }) } },
    // The header counts, whatever the query says.
    { token, query: { access_token: 'no token at all' } },
    // A proof of the app's secret may come along; there is no app here, so it proves nothing and is let by.
    { token, query: { appsecret_proof: 'f'.repeat(64) } },
  ]
  for (const sent of places) {
    const pin = { whatsapp_business_api_data: '{"pin":"058227"}' }
    expectSuccess(await door.graph('POST', node, { ...sent, query: { ...sent.query, ...pin } }))
  }
  const read = await door.graph('GET', node, { query: { access_token: token } })
  assert.equal(read.body.id, phone.id)
})

test('without a token everything is refused alike, before anything is looked up', async () => {
  const challenge =
    'OAuth "Facebook Platform" "invalid_request" "An access token is required to request this resource."'
  for (const [method, path] of calls(phone.id)) {
    for (const sent of [{}, { headers: { authorization: '' } }, { query: { access_token: '' } }]) {
      const reply = await door.graph(method, path, sent)
      expectError(reply, 401, 104)
      assert.equal(reply.headers['www-authenticate'], challenge)
      assert.equal(reply.headers['x-business-use-case-usage'], undefined)
      const [{ fbtrace_id: _, ...error }] = [errorOf(reply)]
      const message = 'An access token is required to request this resource.'
      assert.deepEqual(error, { message, type: 'OAuthException', code: 104 })
    }
  }
})

test('what is no token of ours is refused alike, wherever it stands and whatever is wrong with it', async () => {
  const twin = (await door.business()).token
  const flipped = token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a')
  const texts = [
    'x',
    flipped,
    `${token}x`,
    token.slice(0, -1),
    token.toUpperCase(),
    `EAA${twin.slice(3, 9)}`,
    'A'.repeat(9_000),
  ]
  const bad: readonly Sent[] = [
    ...texts.map(text => ({ headers: { authorization: `Bearer ${text}` } })),
    ...['x', flipped, '\u0000', 'ﬀ', `${token}\r\n`].map(text => ({ query: { access_token: text } })),
    { headers: { authorization: `Basic ${Buffer.from(`a:${token}`).toString('base64')}` } },
    { headers: { authorization: token } },
    { headers: { authorization: 'Bearer' } },
    { headers: { authorization: `Bearer ${token} ${token}` } },
    { headers: { authorization: `Apikey ${token}` }, query: { access_token: token } },
    { json: { access_token: [token] } },
    { json: { access_token: { token } } },
    { json: { access_token: 1 } },
  ]
  const seen = new Set<string>()
  for (const sent of bad) {
    const reply = await door.graph('POST', node, sent)
    expectError(reply, 401, 190)
    assert.equal(errorOf(reply).message, 'Invalid OAuth access token - Cannot parse access token')
    const challenge = 'OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token"'
    assert.equal(reply.headers['www-authenticate'], challenge)
    seen.add(withoutIds(reply))
  }
  assert.equal(seen.size, 1, 'nobody learns what was wrong')
})

test('a token runs out at its second, and then says so', async () => {
  const brief = await door.business(undefined, 60)
  const list = () => door.graph('GET', `/v25.0/${brief.waba}/phone_numbers`, { token: brief.token })
  await door.advance('PT59.999S')
  assert.equal((await list()).status, 200)
  const expired = new Date(await door.advance('PT0.001S')).toUTCString()
  const reply = await list()
  expectError(reply, 401, 190, 463)
  assert.equal(
    errorOf(reply).message,
    `Error validating access token: Session has expired on ${expired}. The current time is ${expired}.`,
  )
  assert.equal(reply.headers['www-authenticate'], 'OAuth "Facebook Platform" "invalid_token" "Session has expired"')
})

test('a token opens what it is allowed and nothing else', async () => {
  const manager = await door.token(bakery.waba, ['whatsapp_business_management'])
  const writer = await door.token(bakery.waba, ['whatsapp_business_messaging'])
  const text = { messaging_product: 'whatsapp', to: '+447700901999', type: 'text', text: { body: 'Bread.' } }
  const needs: readonly [token: string, method: string, path: string, sent: Sent, needed: string][] = [
    [manager, 'POST', `${node}/messages`, { json: text }, 'whatsapp_business_messaging'],
    [writer, 'DELETE', node, {}, 'whatsapp_business_management'],
    [writer, 'GET', `/v25.0/${bakery.waba}/phone_numbers`, {}, 'whatsapp_business_management'],
    [writer, 'POST', `/v25.0/${bakery.waba}/phone_numbers`, {}, 'whatsapp_business_management'],
  ]
  for (const [token, method, path, sent, needed] of needs) {
    const reply = await door.graph(method, path, { ...sent, token })
    expectError(reply, 403, 10)
    const { message, error_data } = errorOf(reply)
    assert.equal(message, '(#10) Application does not have permission for this action')
    const details = `Permission is either not granted or has been removed. The access token needs ${needed}.`
    assert.equal(error_data?.details, details)
  }
  // The rest opens with either.
  for (const token of [manager, writer]) {
    assert.equal((await door.graph('GET', node, { token })).status, 200)
    expectSuccess(await door.graph('POST', node, { token, json: { pin: '493816' } }))
    expectSuccess(
      await door.graph('POST', `${node}/register`, { token, json: { messaging_product: 'whatsapp', pin: '493816' } }),
    )
    expectSuccess(await door.graph('POST', `${node}/deregister`, { token }))
    expectError(await door.graph('POST', `${node}/request_code`, { token }), 400, 100)
    expectError(await door.graph('POST', `${node}/verify_code`, { token }), 400, 100)
  }
})

test('what another business has looks exactly like what is not there, whatever is asked about it', async () => {
  const stranger = await door.business()
  const unknown = '999999999999999'
  const told = async (id: string): Promise<readonly string[]> => {
    const replies: Reply[] = []
    for (const [method, path] of [...calls(id), ['GET', `/v25.0/${id}/phone_numbers`], ['POST', `/${id}/`]] as const) {
      for (const sent of [{}, { json: { pin: '493816', messaging_product: 'whatsapp' } }, { raw: { body: '{' } }]) {
        const reply = await door.graph(method, path, { ...sent, token: stranger.token })
        expectError(reply, 400, 100, 33)
        replies.push(reply)
      }
    }
    return replies.map(reply => withoutIds(reply, id))
  }
  const nothing = await told(unknown)
  assert.deepEqual(await told(phone.id), nothing)
  assert.deepEqual(await told(bakery.waba), nothing)
  for (const id of ['0', '1', '9'.repeat(400)]) {
    expectError(await door.graph('GET', `/v25.0/${id}`, { token: stranger.token }), 400, 100, 33)
  }

  const reply = await door.graph('GET', `/v25.0/${phone.id}`, { token: stranger.token })
  const { fbtrace_id: _, ...error } = errorOf(reply)
  assert.deepEqual(error, {
    message:
      `Unsupported get request. Object with ID '${phone.id}' does not exist, cannot be loaded due to missing permissions, or ` +
      'does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api',
    type: 'GraphMethodException',
    code: 100,
    error_subcode: 33,
  })
})

test('what a stranger tried costs the owner nothing', async () => {
  const stranger = await door.business()
  const guarded = await door.registered(bakery, '604188')
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const sent = { token: stranger.token, json: { messaging_product: 'whatsapp', pin: '000000' } }
    expectError(await door.graph('POST', `/v25.0/${guarded.id}/register`, sent), 400, 100, 33)
    expectError(await door.graph('DELETE', `/v25.0/${guarded.id}`, sent), 400, 100, 33)
  }
  expectSuccess(await guarded.register('604188'))
})

/** Every call about one number. */
function calls(id: string): readonly (readonly [method: string, path: string])[] {
  const edges = ['register', 'deregister', 'request_code', 'verify_code', 'messages']
  const node = `/v25.0/${id}`
  return [['GET', node], ['POST', node], ['DELETE', node], ...edges.map(edge => ['POST', `${node}/${edge}`] as const)]
}
