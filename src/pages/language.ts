// Which language a page is shown in: the one that was chosen with the switch, else the browser's first one that we have.

import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Exchange } from '#http/exchange.ts'

/** The languages that pages are written in. `own`: what its speakers call it. */
export const languages = {
  en: { tag: 'en', direction: 'ltr', own: 'English' },
  ar: { tag: 'ar', direction: 'rtl', own: 'العربية' },
} as const satisfies Record<string, { tag: string; direction: 'ltr' | 'rtl'; own: string }>

export type Language = keyof typeof languages

/** The cookie that keeps the choice. No secret, and nothing that tells who somebody is. */
export const languageCookie = 'twostep-language'

/** Reads a language's code. */
export const readLanguage = (text: unknown): Language | undefined =>
  typeof text === 'string' && Object.hasOwn(languages, text) ? (text as Language) : undefined

/** The language of a request. */
export const languageOf = (c: Context<Exchange>): Language =>
  readLanguage(getCookie(c, languageCookie)) ?? preferred(c.req.header('accept-language') ?? '')

/** The best of an `Accept-Language` header (RFC 9110 §12.5.4) that we have; English when there is none. */
export function preferred(header: string): Language {
  const wanted = header
    .slice(0, 500)
    .split(',')
    .map(entry => {
      const [range = '', ...parameters] = entry.trim().toLowerCase().split(';')
      const quality = parameters.map(each => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(each)?.[1]).find(each => each)
      return { language: readLanguage(range.trim().split('-')[0]), quality: Number(quality ?? 1) }
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality)
  return wanted.find(({ language }) => language !== undefined)?.language ?? 'en'
}
