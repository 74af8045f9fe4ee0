// The message that carries an ownership code: a text, or what a call reads out.

import { assert } from '#core/kernel/outcome.ts'
import { plainWords } from './catalogue.ts'
import { type Language, languageFor } from './language.ts'

export type OwnershipCodeText = {
  readonly channel: 'sms' | 'voice'
  /** A locale as Graph writes it (`en_US`, `pt_BR`); unknown ones read English. */
  readonly language: string
  /** 4 to 8 ASCII digits. */
  readonly code: string
  readonly product: string
  /**
   * Where the code may be typed in: a host (`example.com`) or an https origin. Browsers then offer the code to that
   * site and to no other, which is what keeps a copied page from getting it. Leave it out where no browser asks.
   */
  readonly origin?: string | undefined
}

/**
 * The text of an ownership code. A text message begins with the code and the product, for a locked screen shows no more; fits
 * in one segment for every language, with product and host names of usual length; and ends with the line `@host #code`
 * where an origin is given (WICG origin-bound one-time codes); one that `bindableHost` knows nothing of throws. A call reads
 * the code twice, digit by digit, each as the word that its language has for it: a voice reads figures as it likes.
 */
export function ownershipCodeText({ channel, language: locale, code, product, origin }: OwnershipCodeText): string {
  assert(/^[0-9]{4,8}$/.test(code), 'an ownership code is 4 to 8 digits')
  const language = languageFor(locale)
  if (channel === 'voice')
    return plainWords(language, 'code.voice.say', { digits: readSlowly(code, language), product })
  const text = plainWords(language, 'code.sms', { code: groupsOf(code).join('-'), product })
  if (origin === undefined) return text
  const host = bindableHost(origin)
  assert(host !== undefined, 'a code is bound to an https origin without a port')
  return `${text}\n@${host} #${code}`
}

/**
 * How the call for a code goes: the voice's language (BCP 47), and what it says before the code: it asks for a key, for what
 * is read out afterwards must not end on an answering machine.
 */
export function ownershipCodeCall(of: { readonly language: string; readonly product: string }): {
  readonly language: string
  readonly prompt: string
} {
  const language = languageFor(of.language)
  return { language: language.voice, prompt: plainWords(language, 'code.voice.prompt', { product: of.product }) }
}

/** Groups of three or four, as people read and keep them in mind: 123-830. */
const groupsOf = (code: string): readonly string[] => {
  const half = code.length / 2
  return code.length >= 6 && Number.isInteger(half) ? [code.slice(0, half), code.slice(half)] : [code]
}

// Three dots make voices rest, so that a pen can follow.
function readSlowly(code: string, language: Language): string {
  const pause = plainWords(language, 'code.voice.pause')
  const spoken = (digit: string) => plainWords(language, 'code.voice.digit', { digit })
  return groupsOf(code)
    .map(group => [...group].map(spoken).join(pause))
    .join(' ... ')
}

/**
 * The host that codes for the pages at `address` can be bound to, or `undefined` when they cannot: browsers take https
 * and its own port only. `address` is a host (`example.com`) or an origin (`https://example.com`).
 */
export function bindableHost(address: string): string | undefined {
  const url = URL.parse(address.includes('://') ? address : `https://${address}`)
  if (url?.protocol !== 'https:' || url.port !== '') return undefined
  return url.href === `${url.origin}/` ? url.hostname : undefined
}
