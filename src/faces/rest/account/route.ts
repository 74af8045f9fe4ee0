// What a call of the accounts' door is made of: method, path, who may call, what it takes, what it does. See door.ts.
//
//     open        anybody: nothing is known of the caller but the network
//     session     Authorization: Bearer <session token>; a limited session too, the rules say what it may
//     application Authorization: Bearer <API key of an application>
//     bare        reads its Authorization itself: the token of a sign-in or of a reset

import type { Context } from 'hono'
import type { z } from 'zod'
import type { AtSession, Presenting } from '#actions/account/account.ts'
import type { Call, World } from '#actions/world.ts'
import { permit } from '#core/account/session.ts'
import type { Arrivals } from '#http/arrivals.ts'
import type { Exchange } from '#http/exchange.ts'
import { problem } from '#http/problem.ts'
import { type Answer, refused, send, written } from '../answer.ts'
import { decodeBody } from '../decode.ts'
import { malformedKey, onceFor, readKey } from '../idempotent.ts'
import { problemOf, refusals } from './outcomes.ts'
import { sessionNeeded } from './problems.ts'

/** A call, as far as every guard knows it. */
export type Asking = {
  readonly world: World
  readonly call: Call
  readonly c: Context<Exchange>
  /** Where the call comes from. `browser` is what came along as a cookie. */
  readonly presenting: Presenting
  /** Where devices wait for notifications. */
  readonly arrivals: Arrivals
}
export type AskingSession = Asking & { readonly at: AtSession }
export type AskingApplication = Asking & { readonly application: string }

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Served<A> = {
  readonly method: Method
  readonly path: string
  readonly serve: (asking: A) => Promise<Response>
  /** False where calls are not counted by caller: they are cheap, and one asks for many. */
  readonly counted?: false
}

/** One call of the door, by who may call it. */
export type Route =
  | ({ readonly guard: 'open' | 'bare' } & Served<Asking>)
  | ({ readonly guard: 'session' } & Served<AskingSession>)
  | ({ readonly guard: 'application' } & Served<AskingApplication>)

type Takes<T> = () => Promise<z.ZodType<T>>

/** What a call takes whose path says it all. */
export const empty = async () => (await import('#contract/accounts.ts')).emptyRequest

/** What a repetition under the same Idempotency-Key is answered. */
export type Kept =
  /** The first answer, to the byte. */
  | 'answer'
  /** That it was done: the answer holds a secret, which is shown once and stored nowhere. */
  | 'nothing'
  /** What is true by then: doing it again changes no more, and the answer says how fresh the proofs are. */
  | 'anew'

/** A call that changes something, by whoever is signed in. Where it is a POST, it takes an Idempotency-Key. */
export const changes = <T>(
  method: Exclude<Method, 'GET' | 'HEAD'>,
  path: string,
  takes: Takes<T>,
  act: (asking: AskingSession, value: T) => Promise<Answer>,
  kept: Kept = 'answer',
): Route => ({
  guard: 'session',
  method,
  path,
  async serve(asking) {
    const { c, world, call, at } = asking
    const read = await decodeBody(c, takes)
    if (read.kind === 'refused') return read.reply
    const key = method === 'POST' ? readKey(c.req.header('idempotency-key')) : ({ kind: 'none' } as const)
    if (key.kind === 'malformed') return problem(c, malformedKey)
    if (kept === 'anew') return answered(asking, await act(asking, read.value))
    const keyed = {
      // What one session was answered is no other's to read: a limited one may know a key.
      application: `account/${at.id}/${at.session.id}`,
      key: key.kind === 'key' ? key.key : undefined,
      body: read.body,
      repeats: false,
      kept,
    }
    return onceFor(c, world, call, keyed, () => act(asking, read.value))
  },
})

/** A call that looks, by whoever is signed in with two proofs of three; a limited session sees nothing. */
export const looks = (path: string, look: (asking: AskingSession) => Promise<Answer>): Route => ({
  guard: 'session',
  method: 'GET',
  path,
  async serve(asking) {
    const { at, world } = asking
    const may = permit(at.account, at.session.id, 'full', at.now, world.limits)
    if (may.kind === 'permitted') return answered(asking, await look(asking))
    return answered(asking, refused(problemOf(refusals, may) ?? sessionNeeded))
  },
})

/**
 * A call by anybody, or by who holds the token of a sign-in or reset. It takes no Idempotency-Key: keys are kept for a day,
 * and strangers could fill the store with them.
 */
export const takes = <T>(
  guard: 'open' | 'bare',
  method: Exclude<Method, 'GET' | 'HEAD'>,
  path: string,
  schema: Takes<T>,
  act: (asking: Asking, value: T) => Promise<Answer>,
): Route => ({
  guard,
  method,
  path,
  async serve(asking) {
    const read = await decodeBody(asking.c, schema)
    return read.kind === 'refused' ? read.reply : answered(asking, await act(asking, read.value))
  },
})

/** The same by an application, which says in its body for whom. */
export const takesFromApplication = <T>(
  method: Exclude<Method, 'GET' | 'HEAD'>,
  path: string,
  schema: Takes<T>,
  act: (asking: AskingApplication, value: T) => Promise<Answer>,
): Route => ({
  guard: 'application',
  method,
  path,
  async serve(asking) {
    const read = await decodeBody(asking.c, schema)
    return read.kind === 'refused' ? read.reply : answered(asking, await act(asking, read.value))
  },
})

/** A part of the path, such as `:id`. */
export const named = ({ c }: Asking, name = 'id'): string => c.req.param(name) ?? ''

export const answered = ({ c }: Asking, answer: Answer): Response => send(c, written(answer, c.get('requestId')))
