// What is counted and timed, in Prometheus' text form.
//
// A label's values come from closed sets, also when a caller makes a mistake: a series that an attacker could grow (a
// path, a number, a method of his own) would fill the memory, and tell things about people besides.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

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

/** Opens metrics of their own registry. `ofProcess` adds memory, CPU, event-loop lag: once in a process, in `main`. */
export function createMetrics(ofProcess = false): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (ofProcess) collectDefaultMetrics({ register: registry })

  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `twostep_${name}`, help, labelNames, registers })
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({ name: `twostep_${name}`, help, labelNames, buckets: requestBuckets, registers })

  const requests = counter('http_requests_total', 'Requests answered.', ['door', 'route', 'status'])
  const requestTime = histogram('http_request_duration_seconds', 'From a request to its answer.', ['route'])
  const malformed = counter('http_malformed_requests_total', 'Requests that could not be read.', ['route'])
  const actions = counter('actions_total', 'Actions, by how they ended.', ['action', 'ending'])
  const actionTime = histogram('action_duration_seconds', 'From the call of an action to its ending.', ['action'])
  const commits = counter('commits_total', 'Commits, by how they ended.', ['ending'])
  const retries = counter('commit_retries_total', 'Actions begun anew after a lost race.', [])
  const guesses = counter('guesses_total', 'Guesses spent, and what they turned out to be.', ['door', 'ending'])
  const refused = counter('hashing_refused_total', 'Slow hashes refused because too many waited.', [])
  const phoneCodes = counter('phone_codes_total', 'Codes to phones: sent, come back right, or why not sent.', ['what'])
  const pauses = counter('phone_code_pauses_total', 'Times that codes to a prefix, country or all stopped.', ['what'])
  const sent = counter('outbox_sent_total', 'Messages handed to a provider.', ['channel'])
  const dead = counter('outbox_dead_total', 'Messages given up.', ['channel'])

  const watched = new Map<GaugeName, () => number>()
  const levels = new Map<GaugeName, Gauge>()
  for (const [name, help] of Object.entries(gauges) as [GaugeName, string][]) {
    const gauge: Gauge = new Gauge({
      name: `twostep_${name}`,
      help,
      registers,
      collect: () => {
        const read = watched.get(name)
        if (read !== undefined) gauge.set(read())
      },
    })
    levels.set(name, gauge)
  }

  const routes = new Set<string>(['unmatched', 'unread'])
  const route = (template: string) => (routes.has(template) ? template : 'other')
  const [door, action, ending, channel] = [closedSet(), closedSet(), closedSet(), closedSet()]
  const statusOf = (status: number) =>
    Number.isInteger(status) && status >= 100 && status <= 599 ? String(status) : 'other'

  return {
    declareRoutes(templates) {
      for (const template of templates) routes.add(template)
    },
    request(byDoor, template, status, milliseconds) {
      requests.inc({ door: door(byDoor), route: route(template), status: statusOf(status) })
      requestTime.observe({ route: route(template) }, milliseconds / 1000)
    },
    malformedRequest: template => malformed.inc({ route: route(template) }),
    action(name, how, milliseconds) {
      actions.inc({ action: action(name), ending: ending(how) })
      actionTime.observe({ action: action(name) }, milliseconds / 1000)
    },
    commit: how => commits.inc({ ending: how }),
    commitRetry: () => retries.inc(),
    guess: (byDoor, how) => guesses.inc({ door: door(byDoor), ending: how }),
    hashingRefused: () => refused.inc(),
    phoneCode: what => phoneCodes.inc({ what: ending(what) }),
    codesPaused: what => pauses.inc({ what: ending(what) }),
    messageSent: by => sent.inc({ channel: channel(by) }),
    messageDead: by => dead.inc({ channel: channel(by) }),
    set: (name, value) => levels.get(name)?.set(value),
    watch: (name, read) => void watched.set(name, read),
    exposition: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}
