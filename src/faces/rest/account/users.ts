// Bring your own first step: an application with users and passwords of its own asks for the second step, with its API key.
//
//     POST /users/{user}/sign-ins                    assert      ──▶ signed_in, or second_step_needed with the devices
//     POST /users/{user}/sign-ins/{id}/code          challenge   ──▶ a code goes to the device that the person chose
//     POST /users/{user}/sign-ins/{id}/code/check    verify      ──▶ signed_in
//
// What the person does with their devices, Recovery Key and sessions is at /account, with the session's token.

import type { Presenting } from '#actions/account/account.ts'
import {
  type CheckSignInCodeEnding,
  checkSignInCode,
  type Opened,
  type SendSignInCodeEnding,
  type SignInByKeyEnding,
  type SignInSeen,
  sendSignInCode,
  signInByKey,
} from '#actions/account/sign-in.ts'
import {
  type AssertAnewEnding,
  type AssertEnding,
  assertAnew,
  assertUser,
  listUsers,
  lookAtUser,
  signInOfUser,
  type UserSeen,
} from '#actions/account/users.ts'
import { assert } from '#core/kernel/outcome.ts'
import { addressGroup, normalAddress } from '#http/client-address.ts'
import { type Problem, problem } from '#http/problem.ts'
import { agentOf } from '#http/user-agent.ts'
import { Secret } from '#secrets/secret.ts'
import { type Answer, done, refused } from '../answer.ts'
import { decodeBy } from '../decode.ts'
import { notAnAddress } from '../problems.ts'
import { moment } from './moment.ts'
import { type Outcomes, one, problemOf, refusals, success } from './outcomes.ts'
import { type AskingApplication, answered, named, type Route, takesFromApplication } from './route.ts'
import { openedView, secondStepView, signInView } from './session-views.ts'
import * as outcomes from './sign-in-outcomes.ts'
import { codeSentView } from './sign-ins.ts'

const contract = () => import('#contract/account-users.ts')

type Said = { readonly ip?: string | undefined; readonly user_agent?: string | undefined }

// All whose address is not said share one budget, apart for each application: what is not known must not be unlimited.
function presentingOf(application: string, { ip, user_agent }: Said, browser: string | undefined): Presenting {
  const address = ip === undefined ? undefined : normalAddress(ip)
  return {
    network: address === undefined ? `application/${application}` : addressGroup(address),
    from: { place: address ?? '', agent: agentOf(user_agent) },
    browser: browser === undefined ? undefined : Secret.of(browser),
  }
}

const longestUser = 128

/** The user that the path names; `undefined` when it can be none. */
function userOf(asking: AskingApplication) {
  const user = named(asking, 'user')
  const readable = user.isWellFormed() && !/\p{Cc}/u.test(user)
  return user === '' || user.length > longestUser || !readable ? undefined : { application: asking.application, user }
}

/** Does something with a sign-in of the application's user. */
async function onSignIn(asking: AskingApplication, act: (signIn: SignInSeen) => Promise<Answer> | Answer) {
  const user = userOf(asking)
  const signIn = user && (await signInOfUser(asking.world, { ...user, signIn: named(asking) }))
  return signIn === undefined ? refused(noSignIn) : act(signIn)
}

export const userRoutes: readonly Route[] = [
  {
    guard: 'application',
    method: 'GET',
    path: '/users',
    async serve(asking) {
      const read = await decodeBy(asking.c, async () => (await contract()).listUsersRequest)
      if (read.kind === 'refused') return read.reply
      const { after, limit } = read.value
      const { users, next } = await listUsers(asking.world, asking.application, { after, limit })
      return answered(asking, done({ users: users.map(userView), next_after: next ?? null }))
    },
  },

  {
    guard: 'application',
    method: 'GET',
    path: '/users/:user',
    async serve(asking) {
      const of = userOf(asking)
      const user = of && (await lookAtUser(asking.world, of))
      return user === undefined ? problem(asking.c, noUser) : answered(asking, done(userView(user)))
    },
  },

  takesFromApplication(
    'POST',
    '/users/:user/sign-ins',
    async () => (await contract()).assertRequest,
    async (asking, { from, browser, trust_browser: trust, email, locale: language }) => {
      const user = userOf(asking)
      if (user === undefined) return refused(noUser)
      const presenting = presentingOf(asking.application, from, browser)
      const ending = await assertUser(asking.world, asking.call, { ...user, presenting, trust, email, language })
      const refusal = problemOf(asserted, ending)
      if (refusal !== undefined) return refused(refusal)
      assert(ending.kind !== 'not_an_address', 'what is no address was refused')
      if (ending.kind === 'signed_in') return done(signedInView(asking, 'signed_in', ending))
      return done({ ...secondStepView(ending), user: user.user }, 201)
    },
  ),

  {
    guard: 'application',
    method: 'GET',
    path: '/users/:user/sign-ins/:id',
    serve: async asking =>
      answered(asking, await onSignIn(asking, signIn => done({ ...signInView(signIn), user: named(asking, 'user') }))),
  },

  takesFromApplication(
    'POST',
    '/users/:user/sign-ins/:id/code',
    async () => (await contract()).chooseDeviceRequest,
    (asking, { device }) =>
      onSignIn(asking, async signIn => {
        const ending = await sendSignInCode(asking.world, asking.call, { ...signIn, device })
        const refusal = problemOf(send, ending)
        if (refusal !== undefined) return refused(refusal)
        assert(ending.kind === 'sent', 'what is not refused was sent')
        return done(codeSentView(ending), 202)
      }),
  ),

  takesFromApplication(
    'POST',
    '/users/:user/sign-ins/:id/code/check',
    async () => (await contract()).checkUserCodeRequest,
    (asking, { code, trust_browser: trust, from, browser }) =>
      onSignIn(asking, async signIn => {
        const presenting = presentingOf(asking.application, from, browser)
        const check = { ...signIn, code: Secret.of(code), presenting, trust }
        const ending = await checkSignInCode(asking.world, asking.call, check)
        const refusal = problemOf(checked, ending)
        if (refusal !== undefined) return refused(refusal)
        assert(ending.kind === 'signed_in', 'a code that is not refused was right')
        return done(signedInView(asking, 'signed_in', ending))
      }),
  ),

  takesFromApplication(
    'POST',
    '/users/:user/sign-ins/:id/recovery-key',
    async () => (await contract()).userRecoveryKeyRequest,
    (asking, { recovery_key, from }) =>
      onSignIn(asking, async signIn => {
        const presenting = presentingOf(asking.application, from, undefined)
        const attempt = { ...signIn, key: Secret.of(recovery_key), presenting }
        const ending = await signInByKey(asking.world, asking.call, attempt)
        const refusal = problemOf(byKey, ending)
        if (refusal !== undefined) return refused(refusal)
        assert(ending.kind === 'limited', 'a key that is not refused was right')
        return done(signedInView(asking, 'limited', ending))
      }),
  ),

  takesFromApplication(
    'POST',
    '/users/:user/sessions/:id/first-step',
    async () => (await contract()).assertAnewRequest,
    async asking => {
      const user = userOf(asking)
      if (user === undefined) return refused(noUser)
      const ending = await assertAnew(asking.world, asking.call, { ...user, session: named(asking) })
      const refusal = problemOf(anew, ending)
      return refusal === undefined ? done({ proved: true }) : refused(refusal)
    },
  ),
]

// ——— what is shown

const userView = ({ user, id, createdAt, twoStep }: UserSeen) => ({
  ...{ user, id, created_at: moment(createdAt) },
  two_step: twoStep,
})

/** `limited`: entered without a device. The application must let the person do nothing but verify a new one. */
function signedInView(asking: AskingApplication, kind: 'signed_in' | 'limited', opened: Opened) {
  const { session, ...rest } = openedView(kind, opened, asking.world.limits)
  return { ...rest, user: named(asking, 'user'), acr: session.acr, amr: session.amr, session }
}

// ——— how each ending reads

/** Another application's user is not told from one that never was. */
const noUser: Problem = {
  status: 404,
  kind: 'no_such_user',
  title: 'There is no such user.',
  detail: 'A user is made when POST /api/v1/users/{user}/sign-ins asserts them first.',
}

const noSignIn: Problem = {
  status: 404,
  kind: 'sign_in_over',
  title: 'This sign-in is over, or there never was one.',
  detail: 'Begin again with POST /api/v1/users/{user}/sign-ins.',
}

const asserted: Outcomes<AssertEnding> = {
  signed_in: success,
  second_step_needed: success,
  not_an_address: one(notAnAddress),
}

const noUserSignIn = { no_sign_in: one(noSignIn) }
const send: Outcomes<SendSignInCodeEnding> = { ...outcomes.sendSignInCode, ...noUserSignIn }
const checked: Outcomes<CheckSignInCodeEnding> = { ...outcomes.checkSignInCode, ...noUserSignIn }
const byKey: Outcomes<SignInByKeyEnding> = { ...outcomes.signInByKey, ...noUserSignIn }

const noSession: Problem = {
  status: 404,
  kind: 'no_such_session',
  title: 'There is no such session.',
  detail: 'It may have ended. Assert the user with POST /api/v1/users/{user}/sign-ins.',
}

const anew: Outcomes<AssertAnewEnding> = {
  ...refusals,
  stepped_up: success,
  no_user: one(noUser),
  no_session: one(noSession),
}
