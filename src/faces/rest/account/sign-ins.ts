// Signing in, step by step. A sign-in is a resource of its own: its token opens its steps, and nothing else.

import {
  checkSignInCode,
  type SignInSeen,
  sendSignInCode,
  signIn,
  signInByKey,
  signInOfToken,
} from '#actions/account/sign-in.ts'
import { secondsUntil } from '#core/kernel/instant.ts'
import { readAuthorization } from '#http/bearer.ts'
import { Secret } from '#secrets/secret.ts'
import { type Answer, done, refused } from '../answer.ts'
import { moment } from './moment.ts'
import { problemOf } from './outcomes.ts'
import { withBrowser } from './presented.ts'
import * as problems from './problems.ts'
import { type Asking, answered, named, type Route, takes } from './route.ts'
import { openedView, secondStepView, signInView } from './session-views.ts'
import * as outcomes from './sign-in-outcomes.ts'

const contract = () => import('#contract/accounts.ts')

/** Does something with the sign-in in the path, if its own token came along. */
async function onSignIn(asking: Asking, act: (on: SignInSeen) => Promise<Answer> | Answer): Promise<Answer> {
  const given = readAuthorization(asking.c.req.header('authorization'))
  const on = given.kind === 'bearer' ? await signInOfToken(asking.world, given.token) : undefined
  return on === undefined || on.signIn !== named(asking) ? refused(problems.noSignIn) : act(on)
}

export const signInRoutes: readonly Route[] = [
  takes(
    'open',
    'POST',
    '/sign-ins',
    async () => (await contract()).signInRequest,
    async ({ world, call, presenting }, { identifier, password, trust_browser, browser }) => {
      const command = { identifier, password: Secret.of(password), trust: trust_browser }
      const ending = await signIn(world, call, { ...command, presenting: withBrowser(presenting, browser) })
      const problem = problemOf(outcomes.signIn, ending)
      if (problem !== undefined) return refused(problem)
      if (ending.kind === 'second_step_needed') return done(secondStepView(ending), 201)
      if (ending.kind === 'signed_in') return done(openedView('signed_in', ending, world.limits))
      return refused(problems.signInRefused)
    },
  ),

  {
    guard: 'bare',
    method: 'GET',
    path: '/sign-ins/:id',
    serve: async asking => answered(asking, await onSignIn(asking, on => done(signInView(on)))),
  },

  takes(
    'bare',
    'POST',
    '/sign-ins/:id/code',
    async () => (await contract()).sendCodeRequest,
    (asking, { device }) =>
      onSignIn(asking, async ({ account, signIn }) => {
        const ending = await sendSignInCode(asking.world, asking.call, { account, signIn, device })
        const problem = problemOf(outcomes.sendSignInCode, ending)
        if (problem !== undefined || ending.kind !== 'sent') return refused(problem ?? problems.noSignIn)
        return done(codeSentView(ending), 202)
      }),
  ),

  takes(
    'bare',
    'POST',
    '/sign-ins/:id/code/check',
    async () => (await contract()).checkSignInCodeRequest,
    (asking, { code, trust_browser, browser }) =>
      onSignIn(asking, async ({ account, signIn }) => {
        const { world, call } = asking
        const presenting = withBrowser(asking.presenting, browser)
        const check = { account, signIn, code: Secret.of(code), presenting, trust: trust_browser }
        const ending = await checkSignInCode(world, call, check)
        const problem = problemOf(outcomes.checkSignInCode, ending)
        if (problem !== undefined || ending.kind !== 'signed_in') return refused(problem ?? problems.wrongCode)
        return done(openedView('signed_in', ending, world.limits))
      }),
  ),

  takes(
    'bare',
    'POST',
    '/sign-ins/:id/recovery-key',
    async () => (await contract()).recoveryKeyRequest,
    (asking, { recovery_key }) =>
      onSignIn(asking, async ({ account, signIn }) => {
        const { world, call, presenting } = asking
        const key = Secret.of(recovery_key)
        const ending = await signInByKey(world, call, { account, signIn, key, presenting })
        const problem = problemOf(outcomes.signInByKey, ending)
        if (problem !== undefined || ending.kind !== 'limited') return refused(problem ?? problems.wrongRecoveryKey)
        return done(openedView('limited', ending, world.limits))
      }),
  ),
]

type Sent = Extract<Awaited<ReturnType<typeof sendSignInCode>>, { readonly kind: 'sent' }>

/** A code that is on its way. */
export const codeSentView = ({ device, expires, now }: Sent) => ({
  device,
  expires_in_s: secondsUntil(expires, now),
  expires_at: moment(expires),
})
