// The guide to messages: its code, run as it is printed, takes what the server really signs and nothing else.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { readTemplate } from '#delivery/sms-http/template.ts'
import { signatureOf } from '#delivery/webhook/sign.ts'

const guide = readFileSync('docs/guide/messages.md', 'utf8')
const [forApplications, forBusinesses] = [...guide.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) => code)
const load = (code = ''): Promise<Record<string, (asked: object) => boolean>> =>
  import(`data:text/javascript,${encodeURIComponent(code)}`)

const seconds = 1_800_000_000
const message = { id: 'a1', at: instantAt(seconds * 1_000), body: '{"type":"pin.set"}' }
const { body } = message

test('the printed check of an application takes our webhook, and no forged, altered, old or repeated one', async () => {
  const { isOurs } = await load(forApplications)
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const headers = signatureOf({ scheme: 'standard', secrets: ['whsec_AAAA', secret] }, message)
  const takes = (parts: object) => isOurs?.({ headers, body, secret, seconds, seen: new Set(), ...parts })
  assert.equal(takes({}), true)
  for (const wrong of [
    { body: `${body} ` },
    { secret: 'whsec_BBBB' },
    { seconds: seconds + 301 },
    { seen: new Set(['msg_a1']) },
    { headers: { ...headers, 'webhook-timestamp': String(seconds + 1) } },
    { headers: { ...headers, 'webhook-id': 'msg_a2' } },
  ]) {
    assert.equal(takes(wrong), false, JSON.stringify(wrong))
  }
})

test('the printed check of a business takes our webhook and no other', async () => {
  const { isFromMeta } = await load(forBusinesses)
  const headers = signatureOf({ scheme: 'meta', secret: 'app secret' }, message)
  assert.equal(isFromMeta?.({ headers, body, appSecret: 'app secret' }), true)
  assert.equal(isFromMeta?.({ headers, body: `${body} `, appSecret: 'app secret' }), false)
  assert.equal(isFromMeta?.({ headers: {}, body, appSecret: 'app secret' }), false)
})

test('every printed template is one, and hears of its receipts', () => {
  const templates = [...guide.matchAll(/```json\n(.*?)```/gs)]
    .map(([, block = '']) => block)
    .filter(block => /"url"/.test(block))
  assert.equal(templates.length, 2)
  for (const template of templates) {
    const read = readTemplate(template)
    assert('value' in read && read.value.receipts !== undefined, JSON.stringify(read))
  }
})
