// Security questions and the date of birth (profile `classic`), and turning two-step verification off, which asks for them.
//
// Few people were born on any one day, and answers are in directories: each is kept as argon2id with the pepper of the key
// ring. Answers are looked at by nobody, ever.

import type { Account, AccountId } from '#core/account/account.ts'
import {
  birthDateWasWrong,
  type SecurityQuestion,
  type SetQuestionsEnding,
  setQuestions,
  spendBirthDateTry,
} from '#core/account/security-questions.ts'
import type { Refusal } from '#core/account/session.ts'
import { type TurnOffEnding, turnOff } from '#core/account/turning-off.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { binding } from '#secrets/joined.ts'
import { Secret } from '#secrets/secret.ts'
import { type HashingPlace, hashingPlace } from '../hashing-place.ts'
import { watched } from '../runner.ts'
import { type Call, type Overloaded, settling, type World } from '../world.ts'
import { type AtSession, changeAccount } from './account.ts'
import { type Told, told } from './ending.ts'
import { newToken } from './tokens.ts'

export type AskedQuestion = { readonly question: string; readonly answer: Secret }

/** What the owner gives of themself. `birthDate`: `1815-12-10`. */
export type GivenIdentity = { readonly questions: readonly AskedQuestion[]; readonly birthDate: Secret | undefined }
export type WholeIdentity = GivenIdentity & { readonly birthDate: Secret }

const birthDateOwner = (account: AccountId): string => binding('account-birth-date', account)

/** What would be kept, before anything is hashed: to find out what a decision says. */
const unhashed = (questions: readonly AskedQuestion[]): readonly SecurityQuestion[] =>
  questions.map(({ question }) => ({ question, verifier: '' }))

async function hashed(world: World, id: AccountId, given: GivenIdentity, makesDate: boolean) {
  const questions: SecurityQuestion[] = []
  for (const { question, answer } of given.questions) {
    const owner = binding('account-answer', id, question)
    questions.push({ question, verifier: await world.secrets.makePinVerifier(inOneForm(answer), owner) })
  }
  const date = makesDate ? given.birthDate : undefined
  const birthDate = date && (await world.secrets.makePinVerifier(date, birthDateOwner(id)))
  return { questions, birthDate }
}

const inOneForm = (answer: Secret): Secret =>
  Secret.of(answer.reveal().normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase())

// ——— setting them

export type SetSecurityQuestionsEnding =
  | Told<SetQuestionsEnding>
  /** One was given before: it stays. */
  | { readonly kind: 'birth_date_known'; readonly now: Instant }
  | Overloaded

/** Three new questions with answers, and the date of birth where none is known. A significant change. One commit. */
export const setSecurityQuestions = (
  world: World,
  call: Call,
  at: AtSession,
  given: GivenIdentity,
): Promise<SetSecurityQuestionsEnding> =>
  watched(world, 'set_security_questions', async () => {
    const notMe = newToken(world, 'notMe', at.id)
    const set = { session: at.session.id, notMe: notMe.verifier }
    const wanted = { ...set, questions: unhashed(given.questions), birthDate: undefined }
    // Nothing is hashed for who is refused anyway.
    const tried = setQuestions(at.account, wanted, at.now, world.limits)
    if (tried.kind !== 'set') return { ...tried, now: at.now }
    if (given.birthDate !== undefined && at.account.identity.birthDate !== undefined) {
      return { kind: 'birth_date_known', now: at.now }
    }
    using place = hashingPlace(world)
    const busy = place.missing()
    if (busy !== undefined) return busy
    const made = await place.run(() => hashed(world, at.id, given, true))
    return changeAccount<SetSecurityQuestionsEnding>(world, call, at.id, (account, now) => ({
      ...told(setQuestions(account, { ...set, ...made }, now, world.limits), now),
      notMe: notMe.token,
    }))
  })

// ——— turning off

export type TurnOffTwoStepEnding =
  | Told<TurnOffEnding>
  | { readonly kind: 'too_soon'; readonly retryAt: Instant; readonly now: Instant }
  /** Profile `strict` asks for no such thing, ever. */
  | { readonly kind: 'not_in_profile'; readonly now: Instant }
  | Overloaded

type Spent =
  | Exclude<TurnOffTwoStepEnding, { readonly kind: 'turned_off' }>
  | { readonly kind: 'go_on'; readonly known: string | undefined }

/**
 * Turns two-step verification off. In profile `classic` the date of birth is tried at: a commit pays for it before it is
 * looked at. Then one commit turns it off.
 */
export const turnOffTwoStep = (
  world: World,
  call: Call,
  at: AtSession,
  given: WholeIdentity | undefined,
): Promise<TurnOffTwoStepEnding> =>
  watched(world, 'turn_off_account_two_step', async () => {
    const { limits } = world
    if (given !== undefined && !limits.account.securityQuestions) return { kind: 'not_in_profile', now: at.now }
    const session = at.session.id
    if (given === undefined) {
      return changeAccount<TurnOffTwoStepEnding>(world, call, at.id, (account, now) =>
        told(turnOff(account, { session, identity: undefined }, now, limits), now),
      )
    }
    using place = hashingPlace(world)
    const spent = await changeAccount<Spent>(world, call, at.id, (account, now) =>
      spend(world, { account, session, given, place, now }),
    )
    if (spent.kind !== 'go_on') return spent
    const { known } = spent
    const made = await place.run(() => lookedAt(world, at.id, given, known))
    if (made === undefined) {
      return changeAccount<TurnOffTwoStepEnding>(world, settling(call), at.id, (account, now) => {
        return { ending: { kind: 'wrong_birth_date', now }, change: birthDateWasWrong(account) }
      })
    }
    return changeAccount<TurnOffTwoStepEnding>(world, settling(call), at.id, (account, now) =>
      told(turnOff(account, { session, identity: made }, now, limits), now),
    )
  })

type Spending = {
  readonly account: Account
  readonly session: string
  readonly given: WholeIdentity
  readonly place: HashingPlace
  readonly now: Instant
}

function spend(world: World, { account, session, given, place, now }: Spending) {
  const { limits } = world
  // Who is refused for anything else has not tried at the date.
  const identity = { questions: unhashed(given.questions), birthDate: account.identity.birthDate ?? '' }
  const otherwise = turnOff(account, { session, identity }, now, limits)
  if (otherwise.kind !== 'turned_off') return { ending: { ...otherwise, now } }
  const spent: ReturnType<typeof spendBirthDateTry> | Refusal = spendBirthDateTry(account, session, now, limits)
  if (spent.kind === 'too_soon') return { ending: { ...spent, now } }
  if (spent.kind !== 'look' && spent.kind !== 'none_known') return { ending: { ...spent, now } }
  const busy = place.missing()
  if (busy !== undefined) return { ending: busy }
  if (spent.kind === 'none_known') return { ending: { kind: 'go_on', known: undefined } as const }
  return { ending: { kind: 'go_on', known: spent.verifier } as const, change: spent }
}

// What is to be kept; `undefined` when the date is not the one that is known.
async function lookedAt(world: World, id: AccountId, given: WholeIdentity, known: string | undefined) {
  if (known !== undefined && !(await world.secrets.checkPin(known, birthDateOwner(id), given.birthDate)))
    return undefined
  const { questions, birthDate } = await hashed(world, id, given, known === undefined)
  return { questions, birthDate: known ?? birthDate ?? '' }
}
