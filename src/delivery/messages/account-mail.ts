// Mails to the owner of an account: what happened, by what was asked, and the links that do something. None holds a
// password, a code, a Recovery Key or a number: mailboxes are read by others.

import type { NoticeKind } from '#core/account/change.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { ar } from './account-words-ar.ts'
import { en } from './account-words-en.ts'
import { htmlOf, type Letter, textOf } from './letter.ts'

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
}

export type AccountMailWords = {
  readonly subject: string
  readonly happened: string
  /** The words on the link, where there is one. */
  readonly action?: string
  /** What the reader does who had no part in it, where that is not the usual. */
  readonly otherwise?: string
}

/** What a language brings. A mail that lacks its words does not compile. */
export type AccountWords = {
  readonly tag: string
  readonly direction: 'ltr' | 'rtl'
  readonly mails: Readonly<Record<AccountMailKind, AccountMailWords>>
  readonly facts: Readonly<Record<'when' | 'about' | 'place' | 'agent' | 'date', string>>
  readonly notYou: string
  readonly notAsked: string
  readonly linkTerms: string
}

/** Writes a mail. */
export function accountMail(mail: AccountMail): {
  readonly subject: string
  readonly text: string
  readonly html: string
} {
  assert(mail.link === undefined || /^https?:\/\//.test(mail.link), 'a link in a mail is an http or https address')
  const words = /^ar(?:[_-]|$)/i.test(mail.language) ? ar : en
  const letter = letterOf(mail, words)
  return {
    // A line break in a subject would start a header of its own.
    subject: `${mail.product}: ${letter.heading}`.replace(/[\r\n]+/g, ' '),
    text: textOf(letter),
    html: htmlOf(letter, words).text,
  }
}

const isLink: Readonly<Record<AccountLinkKind, true>> = {
  sign_up: true,
  sign_up_known: true,
  confirm_address: true,
  reset_password: true,
  reset_by_key: true,
}

function letterOf(mail: AccountMail, words: AccountWords): Letter {
  const { subject, happened, action, otherwise } = words.mails[mail.mail]
  const asked = Object.hasOwn(isLink, mail.mail)
  const style = { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: 'UTC' } as const
  const moment = (at: Instant) => `${new Intl.DateTimeFormat(words.tag, style).format(at)} UTC`
  const facts = [
    { name: words.facts.about, value: mail.about },
    { name: words.facts.when, value: moment(mail.when) },
    { name: words.facts.place, value: mail.from?.place },
    { name: words.facts.agent, value: mail.from?.agent },
    { name: words.facts.date, value: mail.date === undefined ? undefined : moment(mail.date) },
  ]
  return {
    product: mail.product,
    heading: subject,
    happened,
    // The caller's own words: one line each, and not a whole mail.
    facts: facts.flatMap(({ name, value }) =>
      value === undefined || value === '' ? [] : [{ name, value: value.replace(/\s+/g, ' ').slice(0, 120) }],
    ),
    link:
      mail.link === undefined || action === undefined
        ? undefined
        : { words: action, to: mail.link, terms: asked ? words.linkTerms : undefined },
    otherwise: otherwise ?? (asked ? words.notAsked : words.notYou),
  }
}
