// What stands in the way of a number, in words for the person who looks after it: what it is, and what to do about it.

import type { Instant } from '#core/kernel/instant.ts'

/** What stands in the way. Those of `passing` end by themselves; all others need a person. */
export type NeedKind = keyof typeof words

export type Need = {
  readonly kind: NeedKind
  readonly at: Instant
  /** Graph's error code, where it said so. */
  readonly code?: number | undefined
  /** Until when nothing is sent that would be refused for it. */
  readonly until?: Instant | undefined
}

const words = {
  token: ['its access token is not accepted any more', 'Make a new token, put it into the CSV and import that again.'],
  permission: [
    'its access token lacks a permission',
    'Grant the token whatsapp_business_management and whatsapp_business_messaging for this number.',
  ],
  missing: [
    'the server knows no such phone-number id, or the token may not see it',
    'Check the id (it is not the number) and which business the token is of.',
  ],
  pin_elsewhere: [
    'somebody else changed its PIN',
    'Find out who. Then import the PIN in a CSV, or take the number over: twostep fleet rotate --only <id>',
  ],
  pin_unknown: [
    'it has a PIN that this vault does not know',
    'Import the PIN in a CSV, or set a new one over it: twostep fleet rotate --only <id>',
  ],
  not_proved: [
    'its ownership is not proved',
    'Have a code sent to it and enter it (request_code, verify_code, or in WhatsApp Manager), then: twostep fleet register',
  ],
  not_registered: ['it is not registered', 'Register it: twostep fleet register --only <id>'],
  on_phone: [
    'it is in use in the WhatsApp Business app as well, and a registration would take it away there',
    'Nothing is sent for it. Look after its PIN in the app.',
  ],
  unclear: [
    'its status says neither that it is registered nor that it is not (deleted, moved, or banned)',
    'See the number in WhatsApp Manager. Nothing is sent for it.',
  ],
  display_name: ['its display name could not be processed', 'Change the display name in WhatsApp Manager.'],
  locked: [
    'its business account is locked, or too many wrong PINs were sent',
    'See the account in WhatsApp Manager. A new PIN can be set there.',
  ],
  refused: ['the server refused it', 'Look the code up in Meta’s list of errors.'],
  unanswered: [
    'a new PIN was sent, and no answer came: both PINs are kept',
    'Run this again when the server answers: twostep fleet rotate --resume',
  ],
  guesses: ['PINs were guessed too often or too fast', 'Nothing is sent before then.'],
  registration_limit: [
    'it was registered ten times in 72 hours, and the server blocks it',
    'Nothing but waiting helps. Find out what registers it so often.',
  ],
  budget: [
    'so many registrations were sent in 72 hours that the rest is kept for whoever needs one',
    'Run this again after that.',
  ],
  late: [
    'its PIN was sent without an answer a moment ago, and that may still be done late',
    'Run this again after that: nothing that was sent is on its way then.',
  ],
  deleted_recently: ['it was deleted a moment ago', 'Run this again after that.'],
  slow_down: ['the server asks to slow down', 'Run this again after that: it goes on where it was.'],
  away: ['the server did not answer', 'Run this again when it answers.'],
} as const satisfies Record<string, readonly [what: string, todo: string]>

const passing: ReadonlySet<NeedKind> = new Set([
  ...([
    'guesses',
    'registration_limit',
    'budget',
    'deleted_recently',
    'slow_down',
    'late',
    'away',
    'unanswered',
  ] as const),
])

/** Whether it goes away by itself, in time. */
export const isPassing = ({ kind }: Need): boolean => passing.has(kind)

/** What it is and what to do, each a piece of a sentence or one. */
export const describeNeed = ({
  kind,
  code,
}: Pick<Need, 'kind' | 'code'>): { readonly what: string; readonly todo: string } => {
  const [what, todo] = words[kind]
  return { what: code === undefined ? what : `${what} (${code})`, todo }
}

export const needKinds: readonly string[] = Object.keys(words)

export const isNeedKind = (text: unknown): text is NeedKind => typeof text === 'string' && Object.hasOwn(words, text)
