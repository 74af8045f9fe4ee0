// Kannel, a real gateway, from both sides. Our line binds to its own SMPP server for tests (drive_smpp), which is a
// transmitter's: it takes texts and sends no receipts. Its gateway, as a client, binds to the SMSC that our other tests use
// (test/delivery/smsc.ts), so that what that one says is held against a second implementation. And the whole program sends
// through the gateway by a template, and hears of its receipts.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after as afterTests, test } from 'node:test'
import { after, minute } from '#core/kernel/instant.ts'
import { languages } from '#delivery/messages/language.ts'
import { ownershipCodeText } from '#delivery/messages/ownership-code.ts'
import { readProviders } from '#delivery/providers/provider-list.ts'
import { readTemplate, templateProvider } from '#delivery/sms-http/template.ts'
import { smppProvider } from '#delivery/sms-smpp/smpp-provider.ts'
import { addressGuard } from '#delivery/webhook/addresses.ts'
import { createCaller } from '#delivery/webhook/caller.ts'
import { seededDice } from '#secrets/dice.ts'
import { addNumber, call, newBusiness, newestCode, startSandbox } from '../faces/sandbox.ts'
import { begin, never } from './house.ts'
import { startKannel } from './kannel.ts'
import { startSmsc } from './smsc.ts'

const smsc = await startSmsc({ submit: (_, count) => ({ id: `kannel-${count}` }) })
const kannel = await startKannel(smsc.port)

const folder = mkdtempSync(join(tmpdir(), 'twostep-template-'))
afterTests(() => rmSync(folder, { recursive: true, force: true }))

/** The template for Kannel that the guide shows; `user` says by which line it leaves. */
function template(user: 'smpp' | 'fake'): string {
  const guide = readFileSync('docs/guide/messages.md', 'utf8')
  const shown = [...guide.matchAll(/```json\n(.*?)```/gs)]
    .map(([, block = '']) => block)
    .find(each => /sendsms/.test(each))
  return (shown ?? '')
    .replace('http://127.0.0.1:13013/cgi-bin/sendsms', kannel.sendsms)
    .replace('username=twostep', `username=${user}`)
    .replace('from=Example', 'from=Twostep')
}

function providerBy(user: 'smpp' | 'fake') {
  const read = readTemplate(template(user))
  assert('value' in read, JSON.stringify(read))
  const terms = { name: 'kannel', channel: 'sms', rank: 1, countries: 'all', receiptWait: undefined } as const
  const caller = createCaller({ guard: addressGuard({ allow: [], loopback: true }), timeLimit: 5_000 })
  return templateProvider(read.value, {
    terms,
    call: caller,
    callback: () => 'http://127.0.0.1:9',
    proofsOf: () => ['p'],
  })
}

const sending = (text: string) => ({
  ...{ message: { channel: 'sms', to: '+447700900123', text } as const, id: 'a'.repeat(32) },
  ...{ now: begin, expires: after(begin, 10 * minute) },
})

test('Kannel’s SMPP server takes a bind, texts in both alphabets and in parts, and a goodbye', async () => {
  // It looks for a gateway on its own fixed port, and falls over when nobody is there. Whoever is there will do.
  const anybody = createServer(socket => socket.resume().on('error', () => {}))
  const listening = Promise.race([once(anybody.listen(13_001, '127.0.0.1'), 'listening'), once(anybody, 'error')])
  await listening.catch(() => {})
  const url = `smpp://kannel:secret@127.0.0.1:${kannel.smpp}?from=Twostep&bind=transmitter&enquire=1`
  const read = readProviders(url, 'sms', () => undefined)
  assert('value' in read)
  const [spec] = read.value
  assert(spec?.kind === 'smpp')
  const { server, terms } = spec
  const changes: string[] = []
  const provider = smppProvider({
    ...{ server: { ...server, enquireEvery: 20 }, terms, dice: seededDice('kannel'), firstRest: 10 },
    onChange: what => changes.push(what),
  })
  const texts = ['123-456 is your code: €5 [Zoë? ñ, à]'.replace('ë', 'é'), 'x'.repeat(200), '您的验证码']
  for (const text of texts) {
    assert.deepEqual(await provider.send(sending(text), never), { kind: 'taken' })
  }
  await kannel.logged('drive_smpp', /type enquire_link/)
  provider.close?.()
  const log = await kannel.logged('drive_smpp', /type unbind/)
  const handled = [...log.matchAll(/Handling SMPP PDU of type (\w+)/g)].map(([, type]) => type)
  const said = handled.filter(type => type !== 'enquire_link')
  assert.deepEqual(said, ['bind_transmitter', 'submit_sm', 'submit_sm', 'submit_sm', 'submit_sm', 'unbind'])
  // In GSM-7: € and brackets behind an escape, é ñ à at their places in the alphabet.
  assert(log.includes('<123-456 is your code: \x1be5 \x1b<Zo\x05? }, \x7f\x1b>>'), log)
  assert(!/WARNING|garbage|Unhandled|unpacking failed/.test(log), log)
  anybody.close()
})

test('a code goes through Kannel to an SMSC, and its receipt comes all the way back', async () => {
  const file = join(folder, 'kannel.json')
  writeFileSync(file, template('smpp'))
  const heard = Promise.withResolvers<void>()
  const onLog = (line: string) => {
    if (line.includes('"providers"') && line.includes('204')) heard.resolve()
  }
  const settings = { TWOSTEP_SMS_PROVIDERS: `template:${file}?name=kannel` }
  await using sandbox = await startSandbox(settings, { onLog })
  const business = await newBusiness(sandbox.url)
  const id = await addNumber(sandbox.url, business, '7700900456')
  await smsc.until(heard => heard.includes('bind_transceiver'))
  const body = { code_method: 'SMS', language: 'en_US' }
  await call(sandbox.url, 'POST', `/v25.0/${id}/request_code`, { token: business.token, body })
  await smsc.until(() => smsc.submitted.length === 1)
  const [got] = smsc.submitted
  const code = await newestCode(sandbox.url, '+447700900456')
  assert.equal(got?.text.slice(0, 7).replace('-', ''), code)
  assert.deepEqual([got?.to, got?.from, got?.registered], ['447700900456', 'Twostep', 1])
  assert.equal(await smsc.receipt('kannel-1', 'DELIVRD'), 0)
  await heard.promise
  const documents = await sandbox.store.walk(undefined, 999)
  const delivery = documents.find(each => each.subject.kind === 'delivery')
  const stored = await sandbox.world.records.load('delivery', delivery?.subject.id ?? '')
  const attempts = stored?.document.attempts.map(({ provider, state }) => `${provider} ${state}`)
  assert.deepEqual(attempts, ['kannel delivered'])
})

test('texts of every language come out of Kannel as they went in, by SMPP and by its other line', async () => {
  const provider = providerBy('smpp')
  const texts = languages.map(({ tag: language }) =>
    ownershipCodeText({ channel: 'sms', language, code: '123456', product: 'Twostep' }),
  )
  const before = smsc.submitted.length
  for (const text of texts) assert.deepEqual(await provider.send(sending(text), never), { kind: 'taken' })
  await smsc.until(() => smsc.submitted.length === before + texts.length)
  const came = smsc.submitted.slice(before).map(({ text }) => text)
  assert.deepEqual(came.sort(), texts.sort())
  await providerBy('fake').send(sending('123-456 is your code: €5'), never)
  await kannel.logged('fakesmsc', /Got message 1: <Twostep 447700900123 text 123-456 is your code: /)
})

test('Kannel that does not know us says so, and nothing is taken for sent', async () => {
  const wrong = readTemplate(template('smpp').replace('password=secret', 'password=other'))
  assert('value' in wrong)
  const terms = { name: 'kannel', channel: 'sms', rank: 1, countries: 'all', receiptWait: undefined } as const
  const caller = createCaller({ guard: addressGuard({ allow: [], loopback: true }), timeLimit: 5_000 })
  const options = { terms, call: caller, callback: () => 'http://127.0.0.1:9', proofsOf: () => ['p'] }
  assert.deepEqual(await templateProvider(wrong.value, options).send(sending('x'), never), {
    kind: 'failed',
    fault: 'http_403',
  })
})
