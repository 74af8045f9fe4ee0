// Mails to the owner of an account: what happened, by what was asked, and the links that do something. None holds a
// password, a code, a Recovery Key or a number: mailboxes are read by others.

import type { NoticeKind } from '#core/account/change.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { isKey, words } from './catalogue.ts'
import { type Language, languageFor } from './language.ts'
import { checkedLink, hoursOf, type Letter, type Mail, mailOf, momentOf } from './letter.ts'

/** Mails that somebody asked for: with their link, or saying why there is none. */
export type AccountLinkKind = 'sign_up' | 'sign_up_known' | 'confirm_address' | 'reset_password' | 'reset_by_key'
export type AccountMailKind = NoticeKind | AccountLinkKind

export type AccountMail = {
  readonly mail: AccountMailKind
  /** A language tag; those that there are no words in read English. */
  readonly language: string
  readonly product: string
  /** When it happened. Shown in UTC, as nobody knows where the mail is read. */
  readonly when: Instant
  /** A device's name, an app-specific password's label. */
  readonly about?: string | undefined
  /** Who did it, as far as is known. */
  readonly from?: { readonly place: string; readonly agent: string } | undefined
  /** The date that the mail names: the end of a wait. */
  readonly date?: Instant | undefined
  /** An http(s) address with a secret in it; opening it must change nothing. */
  readonly link?: string | undefined
  /** Until when the link works. */
  readonly expires: Instant
}

/** Writes a mail. `link` is an http(s) address, else it throws. */
export function accountMail(mail: AccountMail): Mail {
  const language = languageFor(mail.language)
  const asked = Object.hasOwn(isLink, mail.mail)
  const otherwise = `account.${mail.mail}.otherwise`
  return mailOf({
    language,
    product: mail.product,
    heading: words(language, `account.${mail.mail}.subject`),
    happened: words(language, `account.${mail.mail}.happened`),
    facts: factsOf(mail, language),
    link: linkOf(mail, language, asked),
    otherwise: words(language, isKey(otherwise) ? otherwise : asked ? 'account.not_asked' : 'account.not_you'),
  })
}

const isLink: Readonly<Record<AccountLinkKind, true>> = {
  sign_up: true,
  sign_up_known: true,
  confirm_address: true,
  reset_password: true,
  reset_by_key: true,
}

function factsOf({ about, when, from, date }: AccountMail, language: Language): Letter['facts'] {
  const facts = {
    about,
    when: momentOf(language, when),
    place: from?.place,
    agent: from?.agent,
    date: date && momentOf(language, date),
  }
  // The caller's own words: one line each, and not a whole mail.
  return (['about', 'when', 'place', 'agent', 'date'] as const).flatMap(fact => {
    const value = facts[fact]?.replace(/\s+/g, ' ').slice(0, 120)
    return value === undefined || value === '' ? [] : [{ name: words(language, `account.fact.${fact}`), value }]
  })
}

function linkOf({ mail, link, when, expires }: AccountMail, language: Language, asked: boolean): Letter['link'] {
  const action = `account.${mail}.action`
  const to = link === undefined ? undefined : checkedLink(link)
  if (to === undefined || !isKey(action)) return undefined
  const terms = asked ? words(language, 'mail.link_terms', { hours: hoursOf(when, expires) }) : undefined
  return { words: words(language, action), to, terms }
}
