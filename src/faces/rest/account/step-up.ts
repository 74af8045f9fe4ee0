// Step-up and gates on the wire (RFC 9470): P or D proved anew in a session, and what the session reaches with them.

import { lookAtGates, type PassGateEnding, passAccountGate, type SeenGate } from '#actions/account/gates.ts'
import {
  type CheckStepUpEnding,
  checkStepUpCode,
  type SteppedUp,
  type StepUpCodeEnding,
  type StepUpPasswordEnding,
  sendStepUpCode,
  stepUpByPassword,
} from '#actions/account/step-up.ts'
import {
  type DeleteGateEnding,
  deleteGate,
  gatesOfApplication,
  type PutGateEnding,
  putGate,
} from '#actions/application-gates.ts'
import type { GateRule } from '#core/account/gate.ts'
import { type Instant, second, secondsUntil } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { Secret } from '#secrets/secret.ts'
import { done, refused } from '../answer.ts'
import { apiKeyNeeded } from '../problems.ts'
import * as factor from './factor-problems.ts'
import { moment } from './moment.ts'
import { type Outcomes, one, problemOf, refusals, success } from './outcomes.ts'
import * as problems from './problems.ts'
import { answered, changes, empty, looks, named, type Route, takesFromApplication } from './route.ts'
import { shown } from './shown.ts'
import { proofNames, stepUpNeeded } from './step-up-needed.ts'
import { codeRefusals } from './two-step.ts'
import { levelView } from './two-step-views.ts'

const contract = () => import('#contract/account-step-up.ts')

// ——— how each ending reads

const byPassword: Outcomes<StepUpPasswordEnding> = {
  ...refusals,
  stepped_up: success,
  wrong_password: one(factor.wrongPassword),
  password_too_soon: problems.passwordTooSoon,
  no_password: one(problems.noPassword),
  overloaded: problems.overloaded,
}

const send: Outcomes<StepUpCodeEnding> = {
  ...refusals,
  sent: success,
  too_many_codes: problems.tooManyCodes,
  codes_paused: problems.codesPaused,
  device_off: one(problems.deviceOff),
  no_device: one(problems.noDevice),
}

const check: Outcomes<CheckStepUpEnding> = { ...refusals, ...codeRefusals, stepped_up: success }

const pass: Outcomes<PassGateEnding> = {
  passed: success,
  no_session: refusals.no_session,
  step_up: stepUpNeeded,
  no_gate: one(factor.noSuchGate),
}

const put: Outcomes<PutGateEnding> = {
  defined: success,
  not_a_gate: factor.notAGate,
  too_many_gates: one(factor.tooManyGates),
  no_such_application: one(apiKeyNeeded),
}

const take: Outcomes<DeleteGateEnding> = { removed: success, no_such_gate: one(factor.noSuchGate) }

// ——— what is shown

const optional = (at: Instant | undefined) => (at === undefined ? null : moment(at))

const stepUpView = ({ account, session }: SteppedUp) => ({
  ...levelView(account, session),
  password_at: optional(session.proofs.P),
  device_code_at: optional(session.proofs.D),
})

const ruleView = ({ needs, opens, maxAge }: GateRule) => ({
  needs,
  opens,
  max_age_s: maxAge === undefined ? null : Math.floor(maxAge / second),
})

const gateView = ({ gate, ending, passedBefore }: SeenGate) => ({
  gate: gate.name,
  ...ruleView(gate.rule),
  passed: passedBefore,
  missing: ending.kind === 'step_up' ? proofNames(ending.missing) : [],
})

// ——— the calls

export const stepUpRoutes: readonly Route[] = [
  changes(
    'POST',
    '/account/step-up/password',
    async () => (await contract()).stepUpPasswordRequest,
    async ({ world, call, at, presenting }, { password }) => {
      const ending = await stepUpByPassword(world, call, at, { password: Secret.of(password), presenting })
      return shown(byPassword, ending, seen => done(stepUpView(seen)))
    },
  ),

  changes(
    'POST',
    '/account/step-up/code',
    async () => (await import('#contract/accounts.ts')).sendCodeRequest,
    async ({ world, call, at, presenting }, { device }) => {
      const ending = await sendStepUpCode(world, call, at, { device, from: presenting.from })
      return shown(send, ending, ({ expires, now }) =>
        done({ expires_at: moment(expires), expires_in_s: secondsUntil(expires, now) }, 202),
      )
    },
  ),

  changes(
    'POST',
    '/account/step-up/code/check',
    async () => (await import('#contract/account-two-step.ts')).codeRequest,
    async ({ world, call, at }, { code }) =>
      shown(check, await checkStepUpCode(world, call, at, Secret.of(code)), seen => done(stepUpView(seen))),
  ),

  looks('/account/gates', async ({ world, at }) => done({ gates: (await lookAtGates(world, at)).map(gateView) })),

  changes(
    'POST',
    '/account/gates/:gate',
    async () => (await contract()).passGateRequest,
    async (asking, { application }) => {
      const { world, call, at } = asking
      const name = named(asking, 'gate')
      const ending = await passAccountGate(world, call, at, { name, application })
      return shown(pass, ending, ({ acr, amr }) => done({ gate: name, passed: true, acr, amr }))
    },
    'anew',
  ),

  // ——— gates that an application defines

  {
    guard: 'application',
    method: 'GET',
    path: '/gates',
    async serve(asking) {
      const gates = await gatesOfApplication(asking.world, asking.application)
      return answered(asking, done({ gates: gates.map(({ name, rule }) => ({ gate: name, ...ruleView(rule) })) }))
    },
  },

  takesFromApplication(
    'PUT',
    '/gates/:gate',
    async () => (await contract()).defineGateRequest,
    async (asking, { needs, opens, max_age_s }) => {
      const { world, call, application } = asking
      const maxAge = max_age_s === undefined ? undefined : max_age_s * second
      const gate = { name: named(asking, 'gate'), rule: { needs, opens, maxAge } }
      const ending = await putGate(world, call, { application, gate })
      const problem = problemOf(put, ending)
      if (problem !== undefined) return refused(problem)
      assert(ending.kind === 'defined', 'what is not refused was defined')
      return done({ gate: gate.name, ...ruleView(gate.rule) })
    },
  ),

  takesFromApplication('DELETE', '/gates/:gate', empty, async asking => {
    const { world, call, application } = asking
    const problem = problemOf(take, await deleteGate(world, call, { application, name: named(asking, 'gate') }))
    return problem === undefined ? done({ removed: true }) : refused(problem)
  }),
]
