// The client of a Twostep server's own REST API. Every call answers a value: `ok`, and then `value` or `problem`.

import { type Account, accountOf } from './account.ts'
import { type Device, type DeviceCredentials, deviceOf } from './device.ts'
import type { CallOptions, Wire } from './exchange.ts'
import { setting } from './machine.ts'
import { type Operator, operatorOf } from './operator.ts'
import type { OpenResult, OperatorResult, Result } from './problem.ts'
import { type Registrations, registrationsOf, type TwoStep, twoStepOf } from './registrations.ts'
import { type Rest, type RestOptions, restOf } from './rest.ts'
import type { Secret, SecretText } from './secret.ts'
import { type ClientConfig, readCommon, readToken } from './settings.ts'
import { type PasswordResets, passwordResetsOf, type SignIns, type SignUps, signInsOf, signUpsOf } from './sign-ins.ts'
import { type AppPasswordChecks, appPasswordChecksOf, type Gates, gatesOf, type Users, usersOf } from './users.ts'

/** How a {@link Twostep} client is made. What is left out comes from the environment. */
export interface TwostepConfig extends ClientConfig {
  /** Else `TWOSTEP_URL`, else `http://127.0.0.1:8022`. */
  readonly baseUrl?: string | URL | undefined
  /** An application's key, `twk_…`. Else `TWOSTEP_API_KEY`. Needed for what an application does. */
  readonly apiKey?: SecretText | undefined
  /** Else `TWOSTEP_OPERATOR_TOKEN`. Needed for `operator`. */
  readonly operatorToken?: SecretText | undefined
}

/** Where an application is told what happens to its registrations. */
export interface WebhookState {
  readonly url: string
  readonly created_at: string
  /** Told once: when the webhook is made, and when its secret is changed. */
  readonly signing_secret?: Secret
  /** `broken`: failing for three days. `off`: the receiver answered 410, and `put` switches it on again. */
  readonly state: 'new' | 'working' | 'failing' | 'broken' | 'off'
  readonly last_success_at: string | null
  readonly failing_since: string | null
  readonly last_failure_at: string | null
  readonly last_failure: 'timed_out' | 'unreachable' | 'rejected' | 'forbidden' | 'gone' | null
  /** The HTTP status, where there was an answer. */
  readonly last_failure_status: number | null
}

/** The webhook of an application. */
export interface Webhook {
  get(options?: RestOptions): Promise<Result<WebhookState, 'no_webhook'>>
  put(request: { readonly url: string }, options?: RestOptions): Promise<Result<WebhookState>>
  delete(options?: RestOptions): Promise<Result<{ readonly removed: true }, 'no_webhook'>>
  /** A new secret; the old one signs too, for a day. */
  rotateSecret(options?: RestOptions): Promise<Result<WebhookState, 'no_webhook'>>
  /** Sends `webhook.test`. */
  test(options?: RestOptions): Promise<Result<{ readonly sent: true }, 'no_webhook' | 'webhook_off' | 'too_many_tests'>>
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
  // What an application does, with its key.
  readonly registrations: Registrations
  readonly twoStep: TwoStep
  readonly webhook: Webhook
  readonly users: Users
  readonly gates: Gates
  readonly appPasswords: AppPasswordChecks
  // What anybody does.
  readonly signUps: SignUps
  readonly signIns: SignIns
  readonly passwordResets: PasswordResets
  readonly operator: Operator
  readonly sandbox: Sandbox
  readonly #base: URL
  readonly #wire: Wire

  /** Throws a `TypeError` for a setting that cannot be one. A key that is missing is missed by the calls that need it. */
  constructor(config: TwostepConfig = {}) {
    const { base, wire } = readCommon(config, setting('TWOSTEP_URL') ?? 'http://127.0.0.1:8022')
    const api = new URL('api/v1/', base)
    this.#base = api
    this.#wire = wire
    const tokenOf = (name: 'apiKey' | 'operatorToken', environment: string) => {
      const given = config[name] ?? setting(environment)
      return () => readToken(name, given, environment)
    }
    const application = restOf(api, wire, tokenOf('apiKey', 'TWOSTEP_API_KEY'))
    this.registrations = registrationsOf(application)
    this.twoStep = twoStepOf(application)
    this.webhook = webhookOf(application)
    this.users = usersOf(application)
    this.gates = gatesOf(application)
    this.appPasswords = appPasswordChecksOf(application)
    const open = restOf(api, wire, () => undefined)
    const ofToken = (token: string) => restOf(api, wire, () => token)
    this.signUps = signUpsOf(open)
    this.signIns = signInsOf(open, ofToken)
    this.passwordResets = passwordResetsOf(open, ofToken)
    this.operator = operatorOf(restOf(api, wire, tokenOf('operatorToken', 'TWOSTEP_OPERATOR_TOKEN')))
    this.sandbox = sandboxOf(restOf(base, wire, () => undefined))
  }

  /** The account of a session, by the session's token: `signedIn.session.token`. */
  account(session: SecretText): Account {
    return accountOf(this.#rest(readToken('session', session)))
  }

  /** A trusted device that receives notifications, by what it was handed when it registered. */
  device({ device_token, installation }: DeviceCredentials): Device {
    const headers = { 'device-installation': readToken('installation', installation) }
    return deviceOf(this.#rest(readToken('device_token', device_token), headers))
  }

  /** Confirms an address of an account. `token`: the end of the mailed link. */
  confirmAddress(
    request: { readonly token: SecretText },
    options?: CallOptions,
  ): Promise<OpenResult<{ readonly confirmed: true }, 'link_gone' | 'account_exists'>> {
    return this.#rest().changeOnce({ method: 'POST', path: 'account/addresses/confirm', body: request, options })
  }

  /** What a browser subscribes with, to become a trusted device: for `pushManager.subscribe` (RFC 8292). */
  pushKey(options?: CallOptions): Promise<OpenResult<{ readonly application_server_key: string }>> {
    return this.#rest().read('push-key', options)
  }

  #rest(token?: string, headers?: Readonly<Record<string, string>>): Rest {
    return restOf(this.#base, this.#wire, () => token, headers)
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
