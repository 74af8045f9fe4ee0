// The mails: what happened to a number and by which door, with a way to say "this was not me"; and the links that people
// ask for. No mail shows a PIN, a code or a whole number: mailboxes are read by others.

import type { Instant } from '#core/kernel/instant.ts'
import type { Notice } from '#core/registration-lock/change.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import { words } from './catalogue.ts'
import { languageFor } from './language.ts'
import { hoursOf, type Mail, mailOf, momentOf } from './letter.ts'

/** Mails that are nothing without their link. */
export type LinkKind = 'recovery_link' | 'turn_off_link' | 'recovery_confirmation'

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
  /** Mails that are nothing without their link. It carries a secret and works until `expires`; opening it changes nothing. */
  | { readonly notice: LinkKind; readonly link: string; readonly expires: Instant }
)

/** Writes a mail. `link` is an http(s) address, else it throws. */
export function noticeMail(mail: NoticeMail): Mail {
  const { notice, when, door, numberMasked, product, link } = mail
  const language = languageFor(mail.language)
  return mailOf({
    language,
    product,
    heading: words(language, `number.${notice}.subject`),
    happened: words(language, `number.${notice}.happened`),
    facts: [
      { name: words(language, 'number.fact.number'), value: numberMasked },
      { name: words(language, 'number.fact.when'), value: momentOf(language, when) },
      { name: words(language, 'number.fact.door'), value: words(language, `number.door.${door}`) },
    ],
    ...('expires' in mail
      ? {
          link: {
            words: words(language, `number.${mail.notice}.action`),
            to: mail.link,
            terms: words(language, 'mail.link_terms', { hours: hoursOf(when, mail.expires) }),
          },
          otherwise: words(language, 'number.not_asked'),
        }
      : {
          link:
            link === undefined ? undefined : { words: words(language, 'number.not_me'), to: link, terms: undefined },
          otherwise: words(language, 'number.not_you'),
        }),
  })
}
