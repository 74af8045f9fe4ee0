// What is counted and timed, in Prometheus' text form.
//
// A label's values come from closed sets, also when a caller makes a mistake: a series that an attacker could grow (a
// path, a number, a method of his own) would fill the memory, and tell things about people besides.

import type { Registry } from 'prom-client'
import { counter, gauge, histogram, type Metric } from './series.ts'

/** How a guess is counted: `spent` when it is taken from its budget, then `right` or `wrong` once it was looked at. */
export type GuessEnding = 'spent' | 'right' | 'wrong'

/** How a commit ended; `away`: the store could not be written. */
export type CommitEnding = 'committed' | 'lost_race' | 'handle_taken' | 'away'

const gauges = {
  store_up: 'Whether the store could be written to when it was last tried: 1 or 0.',
  ready: 'Whether this node asks for requests: 1 or 0.',
  requests_in_flight: 'Requests taken and not answered yet.',
  hashing_running: 'Slow hashes being computed.',
  hashing_waiting: 'Slow hashes waiting for a thread.',
  outbox_waiting_messages: 'Whether messages wait to be sent: 1 or 0.',
  outbox_oldest_seconds: 'How long the oldest due message has waited.',
  checkpoint_age_seconds: 'Time since the last signed checkpoint over the journals.',
} as const

/** What has a level rather than a count. Names are without the prefix `twostep_`. */
export type GaugeName = keyof typeof gauges

/** What callers tell the metrics. Times in milliseconds; the series have seconds. */
export type Metrics = {
  /** Names route templates that exist; a request by any other counts as `other`. */
  declareRoutes(templates: Iterable<string>): void
  request(door: string, route: string, status: number, milliseconds: number): void
  malformedRequest(route: string): void
  action(name: string, ending: string, milliseconds: number): void
  commit(ending: CommitEnding): void
  /** An action that begins anew because it lost a race. */
  commitRetry(): void
  guess(door: string, ending: GuessEnding): void
  /** A slow hash that was refused because too many were waiting. */
  hashingRefused(): void
  /** A code to a phone was let go, came back right, or was not let go, and why. */
  phoneCode(what: string): void
  /** Codes to a prefix, a country or all phones stopped. */
  codesPaused(what: string): void
  messageSent(channel: string): void
  messageDead(channel: string): void
  set(gauge: GaugeName, value: number): void
  /** Reads the gauge's value when it is asked for. */
  watch(gauge: GaugeName, read: () => number): void
  /** All series as text. */
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>
}

const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const word = /^[a-z][a-z0-9_.-]{0,63}$/

/** Far more than the program has of anything, far less than hurts. */
const mostWords = 200

/** Lets the first {@link mostWords} values through that look like a word of ours; all else is `other`. */
function closedSet(): (value: string) => string {
  const known = new Set<string>()
  return value => {
    if (known.has(value)) return value
    if (known.size >= mostWords || !word.test(value)) return 'other'
    known.add(value)
    return value
  }
}

/**
 * Opens metrics of their own. `ofProcess` adds memory, CPU, event-loop lag: once in a process, in `main`. These are watched
 * from the first exposition on: the library that has them is loaded with it, and is no part of a start.
 */
export function createMetrics(ofProcess = false): Metrics {
  const all: Metric[] = []
  const kept = <Kind extends Metric>(metric: Kind): Kind => {
    all.push(metric)
    return metric
  }
  const count = (name: string, help: string, labels: readonly string[]) =>
    kept(counter(`twostep_${name}`, help, labels))
  const time = (name: string, help: string, label: string) =>
    kept(histogram(`twostep_${name}`, help, label, requestBuckets))
  const requests = count('http_requests_total', 'Requests answered.', ['door', 'route', 'status'])
  const requestTime = time('http_request_duration_seconds', 'From a request to its answer.', 'route')
  const malformed = count('http_malformed_requests_total', 'Requests that could not be read.', ['route'])
  const actions = count('actions_total', 'Actions, by how they ended.', ['action', 'ending'])
  const actionTime = time('action_duration_seconds', 'From the call of an action to its ending.', 'action')
  const commits = count('commits_total', 'Commits, by how they ended.', ['ending'])
  const retries = count('commit_retries_total', 'Actions begun anew after a lost race.', [])
  const guesses = count('guesses_total', 'Guesses spent, and what they turned out to be.', ['door', 'ending'])
  const refused = count('hashing_refused_total', 'Slow hashes refused because too many waited.', [])
  const phoneCodes = count('phone_codes_total', 'Codes to phones: sent, come back right, or why not sent.', ['what'])
  const pauses = count('phone_code_pauses_total', 'Times that codes to a prefix, country or all stopped.', ['what'])
  const sent = count('outbox_sent_total', 'Messages handed to a provider.', ['channel'])
  const dead = count('outbox_dead_total', 'Messages given up.', ['channel'])

  const levels = new Map<GaugeName, () => number>()
  for (const [name, help] of Object.entries(gauges) as [GaugeName, string][])
    kept(gauge(`twostep_${name}`, help, () => levels.get(name)?.() ?? 0))

  const routes = new Set<string>(['unmatched', 'unread'])
  const route = (template: string) => (routes.has(template) ? template : 'other')
  const [door, action, ending, channel] = [closedSet(), closedSet(), closedSet(), closedSet()]
  const statusOf = (status: number) =>
    Number.isInteger(status) && status >= 100 && status <= 599 ? String(status) : 'other'
  let process: Promise<Registry> | undefined

  return {
    declareRoutes(templates) {
      for (const template of templates) routes.add(template)
    },
    request(byDoor, template, status, milliseconds) {
      requests.add(door(byDoor), route(template), statusOf(status))
      requestTime.observe(route(template), milliseconds / 1000)
    },
    malformedRequest: template => malformed.add(route(template)),
    action(name, how, milliseconds) {
      actions.add(action(name), ending(how))
      actionTime.observe(action(name), milliseconds / 1000)
    },
    commit: how => commits.add(how),
    commitRetry: () => retries.add(),
    guess: (byDoor, how) => guesses.add(door(byDoor), how),
    hashingRefused: () => refused.add(),
    phoneCode: what => phoneCodes.add(ending(what)),
    codesPaused: what => pauses.add(ending(what)),
    messageSent: by => sent.add(channel(by)),
    messageDead: by => dead.add(channel(by)),
    set: (name, value) => void levels.set(name, () => value),
    watch: (name, read) => void levels.set(name, read),
    async exposition() {
      const own = all.map(each => each.text()).join('')
      if (!ofProcess) return { contentType, text: own }
      process ??= processMetrics()
      return { contentType, text: own + (await (await process).metrics()) }
    },
  }
}

const contentType = 'text/plain; version=0.0.4; charset=utf-8'

async function processMetrics(): Promise<Registry> {
  const { collectDefaultMetrics, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}
