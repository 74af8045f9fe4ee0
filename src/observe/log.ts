// The log: one line of JSON for each event, and nothing in it that a thief could use.
//
//   fields ──types: no free text──▶ plain values ──Secret → [sealed]──▶ a line ──scrub.ts──▶ stdout
//
// A message and a field's name are written in the code. A field's value is a number, a boolean, a literal, an id, a
// `Secret` (which prints as sealed) or an error. Free text does not compile: a phone number is a string, too.

import { type DestinationStream, destination, pino } from 'pino'
import { scrub, scrubLine } from '#observe/scrub.ts'
import { Secret } from '#secrets/secret.ts'

/** How much is written: each level holds those after it. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

declare const loggable: unique symbol
/** An id that was checked to look like one; made by {@link idForLog}. */
export type IdForLog = string & { readonly [loggable]: true }

const idShape = /^[A-Za-z0-9/][A-Za-z0-9_.:/{}-]{0,127}$/

/**
 * Lets an id into the log: of a request, a subject, a message, or a route's template. Random or ours, at most 128
 * characters; anything of another shape becomes `odd`.
 */
export const idForLog = (id: string): IdForLog => (idShape.test(id) ? id : 'odd') as IdForLog

/** Whether `Text` is one or several literals; not for `string`, a template or a branded string. */
type IsLiteral<Text extends string> = Record<never, never> extends Record<Text, unknown> ? false : true

type Teaching = 'a log takes no free text: use a literal, idForLog(…) or a Secret, or leave it out'

/** What a value may be; for free text it is the sentence that says what to do instead. */
export type Loggable<Value> = Value extends number | boolean | bigint | null | undefined | Secret | Error | IdForLog
  ? Value
  : Value extends string
    ? IsLiteral<Value> extends true
      ? Value
      : Teaching
    : Value extends (...parameters: never) => unknown
      ? never
      : Value extends object
        ? { readonly [Name in keyof Value]: Loggable<Value[Name]> }
        : never

type Write = <const Message extends string, const Fields extends object = Record<never, never>>(
  message: Loggable<Message>,
  fields?: Fields & Loggable<Fields>,
) => void

/** Where events go. */
export type Log = Readonly<Record<Exclude<LogLevel, 'silent'>, Write>> & {
  /** The same log, with these fields on each line. */
  with<const Fields extends object>(fields: Fields & Loggable<Fields>): Log
}

/** What `createLog` is told. */
export type LogOptions = {
  readonly level: LogLevel
  /** Milliseconds since 1970: the `time` of a line. */
  readonly now: () => number
  /** Whether errors show their stack. In production it would tell where the program lies and what it runs on. */
  readonly stacks: boolean
  /** Where the lines go; standard output unless told. */
  readonly to?: DestinationStream
}

/**
 * Opens a log.
 *
 * Lines are written at once, not gathered: the last lines before a crash or a SIGKILL are the ones that matter, and a
 * buffer loses just those. It costs a system call a line. A reader that stops reading therefore stops the server too,
 * which readiness shows; the other way would fill the memory with lines.
 */
export function createLog({ level, now, stacks, to = destination({ dest: 1, sync: true }) }: LogOptions): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: timestamps(now),
      formatters: {
        level: label => ({ level: label }),
        log: fields => plainFields(fields, stacks),
        bindings: fields => plainFields(fields, stacks),
      },
      // Ours has to see each error as it was thrown.
      serializers: { err: error => error },
      hooks: { streamWrite: scrubLine },
    },
    to,
  )
  return logOver(logger)
}

/** Writes the `time` of a line. All but its last digits are the same for a second, and making them is dear. */
function timestamps(now: () => number): () => string {
  let second = Number.NaN
  let text = ''
  return () => {
    const at = now()
    if (Math.floor(at / 1000) !== second) {
      second = Math.floor(at / 1000)
      text = new Date(second * 1000).toISOString().slice(0, -4)
    }
    return `,"time":"${text}${String(Math.floor(at) - second * 1000).padStart(3, '0')}Z"`
  }
}

type Sink = {
  readonly [Level in Exclude<LogLevel, 'silent'>]: (fields: object, message: string) => void
} & { child(fields: object): Sink }

function logOver(sink: Sink): Log {
  const at =
    (level: Exclude<LogLevel, 'silent'>): Write =>
    (message, fields) =>
      sink[level](fields ?? {}, message)
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    with: fields => logOver(sink.child(fields)),
  }
}

const deepest = 6
const longestText = 2_000
const longestList = 50

/** Field names that would pose as the line's own. */
const reserved = new Set(['level', 'time', 'msg'])

function plainFields(fields: object, stacks: boolean): Record<string, unknown> {
  const plainly: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    plainly[reserved.has(name) ? `${name}_` : name] = plain(value, stacks, deepest)
  }
  return plainly
}

/** A value as JSON can hold it, bounded, with nothing of a class but what is known to be harmless. */
function plain(value: unknown, stacks: boolean, depth: number): unknown {
  if (typeof value === 'string') return value.length > longestText ? `${value.slice(0, longestText)}…` : value
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value
  if (value instanceof Secret) return String(value)
  if (depth === 0) return '[deep]'
  if (value instanceof Error) return plainError(value, stacks, depth)
  if (Array.isArray(value)) return value.slice(0, longestList).map(entry => plain(entry, stacks, depth - 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  // A class knows how to print itself, and may print too much: a socket, a request, a Buffer full of key.
  if (prototype !== Object.prototype && prototype !== null) return '[object]'
  const entries = Object.entries(value).slice(0, longestList)
  return Object.fromEntries(entries.map(([name, child]) => [name, plain(child, stacks, depth - 1)]))
}

/** An error by name, message, code and causes. Its other properties may be anything, so they stay behind. */
function plainError(error: Error, stacks: boolean, depth: number): Record<string, unknown> {
  const { code, reason } = error as { code?: unknown; reason?: unknown }
  const causes = error instanceof AggregateError ? error.errors : error.cause === undefined ? [] : [error.cause]
  return {
    name: error.name,
    message: plain(scrub(error.message), stacks, depth),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(stacks && error.stack !== undefined ? { stack: plain(scrub(error.stack), stacks, depth) } : {}),
    ...(causes.length === 0
      ? {}
      : { causes: causes.slice(0, longestList).map((cause: unknown) => plainCause(cause, stacks, depth)) }),
  }
}

/** Whatever was thrown that is no error may be free text, so only errors and secrets are shown. */
const plainCause = (cause: unknown, stacks: boolean, depth: number): unknown =>
  cause instanceof Error || cause instanceof Secret ? plain(cause, stacks, depth - 1) : `[${typeof cause}]`

/** What was caught, as an error: JavaScript may throw anything. */
export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error('something that is no error was thrown')
