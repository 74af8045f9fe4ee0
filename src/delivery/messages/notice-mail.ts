// The mails: what happened to a number and by which door, with a way to say "this was not me"; and the links that people
// ask for. No mail shows a PIN, a code or a whole number: mailboxes are read by others.

import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Notice } from '#core/registration-lock/change.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import { wordsFor } from './language.ts'
import { htmlOf, type Letter, textOf } from './letter.ts'
import type { LinkKind, Words } from './words.ts'

export type NoticeMail = {
  /** A locale as Graph writes it (`en_US`, `pt_BR`); unknown ones read English. */
  readonly language: string
  readonly product: string
  /** When it happened. Shown in UTC, as nobody knows where the mail is read. */
  readonly when: Instant
  readonly door: Door
  /** The number as `maskNumber` shows it. */
  readonly numberMasked: string
} & (
  | {
      readonly notice: Notice['kind']
      /** Where "this was not me" leads; left out, the mail only says what to do. */
      readonly link?: string | undefined
    }
  /** Mails that are nothing without their link. It carries a secret; opening it must change nothing. */
  | { readonly notice: LinkKind; readonly link: string }
)

export type Mail = { readonly subject: string; readonly text: string; readonly html: string }

/** Writes a mail. `link` is an http(s) address, else it throws: a bug, for links are made here, not given by callers. */
export function noticeMail(mail: NoticeMail): Mail {
  assert(mail.link === undefined || /^https?:\/\//.test(mail.link), 'a link in a mail is an http or https address')
  const words = wordsFor(mail.language)
  const letter = letterFor(mail, words)
  return {
    // A line break in a subject would start a header of its own.
    subject: `${mail.product}: ${letter.heading}`.replace(/[\r\n]+/g, ' '),
    text: textOf(letter),
    html: htmlOf(letter, words).text,
  }
}

function letterFor(mail: NoticeMail, words: Words): Letter {
  const { subject, happened, action } = words.mails[mail.notice]
  const style = { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: 'UTC' } as const
  const when = new Intl.DateTimeFormat(words.tag, style)
  return {
    product: mail.product,
    heading: subject,
    happened,
    facts: [
      { name: words.facts.number, value: mail.numberMasked },
      { name: words.facts.when, value: `${when.format(mail.when)} UTC` },
      { name: words.facts.door, value: words.doors[mail.door] },
    ],
    link:
      mail.link === undefined
        ? undefined
        : { words: action ?? words.notMe, to: mail.link, terms: action === undefined ? undefined : words.linkTerms },
    otherwise: action === undefined ? words.notYou : words.notAsked,
  }
}
