// The message that carries an ownership code: a text, or what a call reads out.

import { assert } from '#core/kernel/outcome.ts'
import { wordsFor } from './language.ts'

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
 * The text of an ownership code. A text message fits in one segment for every language, with product and host names of
 * usual length, and ends with the line `@host #code` where an origin is given (WICG origin-bound one-time codes); one
 * that `bindableHost` knows nothing of throws. A call reads the code twice, digit by digit.
 */
export function ownershipCodeText({ channel, language, code, product, origin }: OwnershipCodeText): string {
  assert(/^[0-9]{4,8}$/.test(code), 'an ownership code is 4 to 8 digits')
  const words = wordsFor(language)
  if (channel === 'voice') return words.voice.say(readSlowly(code, words.voice.pause), product)
  const text = words.sms(groupsOf(code).join('-'), product)
  if (origin === undefined) return text
  const host = bindableHost(origin)
  assert(host !== undefined, 'a code is bound to an https origin without a port')
  return `${text}\n@${host} #${code}`
}

/** Groups of three or four, as people read and keep them in mind: 123-830. */
const groupsOf = (code: string): readonly string[] => {
  const half = code.length / 2
  return code.length >= 6 && Number.isInteger(half) ? [code.slice(0, half), code.slice(half)] : [code]
}

// Three dots make voices rest, so that a pen can follow.
const readSlowly = (code: string, pause: string): string =>
  groupsOf(code)
    .map(group => [...group].join(pause))
    .join(' ... ')

/**
 * The host that codes for the pages at `address` can be bound to, or `undefined` when they cannot: browsers take https
 * and its own port only. `address` is a host (`example.com`) or an origin (`https://example.com`).
 */
export function bindableHost(address: string): string | undefined {
  const url = URL.parse(address.includes('://') ? address : `https://${address}`)
  if (url?.protocol !== 'https:' || url.port !== '') return undefined
  return url.href === `${url.origin}/` ? url.hostname : undefined
}
