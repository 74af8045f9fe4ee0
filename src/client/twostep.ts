// The client of a Twostep server's own REST API. Every call answers a value: `ok`, and then `value` or `problem`.

import type { CallOptions } from './exchange.ts'
import { setting } from './machine.ts'
import { type Operator, operatorOf } from './operator.ts'
import type { OperatorResult, Result } from './problem.ts'
import { type Registrations, registrationsOf, type TwoStep, twoStepOf } from './registrations.ts'
import { type Rest, type RestOptions, restOf } from './rest.ts'
import { type ClientConfig, readCommon, readToken } from './settings.ts'

/** How a {@link Twostep} client is made. What is left out comes from the environment. */
export interface TwostepConfig extends ClientConfig {
  /** Else `TWOSTEP_URL`, else `http://127.0.0.1:8022`. */
  readonly baseUrl?: string | URL | undefined
  /** An application's key, `twk_…`. Else `TWOSTEP_API_KEY`. Needed for all but `operator` and `sandbox`. */
  readonly apiKey?: string | undefined
  /** Else `TWOSTEP_OPERATOR_TOKEN`. Needed for `operator`. */
  readonly operatorToken?: string | undefined
}

/** Where an application is told what happens to its registrations. */
export interface WebhookState {
  readonly url: string
  readonly created_at: string
  /** Told once: when the webhook is made, and when its secret is changed. */
  readonly signing_secret?: string
}

/** The webhook of an application. */
export interface Webhook {
  get(options?: RestOptions): Promise<Result<WebhookState, 'no_webhook'>>
  put(request: { readonly url: string }, options?: RestOptions): Promise<Result<WebhookState>>
  delete(options?: RestOptions): Promise<Result<{ readonly removed: true }, 'no_webhook'>>
  /** A new secret; the old one signs too, for a day. */
  rotateSecret(options?: RestOptions): Promise<Result<WebhookState, 'no_webhook'>>
  /** Sends `webhook.test`. */
  test(options?: RestOptions): Promise<Result<{ readonly sent: true }, 'no_webhook' | 'too_many_tests'>>
}

/** A message that did not leave the sandbox. */
export interface OutboxMessage {
  readonly id: string
  readonly at: string
  readonly channel: 'sms' | 'voice' | 'email' | 'whatsapp' | 'webhook' | (string & {})
  readonly to: string
  readonly from?: string
  readonly subject?: string
  readonly text: string
  readonly code?: string
  readonly link?: string
}

/** For tests: what was sent, and a clock that moves. In production there is no such thing (`not_found`). */
export interface Sandbox {
  /** Newest first. `to`: a number in any spelling, or an e-mail address. */
  outbox(
    request?: { readonly to?: string | undefined; readonly channel?: string | undefined },
    options?: CallOptions,
  ): Promise<OperatorResult<{ readonly messages: readonly OutboxMessage[] }>>
  /** Moves time forward by an ISO 8601 duration such as `P7D`. */
  advanceClock(
    request: { readonly advance: string },
    options?: CallOptions,
  ): Promise<OperatorResult<{ readonly now: string }, 'too_far'>>
}

/**
 * A client of a Twostep server.
 *
 * @example
 * const twostep = new Twostep({ baseUrl: 'https://twostep.example', apiKey })
 * const begun = await twostep.registrations.begin({ number: '07700 900123', country: 'GB' })
 * if (!begun.ok) throw new Error(begun.problem.title)
 */
export class Twostep {
  readonly registrations: Registrations
  readonly twoStep: TwoStep
  readonly webhook: Webhook
  readonly operator: Operator
  readonly sandbox: Sandbox

  /** Throws a `TypeError` for a setting that cannot be one. A key that is missing is missed by the calls that need it. */
  constructor(config: TwostepConfig = {}) {
    const { base, wire } = readCommon(config, setting('TWOSTEP_URL') ?? 'http://127.0.0.1:8022')
    const api = new URL('api/v1/', base)
    const tokenOf = (name: 'apiKey' | 'operatorToken', environment: string) => {
      const given = config[name] ?? setting(environment)
      return () => readToken(name, given, environment)
    }
    const application = restOf(api, wire, tokenOf('apiKey', 'TWOSTEP_API_KEY'))
    this.registrations = registrationsOf(application)
    this.twoStep = twoStepOf(application)
    this.webhook = webhookOf(application)
    this.operator = operatorOf(restOf(api, wire, tokenOf('operatorToken', 'TWOSTEP_OPERATOR_TOKEN')))
    this.sandbox = sandboxOf(restOf(base, wire, () => undefined))
  }
}

function webhookOf({ read, change }: Rest): Webhook {
  return {
    get: options => read('webhook', options),
    put: (body, options) => change({ method: 'PUT', path: 'webhook', body, options }),
    delete: options => change({ method: 'DELETE', path: 'webhook', options }),
    rotateSecret: options => change({ method: 'POST', path: 'webhook/secret', options }),
    test: options => change({ method: 'POST', path: 'webhook/test', options }),
  }
}

function sandboxOf({ read, changeOnce }: Rest): Sandbox {
  return {
    outbox({ to, channel } = {}, options) {
      const query = new URLSearchParams()
      if (to !== undefined) query.set('to', to)
      if (channel !== undefined) query.set('channel', channel)
      return read(`sandbox/outbox?${query}`, options)
    },
    advanceClock: (body, options) => changeOnce({ method: 'POST', path: 'sandbox/clock', body, options }),
  }
}
