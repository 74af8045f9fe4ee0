// Moments as this door writes them: ISO 8601, in UTC, to the millisecond.

import type { Instant } from '#core/kernel/instant.ts'

export const moment = (at: Instant): string => new Date(at).toISOString()
