// An ending of an account's action as an answer: the problem it is by its table, or what is shown of the account.

import type { Account } from '#core/account/account.ts'
import { assert } from '#core/kernel/outcome.ts'
import { type Answer, refused } from '../answer.ts'
import { type Outcomes, problemOf } from './outcomes.ts'

type Ending = { readonly kind: string }
type Done<E> = Extract<E, { readonly account: Account }>

/** What is not refused has the account as it is then. */
export function shown<E extends Ending>(outcomes: Outcomes<E>, ending: E, show: (done: Done<E>) => Answer): Answer {
  const problem = problemOf(outcomes, ending)
  if (problem !== undefined) return refused(problem)
  assert('account' in ending, 'what is not refused has the account')
  return show(ending as Done<E>)
}
