// A thief with a copy of everything that is written down, but for the key ring: what would they read?

import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { addNumber, advance, call, dataFolder, newestCode, operatorToken, spawnSandbox } from '#test/faces/sandbox.ts'
import { otherThan } from '../other-code.ts'
import { type Canary, found, spellingsOf, withoutChance } from './canaries.ts'

const national = '7700900847'
const recipient = '7700900653'
const pins = ['907318', '660419', '830952']
const address = 'Canary.Quillfeather@bakery-zebra.example'
const businessName = 'Quillfeather Zebra Bakery'
const shownName = 'Zebra Bakery by Quillfeather'
const words = 'Your sourdough waits at the counter'

/** Does everything a number can go through; answers every secret that came up on the way. */
async function tour(url: string): Promise<readonly Canary[]> {
  const canaries: Canary[] = []
  const know = (name: string, text: unknown): string => {
    assert.ok(typeof text === 'string' && text.length > 5, `${name} came up`)
    canaries.push({ name, text })
    return text
  }
  const operator = '/api/v1/operator'
  const made = await call(url, 'POST', `${operator}/businesses`, {
    token: operatorToken,
    body: { name: businessName, email: address },
  })
  const waba = String(made.body.id)
  const body = { permissions: ['whatsapp_business_management', 'whatsapp_business_messaging'] }
  const issued = await call(url, 'POST', `${operator}/businesses/${waba}/access-tokens`, { token: operatorToken, body })
  const token = know('access token', issued.body.access_token)
  canaries.push({ name: 'secret of the access token', text: token.slice(3, -6) })
  const application = await call(url, 'POST', `${operator}/applications`, {
    token: operatorToken,
    body: { name: businessName },
  })
  know('API key', application.body.api_key)

  const id = await addNumber(url, { waba, token }, national)
  const post = async (path: string, sent: unknown, status = 200) => {
    const reply = await call(url, 'POST', `/v25.0/${id}${path}`, { token, body: sent })
    assert.equal(reply.status, status, `${path}: ${JSON.stringify(reply.body)}`)
  }
  for (const method of ['SMS', 'VOICE']) {
    await post('/request_code', { code_method: method, language: 'en_US' })
    know(`code by ${method}`, await newestCode(url, `+44${national}`))
    await advance(url, 'PT61S')
  }
  const code = canaries.at(-1)?.text ?? ''
  const mistyped = know('code that was not right', otherThan(code))
  await post('/verify_code', { code: mistyped }, 400)
  await post('/verify_code', { code })
  await post('/register', { messaging_product: 'whatsapp', pin: pins[0] })
  await post('', { pin: pins[1] })
  await post('/register', { messaging_product: 'whatsapp', pin: pins[2] }, 400)
  await post('/register', { messaging_product: 'whatsapp', pin: pins[1] })
  // What goes wrong must not write down what it went wrong with.
  await post('/register', { messaging_product: 'whatsapp', pin: `${pins[0]}${pins[1]}` }, 400)
  const asQuery = `?messaging_product=whatsapp&pin=${pins[2]}&phone=%2B44${national}`
  await call(url, 'POST', `/v25.0/${id}/register${asQuery}`, { token })
  await call(url, 'GET', `/v25.0/${id}?fields=display_phone_number,${pins[0]}&access_token=${token}`)
  await call(url, 'GET', `/v25.0/nowhere/+44${national}/${pins[0]}`, { token })
  await call(url, 'POST', `/v25.0/${id}/verify_code`, { token: `${token}x`, body: { code } })
  await call(url, 'GET', `/sandbox/outbox?to=${encodeURIComponent(`+44${national}`)}`)
  const text = { messaging_product: 'whatsapp', to: `44${recipient}`, type: 'text', text: { body: words } }
  await post('/messages', text)
  await post('/deregister', {})
  await call(url, 'DELETE', `/v25.0/${id}`, { token, body: { pin: pins[1] } })

  return [
    ...canaries,
    ...pins.map(pin => ({ name: 'PIN', text: pin })),
    ...spellingsOf(`+44${national}`, national),
    ...spellingsOf(`+44${recipient}`, recipient),
    { name: 'e-mail address', text: address },
    { name: 'mailbox', text: address.split('@')[0] ?? '' },
    { name: 'name of the business', text: businessName },
    { name: 'shown name', text: shownName },
    { name: 'text of a message', text: words },
    { name: 'operator token', text: operatorToken },
  ]
}

test('no PIN, code, token, number, name or address is in any file, in the log or in the metrics', async () => {
  const folder = dataFolder()
  const server = await spawnSandbox(folder, { TWOSTEP_LOG_LEVEL: 'trace', TWOSTEP_CHECKPOINT_INTERVAL: 'PT1S' })
  try {
    // Standard output shows the sandbox's own account to the person who started it; the log is on standard error.
    let log = ''
    server.child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
    const canaries = await tour(server.url)
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    const running = filesOf(folder)
    assert.equal(await server.end('SIGTERM'), 0)
    const stopped = filesOf(folder)

    assert.ok(log.includes('"msg":"request"') && metrics.includes('# HELP'), 'there was something to be found in')
    for (const needed of ['twostep.db', 'twostep.db-wal', 'twostep.db-shm', 'twostep.db.lock', 'keyring.json']) {
      assert.ok(running.has(needed), `${needed} was looked at`)
    }
    assert.ok(stopped.has('checkpoints.jsonl'))
    const places: readonly (readonly [string, Buffer])[] = [
      ['the log', Buffer.from(log)],
      ['the metrics', Buffer.from(metrics)],
      ...running,
      ...[...stopped].map(([name, bytes]) => [`${name}, stopped`, bytes] as const),
    ]
    for (const [place, bytes] of places) {
      assert.deepEqual(found(withoutChance(bytes), canaries), [], `found in ${place}`)
    }
    theSearchFinds(canaries, places)
  } finally {
    await server.end('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Plants every canary in every place, as a mistake would have left it, and looks again. */
function theSearchFinds(canaries: readonly Canary[], places: readonly (readonly [string, Buffer])[]): void {
  for (const canary of canaries) {
    for (const [place, bytes] of places.slice(0, 4)) {
      const planted = Buffer.concat([bytes, Buffer.from(`\n{"pin":"${canary.text}"}\n`), bytes.subarray(0, 100)])
      assert.notDeepEqual(found(withoutChance(planted), [canary]), [], `${canary.name} planted in ${place}`)
    }
  }
}

test('the search finds a canary in every form in which a program writes without being asked', () => {
  const canary = { name: 'PIN', text: '907318' }
  const around = (bytes: Buffer) => Buffer.concat([Buffer.from('…{"x":"'), bytes, Buffer.from('"}…')])
  const forms: readonly Buffer[] = [
    Buffer.from('907318'),
    Buffer.from('813709'),
    Buffer.from('907318', 'utf16le'),
    Buffer.from(Buffer.from('907318').toString('hex')),
    ...['', 'a', 'ab'].map(before => Buffer.from(Buffer.from(`${before}907318 and more`).toString('base64'))),
  ]
  for (const form of forms) assert.notDeepEqual(found(withoutChance(around(form)), [canary]), [])
  assert.deepEqual(found(around(Buffer.from('907319')), [canary]), [])
  const mail = { name: 'address', text: address }
  const escaped = Buffer.from(`GET /x?to=${encodeURIComponent(address)} HTTP/1.1`)
  assert.deepEqual(found(escaped, [mail]), ['address, in a URL'])
})

function filesOf(folder: string): ReadonlyMap<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return new Map(names.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name))]))
}
