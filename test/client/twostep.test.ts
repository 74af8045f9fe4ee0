// The Twostep client against a running sandbox: what its calls answer and refuse with is the contract's, and a change whose
// answer was lost is done once.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { ConnectionError, type LockNotice, Twostep, type TwostepConfig } from '#client/index.ts'
import * as contract from '#contract/registrations.ts'
import { openRest, otherPin, pin } from '../faces/rest/door.ts'
import { operatorToken } from '../faces/sandbox.ts'
import { otherThan } from '../other-code.ts'
import { toldFetch, watchedFetch } from './wires.ts'

const door = await openRest()
after(() => door[Symbol.asyncDispose]())

const operatorsOf = (config: TwostepConfig = {}): Twostep =>
  new Twostep({ baseUrl: door.url, operatorToken, ...config })

async function clientOf(config: TwostepConfig = {}): Promise<Twostep> {
  const made = valued(await operatorsOf().operator.createApplication({ name: 'App' }))
  return new Twostep({ baseUrl: door.url, apiKey: made.api_key, ...config })
}

type Ended<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: { readonly kind: string; readonly detail?: string } }

function valued<Value>(result: Ended<Value>): Value {
  if (!result.ok) assert.fail(`${result.problem.kind}: ${result.problem.detail}`)
  return result.value
}

/** The problem of this kind, which the call must have ended with. */
function problemOf<Problem extends { readonly kind: string }, Kind extends Problem['kind']>(
  result: { readonly ok: true } | { readonly ok: false; readonly problem: Problem },
  kind: Kind,
): Extract<Problem, { readonly kind: Kind }> {
  assert(!result.ok && result.problem.kind === kind, JSON.stringify(result))
  return result.problem as Extract<Problem, { readonly kind: Kind }>
}

async function proved(twostep: Twostep, number: string): Promise<string> {
  const { id } = valued(await twostep.registrations.begin({ number }))
  const code = valued(await twostep.sandbox.outbox({ to: number })).messages[0]?.code ?? ''
  assert.equal(valued(await twostep.registrations.checkCode(id, { code })).state, 'proved')
  return id
}

const newNumber = () => `+44${door.newNational()}`

test('a number is registered, locked, contested, and given up; every answer is the contract’s', async () => {
  const twostep = await clientOf()
  const { registrations, twoStep, sandbox } = twostep
  const number = newNumber()
  const national = number.replace('+44', '0')
  const begun = valued(await registrations.begin({ number: national, country: 'GB', method: 'voice', locale: 'pt-BR' }))
  contract.registrationAnswer.parse(begun)
  assert.deepEqual([begun.number, begun.next, begun.code?.checks_left], [number, 'check_code', 5])
  const [spoken] = valued(await sandbox.outbox({ to: number, channel: 'voice' })).messages
  const tooSoon = problemOf(await registrations.sendCode(begun.id), 'too_many_codes')
  assert.deepEqual(tooSoon.retryAt, new Date(Date.now() + (tooSoon.retry_after ?? 0) * 1_000))
  assert.equal(problemOf(await registrations.complete(begun.id), 'not_proved').status, 409)
  assert.equal(valued(await registrations.checkCode(begun.id, { code: spoken?.code ?? '' })).next, 'complete')
  const completed = contract.completedAnswer.parse(valued(await registrations.complete(begun.id)))
  assert.deepEqual([completed.state, completed.reset], ['registered', 'none'])
  const { id } = begun

  const refused = problemOf(await twoStep.enable(id, { pin: '123456' }), 'weak_pin')
  assert.equal(refused.reason, 'run')
  const email = 'ada@example.com'
  const on = valued(await twoStep.enable(id, { pin, email, email_repeat: email }))
  assert.deepEqual(
    [contract.twoStepAnswer.parse(on).enabled, on.recovery_email?.address.includes('ada@')],
    [true, false],
  )
  problemOf(await twoStep.enable(id, { pin }), 'two_step_on')
  problemOf(await twoStep.changePin(id, { current_pin: pin, pin }), 'same_pin')
  const wrong = problemOf(await twoStep.changePin(id, { current_pin: '604188', pin: otherPin }), 'wrong_pin')
  assert.equal(wrong.guesses_left, 4)
  valued(await twoStep.changePin(id, { current_pin: pin, pin: otherPin }))
  assert.equal(contract.reminderAnswer.parse(valued(await twoStep.reminder(id))).due, false)
  assert.equal(problemOf(await twoStep.answerReminder(id, { pin: otherPin }), 'reminder_not_due').due, false)
  assert.equal(contract.useAnswer.parse(valued(await registrations.reportUse(id))).counted, true)

  valued(await sandbox.advanceClock({ advance: 'PT1M' }))
  const rival = await proved(twostep, number)
  const met = problemOf(await registrations.complete(rival), 'pin_needed')
  contract.lockMembers.parse(met)
  met satisfies LockNotice
  assert.deepEqual([met.status, met.guesses_left, met.reset_methods], [423, 5, ['email', 'time']])
  assert.equal(contract.contestAnswer.parse(valued(await twoStep.contest(id))).contested, true)
  assert.equal(contract.recoveryMailAnswer.parse(valued(await twoStep.recoveryMail(rival))).state, 'none')
  assert.equal(valued(await twoStep.requestRecoveryMail(rival)).next, 'poll')
  assert.equal(valued(await twoStep.endContest(id, { pin: otherPin })).contested, false)
  problemOf(await twoStep.endContest(id, { pin: otherPin }), 'no_contest')
  assert.equal(valued(await twoStep.changeEmail(id, { pin: otherPin, email: null })).recovery_email, null)
  assert.equal(valued(await registrations.complete(rival, { pin: otherPin })).state, 'registered')
  assert.equal(valued(await registrations.get(id)).state, 'ended')
  assert.equal(valued(await twoStep.turnOff(rival, { pin: otherPin })).enabled, false)
  assert.equal(valued(await twoStep.get(rival)).set_at, null)
  assert.equal(valued(await registrations.deregister(rival)).state, 'proved')
  problemOf(await twoStep.get(rival), 'not_registered')
  problemOf(await registrations.get('123456789012345'), 'no_such_registration')
  const wrongNumber = problemOf(await registrations.begin({ number: '12' }), 'invalid_request')
  assert.equal(wrongNumber.errors?.[0]?.field, 'number')
})

test('a webhook is made, tested, given a new secret and taken away', async () => {
  const { webhook } = await clientOf()
  problemOf(await webhook.get(), 'no_webhook')
  const url = 'http://127.0.0.1:9/hooks'
  const made = valued(await webhook.put({ url }))
  contract.webhookAnswer.parse({ ...made, signing_secret: made.signing_secret?.reveal() })
  assert.match(made.signing_secret?.reveal() ?? '', /^whsec_/)
  const { signing_secret: _, ...shown } = made
  assert.deepEqual(valued(await webhook.get()), shown)
  assert.notEqual(valued(await webhook.rotateSecret()).signing_secret?.reveal(), made.signing_secret?.reveal())
  assert.deepEqual(valued(await webhook.test()), { sent: true })
  assert.deepEqual(valued(await webhook.delete()), { removed: true })
})

test('the operator makes businesses, tokens, people and secrets', async () => {
  const { operator } = operatorsOf()
  const { id } = valued(await operator.createBusiness({ name: 'Bakery', email: 'owner@bakery.example' }))
  const permissions = ['whatsapp_business_messaging'] as const
  const issued = valued(await operator.issueAccessToken(id, { permissions, expires_in: 60 }))
  assert.match(issued.access_token.reveal(), /./)
  assert.equal(valued(await operator.revokeAccessTokens(id, issued)).revoked, 1)
  problemOf(await operator.revokeAccessTokens(id, issued), 'no_such_token')
  assert.equal(valued(await operator.revokeAccessTokens(id)).revoked, 0)
  assert.match(valued(await operator.makeAppSecret(id)).app_secret.reveal(), /./)
  const invited = valued(await operator.inviteAdmin(id, { email: 'anna@bakery.example' }))
  assert.match(invited.link ?? '', /^http/)
  assert.equal(valued(await operator.removeAdmin(id, { email: 'anna@bakery.example' })), undefined)
  problemOf(await operator.removeAdmin(id, { email: 'anna@bakery.example' }), 'no_such_admin')
  problemOf(await operator.makeAppSecret('123456789012345'), 'no_such_business')
  assert.equal(valued(await operator.keyRotation()).state, 'idle')
  assert.notEqual(valued(await operator.startKeyRotation()).state, 'broken')
  const impostor = operatorsOf({ operatorToken: 'nobody' }).operator
  problemOf(await impostor.createApplication({ name: 'App' }), 'operator_token_needed')
})

test('a change whose answer was lost is sent again under its key, and was done once', async () => {
  const { fetch, sent } = watchedFetch(count => count === 1)
  const twostep = await clientOf({ fetch })
  const number = newNumber()
  const begun = await twostep.registrations.begin({ number })
  assert(begun.ok && begun.replayed && sent.length === 2)
  const messages = valued(await twostep.sandbox.outbox({ to: number })).messages
  assert.equal(messages.length, 1)
  const keys = sent.map(({ headers }) => headers.get('idempotency-key'))
  assert(keys[0] === keys[1] && /^"[0-9a-f]{32}"$/.test(keys[0] ?? ''))

  const wrong = await twostep.registrations.checkCode(begun.value.id, {
    code: otherThan(messages[0]?.code ?? ''),
  })
  problemOf(wrong, 'wrong_code')
  assert.notEqual(sent.at(-1)?.headers.get('idempotency-key'), keys[0], 'each call has a key of its own')
  const options = { idempotencyKey: 'mine "1"' }
  const first = await twostep.registrations.checkCode(begun.value.id, { code: messages[0]?.code ?? '' }, options)
  const again = await twostep.registrations.checkCode(begun.value.id, { code: messages[0]?.code ?? '' }, options)
  assert(first.ok && again.ok && !first.replayed && again.replayed)
  assert.deepEqual(first.value, again.value)
  problemOf(
    await twostep.registrations.checkCode(begun.value.id, { code: '999999' }, options),
    'idempotency_key_reused',
  )
})

test('what takes no key is sent once; what broke for good is thrown', async () => {
  const { fetch, sent } = toldFetch(new TypeError('fetch failed'))
  const { operator, registrations } = new Twostep({ fetch, operatorToken: 'x', apiKey: 'y' })
  await assert.rejects(operator.createApplication({ name: 'App' }), ConnectionError)
  assert.equal(sent.length, 1)
  const unreadable = toldFetch({ status: 502, json: { error: 'a proxy' } })
  const proxied = new Twostep({ fetch: unreadable.fetch, apiKey: 'y' })
  await assert.rejects(proxied.registrations.complete('1', { pin }), { trouble: 'unreadable', status: 502 })
  assert.equal(unreadable.sent.length, 1)
  const stop = AbortSignal.abort(new RangeError('enough'))
  await assert.rejects(registrations.begin({ number: '+447700900123' }, { signal: stop }), RangeError)
})

test('what cannot be meant is thrown before anything is sent', async () => {
  const { fetch, sent } = toldFetch({})
  const { registrations, twoStep, operator } = new Twostep({ fetch, apiKey: 'y' })
  const asText = /write it as text/
  await assert.rejects(registrations.complete('1', { pin: 12345 as unknown as string }), asText)
  await assert.rejects(twoStep.changePin('1', { current_pin: 12345 as unknown as string, pin }), asText)
  await assert.rejects(registrations.checkCode('1', { code: 12345 as unknown as string }), asText)
  await assert.rejects(registrations.get('../operator/businesses'), /write the id/)
  await assert.rejects(
    operator.createBusiness({ name: 'A', email: 'a@b.example' }),
    /operatorToken is missing: .*TWOSTEP_OPERATOR_TOKEN/,
  )
  await assert.rejects(registrations.begin({ number: '1' }, { idempotencyKey: 'a\nb' }), /idempotencyKey/)
  assert.equal(sent.length, 0)
})

test('settings that are left out come from the environment', async t => {
  t.after(() => {
    for (const name of ['TWOSTEP_URL', 'TWOSTEP_API_KEY']) delete process.env[name]
  })
  const { fetch, sent } = toldFetch({ json: {} })
  await new Twostep({ fetch, apiKey: 'mine' }).registrations.get('1')
  Object.assign(process.env, { TWOSTEP_URL: 'https://twostep.example/behind', TWOSTEP_API_KEY: 'theirs' })
  await new Twostep({ fetch }).registrations.get('1')
  assert.deepEqual(
    sent.map(({ url, headers }) => `${url} ${headers.get('authorization')}`),
    [
      'http://127.0.0.1:8022/api/v1/registrations/1 Bearer mine',
      'https://twostep.example/behind/api/v1/registrations/1 Bearer theirs',
    ],
  )
})

test('every kind of problem that the server knows has its place in the types of the client', () => {
  const rest = ['problems', 'idempotent', 'operator', 'app-secret', 'decode'].map(each => `faces/rest/${each}`)
  const accounts = readdirSync('src/faces/rest/account').map(each => `faces/rest/account/${each.replace('.ts', '')}`)
  const files = [...rest, ...accounts, 'faces/sandbox/sandbox', 'http/problem', 'http/deadline', 'app']
  const kinds = files.flatMap(each =>
    [...readFileSync(`src/${each}.ts`, 'utf8').matchAll(/\bkind: '(\w+)',\s+title/g)].map(([, kind]) => kind),
  )
  assert.ok(kinds.length > 90)
  const types = readdirSync('src/client').map(each => readFileSync(`src/client/${each}`, 'utf8'))
  // A page of another site is refused by the browser's own headers: no client of ours sends those. The other is a reverse
  // proxy's, which asks in headers of its own.
  const others = ['foreign_site', 'unknown_api_key']
  const missing = kinds.filter(kind => !others.includes(kind ?? '') && !types.join('').includes(`'${kind}'`))
  // Members of refusals are named by the kind itself.
  const named = readFileSync('src/client/problem.ts', 'utf8')
  assert.deepEqual(
    missing.filter(kind => !named.includes(`  ${kind}: `)),
    [],
  )
})
