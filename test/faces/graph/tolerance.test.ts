// What clients really send, and a server must bear: every shape of path, parameter and body, over HTTP and over TLS.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { certificate } from '#test/http/wire.ts'
import { type Door, errorOf, expectError, expectSuccess, openDoor, registration, type Sent } from './door.ts'

const folder = mkdtempSync(join(tmpdir(), 'twostep-graph-tls-'))
const [certFile, keyFile] = [join(folder, 'crt'), join(folder, 'key')]
const { cert, key } = certificate()
writeFileSync(certFile, cert)
writeFileSync(keyFile, key.reveal(), { mode: 0o600 })

const plain = await openDoor()
const tls = await openDoor({ TWOSTEP_TLS_CERT: certFile, TWOSTEP_TLS_KEY: keyFile }, cert)
after(async () => {
  await plain[Symbol.asyncDispose]()
  await tls[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'

/** A test over plain HTTP and one over TLS. */
function onBoth(promise: string, run: (door: Door) => Promise<void>): void {
  for (const [wire, door] of [
    ['http', plain],
    ['https', tls],
  ] as const) {
    test(`${wire}: ${promise}`, async () => {
      assert(door.url.startsWith(`${wire}:`))
      await run(door)
    })
  }
}

/** Every way to carry flat parameters. */
const carriers = (values: Readonly<Record<string, string>>): readonly Sent[] => [
  { json: values },
  { form: values },
  { multipart: values },
  { query: values },
  { raw: { body: JSON.stringify(values) } },
  { raw: { body: JSON.stringify(values), type: 'text/plain;charset=UTF-8' } },
  { raw: { body: JSON.stringify(values), type: form } },
  { raw: { body: ` \n${JSON.stringify(values)}\r\n`, type: `${json}; charset=utf-8` } },
  { raw: { body: String(new URLSearchParams(values)) } },
  { json: values, chunked: true },
  { form: values, chunked: true },
  { multipart: values, chunked: true },
  // Where query and body name the same thing, the body counts.
  { json: values, query: Object.fromEntries(Object.keys(values).map(name => [name, 'of the query'])) },
]

onBoth('paths may end in a slash, have any version or none', async door => {
  const bakery = await door.business()
  const phone = await door.registered(bakery, '493816')
  const { token } = bakery
  for (const version of ['', '/v25.0', '/v26.0', '/v1.0', '/v3.2', '/v100.13']) {
    for (const slash of ['', '/']) {
      const read = await door.graph('GET', `${version}/${phone.id}${slash}`, { token })
      assert.deepEqual([read.status, read.body.id], [200, phone.id])
      expectSuccess(await door.graph('POST', `${version}/${phone.id}${slash}`, { token, json: { pin: '058227' } }))
      expectError(await door.graph('POST', `${version}/${phone.id}/verify_code${slash}`, { token }), 400, 100)
      const list = await door.graph('GET', `${version}/${bakery.waba}/phone_numbers${slash}`, { token })
      assert.equal(list.status, 200)
    }
  }
  for (const path of ['/v25/1', '/V25.0/1', '/v25.0.1/1', '/25.0/1']) {
    assert((await door.send('GET', path, { token })).status >= 400, path)
  }
})

onBoth('a PIN is taken from JSON, form, multipart and query alike, whole or in pieces', async door => {
  const phone = await door.registered(await door.business(), '493816')
  for (const sent of carriers({ pin: '058227' })) expectSuccess(await phone.post('', sent))
})

onBoth('so is a request for a code, and the code', async door => {
  const bakery = await door.business()
  for (const [at, sent] of carriers({ code_method: 'SMS', language: 'en_US' }).entries()) {
    const phone = await door.added(bakery)
    expectSuccess(await phone.post('request_code', sent))
    const code = await door.newestCode(phone.number)
    const proof = carriers({ code })[at]
    assert(proof !== undefined)
    assert.equal((await phone.post('verify_code', proof)).text, `{"success":true,"id":"${phone.id}"}`)
  }
})

onBoth('so is a registration, with the product in any case', async door => {
  const phone = await door.proved(await door.business())
  const product = { messaging_product: 'whatsapp' }
  const spelled = ['WHATSAPP', 'WhatsApp'].map(word => ({ json: { messaging_product: word, pin: '058227' } }))
  for (const sent of [...carriers({ ...product, pin: '058227' }), ...spelled]) {
    await door.advance('PT8H')
    expectSuccess(await phone.post('register', sent))
  }
})

onBoth('deregister takes every empty body, and the one that names the product', async door => {
  const phone = await door.registered(await door.business(), '493816')
  const bodies: readonly Sent[] = [
    {},
    { raw: { body: '', type: json } },
    { raw: { body: '', type: form } },
    { json: { messaging_product: 'whatsapp' } },
    { raw: { body: '', type: 'multipart/form-data; boundary=seam' } },
    { raw: { body: '', type: 'text/plain' } },
    { raw: { body: '', type: 'no type at all' } },
    { raw: { body: '{}', type: json } },
    { raw: { body: '  \r\n', type: json } },
    { chunked: true },
    { raw: { body: '', type: json }, chunked: true },
    { form: { messaging_product: 'whatsapp' } },
    { json: { messaging_product: 'instagram', pin: 1, more: [{}] } },
  ]
  for (const sent of bodies) {
    expectSuccess(await phone.post('deregister', sent))
    await door.advance('PT72H')
    expectSuccess(await phone.register('493816'))
  }
})

onBoth('a PIN may be a JSON number or stand in whatsapp_business_api_data', async door => {
  const phone = await door.registered(await door.business(), '493816')
  const data = { show_security_notifications: true }
  const shapes: readonly Sent[] = [
    { json: { pin: 580227 } },
    { raw: { body: '{"pin":580227.0}' } },
    { json: { whatsapp_business_api_data: { ...data, pin: '580227' } } },
    { json: { whatsapp_business_api_data: { ...data, pin: 580227 } } },
    { form: { whatsapp_business_api_data: '{"pin":"580227"}' } },
    { query: { whatsapp_business_api_data: '{"pin":580227}' } },
    { json: { messaging_product: 'whatsapp', pin: '580227', search_visibility: 'VISIBLE', no_such_field: [1] } },
  ]
  for (const sent of shapes) {
    expectSuccess(await phone.post('', { json: { pin: '493816' } }))
    expectSuccess(await phone.post('', sent))
    expectSuccess(await phone.register('580227'))
    await door.advance('PT72H')
  }
})

onBoth('a number that lost its zeros is refused, and never becomes another PIN or code', async door => {
  const phone = await door.registered(await door.business(), '012345')
  for (const pin of [12345, 12345.5, 1234567, -12345, 0, 1e21, 1e-7, true, '12345', ' 12345', '12345 ', '+12345']) {
    for (const edge of ['', 'register']) {
      const reply = await phone.post(edge, { json: registration(pin) })
      expectError(reply, 400, 100)
      assert.equal(errorOf(reply).message, '(#100) Param pin must be 6 characters long.')
      await door.advance('PT72H')
    }
  }
  expectSuccess(await phone.register('012345'))
  for (const values of [{ pin: '012345' }, { pin: '000000' }]) {
    expectSuccess(await phone.post('', { form: values }))
    await door.advance('PT72H')
    expectSuccess(await phone.register(values.pin))
  }
})

onBoth('a code may be a JSON number, and may keep the hyphen that people see', async door => {
  const bakery = await door.business()
  for (const written of [(code: string) => `${code.slice(0, 3)}-${code.slice(3)}`, (code: string) => code]) {
    const phone = await door.added(bakery)
    expectSuccess(await phone.post('request_code', { query: { code_method: 'voice', locale: 'en' } }))
    const code = await door.newestCode(phone.number)
    expectSuccessWithId(await phone.post('verify_code', { multipart: { code: written(code) } }), phone.id)
  }
  const phone = await door.added(bakery)
  // A code that begins with a zero cannot be written as a JSON number; then another one is sent.
  let code = '0'
  while (code.startsWith('0')) {
    expectSuccess(await phone.post('request_code', { json: { code_method: 'SMS', language: 'en' } }))
    code = await door.newestCode(phone.number)
    if (code.startsWith('0')) await door.advance('P1D')
  }
  expectSuccessWithId(await phone.post('verify_code', { json: { code: Number(code) } }), phone.id)
})

function expectSuccessWithId(reply: { readonly status: number; readonly text: string }, id: string): void {
  assert.deepEqual([reply.status, reply.text], [200, `{"success":true,"id":"${id}"}`])
}

onBoth('languages are taken as Graph writes them and as people do', async door => {
  const bakery = await door.business()
  for (const language of ['en_US', 'en', 'pt_BR', 'zh-CN', 'DE', 'fil', 'xx_YY', 'en_Latn']) {
    const phone = await door.added(bakery)
    expectSuccess(await phone.post('request_code', { json: { code_method: 'SMS', language } }))
  }
  const [phone, german] = [await door.added(bakery), await door.added(bakery)]
  expectSuccess(await german.post('request_code', { json: { code_method: 'sms', locale: 'de_DE' } }))
  assert.match((await door.outbox(german.number))[0]?.text ?? '', /Code/)
  for (const language of ['', 'e', 'english', 'en_USA_', '../en', 'en\n', 5, true, ['en'], null]) {
    expectError(await phone.post('request_code', { json: { code_method: 'SMS', language } }), 400, 100)
  }
  assert.deepEqual(await door.outbox(phone.number), [])
})
