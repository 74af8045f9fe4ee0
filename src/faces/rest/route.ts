// What a call of an application's door is made of: method, path, what it takes, what it does. See applications.ts.

import type { Context } from 'hono'
import type { z } from 'zod'
import type { Place } from '#actions/idempotency.ts'
import { registrationOfApplication } from '#actions/registration-of-application.ts'
import type { Call, World } from '#actions/world.ts'
import type { ClaimId, PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { Exchange } from '#http/exchange.ts'
import { problem } from '#http/problem.ts'
import { type Answer, refused } from './answer.ts'
import { decodeBody } from './decode.ts'
import { malformedKey, onceFor, readKey } from './idempotent.ts'
import * as problems from './problems.ts'

/** A call whose caller is known. */
export type Asking = {
  readonly world: World
  readonly call: Call
  readonly application: string
  /** What the call's idempotency key reserved. */
  readonly place: Place | undefined
}

/** A call about one registration of the caller's. */
export type OnRegistration = Asking & {
  readonly number: PhoneNumber
  readonly claim: ClaimId
  /** The number's subject and the claim on it, as actions name them. */
  readonly target: { readonly number: string; readonly claim: ClaimId }
}

export type Contract = typeof import('#contract/registrations.ts')

/** One call of the door: method, path, what it takes, what it does. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly serve: (c: Context<Exchange>, asking: Asking) => Promise<Response>
}

type Takes<T> = (contract: Contract) => z.ZodType<T>

/** Whether a call that is cut off can be done again under the ids of its key, and then comes to the same. */
export type Repetition = 'does_it_once' | 'must_look'

/** A call that changes something. */
export const changes = <T>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  takes: Takes<T>,
  act: (asking: Asking, value: T, id: string) => Promise<Answer>,
  repetition: Repetition = 'must_look',
): Route => ({
  method,
  path,
  async serve(c, asking) {
    const read = await decodeBody(c, async () => takes(await import('#contract/registrations.ts')))
    if (read.kind === 'refused') return read.reply
    const key = readKey(c.req.header('idempotency-key'))
    if (key.kind === 'malformed') return problem(c, malformedKey)
    const { world, call, application } = asking
    const repeats = repetition === 'does_it_once'
    const keyed = { application, key: key.kind === 'key' ? key.key : undefined, body: read.body, repeats }
    const id = c.req.param('id') ?? ''
    return onceFor(c, world, call, keyed, place => act({ ...asking, place }, read.value, id))
  },
})

/** A call that changes one registration of the caller's: the one whose id the path names. */
export const changesRegistration = <T>(
  method: 'POST' | 'PUT',
  path: string,
  takes: Takes<T>,
  act: (on: OnRegistration, value: T) => Promise<Answer>,
  repetition?: Repetition,
): Route =>
  changes(
    method,
    `/registrations/:id${path}`,
    takes,
    (asking, value, id) => onRegistration(asking, id, on => act(on, value)),
    repetition,
  )

/** A call that looks. */
export const looks = (path: string, look: (asking: Asking, id: string) => Promise<Answer>): Route => ({
  method: 'GET',
  path,
  async serve(c, asking) {
    const answer = await look(asking, c.req.param('id') ?? '')
    return answer.kind === 'refused' ? problem(c, answer.problem) : c.json(answer.body, answer.status)
  },
})

/** Does something with the caller's registration of this id. */
export async function onRegistration(
  asking: Asking,
  id: string,
  act: (on: OnRegistration) => Promise<Answer> | Answer,
): Promise<Answer> {
  const found = /^[1-9][0-9]{14}$/.test(id)
    ? await registrationOfApplication(asking.world, asking.application, id)
    : undefined
  if (found === undefined) return refused(problems.noSuchRegistration)
  return act({ ...asking, number: found.document, claim: id, target: { number: found.id, claim: id } })
}
