// From when it makes sense to ask again after a refusal, and how that is known. Meta promises no `Retry-After` and writes its
// waits for people, so three ways stand beside each other, and each answer says which one it is.
//
//     server       the server named it: `Retry-After`, the time in `error_data.details`, or the usage header
//     documented   Meta's documents give the wait: 133016 blocks for 72 hours, 133015 ends within 5 minutes
//     assumed      nobody says. The longest that is likely: waiting too long costs time, too short one of ten registrations

import { secondsToWait } from './exchange.ts'

/** How a `retryAt` is known. `server`: it was named. `documented`: Meta's documents give it. `assumed`: nobody says. */
export type RetryAtFrom = 'server' | 'documented' | 'assumed'

export type RetryAt = { readonly at: Date; readonly from: RetryAtFrom }

const minute = 60
const hour = 60 * minute
const year = 365 * 24 * hour

// Seconds. A wrong PIN alone makes nobody wait: another one may be sent at once, as far as anyone says.
const rules: Readonly<Record<number, readonly [seconds: number, from: RetryAtFrom]>> = {
  133005: [0, 'assumed'],
  133008: [24 * hour, 'assumed'],
  133009: [hour, 'assumed'],
  133015: [5 * minute, 'documented'],
  133016: [72 * hour, 'documented'],
}

/** `undefined` where the refusal is not about time. `now` in milliseconds. */
export function retryAt(
  code: number,
  { headers, details, now }: { readonly headers: Headers; readonly details: string | undefined; readonly now: number },
): RetryAt | undefined {
  const named = secondsToWait(headers) ?? (code in rules ? secondsIn(details) : secondsOfUsage(headers))
  const [seconds, from] = named === undefined ? (rules[code] ?? []) : ([named, 'server'] as const)
  if (seconds === undefined || from === undefined) return undefined
  return { at: new Date(now + Math.min(seconds, year) * 1_000), from }
}

const units: Readonly<Record<string, number>> = { s: 1, m: minute, h: hour, d: 24 * hour }

/** The time in a sentence such as `Try again in 1 hour 20 minutes.` */
function secondsIn(details = ''): number | undefined {
  const parts = [...details.matchAll(/\b([0-9]{1,6})\s?(s|m|h|d)(?:ec(?:ond)?|in(?:ute)?|our|ay|r)?s?\b/gi)]
  if (parts.length === 0) return undefined
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit.toLowerCase()] ?? 0), 0)
}

/** The longest `estimated_time_to_regain_access` (minutes) of Meta's usage header. Zero says nothing. */
function secondsOfUsage(headers: Headers): number | undefined {
  const given = headers.get('x-business-use-case-usage') ?? ''
  const minutes = [...given.matchAll(/"estimated_time_to_regain_access":\s?([0-9]{1,6})/g)].map(([, each]) =>
    Number(each),
  )
  return Math.max(0, ...minutes) * minute || undefined
}
