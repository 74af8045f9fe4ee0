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

/** What some refusals have beside. */
export interface ProblemMembers {
  invalid_request: { readonly errors?: readonly { readonly field: string; readonly problem: string }[] }
  pin_needed: LockNotice
  pin_closed: LockNotice
  wrong_pin: Partial<LockNotice>
  guess_too_soon: Partial<LockNotice>
  weak_pin: { readonly reason: 'repeats' | 'run' | 'own_number' | 'pattern' | 'date' | 'popular' }
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

/** Reads a problem document; `undefined` where the body is none. `now` in milliseconds. */
export function readProblem(body: unknown, now: number): Problem | undefined {
  const read = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {}
  if (typeof read.kind !== 'string' || typeof read.status !== 'number') return undefined
  const { retry_after } = read
  return typeof retry_after === 'number'
    ? ({ ...read, retryAt: new Date(now + retry_after * 1_000) } as Problem)
    : (read as Problem)
}
