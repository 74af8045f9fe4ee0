// Providers over HTTP as the settings make them, for tests that put servers of their own on the other end.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { after, minute } from '#core/kernel/instant.ts'
import type { Message } from '#core/message/message.ts'
import type { Provider } from '#delivery/providers/provider.ts'
import { readProviders } from '#delivery/providers/provider-list.ts'
import { readTemplate, templateProvider } from '#delivery/sms-http/template.ts'
import { twilioProvider } from '#delivery/sms-http/twilio.ts'
import { vonageProvider } from '#delivery/sms-http/vonage.ts'
import { addressGuard } from '#delivery/webhook/addresses.ts'
import { createCaller } from '#delivery/webhook/caller.ts'
import { seededDice } from '#secrets/dice.ts'
import { begin, code, type Got } from './house.ts'

export const account = `AC${'a'.repeat(32)}`
export const sid = `SM${'b'.repeat(32)}`
export const callSid = `CA${'c'.repeat(32)}`
export const here = 'https://two-step.example.com/delivery/p'
export const id = 'd'.repeat(32)
export const signature = 's'.repeat(32)
export const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
export const application = '12345678-1234-1234-1234-123456789012'

const sandbox = addressGuard({ allow: [], loopback: true })
export const production = addressGuard({ allow: [], loopback: false })
export const call: Message = {
  ...{ channel: 'voice', to: '+447700900123', text: 'Your <code> is: 1, 2, 3 ... 4, 5, 6. Once more', code: '123456' },
  call: { language: 'en-GB', prompt: 'To hear your A&B code, press any key.' },
}
export const sending = (message: Message = code) => ({ message, id, now: begin, expires: after(begin, 10 * minute) })

export type Kind = 'twilio' | 'vonage' | 'template'

/** A provider as the settings make it, of which everything goes to `base`. */
export function providerAt(
  kind: Kind,
  base: string,
  { voice = false, guard = sandbox, timeLimit = 2_000 } = {},
): Provider {
  const channel = voice ? 'voice' : 'sms'
  const from = voice ? '%2B447700900999' : 'Twostep'
  const urls = {
    twilio: `twilio://${account}:auth-token@api.twilio.com?from=${from}&base=${base}&name=p`,
    vonage: `vonage://abcdef12:the-secret@rest.nexmo.com?from=${from}&base=${base}&name=p&signature=${signature}${
      voice ? `&application=${application}&private_key=key.pem` : ''
    }`,
    template: 'template:sms.json?name=p',
  }
  const files: Record<string, string> = { 'key.pem': pem, 'sms.json': JSON.stringify(template(base)) }
  const read = readProviders(urls[kind], channel, path => files[path])
  assert('value' in read, JSON.stringify(read))
  const [spec] = read.value
  const http = { call: createCaller({ guard, timeLimit }), callback: () => here }
  switch (spec?.kind) {
    case 'twilio':
      return twilioProvider(spec.account, { ...http, terms: spec.terms })
    case 'vonage':
      return vonageProvider(spec.account, {
        ...{ ...http, terms: spec.terms, dice: seededDice('vonage') },
        clock: { now: () => begin },
      })
    case 'template': {
      const parsed = readTemplate(spec.template.reveal())
      assert('value' in parsed)
      return templateProvider(parsed.value, { ...http, terms: spec.terms, proofsOf: () => ['proof', 'older'] })
    }
    default:
      throw new Error('another provider than was asked for')
  }
}

const template = (base: string) => ({
  url: `${base}/send/{number}?lang={language}`,
  headers: { 'Content-Type': 'application/json', Authorization: 'Bearer key-of-the-template' },
  body: '{"to":"{to}","text":"{text}","callback":"{receipts}","ttl":{seconds}}',
  taken: { status: [202], id: '/messages/0/id', field: '/messages/0/state', is: ['queued'] },
  receipts: { field: 'state', delivered: ['ok'], undelivered: ['no'] },
})

export const json = (status: number, body: unknown) => (_: Got, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
export const yes = {
  twilio: json(201, { sid, status: 'queued', error_code: null }),
  vonage: json(200, { 'message-count': '1', messages: [{ to: '44', 'message-id': 'V1', status: '0' }] }),
  template: json(202, { messages: [{ id: 7, state: 'queued' }] }),
}
