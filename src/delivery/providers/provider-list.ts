// The list of providers, as one setting has it: URLs with spaces or line breaks between, in the order they are asked in.

import type { Secret } from '#secrets/secret.ts'
import { type ReadsFile, readTemplateUrl, readTwilioUrl, readVonageUrl } from '../sms-http/http-url.ts'
import type { TwilioAccount } from '../sms-http/twilio.ts'
import type { VonageAccount } from '../sms-http/vonage.ts'
import { readSmppUrl, type SmppServer } from '../sms-smpp/smpp-url.ts'
import { type ProviderTerms, type ReadProvider, readTerms, schemes } from './provider-url.ts'

export type ProviderSpec = { readonly terms: ProviderTerms } & (
  | { readonly kind: 'smpp'; readonly server: SmppServer }
  | { readonly kind: 'twilio'; readonly account: TwilioAccount }
  | { readonly kind: 'vonage'; readonly account: VonageAccount }
  | { readonly kind: 'template'; readonly template: Secret }
)

/** Reads the list. What is wrong names the place in the list, and never quotes it: the URLs hold passwords. */
export function readProviders(
  text: string,
  channel: 'sms' | 'voice',
  file: ReadsFile,
): ReadProvider<readonly ProviderSpec[]> {
  const specs: ProviderSpec[] = []
  for (const [index, part] of text.split(/\s+/).filter(Boolean).entries()) {
    const url = /^[!-~]+$/.test(part) ? URL.parse(part) : null
    const read =
      url === null ? { wrong: `begin it with ${schemes.join(', ')}` } : readProvider(url, channel, index + 1, file)
    if ('wrong' in read) return { wrong: `provider ${index + 1}: ${read.wrong}` }
    specs.push(read.value)
  }
  const names = specs.map(({ terms }) => terms.name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return { wrong: `two providers are called ${twice}: add name= to one of them` }
  return { value: specs }
}

function readProvider(url: URL, channel: 'sms' | 'voice', place: number, file: ReadsFile): ReadProvider<ProviderSpec> {
  const read = readTerms(url, channel, place)
  if ('wrong' in read) return read
  const terms = read.value
  switch (url.protocol) {
    case 'twilio:': {
      const account = readTwilioUrl(url, terms)
      return 'wrong' in account ? account : { value: { terms, kind: 'twilio', account: account.value } }
    }
    case 'vonage:': {
      const account = readVonageUrl(url, terms, file)
      return 'wrong' in account ? account : { value: { terms, kind: 'vonage', account: account.value } }
    }
    case 'template:': {
      const template = readTemplateUrl(url, terms, file)
      return 'wrong' in template ? template : { value: { terms, kind: 'template', template: template.value } }
    }
    default: {
      const server = readSmppUrl(url, terms)
      return 'wrong' in server ? server : { value: { terms, kind: 'smpp', server: server.value } }
    }
  }
}
