// An SMSC, as its URL names it: `smpp://user:password@host:2775?from=Example`, or `smpps://…:3550` for TLS.

import { type Milliseconds, second } from '#core/kernel/instant.ts'
import { Secret } from '#secrets/secret.ts'
import type { ProviderTerms, ReadProvider } from '../providers/provider-url.ts'
import { decoded, isSender, readAll, takeNumber, takeWord } from '../providers/provider-url.ts'

export type SmppServer = {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly user: string
  readonly password: Secret
  readonly systemType: string
  /** Who messages are from: a number in E.164, a short number, or up to eleven letters and digits. */
  readonly from: string
  readonly bind: 'transceiver' | 'transmitter'
  /** How many messages may wait for their answer at once. */
  readonly window: number
  readonly enquireEvery: Milliseconds
  /** How a text goes that is longer than one message: in parts, or whole in the field message_payload. */
  readonly long: 'udh' | 'payload'
  readonly receiptIds: 'same' | 'decimal'
}

const loopback = /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/** Reads what is particular about it; the terms of every provider were taken out before. */
export function readSmppUrl(url: URL, terms: ProviderTerms): ReadProvider<SmppServer> {
  const tls = url.protocol === 'smpps:'
  const { searchParams: query } = url
  const [user, password] = [decoded(url.username), decoded(url.password)]
  if (url.hostname === '' || user === undefined || password === undefined || user === '' || password === '') {
    return { wrong: 'write smpp://user:password@host:2775?from=Example, with %40 for @ and the like' }
  }
  if (!tls && !loopback.test(url.hostname) && query.get('plain') !== 'yes') {
    return {
      wrong: 'write smpps:, or add plain=yes: without TLS everybody on the way reads the password and the codes',
    }
  }
  const from = query.get('from') ?? ''
  if (!isSender(from)) return { wrong: 'add from=, a number such as %2B447700900123, or up to 11 letters and digits' }
  const read = readAll({
    bind: takeWord(query, 'bind', ['transceiver', 'transmitter']),
    long: takeWord(query, 'long', ['udh', 'payload']),
    receiptIds: takeWord(query, 'receipt_ids', ['same', 'decimal']),
    window: takeNumber(query, 'window', { least: 1, most: 1_000, otherwise: 10 }),
    enquire: takeNumber(query, 'enquire', { least: 1, most: 3_600, otherwise: 30 }),
  })
  if ('wrong' in read) return read
  const { bind, long, receiptIds, window, enquire } = read.value
  if (terms.channel !== 'sms') return { wrong: 'SMPP carries texts; name it in TWOSTEP_SMS_PROVIDERS' }
  return {
    value: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (tls ? 3550 : 2775) : Number(url.port),
      tls,
      user,
      password: Secret.of(password),
      systemType: query.get('system_type') ?? '',
      from,
      bind,
      window,
      enquireEvery: enquire * second,
      long,
      receiptIds,
    },
  }
}
