// Mails to a person who looks after business accounts: the invitation, and word of a new password. They name no number.

import type { Role } from '#core/business/admin.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { words } from './catalogue.ts'
import { languageFor } from './language.ts'
import { hoursOf, type Mail, mailOf } from './letter.ts'

/** The invitation. `link` is an http(s) address with a secret in it; opening it changes nothing. */
export function invitationMail(of: {
  readonly language: string
  readonly product: string
  readonly business: string
  readonly role: Role
  readonly link: string
  readonly when: Instant
  /** Until when the link works. */
  readonly expires: Instant
}): Mail {
  const { product, business, role, when } = of
  const language = languageFor(of.language)
  const terms = words(language, 'admin.terms', { hours: hoursOf(when, of.expires) })
  return mailOf({
    language,
    product,
    heading: words(language, 'admin.invited.subject', { business }),
    happened: words(language, 'admin.invited.body', { business, role }),
    facts: [],
    link: { words: words(language, 'admin.choose'), to: of.link, terms },
    otherwise: words(language, 'admin.not_expected'),
  })
}

/** Word that the password was changed. */
export function passwordChangedMail(of: {
  readonly language: string
  readonly product: string
  readonly when: Instant
}): Mail {
  const language = languageFor(of.language)
  return mailOf({
    language,
    product: of.product,
    heading: words(language, 'admin.changed.subject'),
    happened: words(language, 'admin.changed.body', { when: of.when }),
    facts: [],
    link: undefined,
    otherwise: words(language, 'admin.not_you'),
  })
}
