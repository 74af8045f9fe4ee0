// Security questions and the birth date, in profile `classic` only, as the document has them.
//
//   two-step OFF ── set ──▶ questions stand ── two-step turned on ──▶ erased
//   birth date: asked for when two-step is turned off, stays
//
// Answers open nothing here, ever: mothers' maiden names are in directories. Setting them is a significant change.

import type { Instant } from '../kernel/instant.ts'
import { delayOpens, type GrowingDelay, noDelay, spendTry } from '../throttle/growing-delay.ts'
import type { Limits } from '../throttle/limits.ts'
import { type Account, isOn } from './account.ts'
import { and, type Change, quietly, tell } from './change.ts'
import { permit, type Refusal } from './session.ts'
import { changed } from './significant-change.ts'

export type SecurityQuestion = { readonly question: string; readonly verifier: string }

export type Identity = {
  readonly questions: readonly SecurityQuestion[]
  /** What the date of birth is checked against. */
  readonly birthDate: string | undefined
  /** Wrong dates of birth. */
  readonly tries: GrowingDelay
}

/** How many questions there are. */
export const questionCount = 3

export type SetQuestionsEnding =
  | ({ readonly kind: 'set' } & Change)
  /** Profile `strict` has none, ever. */
  | { readonly kind: 'not_in_profile' }
  | { readonly kind: 'two_step_is_on' }
  | { readonly kind: 'three_questions' }
  | Refusal

/** Sets new security questions, and the date of birth where none is known yet. */
export function setQuestions(
  account: Account,
  set: {
    readonly session: string
    readonly questions: readonly SecurityQuestion[]
    readonly birthDate: string | undefined
    readonly notMe: string
  },
  now: Instant,
  limits: Limits,
): SetQuestionsEnding {
  const may = permit(account, set.session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  if (!limits.account.securityQuestions) return { kind: 'not_in_profile' }
  if (isOn(account)) return { kind: 'two_step_is_on' }
  if (!areThree(set.questions)) return { kind: 'three_questions' }
  const birthDate = account.identity.birthDate ?? set.birthDate
  const identity = { ...account.identity, questions: set.questions, birthDate }
  const done: Change = {
    next: { ...account, identity },
    events: [{ kind: 'questions.set' }],
    notices: [tell(account, 'questions_set', now, { from: may.session.from })],
  }
  return { kind: 'set', ...and(done, changed(done.next, 'questions_set', set.notMe, now, limits)) }
}

export const areThree = (questions: readonly SecurityQuestion[]): boolean =>
  new Set(questions.map(each => each.question)).size === questionCount && questions.length === questionCount

export type SpendBirthDateEnding =
  | ({ readonly kind: 'look'; readonly verifier: string } & Change)
  /** None is known: the one that is given is taken. */
  | { readonly kind: 'none_known' }
  | { readonly kind: 'too_soon'; readonly retryAt: Instant }
  | Refusal

/** Spends a try at the date of birth: with fresh P and D, so that a stranger cannot. */
export function spendBirthDateTry(
  account: Account,
  session: string,
  now: Instant,
  limits: Limits,
): SpendBirthDateEnding {
  const may = permit(account, session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  const { birthDate, tries } = account.identity
  if (birthDate === undefined) return { kind: 'none_known' }
  const retryAt = delayOpens(tries, now, limits.account.birthDate)
  if (retryAt > now) return { kind: 'too_soon', retryAt }
  const identity = { ...account.identity, tries: spendTry(tries, now, limits.account.birthDate) }
  return { kind: 'look', verifier: birthDate, ...quietly({ ...account, identity }, { kind: 'birth_date.guess_spent' }) }
}

export const birthDateWasWrong = (account: Account): Change => quietly(account, { kind: 'birth_date.wrong' })

/** A right date of birth starts the waits over. */
export const birthDateKnown = (identity: Identity, verifier: string): Identity => ({
  ...identity,
  birthDate: verifier,
  tries: noDelay,
})
