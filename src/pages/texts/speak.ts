// Saying things in a language: texts with {names} to fill in, plurals, moments and spans of time.

import { html } from 'hono/html'
import type { Instant, Milliseconds } from '#core/kernel/instant.ts'
import { second, secondsUntil } from '#core/kernel/instant.ts'
import type { Language } from '../language.ts'
import type { Html } from '../layout.ts'

/** One text for each way a language counts; which, `Intl.PluralRules` says. `{count}` stands for the number. */
export type Plural = { readonly [Form in Intl.LDMLPluralRule]?: string } & { readonly other: string }

/** What is filled in. Texts are escaped; pieces of a page stay what they are. */
export type Values = Readonly<Record<string, string | number | Html>>

type Unit = 'second' | 'minute' | 'hour' | 'day'

/** A catalogue: the same keys in every language. */
export type Catalogue = Readonly<Record<string, string | Plural>>

/** Speaks one language. */
export type Speaker<Key extends string> = {
  readonly language: Language
  /** A text as a piece of a page. */
  readonly say: (key: Key, values?: Values) => Html
  /** A text for an attribute or a title. */
  readonly plain: (key: Key, values?: Readonly<Record<string, string | number>>) => string
  /** A moment, in UTC. */
  readonly moment: (at: Instant) => Html
  /** How long ago a moment was. */
  readonly ago: (at: Instant, now: Instant) => string
  /** In how long a moment is, as the end of "you can try again"; counted down where scripts run. */
  readonly wait: (until: Instant, now: Instant) => Html
  /** The same of a wait that has not begun. */
  readonly within: (wait: Milliseconds) => string
}

/** The names of the texts that say in how long something is. */
export type WaitKeys<Key extends string> = Readonly<Record<Unit | 'over' | 'counted', Key>>

// Where a language differs by country: dates in English begin with the day.
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', ar: 'ar' }

// Numbers as people there type them into our forms: a code or a PIN takes ASCII digits in every language.
const localeOf = (language: Language): string => `${locales[language]}-u-nu-latn`

/** A moment in UTC: nobody knows where a page is read. */
export function momentIn(language: Language, at: Instant): Html {
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' } as const
  const spoken = new Intl.DateTimeFormat(localeOf(language), { ...day, ...time }).format(at)
  return html`<time datetime="${new Date(at).toISOString()}"><bdi>${spoken} UTC</bdi></time>`
}

/** Makes a speaker of a catalogue. */
export function speaker<Key extends string>(
  language: Language,
  texts: Readonly<Record<Key, string | Plural>>,
  waits: WaitKeys<Key>,
): Speaker<Key> {
  const locale = localeOf(language)
  const plurals = new Intl.PluralRules(locale)
  const text = (key: Key, values: Values): string => {
    const found: string | Plural = texts[key]
    if (typeof found === 'string') return found
    const { count } = values
    return (typeof count === 'number' ? found[plurals.select(count)] : undefined) ?? found.other
  }
  const plain = (key: Key, values: Readonly<Record<string, string | number>> = {}) =>
    text(key, values).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
  const within = (seconds: number) => {
    if (seconds <= 0) return plain(waits.over)
    const [unit, size] = unitOf(seconds)
    return plain(waits[unit], { count: Math.ceil(seconds / size) })
  }
  return {
    language,
    plain,
    say(key, values = {}) {
      const parts = text(key, values).split(/\{(\w+)\}/)
      return html`${parts.map((part, at) => (at % 2 === 0 ? part : (values[part] ?? '')))}`
    },
    moment: at => momentIn(language, at),
    ago: (at, now) => {
      const [size, unit] = largest(Math.max(0, now - at) / 1_000)
      return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-size, unit)
    },
    wait: (until, now) => {
      const seconds = secondsUntil(until, now)
      // The script puts the time left where `{time}` stands.
      const [over, counted] = [plain(waits.over), plain(waits.counted, { time: '{time}' })]
      // A long wait is rounded up in words: the moment says it exactly.
      const exact = seconds > mostMinutes ? html` (${momentIn(language, until)})` : ''
      // Where scripts run it stands there as it is counted from the first moment: a text that grows shorter under the reader's
      // eyes moves all that is below it.
      const counts = seconds > 0 && seconds < mostCounted
      const clocked = html`<span class="scripted">${plain(waits.counted, { time: clock(seconds) })}</span>`
      const words = counts ? html`<span class="unscripted">${within(seconds)}</span>${clocked}` : within(seconds)
      return html`<time datetime="PT${String(seconds)}S" data-until="${String(until)}" data-over="${over}"
        data-counted="${counted}">${words}</time>${exact}`
    },
    within: wait => within(Math.ceil(wait / second)),
  }
}

// Days are not counted by the second. Both as in static/countdown.js.
const mostCounted = 86_400

/** `4:59`, `1:00:00`. */
function clock(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (part: number) => String(part).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

function largest(seconds: number): readonly [number, Intl.RelativeTimeFormatUnit] {
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ['second', 1]
  return [Math.floor(seconds / size), unit]
}

// Above these, the next larger unit is meant. Rounded up: nobody is sent back too early.
const [mostSeconds, mostMinutes, mostHours] = [59, 90 * 60, 48 * 3_600] as const

const unitOf = (seconds: number): readonly [Unit, number] =>
  seconds <= mostSeconds
    ? ['second', 1]
    : seconds <= mostMinutes
      ? ['minute', 60]
      : seconds <= mostHours
        ? ['hour', 3_600]
        : ['day', 86_400]
