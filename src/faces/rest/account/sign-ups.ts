// Signing up: ask for a link, then make the account with it.

import { askToSignUp, signUp } from '#actions/account/sign-up.ts'
import { Secret } from '#secrets/secret.ts'
import { done, refused } from '../answer.ts'
import { problemOf } from './outcomes.ts'
import { withBrowser } from './presented.ts'
import * as problems from './problems.ts'
import { type Route, takes } from './route.ts'
import { openedView } from './session-views.ts'
import * as outcomes from './sign-in-outcomes.ts'

const contract = () => import('#contract/accounts.ts')

export const signUpRoutes: readonly Route[] = [
  takes(
    'open',
    'POST',
    '/sign-ups',
    async () => (await contract()).signUpRequest,
    async ({ world, call, presenting }, { email, locale }) => {
      const asked = { email, language: locale, network: presenting.network }
      const problem = problemOf(outcomes.askToSignUp, await askToSignUp(world, call, asked))
      return problem === undefined ? done({ accepted: true }, 202) : refused(problem)
    },
  ),

  takes(
    'open',
    'POST',
    '/accounts',
    async () => (await contract()).accountRequest,
    async ({ world, call, presenting }, { sign_up, password, browser }) => {
      const command = {
        ...{ link: Secret.of(sign_up), password: Secret.of(password) },
        presenting: withBrowser(presenting, browser),
      }
      const ending = await signUp(world, call, command)
      const problem = problemOf(outcomes.signUp, ending)
      if (problem !== undefined || ending.kind !== 'signed_up') return refused(problem ?? problems.signUpGone)
      return done(openedView('signed_in', ending, world.limits), 201)
    },
  ),
]
