// The commands that ask a running server, as a person and as a script use them; and what they do with secrets.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { goodPassword, openAccounts } from '../faces/account/door.ts'
import { operatorToken } from '../faces/sandbox.ts'
import { start } from './command.ts'
import { type Typing, type } from './typing.ts'

const door = await openAccounts()
after(() => door[Symbol.asyncDispose]())
const folder = mkdtempSync(join(tmpdir(), 'twostep-cli-'))
after(() => rmSync(folder, { recursive: true }))
const pin = '837465'

/** Runs a command against the sandbox, and holds what it shows to what every command promises. */
async function run(args: readonly string[], { env = {}, ...typing }: Typing = {}) {
  const urls = { TWOSTEP_URL: door.url, WA_BASE_URL: door.url }
  const ran = await type(args, { env: { ...urls, ...env }, ...typing })
  assert.equal(ran.out === '', (ran.code ?? 9) > 1, `${args.join(' ')} → ${ran.code} ${ran.out}${ran.err}`)
  if (args.includes('--json') && ran.code === 0) assert.equal(ran.out.trimEnd().split('\n').length, 1)
  return ran
}

const operator = { env: { TWOSTEP_OPERATOR_TOKEN: operatorToken } }

async function business() {
  const typed = [['E-mail address', 'owner@bakery.example']] as const
  const made = await run(['businesses', 'create', '--name', 'Bakery', '--json'], { ...operator, answers: typed })
  const { id } = made.json()
  const issued = await run(['businesses', 'token', 'issue', id, '--expires-in', '90d', '--json'], operator)
  return { id, env: { CLOUD_API_ACCESS_TOKEN: issued.json().access_token, WA_BUSINESS_ACCOUNT_ID: id } }
}

test('a number goes from added to locked, each step naming the next; nothing secret is an argument or shown', async () => {
  const { env } = await business()
  const national = door.newNational()
  const added = await run(['numbers', 'add', '--name', 'Bakery'], { env, piped: `+44 ${national}\n` })
  const id = /numbers request-code (\d+)/.exec(added.out)?.[1] ?? ''
  assert.match((await run(['numbers', 'request-code', id], { env })).out, /Next: {2}twostep numbers verify-code/)
  const code = () => door.newestCode(`+44${national}`)
  const proved = await run(['numbers', 'verify-code', id], { env, answers: [['The code that came', code]] })
  assert.match(proved.out, new RegExp(`Next: {2}twostep numbers register ${id}`))

  const off = await run(['numbers', 'pin', 'check', id, '--json'], { env })
  assert.deepEqual([off.code, off.json()], [1, { id, pin: false }])
  const twice = (again: string) =>
    [
      ['New PIN', pin],
      ['The same again', again],
    ] as const
  const slip = await run(['numbers', 'pin', 'set', id], { env, answers: twice('837466') })
  assert.deepEqual([slip.code, slip.err.includes('not the same')], [2, true])
  const set = await run(['numbers', 'pin', 'set', id], { env, answers: twice(pin) })
  assert.equal(set.code, 0)
  assert(!(set.out + set.err).includes(pin))
  const weak = await run(['numbers', 'pin', 'set', id, '--json'], { env, piped: '123456\n' })
  assert.deepEqual([weak.code, weak.error().reason], [2, 'cannot_run'])
  const wrong = await run(['numbers', 'register', id, '--json'], { env, piped: '504829\n' })
  assert.deepEqual([wrong.code, wrong.error().reason, wrong.error().code], [3, 'graph_133005', 133005])
  const guessed = await run(['numbers', 'register', id, '--json'], { env, piped: '111222\n' })
  const lines = guessed.err
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.deepEqual([guessed.code, lines[0].warning.kind, lines[1].error.code], [3, 'weak_pin', 133005])
  assert.equal((await run(['numbers', 'register', id], { env, piped: `${pin}\n` })).code, 0)
  assert.equal((await run(['numbers', 'pin', 'check', id], { env })).code, 0)
  const [number] = (await run(['numbers', 'list', '--json'], { env })).json().numbers
  assert.deepEqual([number.id, number.status, number.is_pin_enabled], [id, 'CONNECTED', true])
  const { out } = await run(['numbers', 'show'], { env: { ...env, WA_PHONE_NUMBER_ID: id } })
  assert.match(out, /^id +number +name +status +proved +pin\n\d+ +\+44 .* CONNECTED +verified +on\n$/)
  assert.equal((await run(['numbers', 'deregister', id], { env })).code, 0)
  // What is piped answers one question a line.
  const both = `${env.CLOUD_API_ACCESS_TOKEN}\n${pin}\n`
  assert.equal((await run(['numbers', 'register', id], { piped: both })).code, 0)
})

test('a secret in a file is read when only its owner can open it, and refused with the command that mends it', async () => {
  const file = join(folder, 'token.txt')
  writeFileSync(file, `${operatorToken}\n`, { mode: 0o600 })
  const create = ['applications', 'create', '--name', 'App', '--operator-token-file', file]
  assert.match((await run(create)).out, /^Made the application \d+\. Its API key:\ntwk_/)
  chmodSync(file, 0o644)
  const open = await run([...create, '--json'])
  assert.deepEqual([open.code, open.error().reason], [2, 'cannot_run'])
  assert.match(open.error().hint, /^Run {2}chmod 600 .*token\.txt/)
  chmodSync(file, 0o600)
  for (const [text, words] of [
    ['', /is empty/],
    ['a\nb\n', /several lines/],
    ['x'.repeat(20_000), /too large/],
  ] as const) {
    writeFileSync(file, text)
    assert.match((await run(create)).err, words)
  }
  assert.match((await run(['applications', 'create', '--name', 'A', '--operator-token-file', folder])).err, /a folder/)
  const byVariable = { env: { TWOSTEP_OPERATOR_TOKEN_FILE: join(folder, 'none') } }
  assert.match(
    (await run(['applications', 'create', '--name', 'A'], byVariable)).err,
    /_FILE: .* cannot be read \(ENOENT\)/,
  )
})

test('a secret as an argument is refused before anything else, and is not repeated', async () => {
  const secrets = ['504829', 'EAAGm0PX4ZCpsBAKZBqZCZB', `twk_${'a'.repeat(40)}`, 'whsec_c2VjcmV0', 'sesame']
  for (const args of [
    ['numbers', 'register', '106540352242922', '--pin', '504829'],
    ['numbers', 'register', '106540352242922', '--pin=504829'],
    ['numbers', 'pin', 'set', '106540352242922', '504829'],
    ['numbers', 'verify-code', '504-829'],
    ['numbers', 'list', '--token', 'EAAGm0PX4ZCpsBAKZBqZCZB'],
    ['numbers', 'list', '--token-file', 'EAAGm0PX4ZCpsBAKZBqZCZB'],
    ['accounts', 'list', `--api-key=twk_${'a'.repeat(40)}`],
    ['accounts', 'list', `--api-key-file=twk_${'a'.repeat(40)}`],
    ['accounts', 'sign-in', '--password', 'sesame', '--session-file', 'x'],
    ['businesses', 'token', 'revoke', '1', 'whsec_c2VjcmV0'],
  ]) {
    const ran = await run(args)
    assert.equal(ran.code, 2, args.join(' '))
    assert.match(ran.err, /^(?:-|A token|A PIN).* as an argument: every user of this machine sees it/)
    assert(!secrets.some(secret => ran.err.includes(secret)), ran.err)
  }
  for (const more of [[], ['--json']]) {
    const unknown = await run(['numbers', 'list', '--pin-code=sesame', ...more])
    assert.deepEqual(
      [unknown.code, unknown.err.includes('--pin-code'), unknown.err.includes('sesame')],
      [2, true, false],
    )
  }
})

test('the operator’s commands: told once, revoked one by one, and by nobody without the token', async () => {
  const { id, env } = await business()
  const token = env.CLOUD_API_ACCESS_TOKEN
  const revoke = ['businesses', 'token', 'revoke', id, '--json']
  assert.deepEqual((await run(revoke, { ...operator, piped: `${token}\n` })).json(), { revoked: 1 })
  const gone = await run(revoke, { ...operator, piped: `${token}\n` })
  assert.deepEqual([gone.code, gone.error().reason, gone.error().status], [3, 'no_such_token', 404])
  // An empty answer must not read as all of them.
  assert.equal((await run(revoke, { ...operator, piped: '\n' })).code, 2)
  assert.deepEqual((await run([...revoke, '--all'], operator)).json(), { revoked: 0 })
  const secret = await run(['businesses', 'app-secret', id, '--json'], operator)
  assert.match(secret.json().app_secret, /^[0-9a-f]{32}$/)
  const email = { ...operator, piped: 'anna@bakery.example\n' }
  assert.match((await run(['businesses', 'invite', id, '--role', 'member'], email)).out, /\nhttp/)
  assert.equal((await run(['businesses', 'remove', id], email)).code, 0)
  const impostor = { answers: [['Operator token', 'nobody']] } as const
  const refused = await run(['applications', 'create', '--name', 'App', '--json'], impostor)
  assert.equal(refused.code, 3)
  assert.match(refused.err, /"reason":"operator_token_needed".*In the sandbox, npm start prints it/)
  const away = await run(['applications', 'create', '--name', 'App', '--url', 'http://127.0.0.1:9'], operator)
  assert.deepEqual([away.code, /No answer came from .*Check --url/s.test(away.err)], [2, true])
  const span = await run(['businesses', 'token', 'issue', id, '--expires-in', 'soon'], operator)
  assert.match(span.err, /such as 90d/)
})

test('an account’s owner signs in, sees sessions and what happened, proves themself anew and closes it; others see nothing', async () => {
  const of = await door.turnedOn()
  await door.advance('PT1M')
  const file = join(folder, 'session.txt')
  const who = [
    ['E-mail address', of.email],
    ['Password', of.password],
  ] as const
  const code = () => door.newestCode(of.number)
  const signIn = ['accounts', 'sign-in', '--session-file', file]
  const wrong = [...who, ['The code', '000000'], ['The code', code]] as const
  const signed = await run(signIn, { answers: wrong })
  assert.match(signed.err, /This code is not right\./)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert(!signed.err.includes(goodPassword))
  const own = ['--session-file', file]
  assert.equal((await run(['accounts', 'sessions', 'list', '--json', ...own])).json().sessions.length, 2)
  assert.equal((await run(['accounts', 'sessions', 'end', ...own])).code, 2)
  assert.match((await run(['accounts', 'sessions', 'end', '--others', ...own])).out, /^Ended: 1\./)
  const { events } = (await run(['accounts', 'activity', '--limit', '3', '--json', ...own])).json()
  assert.equal(events.length, 3)
  assert.match((await run(['accounts', 'close', ...own])).err, /add --for-good/)
  await door.advance('PT11M')
  const proofs = [
    ['Password', of.password],
    ['The code', code],
  ] as const
  const closed = await run(['accounts', 'close', '--for-good', '--json', ...own], { answers: proofs })
  assert.deepEqual(closed.json(), { closed: true })
  const over = await run(['accounts', 'activity', '--json', ...own])
  assert.deepEqual([over.code, over.error().reason], [3, 'session_needed'])
})

test('an application sees which users it has, and there is no command that takes anybody’s second step away', async () => {
  const made = await run(['applications', 'create', '--name', 'Shop', '--json'], operator)
  const env = { TWOSTEP_API_KEY: made.json().api_key }
  assert.match((await run(['accounts', 'list'], { env })).out, /has no users/)
  await door.post('/users/ada/sign-ins', { email: 'ada@shop.example' }, env.TWOSTEP_API_KEY)
  const listed = (await run(['accounts', 'list', '--json'], { env })).json().users
  assert.deepEqual([listed.length, listed[0].user, listed[0].two_step], [1, 'ada', 'off'])
  assert.match((await run(['accounts', 'show', 'ada'], { env })).out, /^user +account +since +two-step\nada /)
  const nobody = await run(['accounts', 'show', '..', '--json'], { env })
  assert.deepEqual([nobody.code, nobody.error().reason], [2, 'cannot_run'])
  const { out } = await run(['accounts', '--help'])
  assert.doesNotMatch(out.replace(/nobody turns another’s two-step\s+verification off/, ''), /turn|disable|reset|off\b/)
})

test('too early is told apart from no, with the moment from when it makes sense', async () => {
  const { env } = await business()
  const national = door.newNational()
  const added = await run(['numbers', 'add', '--name', 'Bakery', '--json'], { env, piped: `+44${national}\n` })
  const { id } = added.json()
  assert.equal((await run(['numbers', 'request-code', id], { env })).code, 0)
  const early = await run(['numbers', 'verify-code', id, '--json'], { env, piped: '000000\n' })
  assert.equal(early.code, 3)
  for (let more = 0; more < 3; more += 1) await run(['numbers', 'verify-code', id], { env, piped: '000000\n' })
  const waiting = await run(['numbers', 'verify-code', id, '--json'], { env, piped: '000000\n' })
  assert.equal(waiting.code, 4, waiting.err)
  assert.match(waiting.error().retry_at, /^\d{4}-.*Z$/)
})

test('Ctrl-C at a question ends with 130 and one line, and nothing was sent', async () => {
  const ran = await run(['businesses', 'create', '--name', 'Bakery'], {
    ...operator,
    answers: [['E-mail address', '\x03']],
  })
  assert.equal(ran.code, 130)
  assert.match(ran.err, /Interrupted\.\n$/)
})

test('Ctrl-C while a server is asked ends with 130, and says what may have been done', async () => {
  const silent = createServer()
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as AddressInfo
  const settings = { WA_BASE_URL: `http://127.0.0.1:${port}`, CLOUD_API_ACCESS_TOKEN: 'x' }
  const running = start(folder, ['numbers', 'deregister', '106540352242922', '--json'], { settings })
  const [socket] = (await once(silent, 'connection')) as [Socket]
  await once(socket, 'data')
  running.kill('SIGINT')
  const { code, out, err } = await running.ended
  assert.deepEqual([code, out], [130, ''])
  assert.match(JSON.parse(err).error.hint, /may have been done: look with {2}twostep numbers show 106540352242922/)
  socket.destroy()
  silent.close()
})

test('what others wrote does not move the cursor of who reads it', async () => {
  const made = await run(['applications', 'create', '--name', 'Shop', '--json'], operator)
  const env = { TWOSTEP_API_KEY: made.json().api_key }
  const hostile = '2J\u202eada'
  await door.post(`/users/${encodeURIComponent(hostile)}/sign-ins`, { email: 'ada@shop.example' }, env.TWOSTEP_API_KEY)
  for (const more of [[], ['--json']]) {
    const { out } = await run(['accounts', 'list', ...more], { env })
    assert(out.includes('2J\\u202eada') && !out.includes(hostile), out)
  }
})
