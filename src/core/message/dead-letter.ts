// What is kept of a dead message once the operator has sent it again: that it was, so that it is not sent twice.

import { day, type Instant, type Milliseconds } from '../kernel/instant.ts'
import type { Message } from './message.ts'

export type DeadLetter = {
  readonly seen: Instant
  readonly sentAgainAt: Instant
  /** The row that it went out under. */
  readonly as: string
}

/** How long a notice has once it is sent again: as long as the first time. */
const noticeLife: Milliseconds = 7 * day

/**
 * Until when a dead message may be sent again; `undefined` when it may not. What carries a code or a link keeps the end
 * that it had: a late code is worse than none, whoever sends it.
 */
export function lifeLeft(message: Message, expires: Instant, now: Instant): Instant | undefined {
  const dies = message.code !== undefined || message.link !== undefined || message.proves !== undefined
  if (dies) return now < expires ? expires : undefined
  return (now + noticeLife) as Instant
}
