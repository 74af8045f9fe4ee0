// What the REST API of a Twostep server refuses with: values, told apart by `kind`, each with what the person needs next.
// Names are the wire's (`application/problem+json`, RFC 9457).

/** What every refusal has. */
export interface ProblemBase {
  /** HTTP status. */
  readonly status: number
  /** The same for every refusal of this kind, for people. */
  readonly title: string
  /** What is special about this one, and what to do about it. */
  readonly detail?: string
  /** `kind` as a URN. */
  readonly type: string
  /** The request's id as a URN: the server's log is found by it. */
  readonly instance?: string
  /** Whole seconds until it makes sense to ask again. */
  readonly retry_after?: number
  /** The same as a moment, by this machine's clock. */
  readonly retryAt?: Date
}

/** What a person who meets the lock needs. Waits are whole seconds. */
export interface LockNotice {
  readonly guesses_left: number
  /** Until a PIN is looked at again; `null`: none is, any more. */
  readonly guess_wait_s: number | null
  readonly reset_methods: readonly ('email' | 'time')[]
  /** Until the number can be registered without the PIN, at the cost of pending messages. */
  readonly wipe_wait_s: number
  /** Until it can be at the cost of the account. */
  readonly delete_wait_s: number
  /** What a registration without the PIN costs now. */
  readonly wipe_effect: 'none' | 'pending_messages' | 'account'
}

/** What a session is short of (RFC 9470). */
export interface ProofNeeded<Proof extends string> {
  /** What to prove anew, in the session's `stepUp`, before the call is made again. */
  readonly missing: readonly Proof[]
  readonly acr_values: string
  /** How many seconds old the proofs may be; `null` where their age does not matter. */
  readonly max_age: number | null
}

/** What some refusals have beside. */
export interface ProblemMembers {
  invalid_request: { readonly errors?: readonly { readonly field: string; readonly problem: string }[] }
  pin_needed: LockNotice
  pin_closed: LockNotice
  wrong_pin: Partial<LockNotice>
  guess_too_soon: Partial<LockNotice>
  weak_pin: { readonly reason: 'repeats' | 'run' | 'own_number' | 'pattern' | 'date' | 'popular' }
  weak_password: {
    readonly reason:
      | 'too_short'
      | 'too_long'
      | 'repeats'
      | 'common'
      | 'about_you'
      | 'not_mixed'
      | 'same_signs'
      | 'same'
      | (string & {})
    /** Characters. */
    readonly least_length: number
  }
  step_up_needed: ProofNeeded<'password' | 'device_code'>
  limited_session: ProofNeeded<'new_device'>
  waiting_period: { readonly waits_until: string }
  /** Where the account is. */
  wrong_step: { readonly at: string }
  number_not_supported: { readonly reason: string }
  reminder_not_due: { readonly due: false; readonly due_in_s: number; readonly due_at: string }
}

/** What any call may end with. */
export type AnyCallKind =
  | 'invalid_request'
  | 'malformed_request'
  | 'too_large'
  | 'api_key_needed'
  | 'too_many_calls'
  | 'malformed_idempotency_key'
  | 'idempotency_key_reused'
  | 'request_under_way'
  | 'outcome_unknown'
  | 'not_found'
  | 'method_not_allowed'
  | 'unavailable'
  | 'deadline_passed'
  | 'internal'

/** What any call may end with that needs neither key nor token. */
export type OpenKind = Exclude<AnyCallKind, 'api_key_needed' | KeyedKind>
type KeyedKind = 'malformed_idempotency_key' | 'idempotency_key_reused' | 'request_under_way' | 'outcome_unknown'

/** What any call in a session may end with. */
export type SessionKind = OpenKind | KeyedKind | 'session_needed' | 'limited_session' | 'step_up_needed'

/** What any call of a trusted device may end with. `device_restored`: it came back from a backup, and is not trusted. */
export type DeviceKind = OpenKind | 'device_needed' | 'device_restored'

/** What any call of the operator may end with. */
export type OperatorKind = Exclude<AnyCallKind, 'api_key_needed' | 'too_many_calls'> | 'operator_token_needed'

/** A refusal of one of these kinds. A newer server may know kinds that are not here: have a branch for the rest. */
export type Problem<Kind extends string = string> = Kind extends unknown
  ? ProblemBase & { readonly kind: Kind } & (Kind extends keyof ProblemMembers ? ProblemMembers[Kind] : unknown)
  : never

/**
 * How a call ended: `value`, or the `problem` why not, of one of these kinds or of those that any call may end with. What is
 * thrown is a bug or a broken wire.
 */
export type Result<Value, Kind extends string = never, Any extends string = AnyCallKind> =
  | {
      readonly ok: true
      readonly value: Value
      /** Whether this is the answer of an earlier request under the same idempotency key. */
      readonly replayed: boolean
    }
  | { readonly ok: false; readonly problem: Problem<Kind | Any> }

/** How a call of the operator ended. */
export type OperatorResult<Value, Kind extends string = never> = Result<Value, Kind, OperatorKind>

/** How a call ended that needs neither key nor token. */
export type OpenResult<Value, Kind extends string = never> = Result<Value, Kind, OpenKind>

/** How a call in a session ended. */
export type SessionResult<Value, Kind extends string = never> = Result<Value, Kind, SessionKind>

/** How a call of a trusted device ended. */
export type DeviceResult<Value, Kind extends string = never> = Result<Value, Kind, DeviceKind>

/** Reads a problem document; `undefined` where the body is none. `now` in milliseconds. */
export function readProblem(body: unknown, now: number): Problem | undefined {
  const read = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {}
  if (typeof read.kind !== 'string' || typeof read.status !== 'number') return undefined
  const { retry_after } = read
  return typeof retry_after === 'number'
    ? ({ ...read, retryAt: new Date(now + retry_after * 1_000) } as Problem)
    : (read as Problem)
}
