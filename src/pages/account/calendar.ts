// A date for a person's own calendar (iCalendar, RFC 5545). It holds nothing but the date and the way to our page.

import type { Instant } from '#core/kernel/instant.ts'

export type Appointment = {
  readonly at: Instant
  readonly now: Instant
  readonly summary: string
  readonly text: string
  /** Where one goes on. */
  readonly url: string
}

/** The file: one event with an alarm when it begins. */
export function calendarFile({ at, now, summary, text, url }: Appointment): string {
  const words = escaped(summary)
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Twostep//Account pages//EN', 'CALSCALE:GREGORIAN', 'BEGIN:VEVENT'],
    `UID:two-step-${String(at)}@${new URL(url).hostname}`,
    `DTSTAMP:${moment(now)}`,
    `DTSTART:${moment(at)}`,
    'DURATION:PT15M',
    `SUMMARY:${words}`,
    `DESCRIPTION:${escaped(text)}`,
    `URL:${url}`,
    ...['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:PT0S', `DESCRIPTION:${words}`, 'END:VALARM'],
    ...['END:VEVENT', 'END:VCALENDAR'],
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}

const moment = (at: Instant): string => new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '')

/** §3.3.11. */
const escaped = (text: string): string => text.replace(/[\\;,]/g, sign => `\\${sign}`).replace(/\r\n?|\n/g, '\\n')

/** §3.1: at most 75 octets a line, and no sign of several octets is cut through. */
function folded(line: string): string {
  const parts: string[] = []
  let part = ''
  for (const sign of line) {
    const room = parts.length === 0 ? 75 : 74
    if (Buffer.byteLength(part + sign) > room) {
      parts.push(part)
      part = ''
    }
    part += sign
  }
  return [...parts, part].join('\r\n ')
}
