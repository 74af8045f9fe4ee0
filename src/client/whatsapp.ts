// The client of WhatsApp's Cloud API for phone numbers, their registration and their two-step verification, against Meta's
// Graph or a Twostep server. Requests and answers keep the wire's names.

import type { CallOptions } from './exchange.ts'
import { callGraph, type Graph, type GraphCall, idOf, type WhatsAppResponse, weakPinMessage } from './graph.ts'
import { setting, type Warning } from './machine.ts'
import { eachItem } from './paging.ts'
import type { ListPhoneNumbers, NewPhoneNumber, PhoneNumber, PhoneNumberField } from './phone-number.ts'
import { readCode, weakPin } from './pin.ts'
import type { SecretText } from './secret.ts'
import { type ClientConfig, readCommon, readId, readToken } from './settings.ts'

/** How a {@link WhatsApp} client is made. What is left out comes from the environment. */
export interface WhatsAppConfig extends ClientConfig {
  /** Else `CLOUD_API_ACCESS_TOKEN`. It is kept out of errors, warnings and what `console.log` shows. */
  readonly accessToken?: SecretText | undefined
  /** The number's id, not the number. Else `WA_PHONE_NUMBER_ID`. */
  readonly phoneNumberId?: string | number | bigint | undefined
  /** The WhatsApp Business Account, for what is about all its numbers. Else `WA_BUSINESS_ACCOUNT_ID`. */
  readonly businessAccountId?: string | number | bigint | undefined
  /** Else `WA_BASE_URL`, else Meta's: `https://graph.facebook.com`. A Twostep sandbox: `http://127.0.0.1:8022`. */
  readonly baseUrl?: string | URL | undefined
  /** Such as `v25.0`. Else `CLOUD_API_VERSION`, else `v25.0`. */
  readonly version?: string | undefined
}

/** What most calls answer. */
export interface Success {
  readonly success: boolean
}

/** The PIN of a number. There is no call that turns it off, and none that reads it. */
export interface TwoStepVerification {
  /**
   * Sets the PIN of the number, six digits as text. The current one is not asked for, and whoever has the access token may do
   * this: the business is told. Keep the PIN: it is asked for whenever the number is registered.
   */
  setup(request: { readonly pin: string }, options?: CallOptions): Promise<WhatsAppResponse<Success>>
  /** Replaces the PIN: the same call as `setup`. */
  update(request: { readonly pin: string }, options?: CallOptions): Promise<WhatsAppResponse<Success>>
}

/** What a registration takes. */
export interface RegisterRequest {
  /** Six digits as text. With two-step verification on, the number's PIN; off, it becomes the number's PIN. */
  readonly pin: string
  /** Where messages are stored: a country of two letters, such as `CH`. */
  readonly data_localization_region?: string | undefined
  /** From an On-Premises number that moves. */
  readonly backup?: { readonly password: string; readonly data: string } | undefined
}

/**
 * Registering and deregistering a number. Ten of them, refused ones too, in a moving 72 hours; the next one blocks the number.
 * So none is ever sent again by itself, whatever the server says of it.
 */
export interface Registration {
  /**
   * Registers the number. Throws `PinMismatchError` (133005), `GuessLimitError` (133008, 133009), `RegistrationLimitError`
   * (133016), each with `retryAt`, and `NotVerifiedError` (133006). After a `ConnectionError`, read the number's `status`
   * before you send it again.
   */
  register(request: RegisterRequest, options?: CallOptions): Promise<WhatsAppResponse<Success>>
  /** Takes the number offline. Its PIN stays, and is asked for when it is registered again. */
  deregister(options?: CallOptions): Promise<WhatsAppResponse<Success>>
}

/** The numbers of a business, and proving one of them. */
export interface PhoneNumbers {
  /** Reads the number. Without `fields`: what Graph chooses. */
  get<Field extends PhoneNumberField = PhoneNumberField>(
    request?: { readonly fields?: readonly Field[] | undefined },
    options?: CallOptions,
  ): Promise<WhatsAppResponse<Pick<PhoneNumber, 'id' | Field>>>
  /** Every number of the business, page after page: `for await (const number of whatsapp.phoneNumbers.list())`. */
  list<Field extends PhoneNumberField = PhoneNumberField>(
    request?: ListPhoneNumbers<Field>,
    options?: CallOptions,
  ): AsyncGenerator<Pick<PhoneNumber, 'id' | Field>, void, undefined>
  /** Adds a number to the business, and answers its id. */
  add(number: NewPhoneNumber, options?: CallOptions): Promise<WhatsAppResponse<{ readonly id: string }>>
  /** Has an ownership code sent to the number. `language`: a locale such as `en_US`. */
  requestCode(
    request: { readonly code_method: 'SMS' | 'VOICE'; readonly language: string },
    options?: CallOptions,
  ): Promise<WhatsAppResponse<Success>>
  /** Proves the number with the code that came, with its hyphen or without. It is not the PIN. */
  verifyCode(request: { readonly code: string }, options?: CallOptions): Promise<WhatsAppResponse<Success>>
}

/** What a sent message answers. */
export interface SentMessage {
  readonly messaging_product: 'whatsapp'
  readonly contacts: readonly { readonly input: string; readonly wa_id: string }[]
  readonly messages: readonly { readonly id: string }[]
}

/** Messages from the number. It must be registered. */
export interface Messages {
  /** Sends a text. `to`: the recipient with the country code. */
  text(
    text: { readonly body: string; readonly preview_url?: boolean | undefined },
    to: string | number,
    options?: CallOptions,
  ): Promise<WhatsAppResponse<SentMessage>>
}

/**
 * A client of WhatsApp's Cloud API.
 *
 * @example
 * const whatsapp = new WhatsApp({ phoneNumberId: '106540352242922', accessToken: token })
 * await whatsapp.registration.register({ pin: '837465' })
 */
export class WhatsApp {
  readonly twoStepVerification: TwoStepVerification
  readonly registration: Registration
  readonly phoneNumbers: PhoneNumbers
  readonly messages: Messages
  readonly #graph: Graph

  /** Throws a `TypeError` that says which setting is missing or cannot be one. */
  constructor(config: WhatsAppConfig = {}) {
    const common = readCommon(config, setting('WA_BASE_URL') ?? 'https://graph.facebook.com')
    const id = (name: 'phoneNumberId' | 'businessAccountId', environment: string) => {
      const given = config[name] ?? setting(environment)
      return given === undefined ? undefined : readId(name, given)
    }
    const graph: Graph = {
      ...common,
      version: readVersion(config.version ?? setting('CLOUD_API_VERSION') ?? 'v25.0'),
      accessToken: readToken(
        'accessToken',
        config.accessToken ?? setting('CLOUD_API_ACCESS_TOKEN'),
        'CLOUD_API_ACCESS_TOKEN',
      ),
      phoneNumberId: id('phoneNumberId', 'WA_PHONE_NUMBER_ID'),
      businessAccountId: id('businessAccountId', 'WA_BUSINESS_ACCOUNT_ID'),
    }
    this.#graph = graph
    this.twoStepVerification = twoStepVerificationOf(graph)
    this.registration = registrationOf(graph)
    this.phoneNumbers = phoneNumbersOf(graph)
    this.messages = messagesOf(graph)
  }

  /** The same client for another number. */
  withPhoneNumber(phoneNumberId: string | number | bigint): WhatsApp {
    const { base, wire, ...graph } = this.#graph
    // What was said when this client was made is not said again for each of its numbers.
    const onWarning = (warning: Warning) => {
      if (warning.kind !== 'plain_http') graph.onWarning(warning)
    }
    return new WhatsApp({ ...graph, ...wire, baseUrl: base, phoneNumberId, onWarning })
  }
}

function readVersion(version: string): string {
  const read = /^v?([0-9]{1,3}\.[0-9]{1,3})$/.exec(version)?.[1]
  if (read === undefined) throw new TypeError('version: write a version of the Graph API, such as v25.0.')
  return `v${read}`
}

function twoStepVerificationOf(graph: Graph): TwoStepVerification {
  const set: TwoStepVerification['setup'] = async ({ pin }, options) => {
    checkAndWarn(graph, pin)
    return callGraph(graph, { path: idOf(graph, 'phoneNumberId'), body: { pin }, options })
  }
  return { setup: set, update: set }
}

function registrationOf(graph: Graph): Registration {
  const post = <Data>(edge: string, body: GraphCall['body'] = {}, options?: CallOptions) =>
    callGraph<Data>(graph, { path: `${idOf(graph, 'phoneNumberId')}/${edge}`, body, options })
  return {
    async register({ pin, data_localization_region, backup }, options) {
      checkAndWarn(graph, pin)
      return post('register', { messaging_product: 'whatsapp', pin, data_localization_region, backup }, options)
    },
    deregister: async options => post('deregister', {}, options),
  }
}

function phoneNumbersOf(graph: Graph): PhoneNumbers {
  const number = (edge: string) => `${idOf(graph, 'phoneNumberId')}/${edge}`
  const numbers = () => `${idOf(graph, 'businessAccountId')}/phone_numbers`
  return {
    get: async ({ fields } = {}, options) =>
      callGraph(graph, { path: idOf(graph, 'phoneNumberId'), query: { fields: fields?.join() }, options }),

    list: ({ fields, limit, sort, filtering } = {}, options) =>
      eachItem(async after => {
        const query = {
          ...{ fields: fields?.join(), sort, after },
          limit: limit?.toString(),
          filtering: filtering === undefined ? undefined : JSON.stringify(filtering),
        }
        const { data } = await callGraph<NumbersPage>(graph, { path: numbers(), query, options })
        const { next, cursors } = data.paging ?? {}
        // By the cursor, never by the address in `next`: the token goes where the configuration says, and nowhere else.
        return { items: data.data, after: next === undefined ? undefined : cursors?.after }
      }),

    add: async ({ cc, phone_number, verified_name }, options) =>
      callGraph(graph, { path: numbers(), body: { cc, phone_number, verified_name }, options }),

    requestCode: async ({ code_method, language }, options) =>
      callGraph(graph, { path: number('request_code'), body: { code_method, language }, options }),

    verifyCode: async ({ code }, options) =>
      callGraph(graph, { path: number('verify_code'), body: { code: readCode(code) }, options }),
  }
}

type NumbersPage = {
  readonly data: readonly PhoneNumber[]
  readonly paging?: { readonly next?: string; readonly cursors?: { readonly after?: string } }
}

function messagesOf(graph: Graph): Messages {
  return {
    text: async (text, to, options) => {
      const recipient = { messaging_product: 'whatsapp', recipient_type: 'individual', to: String(to) }
      const path = `${idOf(graph, 'phoneNumberId')}/messages`
      return callGraph(graph, { path, body: { ...recipient, type: 'text', text }, options })
    },
  }
}

/** Refuses what is no PIN; warns of a weak one before it is on its way. */
function checkAndWarn({ onWarning }: Graph, pin: string): void {
  const weak = weakPin(pin)
  if (weak !== undefined) onWarning({ kind: 'weak_pin', message: weakPinMessage(weakWords[weak]) })
}

const weakWords = {
  repeats: 'its digits repeat',
  run: 'it counts up or down',
  pattern: 'it makes a pattern',
  date: 'it can be read as a date',
} as const
