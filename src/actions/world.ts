// The world: all that a verb may touch. Made once in main.ts (or by a test), handed to every action.

import type { Clock } from '#core/kernel/clock.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import type { SendingPolicy } from '#core/sending/rules.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { Callback, CallbackEnding } from '#delivery/webhook/handshake.ts'
import type { WebhookRules } from '#delivery/webhook/url.ts'
import { ofOneRequest } from '#records/of-one-request.ts'
import type { Records } from '#records/records.ts'
import type { Secrets } from '#secrets/secrets.ts'
import type { Lanes } from './lanes.ts'
import type { Running } from './running.ts'
import type { Leases } from './sending/leases.ts'

export type World = {
  readonly clock: Clock
  readonly records: Records
  readonly secrets: Secrets
  readonly lanes: Lanes
  /** The actions under way: a stop waits for them. */
  readonly running: Running
  /** What this node may still send of what all may. */
  readonly leases: Leases
  readonly limits: Limits
  readonly policy: Policy
  readonly watch: Watch
  /** Says that a commit left messages in the outbox, so that its worker need not wait for its next look. */
  readonly messagesWait: () => void
  /** Where people reach us, without a slash at the end: what links in mails begin with. */
  readonly publicUrl: () => string
  /** Asks a receiver of webhooks whether it wants them, by the subscription handshake. */
  readonly confirmCallback: (callback: Callback, signal: AbortSignal | undefined) => Promise<CallbackEnding>
}

/** The world as one request sees it: what it read of a subject, a change of it is decided on. */
export const forOneRequest = (world: World): World => ({ ...world, records: ofOneRequest(world.records) })

/** What the operator decided. */
export type Policy = {
  /** `enforce` refuses weak PINs at every door; `warn` points them out where the wire accepts them. */
  readonly pinBlocklist: 'warn' | 'enforce'
  /** Countries that codes are sent to, ISO 3166-1 alpha-2. */
  readonly homeCountries: readonly string[] | 'all'
  /** Regions whose mobile numbers may become trusted devices, likewise. Of these, home countries are what is sent to. */
  readonly codeRegions: readonly string[] | 'all'
  /** What codes to phones may cost, and when they stop. */
  readonly sending: SendingPolicy
  /** The product's name in messages. */
  readonly product: string
  /** What the operator gave the pages to look like: the addresses of a style sheet and a picture. */
  readonly brand?: { readonly style: string; readonly icon: string | undefined } | undefined
  /** Host behind origin-bound codes (`@host #code`), where a browser asks for them. */
  readonly origin: string | undefined
  /** Which URLs may be given for webhooks. */
  readonly webhooks: WebhookRules
}

/** What an action reports of itself. Names and endings come from the code, never from a caller. */
export type Watch = {
  /** Begins timing an action; call the answer with the ending's kind. */
  readonly action: (name: string) => (ending: string) => void
  readonly commit: (ending: 'committed' | 'lost_race' | 'handle_taken') => void
  readonly guess: (secret: 'pin' | 'code', door: Door, what: 'spent' | 'right' | 'wrong') => void
  /** A code to a phone was let go, came back right, or was not let go, and why. */
  readonly phoneCode: (what: 'sent' | 'came_back' | SendingRefusal) => void
  /** Codes stopped, for a prefix of a region, a country, or all. */
  readonly codesPaused: (what: 'prefix' | 'country' | 'all', region: string) => void
}

/** Why a code to a phone is not sent. */
export type SendingRefusal =
  | 'line_not_served'
  | 'country_not_served'
  | 'held'
  | 'few_came_back'
  | 'awaited'
  | 'day_full'
  | 'country_spent'
  | 'budget_spent'

/** Who calls, and for how long they wait. */
export type Call = {
  readonly door: Door
  readonly requestId: string | undefined
  /** Who calls, where one party must not stand in another's way: a business's id. */
  readonly party: string | undefined
  /** Once it aborts, nothing new is begun for the call. */
  readonly signal: AbortSignal | undefined
}

/**
 * The same call once a guess was spent for it: what came of the guess is stored whether or not anybody waits for the
 * answer, or a thief who hangs up in time would keep their guesses from the journal and their contest from the holder.
 */
export const settling = (call: Call): Call => ({ ...call, party: undefined, signal: undefined })

/** The call's time is over, or too many wait for the same subject. Nothing more was changed. Answered 503. */
export class Overdue extends Error {
  override readonly name = 'Overdue'
}

/** Too much hashing waits. No guess was spent. Answered 503 with Retry-After: whole seconds. */
export type Overloaded = { readonly kind: 'overloaded'; readonly retryAfter: number }
