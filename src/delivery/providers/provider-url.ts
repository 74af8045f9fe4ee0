// What every provider's URL may say beside what is particular about it, and how its words are read:
//
//     ?name=alpha      what it is called in logs and addresses; its kind unless told
//     &rank=1          those of the lowest rank are asked first; the place in the list unless told
//     &countries=GB,IE where it may send to; everywhere unless told
//     &receipts=PT45S  how long a receipt is waited for before another provider is asked; `none` when it sends none

import { readDuration } from '#core/kernel/duration.ts'
import { type Milliseconds, minute, second } from '#core/kernel/instant.ts'
import { regions } from '#numbering/number.ts'
import type { Provider } from './provider.ts'

export type ProviderTerms = Pick<Provider, 'name' | 'channel' | 'rank' | 'countries' | 'receiptWait'>

/** What was read, or what to write instead. Never quotes what was written: it may be a password. */
export type ReadProvider<Value> = { readonly value: Value } | { readonly wrong: string }

const shared = ['name', 'rank', 'countries', 'receipts']

/** What may stand in a query, by scheme. A misspelt word is told, not passed over. */
const particular: Readonly<Record<string, readonly string[]>> = {
  'smpp:': ['from', 'bind', 'window', 'enquire', 'long', 'receipt_ids', 'system_type', 'plain'],
  'smpps:': ['from', 'bind', 'window', 'enquire', 'long', 'receipt_ids', 'system_type'],
  'twilio:': ['from', 'account', 'token', 'base'],
  'vonage:': ['from', 'signature', 'application', 'private_key', 'base'],
  'template:': [],
}

/** Where a receipt is usually in by; a call has to ring and be heard out. */
const usualWait: Readonly<Record<'sms' | 'voice', Milliseconds>> = { sms: 45 * second, voice: 90 * second }

/** Reads the terms of one URL, which is the `place`-th of its list. */
export function readTerms(url: URL, channel: 'sms' | 'voice', place: number): ReadProvider<ProviderTerms> {
  const { searchParams: query, protocol } = url
  const known = particular[protocol]
  if (known === undefined) return { wrong: `begin it with ${schemes.join(', ')}` }
  const strange = [...query.keys()].filter(key => ![...shared, ...known].includes(key))
  if (strange.length > 0) return { wrong: `after the question mark it knows only ${[...shared, ...known].join(', ')}` }
  const name = query.get('name') ?? usualName(protocol, channel)
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) return { wrong: 'write name= with lower-case letters, digits and dashes' }
  const rank = takeNumber(query, 'rank', { least: 1, most: 99, otherwise: place })
  if ('wrong' in rank) return rank
  const countries = countriesOf(query.get('countries'))
  if ('wrong' in countries) return countries
  const receipts = receiptsOf(query.get('receipts'), channel)
  if ('wrong' in receipts) return receipts
  return { value: { name, channel, rank: rank.value, countries: countries.value, receiptWait: receipts.value } }
}

const usualName = (protocol: string, channel: 'sms' | 'voice'): string =>
  `${protocol.replace(/s?:$/, '')}${channel === 'voice' ? '-voice' : ''}`

export const schemes = ['smpp://', 'smpps://', 'twilio://', 'vonage://', 'template:']

function countriesOf(text: string | null): ReadProvider<readonly string[] | 'all'> {
  if (text === null || text === 'all') return { value: 'all' }
  const list = text.split(',').map(each => each.trim().toUpperCase())
  const known = regions()
  return list.every(each => known.includes(each)) ? { value: list } : { wrong: 'write countries= as GB,IE' }
}

function receiptsOf(text: string | null, channel: 'sms' | 'voice'): ReadProvider<Milliseconds | undefined> {
  if (text === null) return { value: usualWait[channel] }
  if (text === 'none') return { value: undefined }
  const span = readDuration(text)
  if (span !== undefined && span >= 5 * second && span <= 5 * minute) return { value: span }
  return { wrong: 'write receipts=none, or a duration from PT5S to PT5M' }
}

/** One of some words; the first unless told. */
export function takeWord<const Word extends string>(
  query: URLSearchParams,
  key: string,
  words: readonly [Word, ...Word[]],
): ReadProvider<Word> {
  const text = query.get(key) ?? words[0]
  const found = words.find(each => each === text)
  return found === undefined ? { wrong: `write ${key}=${words.join(` or ${key}=`)}` } : { value: found }
}

export function takeNumber(
  query: URLSearchParams,
  key: string,
  { least, most, otherwise }: { readonly least: number; readonly most: number; readonly otherwise: number },
): ReadProvider<number> {
  const text = query.get(key)
  if (text === null) return { value: otherwise }
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return { value: number }
  return { wrong: `write ${key}= as a whole number from ${least} to ${most}` }
}

/** Whether messages can be from it: a number, a short number, or what phones show as a name. */
export const isSender = (text: string): boolean =>
  /^\+[1-9]\d{6,14}$|^\d{3,8}$|^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(text)

/** Several readings as one: the first that is wrong, or all values. */
export function readAll<Values extends Record<string, unknown>>(
  readings: {
    readonly [Key in keyof Values]: ReadProvider<Values[Key]>
  },
): ReadProvider<Values> {
  const values: Record<string, unknown> = {}
  for (const [key, reading] of Object.entries(readings) as [string, ReadProvider<unknown>][]) {
    if ('wrong' in reading) return reading
    values[key] = reading.value
  }
  return { value: values as Values }
}

/** A part of a URL as it was meant: `%40` is @. `undefined` when it is nothing that may be sent on. */
export function decoded(text: string): string | undefined {
  try {
    const plain = decodeURIComponent(text)
    return /^[ -~]*$/.test(plain) ? plain : undefined
  } catch {
    return undefined
  }
}

/** Where an HTTP provider is: its host by https, or what `base` says; plain http for this machine only. */
export function readBase(url: URL): ReadProvider<string> {
  const base = URL.parse(url.searchParams.get('base') ?? `https://${url.host}`)
  const isHere = base?.protocol === 'http:' && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(base.hostname)
  if (url.host !== '' && base !== null && (base.protocol === 'https:' || isHere)) return { value: base.origin }
  return { wrong: 'write the host that the provider names, such as @api.twilio.com' }
}
