// The holder answers a reminder with their PIN, so that it is not forgotten.

import type { Instant } from '#core/kernel/instant.ts'
import { reminderAnswered } from '#core/registration-lock/lock.ts'
import type { ClaimId } from '#core/registration-lock/phone-number.ts'
import { reminderIsDue } from '#core/registration-lock/reminder.ts'
import type { Secret } from '#secrets/secret.ts'
import { watched } from './runner.ts'
import { type PinRefusal, withPin } from './with-pin.ts'
import type { Call, World } from './world.ts'

export type AnswerReminder = { readonly number: string; readonly claim: ClaimId; readonly pin: Secret }

export type AnswerReminderEnding =
  | { readonly kind: 'answered'; readonly due: Instant; readonly now: Instant }
  /** Nothing is asked now. Nothing was spent: an app that asks too often must not move its people up to weekly. */
  | { readonly kind: 'not_due'; readonly due: Instant; readonly now: Instant }
  | PinRefusal

/** Two commits: the guess, then what came of it. Right moves one step up; wrong moves one down and is due again. */
export const answerReminder = (world: World, call: Call, command: AnswerReminder): Promise<AnswerReminderEnding> =>
  watched(world, 'answer_reminder', () =>
    withPin<AnswerReminderEnding>(world, call, {
      ...command,
      use: 'reminder',
      unless: ({ lock }, now) =>
        reminderIsDue(lock.reminder, now) ? undefined : { kind: 'not_due', due: lock.reminder.due, now },
      right: (number, now) => {
        const change = reminderAnswered(number, true, now, world.limits)
        const { lock } = change.next
        return { ending: { kind: 'answered', due: lock.kind === 'set' ? lock.reminder.due : now, now }, change }
      },
      wrong: (number, now) => reminderAnswered(number, false, now, world.limits),
    }),
  )
