// Users of the On-Premises door: the first login, tokens and their end, roles, and how wrong passwords are slowed down.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operatorToken } from '../sandbox.ts'
import {
  adminPassword,
  basic,
  clientOf,
  expectError,
  expectReply,
  expectWait,
  meta,
  newClient,
  openDoor,
  type Sent,
} from './client.ts'

// Callers are told apart by what this machine, as their proxy, says of them.
const door = await openDoor({ TWOSTEP_TRUSTED_PROXIES: '127.0.0.1' })
after(() => door[Symbol.asyncDispose]())
const from = (address: string): Sent['headers'] => ({ 'x-forwarded-for': address })
const advance = (duration: string) => door.advance(duration)

test('the first login of a new client needs a strong new password, and only that one counts from then on', async () => {
  const client = clientOf(door)
  expectError(await client.login('admin', 'secret'), 401, 1024)
  const weak = [
    'secret',
    'short-1A',
    'alllowercase-1',
    'ALLUPPERCASE-1',
    'No-digits-here',
    'NoSpecial123',
    `Aa1-${'x'.repeat(61)}`,
  ]
  for (const new_password of [
    ...weak.filter(each => each !== 'short-1A'),
    12345678,
    ['Sourdough-7'],
    'Crlf-7\r\nInside',
  ]) {
    expectError(await client.login('admin', 'secret', { new_password }), 400, 1009)
  }
  const reply = await client.login('admin', 'secret', { new_password: adminPassword })
  const [user] = reply.body.users as { token: string; expires_after: string }[]
  // Frozen at 2027-01-15 08:00:00, and seven days on.
  expectReply(reply, 200, { users: [{ token: user?.token, expires_after: '2027-01-22 08:00:00+00:00' }], meta })
  assert.match(user?.token ?? '', /^two_[0-9A-Za-z]{50,}$/)
  expectError(await client.login('admin', 'secret', { new_password: adminPassword }), 401, 1005)
  // It has no meaning later, and changes nothing.
  assert.equal((await client.login('admin', adminPassword, { new_password: 'Another-7-one' })).status, 200)
  assert.equal((await client.login('admin', adminPassword)).status, 200)
})

test('a client made by the operator has a first password of its own, told once, and never admin and secret', async () => {
  const { waba } = await door.business()
  const path = `/api/v1/operator/businesses/${waba}/on-premises`
  assert.equal((await door.send('POST', path)).status, 401)
  const made = await door.send('POST', path, { token: operatorToken })
  assert.equal(made.status, 201)
  assert.deepEqual(Object.keys(made.body), ['path', 'username', 'password', 'health_key'])
  assert.match(String(made.body.password), /^[0-9A-Za-z]{24}$/)
  const client = clientOf(door, String(made.body.path))
  expectError(await client.login('admin', 'secret', { new_password: adminPassword }), 401, 1005)
  expectError(await client.login('admin', String(made.body.password)), 401, 1024)
  // Nobody resets the admin's password by making the client anew.
  const again = await door.send('POST', path, { token: operatorToken })
  assert.deepEqual([again.status, again.body.kind], [409, 'installed_already'])
  assert.equal((await client.login('admin', String(made.body.password), { new_password: adminPassword })).status, 200)
  const nobody = await door.send('POST', '/api/v1/operator/businesses/1/on-premises', { token: operatorToken })
  assert.deepEqual([nobody.status, nobody.body.kind], [404, 'no_such_business'])
  expectError(await clientOf(door, '/on-premises/1/v1').login('admin', 'secret'), 404, 1006)
})

test('a token lives seven days to the millisecond, ends with its logout alone, and opens its own client only', async () => {
  const { client, admin } = await newClient(door)
  const other = await client.token('admin', adminPassword)
  const asks = (token: string) => client.send('GET', '/users/admin', { token })
  expectReply(await client.send('POST', '/users/logout', { token: other }), 200, { meta })
  expectError(await asks(other), 401, 1005)
  expectError(await client.send('POST', '/users/logout', { token: other }), 401, 1005)
  assert.equal((await asks(admin)).status, 200)

  const stranger = await newClient(door)
  expectError(await stranger.client.send('GET', '/users/admin', { token: admin }), 401, 1005)
  const wrong = ['x', 'two_x', `${admin}x`, admin.slice(0, -1), door.sandbox.ready?.accessToken ?? '', operatorToken]
  for (const token of wrong) expectError(await asks(token), 401, 1005)
  expectError(await client.send('GET', '/users/admin'), 401, 1005)
  expectError(await client.send('GET', '/users/admin', { headers: basic('admin', adminPassword) }), 401, 1005)

  await advance('P6DT23H59M59.999S')
  assert.equal((await asks(admin)).status, 200)
  await advance('PT0.001S')
  expectError(await asks(admin), 401, 1005)
})

test('the admin makes, reads, changes and removes users; a removed user’s tokens end, a changed password’s do not', async () => {
  const { client, admin } = await newClient(door)
  const made = await client.send('POST', '/users', {
    token: admin,
    json: { username: 'ba-k_e.r~', password: 'rye-and-spelt' },
  })
  expectReply(made, 201, { users: [{ username: 'ba-k_e.r~' }], meta })
  const token = await client.token('ba-k_e.r~', 'rye-and-spelt')
  expectError(
    await client.send('POST', '/users', { token: admin, json: { username: 'admin', password: 'rye-and-spelt' } }),
    400,
    1009,
  )
  expectError(
    await client.send('POST', '/users', { token: admin, json: { username: 'ba-k_e.r~', password: 'rye-and-spelt' } }),
    409,
    1004,
  )
  expectReply(await client.send('GET', '/users/admin', { token: admin }), 200, {
    users: [{ ROLES: 'ROLE_ADMIN', username: 'admin' }],
    meta,
  })
  const read = { users: [{ ROLES: 'ROLE_USER', username: 'ba-k_e.r~' }], meta }
  expectReply(await client.send('GET', '/users/ba-k_e.r~', { token: admin }), 200, read)
  expectReply(await client.send('GET', '/users/ba-k_e.r~/', { token }), 200, read)
  expectError(await client.send('GET', '/users/nobody', { token: admin }), 404, 1006, 'User does not exist')
  expectError(
    await client.send('PUT', '/users/nobody', { token: admin, json: { password: 'rye-and-spelt' } }),
    404,
    1006,
  )

  assert.equal((await client.send('PUT', '/users/ba-k_e.r~', { token, json: { password: 'wholemeal' } })).status, 200)
  expectError(await client.login('ba-k_e.r~', 'rye-and-spelt'), 401, 1005)
  assert.equal((await client.send('GET', '/users/ba-k_e.r~', { token })).status, 200)
  assert.equal((await client.login('ba-k_e.r~', 'wholemeal')).status, 200)
  expectError(await client.send('PUT', '/users/admin', { token: admin, json: { password: 'wholemeal' } }), 400, 1009)

  expectError(await client.send('DELETE', '/users/admin', { token: admin }), 400, 1009, 'Admin user cannot be deleted')
  assert.equal((await client.send('DELETE', '/users/ba-k_e.r~', { token: admin })).status, 200)
  expectError(await client.send('DELETE', '/users/ba-k_e.r~', { token: admin }), 404, 1006)
  expectError(await client.send('GET', '/users/ba-k_e.r~', { token }), 401, 1005)
  expectError(await client.login('ba-k_e.r~', 'wholemeal'), 401, 1005)
})

test('a regular user reads and changes their own record, looks at the health, and may nothing else', async () => {
  const { client, admin } = await newClient(door)
  const token = await client.user(admin, 'baker')
  for (const username of ['admin', 'nobody']) {
    expectError(await client.send('GET', `/users/${username}`, { token }), 403, 1005)
    const json = { password: 'Wholemeal-1' }
    const reply = await client.send('PUT', `/users/${username}`, { token, json })
    expectError(reply, 403, 1005, 'Regular user cannot modify other user')
  }
  const admins: [method: string, path: string][] = [
    ['POST', '/users'],
    ['DELETE', '/users/baker'],
    ['POST', '/account'],
    ['POST', '/account/verify'],
    ['POST', '/account/shards'],
    ['POST', '/settings/account/two-step'],
    ['DELETE', '/settings/account/two-step'],
    ['GET', '/settings/application'],
    ['PATCH', '/settings/application'],
    ['DELETE', '/settings/application'],
  ]
  for (const [method, path] of admins) {
    expectError(await client.send(method, path, { token }), 403, 1005)
    expectError(await client.send(method, path), 401, 1005)
  }
  assert.equal((await client.send('GET', '/health', { token })).status, 200)
})

test('strangers’ wrong passwords cost strangers time, and whoever is known logs in all the while', async () => {
  const { client } = await newClient(door)
  assert.equal((await client.login('admin', adminPassword, undefined, from('198.51.100.1'))).status, 200)
  const guess = (at: number, username = 'admin', password = 'Wrong-bread-1') =>
    client.login(username, password, undefined, from(`203.0.113.${at}`))
  // From many places, and at names that exist or not: it is one budget, and the answers are alike.
  const first = await Promise.all([1, 2, 3, 4, 5].map(at => guess(at, at % 2 === 0 ? 'admin' : `nobody-${at}`)))
  const told = first.map(({ status, text, headers }) => [status, text, headers['www-authenticate']])
  assert.deepEqual(told, Array(5).fill(told[0]))
  for (const reply of first) expectError(reply, 401, 1005)
  // A right password during a wait is not looked at either, or the wait would guard nothing.
  expectWait(await guess(6, 'admin', adminPassword), 60)
  expectWait(await guess(7, 'nobody'), 60)
  assert.equal((await client.login('admin', adminPassword, undefined, from('198.51.100.1'))).status, 200)
  await advance('PT59.999S')
  expectWait(await guess(6, 'admin', adminPassword), 1)
  await advance('PT0.001S')
  assert.equal((await guess(6, 'admin', adminPassword)).status, 200)
  // That place is known now, and its neighbours are not.
  assert.equal((await guess(6, 'admin', adminPassword)).status, 200)
  assert.equal((await guess(7, 'admin', adminPassword)).status, 429)
})

test('of many wrong passwords at once each pays for itself', async () => {
  const { client } = await newClient(door)
  const many = await Promise.all(
    Array.from({ length: 20 }, () => client.login('admin', 'Wrong-bread-1', undefined, from('203.0.113.77'))),
  )
  const count = (status: number) => many.filter(each => each.status === status).length
  assert.deepEqual([count(401), count(429)], [5, 15])
})

test('what is no name and password is refused like a wrong one, and is never looked at', async () => {
  const { client } = await newClient(door)
  const headers = [
    {},
    { authorization: 'Basic' },
    { authorization: 'Basic ' },
    { authorization: 'Basic !!!' },
    { authorization: `Basic ${Buffer.from('admin').toString('base64')}` },
    { authorization: `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString('base64')}` },
    { authorization: `Basic ${'A'.repeat(9_000)}` },
    { authorization: `Bearer ${'A'.repeat(40)}` },
  ]
  for (const each of headers) expectError(await client.send('POST', '/users/login', { headers: each }), 401, 1005)
  for (const username of ['', 'ad\r\nmin', '＠admin', '__proto__', 'constructor', `${'x'.repeat(300)}`]) {
    await advance('PT2H')
    expectError(await client.login(username, 'Wrong-bread-1'), 401, 1005)
  }
  await advance('PT2H')
  assert.equal((await client.login('admin', adminPassword)).status, 200)
})
