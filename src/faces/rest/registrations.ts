// Registrations: begin, prove, meet the lock, complete, use, leave.

import { beginRegistration } from '#actions/begin-registration.ts'
import { deregisterNumber } from '#actions/deregister-number.ts'
import { registerNumber } from '#actions/register-number.ts'
import { reportUse } from '#actions/report-use.ts'
import { requestCode } from '#actions/request-code.ts'
import { verifyCode } from '#actions/verify-code.ts'
import { parseNumber } from '#numbering/number.ts'
import { Secret } from '#secrets/secret.ts'
import { type Answer, done, refused } from './answer.ts'
import * as outcomes from './outcomes.ts'
import { answerTo, problemOf } from './outcomes.ts'
import * as problems from './problems.ts'
import { type Asking, changes, changesRegistration, looks, onRegistration, type Route } from './route.ts'
import { registrationView, useView } from './views.ts'

/** The registration as it is now, whatever happened since it was changed. */
async function shown(asking: Asking, id: string, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  return onRegistration(asking, id, ({ world, number, claim }) =>
    done({ ...registrationView(number, claim, world.clock.now(), world.limits), ...more }),
  )
}

export const registrationRoutes: readonly Route[] = [
  changes(
    'POST',
    '/registrations',
    contract => contract.beginRequest,
    async (asking, { number, country, method, locale }) => {
      const parsed = parseNumber(number, country)
      if (parsed.kind === 'not_a_number') return refused(problems.notANumber(parsed.reason))
      const { world, call, application, place } = asking
      const claim = place?.ids.claim ?? world.secrets.newNumericId()
      const begin = { application, number: parsed.e164, method, language: locale, claim }
      const problem = problemOf(outcomes.begin, await beginRegistration(world, call, begin))
      if (problem !== undefined) return refused(problem)
      const answer = await shown(asking, claim)
      return answer.kind === 'done' ? { ...answer, status: 201 } : answer
    },
    'does_it_once',
  ),

  looks('/registrations/:id', (asking, id) => shown(asking, id)),

  changesRegistration(
    'POST',
    '/code',
    contract => contract.sendCodeRequest,
    async (on, { method, locale }) => {
      const ask = { ...on.target, method, language: locale, mark: on.place?.ids.mark }
      return answerTo(outcomes.sendCode, await requestCode(on.world, on.call, ask), () => shown(on, on.claim))
    },
    'does_it_once',
  ),

  changesRegistration(
    'POST',
    '/code/check',
    contract => contract.checkCodeRequest,
    async (on, { code }) => {
      const ending = await verifyCode(on.world, on.call, { ...on.target, code: Secret.of(code) })
      return answerTo(outcomes.checkCode, ending, () => shown(on, on.claim))
    },
  ),

  changesRegistration(
    'POST',
    '/complete',
    contract => contract.completeRequest,
    async (on, { pin, accept_reset }) => {
      // Sent again by who did not hear the answer: it is registered, and nothing is asked twice.
      if (on.number.holder?.claim === on.claim) return shown(on, on.claim, { reset: 'none' })
      const ending = await registerNumber(on.world, on.call, {
        ...on.target,
        pin: pin === undefined ? undefined : Secret.of(pin),
        // What goes for good goes only when the person was asked.
        accepts: accept_reset ?? 'none',
      })
      const reset = ending.kind === 'registered' ? ending.reset : 'none'
      return answerTo(outcomes.complete, ending, () => shown(on, on.claim, { reset }))
    },
  ),

  changesRegistration(
    'POST',
    '/use',
    contract => contract.emptyRequest,
    async on => {
      const ending = await reportUse(on.world, on.call, on.target)
      const problem = problemOf(outcomes.reportUse, ending)
      return problem !== undefined || ending.kind !== 'reported'
        ? refused(problem ?? problems.notRegistered)
        : done(useView(ending))
    },
  ),

  changesRegistration(
    'POST',
    '/deregister',
    contract => contract.emptyRequest,
    async on =>
      answerTo(outcomes.deregister, await deregisterNumber(on.world, on.call, on.target), () => shown(on, on.claim)),
  ),
]
