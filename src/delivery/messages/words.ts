// What a language brings to the catalogue of messages. Every language file is one value of this type, so that a message
// that lacks a language does not compile.

import type { Notice } from '#core/registration-lock/change.ts'
import type { Door } from '#core/registration-lock/doors.ts'

/** What a mail is about: something that happened, or a link that somebody asked for. */
export type MailKind = Notice['kind'] | LinkKind

/** Mails that are nothing without their link. */
export type LinkKind = 'recovery_link' | 'turn_off_link' | 'recovery_confirmation'

export type Words = {
  /** BCP 47 tag, for dates, for `lang` and for the voice that reads. */
  readonly tag: string
  readonly direction: 'ltr' | 'rtl'
  /** A text message: code and product first, as a locked screen shows only the beginning. */
  readonly sms: (code: string, product: string) => string
  /** What is read out; `digits` are parted by `pause` so that they are read one by one. */
  readonly voice: {
    readonly pause: string
    /** Asks for a key: what is read out afterwards must not end on an answering machine. */
    readonly prompt: (product: string) => string
    readonly say: (digits: string, product: string) => string
  }
  readonly mails: Readonly<Record<MailKind, MailWords>>
  readonly facts: { readonly number: string; readonly when: string; readonly door: string }
  readonly doors: Readonly<Record<Door, string>>
  /** What to do when the reader had no part in what happened. */
  readonly notYou: string
  /** The same for a link that the reader did not ask for. */
  readonly notAsked: string
  /** The words on the link that says so. */
  readonly notMe: string
  /** Said under every link that does something. */
  readonly linkTerms: string
}

export type MailWords = {
  readonly subject: string
  readonly happened: string
  /** The words on the link, where the mail is about one. */
  readonly action?: string
}
