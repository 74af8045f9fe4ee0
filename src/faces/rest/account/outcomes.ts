// How each ending of an account's action reads on the wire. One table an action; each stops compiling when an ending of its
// action is missing. `undefined`: the call succeeded. Nouns with many endings have tables of their own beside their routes.

import type { Refusal } from '#core/account/session.ts'
import type { Problem } from '#http/problem.ts'
import type { Outcomes } from '../outcomes.ts'
import * as problems from './problems.ts'
import { limitedSession, stepUpNeeded } from './step-up-needed.ts'

export { type Outcomes, problemOf } from '../outcomes.ts'

/** What an action comes to. */
export type EndingOf<Action extends (...given: never[]) => Promise<{ readonly kind: string }>> = Awaited<
  ReturnType<Action>
>

export const success = (): undefined => undefined
export const one = (problem: Problem) => (): Problem => problem

/** What every action inside a session may be refused with. */
export const refusals: Outcomes<Refusal> = {
  no_session: one(problems.sessionNeeded),
  limited_session: one(limitedSession),
  step_up: stepUpNeeded,
}
