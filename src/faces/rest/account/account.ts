// The account as its owner sees it, its sessions, its browsers, and its password.

import { changePassword } from '#actions/account/change-password.ts'
import { endSessions, removeBrowsers, renameBrowser, renameSession } from '#actions/account/sessions.ts'
import { warningsOf } from '#core/account/trusted-device.ts'
import { Secret } from '#secrets/secret.ts'
import { type Answer, done, refused } from '../answer.ts'
import { invalidRequest } from '../decode.ts'
import { moment } from './moment.ts'
import { problemOf } from './outcomes.ts'
import * as problems from './problems.ts'
import { type AskingSession, answered, changes, empty, looks, named, type Route } from './route.ts'
import { browserView, sessionView } from './session-views.ts'
import * as outcomes from './sign-in-outcomes.ts'

const contract = () => import('#contract/accounts.ts')

const who = ({ at }: AskingSession) => ({ account: at.id, session: at.session.id })

function accountView({ world, at }: AskingSession) {
  const { account, session, now } = at
  const { id, createdAt, application, language, addresses, password, twoStep } = account
  return {
    id,
    created_at: moment(createdAt),
    application: application ?? null,
    language: language ?? 'en',
    addresses: addresses.map(({ address, confirmedAt }) => {
      return { address, confirmed_at: confirmedAt === undefined ? null : moment(confirmedAt) }
    }),
    password: password === undefined ? null : { set_at: moment(password.setAt) },
    two_step: twoStep.kind,
    warnings: warningsOf(account, now, world.limits),
    session: sessionView(account, session, session.id, world.limits),
  }
}

async function ended(asking: AskingSession, which: { readonly id: string } | 'others' | 'all'): Promise<Answer> {
  const ending = await endSessions(asking.world, asking.call, { ...who(asking), which })
  const problem = problemOf(outcomes.endSessions, ending)
  if (problem !== undefined || ending.kind !== 'ended') return refused(problem ?? problems.noSuchSession)
  return done({ ended: ending.count })
}

async function forgotten(asking: AskingSession, browser: string | undefined): Promise<Answer> {
  const ending = await removeBrowsers(asking.world, asking.call, { ...who(asking), browser })
  const problem = problemOf(outcomes.removeBrowsers, ending)
  if (problem !== undefined || ending.kind !== 'removed') return refused(problem ?? problems.noSuchBrowser)
  return done({ removed: ending.count })
}

/** A list is emptied as far as the URL says: never because a field was forgotten. */
const emptied = (
  path: string,
  ways: readonly string[],
  act: (asking: AskingSession, which: string) => Promise<Answer>,
): Route => ({
  guard: 'session',
  method: 'DELETE',
  path,
  async serve(asking) {
    const which = asking.c.req.query('which') ?? ''
    const problem = `write which=${ways.join(' or which=')} in the URL`
    if (!ways.includes(which)) return answered(asking, refused(invalidRequest([{ field: 'which', problem }])))
    return answered(asking, await act(asking, which))
  },
})

export const accountNounRoutes: readonly Route[] = [
  looks('/account', async asking => done(accountView(asking))),

  // ——— sessions

  looks('/account/sessions', async ({ at, world }) =>
    done({ sessions: at.account.sessions.map(each => sessionView(at.account, each, at.session.id, world.limits)) }),
  ),

  changes(
    'PATCH',
    '/account/sessions/:id',
    async () => (await contract()).renameRequest,
    async (asking, { name }) => {
      const which = named(asking)
      const ending = await renameSession(asking.world, asking.call, { ...who(asking), which, name })
      const problem = problemOf(outcomes.renameSession, ending)
      const session = asking.at.account.sessions.find(each => each.id === which)
      if (problem !== undefined || session === undefined) return refused(problem ?? problems.noSuchSession)
      const { at, world } = asking
      return done(sessionView(at.account, { ...session, name }, at.session.id, world.limits))
    },
  ),

  changes('DELETE', '/account/sessions/:id', empty, asking => ended(asking, { id: named(asking) })),

  emptied('/account/sessions', ['others', 'all'], (asking, which) => ended(asking, which === 'all' ? 'all' : 'others')),

  changes('POST', '/account/sign-out', empty, asking => ended(asking, { id: asking.at.session.id })),

  // ——— browsers

  looks('/account/browsers', async ({ at }) =>
    done({ browsers: at.account.browsers.map(each => browserView(each, at.session.browser, at.now)) }),
  ),

  changes(
    'PATCH',
    '/account/browsers/:id',
    async () => (await contract()).renameRequest,
    async (asking, { name }) => {
      const browser = named(asking)
      const ending = await renameBrowser(asking.world, asking.call, { ...who(asking), browser, name })
      const problem = problemOf(outcomes.renameBrowser, ending)
      const { at } = asking
      const found = at.account.browsers.find(each => each.id === browser)
      if (problem !== undefined || found === undefined) return refused(problem ?? problems.noSuchBrowser)
      return done(browserView({ ...found, name }, at.session.browser, at.now))
    },
  ),

  changes('DELETE', '/account/browsers/:id', empty, asking => forgotten(asking, named(asking))),

  emptied('/account/browsers', ['all'], asking => forgotten(asking, undefined)),

  // ——— the password

  changes(
    'POST',
    '/account/password',
    async () => (await contract()).newPasswordRequest,
    async ({ world, call, at }, { new_password }) => {
      const ending = await changePassword(world, call, at, Secret.of(new_password))
      const problem = problemOf(outcomes.changePassword, ending)
      return problem === undefined ? done({ changed: true }) : refused(problem)
    },
  ),
]
