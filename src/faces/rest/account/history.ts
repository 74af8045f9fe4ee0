// What happened to an account, everything that is known about its owner, and closing it.

import { type LookAtActivityEnding, lookAtActivity } from '#actions/account/activity.ts'
import { type CloseAccountEnding, closeAccount } from '#actions/account/closing.ts'
import { type ExportAccountEnding, exportAccount, exportText, happeningText } from '#actions/account/export.ts'
import { problem } from '#http/problem.ts'
import { done, refused } from '../answer.ts'
import { decodeBy } from '../decode.ts'
import { type Outcomes, problemOf, refusals, success } from './outcomes.ts'
import * as problems from './problems.ts'
import { answered, changes, type Route } from './route.ts'

export const historyRoutes: readonly Route[] = [
  {
    guard: 'session',
    method: 'GET',
    path: '/account/activity',
    async serve(asking) {
      const { c, world, at } = asking
      const read = await decodeBy(c, async () => (await import('#contract/account-history.ts')).activityRequest)
      if (read.kind === 'refused') return read.reply
      const { before, limit } = read.value
      const ending = await lookAtActivity(world, at, { before, limit })
      const refusal = problemOf(activity, ending)
      if (ending.kind !== 'activity') return problem(c, refusal ?? problems.sessionNeeded)
      const events = ending.happenings.map(happeningText)
      return answered(asking, done({ events, next_before: ending.next ?? null }))
    },
  },

  {
    guard: 'session',
    method: 'GET',
    path: '/account/export',
    async serve({ c, world, at }) {
      const ending = await exportAccount(world, at)
      const refusal = problemOf(exporting, ending)
      if (ending.kind !== 'exported') return problem(c, refusal ?? problems.sessionNeeded)
      c.header('Content-Type', 'application/json')
      c.header('Content-Disposition', 'attachment; filename="account.json"')
      return c.body(exportText(ending))
    },
  },

  changes(
    'DELETE',
    '/account',
    async () => (await import('#contract/accounts.ts')).emptyRequest,
    async ({ world, call, at }) => {
      const ending = await closeAccount(world, call, { account: at.id, session: at.session.id })
      const refusal = problemOf(closing, ending)
      return refusal === undefined ? done({ closed: true }) : refused(refusal)
    },
  ),
]

const activity: Outcomes<LookAtActivityEnding> = { ...refusals, activity: success }
const exporting: Outcomes<ExportAccountEnding> = { ...refusals, exported: success }
const closing: Outcomes<CloseAccountEnding> = { ...refusals, closed: success }
