// The users of an application that brings its own first step: it says that one of them passed it, and asks for the second.
//
//     assert ──▶ signed_in                                                  (two-step off, or a trusted browser)
//            └─▶ second_step_needed ──▶ code to a device ──▶ right ──▶ signed_in          (sign-in.ts)
//
// A user is made when the application asserts them first. Only their own application may say anything of them; another's
// users look exactly like none. With an API key alone nobody's second step can be passed or taken away: what is asked of the
// person is a session's to do.

import { type Account, type AccountId, createAccount } from '#core/account/account.ts'
import { assertFirstStep, assertStepUp } from '#core/account/asserted-first-step.ts'
import type { Refusal } from '#core/account/session.ts'
import { addressOf } from '#core/business/admin.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { isMailAddress } from '#delivery/email/mail-address.ts'
import { type Name, userName } from '#records/kinds.ts'
import type { Subject } from '#records/records.ts'
import { create, watched } from '../runner.ts'
import { type Call, Overdue, type World } from '../world.ts'
import { type AccountStep, asOfNow, callerOf, changeAccount, type Presenting } from './account.ts'
import { noticeMails } from './notices.ts'
import { lookAtSignIn, type Opened, openedBy, type SecondStepNeeded, type SignInSeen, signInTokens } from './sign-in.ts'

/** A user, as their application calls them. */
export type OfApplication = { readonly application: string; readonly user: string }

const nameOf = ({ application, user }: OfApplication): Name => ({
  purpose: 'account-user',
  value: userName({ id: application, user }),
})

const found = (world: World, of: OfApplication): Promise<Subject<'account'> | undefined> =>
  world.records.find('account', nameOf(of))

// ——— assert

export type Assertion = OfApplication & {
  /** Where the application says that its user comes from, and the browser that they showed it. */
  readonly presenting: Presenting
  readonly trust: boolean
  /** Where mails about a new user go. The application answers for it, as it does for the first step. */
  readonly email: string | undefined
  readonly language: string | undefined
}

export type AssertEnding =
  | ({ readonly kind: 'signed_in' } & Opened)
  | SecondStepNeeded
  | { readonly kind: 'not_an_address' }

/** The application says that its user passed the first step just now. One commit. */
export const assertUser = (world: World, call: Call, command: Assertion): Promise<AssertEnding> =>
  watched(world, 'assert_first_step', async () => {
    const email = command.email === undefined ? undefined : addressOf(command.email)
    if (email !== undefined && !isMailAddress(email)) return { kind: 'not_an_address' }
    while (call.signal?.aborted !== true) {
      const known = await found(world, command)
      if (known !== undefined) return changeAccount(world, call, known.id, asserting(world, known.id, command))
      const now = world.clock.now()
      const id = world.secrets.newNumericId()
      const addresses = email === undefined ? [] : [{ address: email, confirmedAt: now }]
      const application = { id: command.application, user: command.user }
      const made = { id, application, password: undefined, addresses, language: command.language }
      const account = createAccount(made, now, world.limits)
      const { ending, change } = asserting(world, id, command)(account, now)
      assert(change !== undefined, 'a new user may be asserted')
      const events = [{ kind: 'account.created' } as const, ...change.events]
      const messages = async () => noticeMails(world, account, change.notices, undefined)
      // When somebody else was first, the user is there now and is found in the next round.
      if (await create(world, call, 'account', id, { next: change.next, events, messages })) return ending
    }
    throw new Overdue('the time for this call is up')
  })

function asserting(world: World, id: AccountId, command: Assertion) {
  const tokens = signInTokens(world, id)
  const { application, trust, presenting } = command
  return (account: Account, now: Instant): AccountStep<AssertEnding> => {
    const step = { application, caller: callerOf(world, account, presenting), tokens, trust }
    const done = assertFirstStep(account, step, now, world.limits)
    assert(done.kind !== 'not_your_user', 'a user is found by the name that their own application gave them')
    if (done.kind === 'signed_in') {
      return { ending: { kind: 'signed_in', ...openedBy(done.next, tokens, done, now) }, change: done }
    }
    const { devices, expires } = done
    const { id: signIn, token } = tokens.signIn
    return { ending: { kind: 'second_step_needed', account: id, signIn, token, devices, expires }, change: done }
  }
}

// ——— a sign-in that waits for its second step

/** The sign-in of a user of this application; `undefined` when it is over, or another's. */
export async function signInOfUser(
  world: World,
  of: OfApplication & { readonly signIn: string },
): Promise<SignInSeen | undefined> {
  const subject = await found(world, of)
  if (subject === undefined) return undefined
  const { account, now } = asOfNow(world, subject.document)
  return lookAtSignIn(world, account, of.signIn, now)
}

// ——— asserting anew, in a session

export type AssertAnewEnding = { readonly kind: 'stepped_up' | 'no_user' } | Refusal

/** The application says that the person at this session passed the first step anew: P is fresh. One commit. */
export const assertAnew = (
  world: World,
  call: Call,
  command: OfApplication & { readonly session: string },
): Promise<AssertAnewEnding> =>
  watched(world, 'assert_first_step_anew', async () => {
    const subject = await found(world, command)
    if (subject === undefined) return { kind: 'no_user' }
    return changeAccount<AssertAnewEnding>(world, call, subject.id, (account, now) => {
      const ending = assertStepUp(account, command, now, world.limits)
      if (ending.kind === 'stepped_up') return { ending: { kind: 'stepped_up' }, change: ending }
      return { ending: ending.kind === 'not_your_user' ? { kind: 'no_user' } : ending }
    })
  })

// ——— who there is

export type UserSeen = {
  readonly id: AccountId
  readonly user: string
  readonly createdAt: Instant
  readonly twoStep: Account['twoStep']['kind']
}

const seen = (account: Account): UserSeen => ({
  id: account.id,
  user: account.application?.user ?? '',
  createdAt: account.createdAt,
  twoStep: account.twoStep.kind,
})

/** One user. The application learns whether two-step is on, and nothing of how. */
export async function lookAtUser(world: World, of: OfApplication): Promise<UserSeen | undefined> {
  const subject = await found(world, of)
  return subject && seen(asOfNow(world, subject.document).account)
}

/** A page of users, in the order in which they came. */
export async function listUsers(
  world: World,
  application: string,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<{ readonly users: readonly UserSeen[]; readonly next: string | undefined }> {
  const [position, member] = page.after?.split('/') ?? []
  const from = position === undefined || member === undefined ? {} : { after: { position, member } }
  const gathering = { purpose: 'application-accounts', value: application } as const
  const { listed, more } = await world.records.page('account', gathering, { limit: page.limit, ...from })
  const last = listed.at(-1)
  return {
    users: listed.map(({ subject }) => seen(asOfNow(world, subject.document).account)),
    next: more && last !== undefined ? `${last.position}/${last.member}` : undefined,
  }
}
