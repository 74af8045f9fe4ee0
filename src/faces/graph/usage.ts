// How much of its hourly calls a business has used, as Graph tells in headers, and the stop when they are used up
// (Meta's rate limit page: business use case limits). Counted on each node for itself: this guards the server's time, not
// a secret; secrets have budgets of their own in the store.

import { hour, type Instant, type Milliseconds, secondsUntil } from '#core/kernel/instant.ts'
import { remember } from '#core/kernel/remember.ts'
import type { Head } from '#http/head.ts'

export type Usage = { readonly kind: 'within' | 'over'; readonly percent: number; readonly retryAfter: number }

type Hour = { began: number; calls: number; time: Milliseconds }

/** `callsPerHour` 0: no limit. At most `businesses` are remembered; the one not seen for longest is forgotten first. */
export function createUsageMeter(callsPerHour: number, businesses = 10_000) {
  const hours = new Map<string, Hour>()

  return {
    /** Counts a call. A call over the limit is not counted, so that knocking does not prolong the wait. */
    call(business: string, now: Instant): Usage {
      const known = hours.get(business)
      const current = known !== undefined && now < known.began + hour ? known : { began: now, calls: 0, time: 0 }
      remember(hours, business, current, businesses)
      const over = callsPerHour > 0 && current.calls >= callsPerHour
      if (!over) current.calls += 1
      const percent = callsPerHour === 0 ? 0 : Math.min(100, Math.ceil((100 * current.calls) / callsPerHour))
      return {
        kind: over ? 'over' : 'within',
        percent,
        retryAfter: secondsUntil((current.began + hour) as Instant, now),
      }
    },
  }
}

/** The headers that carry it. Minutes until access comes back, as Meta counts them. */
export function usageHeaders(business: string, usage: Usage): Head {
  const { percent } = usage
  const counts = `"call_count":${percent},"total_cputime":${percent},"total_time":${percent}`
  const regain = usage.kind === 'over' ? Math.ceil(usage.retryAfter / 60) : 0
  const useCase = `{"type":"whatsapp_business_management",${counts},"estimated_time_to_regain_access":${regain}}`
  return {
    'X-Business-Use-Case-Usage': `{${JSON.stringify(business)}:[${useCase}]}`,
    'X-App-Usage': `{${counts}}`,
  }
}
