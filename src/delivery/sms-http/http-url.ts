// Providers with an HTTP interface, as their URLs name them:
//
//     twilio://AC…:authtoken@api.twilio.com?from=%2B447700900123
//     twilio://SK…:secret@api.twilio.com?account=AC…&token=authtoken&from=MG…
//     vonage://key:secret@rest.nexmo.com?signature=…&from=Example
//     vonage://key:secret@api.nexmo.com?signature=…&application=…&private_key=/etc/twostep/vonage.pem&from=%2B44…  (calls)
//     template:/etc/twostep/sms.json

import { createPrivateKey, type KeyObject } from 'node:crypto'
import { Secret } from '#secrets/secret.ts'
import { decoded, isSender, type ProviderTerms, type ReadProvider, readBase } from '../providers/provider-url.ts'
import { readTemplate } from './template.ts'
import type { TwilioAccount } from './twilio.ts'
import type { VonageAccount } from './vonage.ts'

/** Reads a file that a URL names; `undefined` when it cannot be read. */
export type ReadsFile = (path: string) => string | undefined

/** Reads an account with Twilio. */
export function readTwilioUrl(url: URL, { channel }: ProviderTerms): ReadProvider<TwilioAccount> {
  const { searchParams: query } = url
  const [user, password] = [decoded(url.username) ?? '', decoded(url.password) ?? '']
  const account = query.get('account') ?? user
  const token = query.get('token') ?? (user === account ? password : '')
  if (!/^AC[0-9a-f]{32}$/i.test(account) || !/^(?:AC|SK)[0-9a-f]{32}$/i.test(user) || password === '') {
    return {
      wrong: 'write twilio://AC…:authtoken@api.twilio.com?from=…, or SK…:secret with &account=AC…&token=authtoken',
    }
  }
  if (token === '') return { wrong: 'add token=, the auth token of the account: it signs what Twilio sends us' }
  const from = query.get('from') ?? ''
  const isService = channel === 'sms' && /^MG[0-9a-f]{32}$/i.test(from)
  const isFrom = channel === 'sms' ? isSender(from) : /^\+[1-9]\d{6,14}$/.test(from)
  if (!isFrom && !isService) return { wrong: fromWords[channel] }
  const base = readBase(url)
  if ('wrong' in base) return base
  return {
    value: { account, user, password: Secret.of(password), authToken: Secret.of(token), from, base: base.value },
  }
}

const fromWords = {
  sms: 'add from=, a number such as %2B447700900123, a name of up to 11 letters, or a service (MG…)',
  voice: 'add from=, the number that calls come from, such as %2B447700900123',
}

/** Reads an account with Vonage. */
export function readVonageUrl(url: URL, { channel }: ProviderTerms, file: ReadsFile): ReadProvider<VonageAccount> {
  const { searchParams: query } = url
  const [key, secret] = [decoded(url.username) ?? '', decoded(url.password) ?? '']
  if (!/^[0-9a-f]{6,16}$/i.test(key) || secret === '') {
    return { wrong: 'write vonage://key:secret@rest.nexmo.com?signature=…&from=Example' }
  }
  const signature = query.get('signature') ?? ''
  // Anybody could tell us that a message arrived, or have a code read out to them.
  if (signature.length < 16) return { wrong: 'add signature=, the signature secret of the account: it signs receipts' }
  const from = query.get('from') ?? ''
  if (channel === 'sms' ? !isSender(from) : !/^\+[1-9]\d{6,14}$/.test(from)) return { wrong: fromWords[channel] }
  const base = readBase(url)
  if ('wrong' in base) return base
  const application = channel === 'voice' ? readApplication(query, file) : { value: undefined }
  if ('wrong' in application) return application
  const read = { key, secret: Secret.of(secret), from, signature: Secret.of(signature), base: base.value }
  return { value: { ...read, application: application.value } }
}

function readApplication(
  query: URLSearchParams,
  file: ReadsFile,
): ReadProvider<{ readonly id: string; readonly privateKey: KeyObject }> {
  const id = query.get('application') ?? ''
  const pem = file(query.get('private_key') ?? '')
  if (!/^[0-9a-f-]{36}$/i.test(id))
    return { wrong: 'add application=, the id of the application that calls are made by' }
  if (pem === undefined)
    return { wrong: 'add private_key=, a file that can be read: the private key of the application' }
  try {
    return { value: { id, privateKey: createPrivateKey(pem) } }
  } catch {
    return { wrong: 'private_key= names a file that holds no private key in PEM' }
  }
}

/** Reads the file of a template. It is kept sealed: its headers hold keys. */
export function readTemplateUrl(url: URL, { channel }: ProviderTerms, file: ReadsFile): ReadProvider<Secret> {
  if (channel === 'voice') return { wrong: 'a template carries texts: calls need a key to be pressed' }
  const text = file(decoded(url.pathname) ?? '')
  if (text === undefined) return { wrong: 'name a file that can be read, such as template:/etc/twostep/sms.json' }
  const read = readTemplate(text)
  return 'wrong' in read ? { wrong: `in its file, ${read.wrong}` } : { value: Secret.of(text) }
}
