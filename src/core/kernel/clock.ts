// A clock is handed in wherever time is needed; nothing below `main` makes one.

import type { Instant } from './instant.ts'

export interface Clock {
  /** The moment it is. Never earlier than a moment this clock gave before. */
  now(): Instant
}
