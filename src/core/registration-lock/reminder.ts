// Reminders: the app asks the holder for the PIN now and then, so that it is not forgotten. Not an app lock: nothing is
// withheld from a holder who does not answer, and the only way to opt out is to turn the PIN off.
//
//   due after 6 h ─right─▶ 12 h ─right─▶ 1 d ─right─▶ 1 d ─right─▶ 3 d ─right─▶ 7 d ─right─┐
//        ▲                                                                          ▲      │
//        └───────────── wrong: one step down, and due again at once ────────────────┘◀─────┘ weekly for good

import { after, type Instant } from '../kernel/instant.ts'
import { assert } from '../kernel/outcome.ts'
import type { Limits } from '../throttle/limits.ts'

export type Reminder = { readonly step: number; readonly due: Instant }

/** The first reminder after a PIN was set or changed. */
export const firstReminder = (now: Instant, limits: Limits): Reminder => ({
  step: 0,
  due: after(now, interval(0, limits)),
})

/** The reminder after the holder answered: right moves one up, wrong moves one down and is due again. */
export function answeredReminder(reminder: Reminder, right: boolean, now: Instant, limits: Limits): Reminder {
  if (!right) return { step: Math.max(0, reminder.step - 1), due: now }
  const step = Math.min(reminder.step + 1, limits.reminders.length - 1)
  return { step, due: after(now, interval(step, limits)) }
}

export const reminderIsDue = (reminder: Reminder, now: Instant): boolean => now >= reminder.due

function interval(step: number, limits: Limits): number {
  const span = limits.reminders[step]
  assert(span !== undefined, 'a reminder stands on a step of the table')
  return span
}
