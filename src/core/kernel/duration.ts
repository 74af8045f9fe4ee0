// ISO 8601 durations, as far as their length is certain: weeks, days, hours, minutes, seconds. Months and years have no
// length of their own and are refused.

import { day, hour, type Milliseconds, minute, second } from './instant.ts'

const shape = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/

/** A duration in milliseconds, or `undefined` when the text is none or longer than a hundred years. */
export function readDuration(text: string): Milliseconds | undefined {
  const read = shape.exec(text)
  if (read === null) return undefined
  const [weeks, days, hours, minutes, seconds] = read.slice(1).map(part => Number(part ?? 0))
  const span = ((weeks ?? 0) * 7 + (days ?? 0)) * day + (hours ?? 0) * hour + (minutes ?? 0) * minute
  const whole = span + Math.round((seconds ?? 0) * second)
  return whole <= 36_525 * day ? whole : undefined
}
