// What the reference says of a call: who may make it, what it takes and answers, and what it is refused with. The tables
// beside this file have all calls of /api/v1; ../openapi.ts writes them down as OpenAPI.

import type { z } from 'zod'
import type { Kind } from './kinds.ts'

/** What the caller shows to be let in. */
export type Guard =
  /** Nothing: anybody may ask. */
  | 'open'
  /** The operator token. */
  | 'operator'
  /** The API key of an application. */
  | 'application'
  /** The token of a session. */
  | 'session'
  /** The token of the very sign-in or password reset. */
  | 'its-own'
  /** The token of a device, and the secret of its installation. */
  | 'device'
  /** Nothing, or a device's, where the body does not say it. */
  | 'device-or-open'
  /** The person's name and app-specific password (RFC 7617). */
  | 'basic'

/** A refusal by its kind, or by its kind and the status that it has in this call only. */
export type Refusal = Kind | `${Kind}@${number}`

/** What a call that succeeds answers: JSON by a schema, nothing at all, or a stream of events. */
export type Answered = z.ZodType | 'nothing' | 'events'

export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`, with `{names}` for what stands for something. */
  readonly path: string
  /** One word for programs that make clients, different for every call. */
  readonly id: string
  /** One line for people. */
  readonly says: string
  /** What else is worth knowing before the first call. */
  readonly more?: string
  readonly by: Guard
  /** Its JSON body. */
  readonly takes?: z.ZodType
  /** Its query. */
  readonly query?: z.ZodObject
  readonly answers: Readonly<Record<number, Answered>>
  /** Beside what every call of its guard and method is refused with: see `everyRefusal`. */
  readonly refuses?: readonly Refusal[]
  /** Takes an Idempotency-Key; `shown_once` where the answer holds a secret, so that no repetition is told it. */
  readonly key?: 'answered_again' | 'shown_once'
}

/** A part of the reference. */
export type Group = { readonly name: string; readonly says: string; readonly calls: readonly Call[] }

const byGuard: Readonly<Record<Guard, readonly Refusal[]>> = {
  open: ['too_many_calls'],
  operator: ['operator_token_needed'],
  application: ['api_key_needed', 'too_many_calls'],
  session: ['session_needed', 'too_many_calls'],
  'its-own': ['too_many_calls'],
  device: ['device_needed', 'device_restored', 'too_many_calls'],
  'device-or-open': ['device_needed', 'device_restored', 'too_many_calls'],
  basic: [],
}

/** All that a call may be refused with, each once. */
export function everyRefusal({ by, takes, query, refuses = [], key }: Call): readonly Refusal[] {
  const unread: readonly Refusal[] = takes === undefined ? [] : ['malformed_request', 'invalid_request', 'too_large']
  const unkeyed: readonly Refusal[] =
    key === undefined
      ? []
      : ['malformed_idempotency_key', 'request_under_way', 'idempotency_key_reused', 'outcome_unknown']
  const shown: readonly Refusal[] = key === 'shown_once' ? ['shown_once'] : []
  const asked: readonly Refusal[] = query === undefined ? [] : ['invalid_request']
  const always: readonly Refusal[] = ['internal', 'unavailable', 'deadline_passed']
  return [...new Set([...unread, ...asked, ...unkeyed, ...shown, ...byGuard[by], ...refuses, ...always])]
}
