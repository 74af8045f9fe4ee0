// How numbers and moments of a fleet are written for people.

import type { Instant } from '#core/kernel/instant.ts'
import type { FleetNumber } from '#fleet/number.ts'

/** A number as its people know it. */
export const called = ({ id, name, number }: FleetNumber): string => {
  const more = [name, number].filter(each => each !== undefined)
  return more.length === 0 ? id : `${id} (${more.join(', ')})`
}

/** A moment to the second, in UTC. */
export const moment = (at: Instant | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
