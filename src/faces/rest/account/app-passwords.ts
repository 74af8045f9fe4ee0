// App-specific passwords on the wire: for their owner, for services that check them, and for reverse proxies.
//
//   mail program ── HTTP Basic ──▶ proxy ── the same header, ?service=mail ──▶ /app-passwords/basic ──▶ 204, or 401
//
// A proxy needs no API key: the letters carry 75 bits, so whoever asks by themself learns nothing. With a key, the users of
// that application are found too. Neither call is counted by caller: they write nothing, and a proxy asks for everybody.

import {
  type CheckAppPassword,
  type CheckAppPasswordEnding,
  checkAppPassword,
  type MakeEnding,
  newAppPassword,
  type RevokeEnding,
  revokeAccountAppPasswords,
} from '#actions/account/app-passwords.ts'
import { authorizeApplication } from '#actions/authorize.ts'
import type { AppPassword } from '#core/account/app-password.ts'
import { assert } from '#core/kernel/outcome.ts'
import { basicChallenge, readBasic } from '#http/basic.ts'
import { problem } from '#http/problem.ts'
import { agentOf } from '#http/user-agent.ts'
import { Secret } from '#secrets/secret.ts'
import { type Answer, done, refused } from '../answer.ts'
import * as factor from './factor-problems.ts'
import { moment } from './moment.ts'
import { type Outcomes, one, problemOf, refusals, success } from './outcomes.ts'
import {
  type Asking,
  type AskingSession,
  changes,
  empty,
  looks,
  named,
  type Route,
  takesFromApplication,
} from './route.ts'
import { shown } from './shown.ts'

const contract = () => import('#contract/account-app-passwords.ts')

// ——— how each ending reads

const make: Outcomes<MakeEnding> = {
  ...refusals,
  made: success,
  not_on: one(factor.twoStepOff),
  label_needed: one(factor.labelNeeded),
  too_many_app_passwords: one(factor.tooManyAppPasswords),
}

const revoke: Outcomes<RevokeEnding> = { ...refusals, revoked: success }

const check: Outcomes<CheckAppPasswordEnding> = { right: success, refused: one(factor.appPasswordRefused) }

const view = ({ id, label, service, createdAt, lastUsed }: AppPassword) => ({
  id,
  label,
  service,
  created_at: moment(createdAt),
  last_used: lastUsed === undefined ? null : { at: moment(lastUsed.at), from: lastUsed.from },
})

// ——— the calls

const ownersRoutes: readonly Route[] = [
  looks('/account/app-passwords', async ({ at }) => done({ app_passwords: at.account.appPasswords.map(view) })),

  changes(
    'POST',
    '/account/app-passwords',
    async () => (await contract()).makeAppPasswordRequest,
    async ({ world, call, at }, wanted) =>
      shown(make, await newAppPassword(world, call, at, wanted), ({ account, id, appPassword }) => {
        const made = account.appPasswords.find(each => each.id === id)
        assert(made !== undefined, 'a password that was made is there')
        return done({ ...view(made), app_password: appPassword.reveal() }, 201)
      }),
    'nothing',
  ),

  changes('DELETE', '/account/app-passwords', empty, async asking => revoked(asking, 'all')),

  changes('DELETE', '/account/app-passwords/:id', empty, async asking => revoked(asking, { id: named(asking) })),
]

async function revoked({ world, call, at }: AskingSession, which: { readonly id: string } | 'all'): Promise<Answer> {
  const ending = await revokeAccountAppPasswords(world, call, at, which)
  return shown(revoke, ending, ({ count }) =>
    count === 0 && which !== 'all' ? refused(factor.noSuchAppPassword) : done({ revoked: count }),
  )
}

export const appPasswordRoutes: readonly Route[] = [
  ...ownersRoutes,

  {
    ...takesFromApplication(
      'POST',
      '/app-passwords/check',
      async () => (await contract()).checkAppPasswordRequest,
      async ({ world, call, application }, { identifier, app_password, service, from: { ip = '', user_agent } }) => {
        const ending = await checkAppPassword(world, call, {
          ...{ identifier, appPassword: Secret.of(app_password), service, application },
          from: { place: ip, agent: agentOf(user_agent) },
        })
        const problem = problemOf(check, ending)
        if (problem !== undefined) return refused(problem)
        assert(ending.kind === 'right', 'what is not refused is right')
        return done({ valid: true, account: ending.account, app_password: { id: ending.appPassword } })
      },
    ),
    counted: false,
  },

  { guard: 'bare', method: 'GET', path: '/app-passwords/basic', serve: basic, counted: false },
  { guard: 'bare', method: 'POST', path: '/app-passwords/basic', serve: basic, counted: false },
]

/** HTTP Basic for a reverse proxy: 204 with who it is, or 401 (RFC 7617). A body is not looked at. */
async function basic({ c, world, call, presenting }: Asking): Promise<Response> {
  const { service } = await contract()
  const wanted = service.safeParse(c.req.query('service'))
  if (!wanted.success) return problem(c, factor.serviceNeeded)
  const application = await applicationOf(world, c.req.header('twostep-api-key'))
  if (application === 'unknown') return problem(c, factor.unknownApiKey)

  const given = readBasic(c.req.header('authorization'))
  const ending: CheckAppPasswordEnding =
    given.kind === 'basic'
      ? await checkAppPassword(world, call, {
          ...{ identifier: given.name, appPassword: given.password, service: wanted.data },
          ...{ from: presenting.from, application },
        })
      : { kind: 'refused' }
  const refusal = problemOf(check, ending)
  if (refusal !== undefined) return problem(c, { ...refusal, status: 401, challenge: basicChallenge(wanted.data) })
  assert(ending.kind === 'right', 'what is not refused is right')
  c.header('Twostep-Account', ending.account)
  c.header('Twostep-App-Password', ending.appPassword)
  return c.body(null, 204)
}

async function applicationOf(
  world: Asking['world'],
  key: string | undefined,
): Promise<CheckAppPassword['application'] | 'unknown'> {
  if (key === undefined) return undefined
  const caller = await authorizeApplication(world, Secret.of(key))
  return caller.kind === 'authorized' ? caller.application : 'unknown'
}
