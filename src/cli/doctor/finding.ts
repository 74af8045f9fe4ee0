// What the doctor finds: one thing looked at, how it is, and what to do where it is not well.

/**
 * `error`: production does not work, or guards nothing. `warning`: it works, and will hurt one day. `note`: cannot be told
 * from here, or is a matter of taste. `ok`: looked at, and well.
 */
export type Level = 'error' | 'warning' | 'note' | 'ok'

export type Finding = {
  readonly level: Level
  /** What was looked at, in a word or two; a setting's name where it is one. */
  readonly about: string
  readonly says: string
  /** What to do, for all that is not well. */
  readonly mend?: string
}

export const ok = (about: string, says: string): Finding => ({ level: 'ok', about, says })

export const found = (level: Exclude<Level, 'ok'>, about: string, says: string, mend: string): Finding => ({
  ...{ level, about, says, mend },
})
