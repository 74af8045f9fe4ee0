// The lock on a registration: its PIN, its recovery address and mail, its reminders, and contests over it.

import { answerReminder } from '#actions/answer-reminder.ts'
import { changePin } from '#actions/change-pin.ts'
import { enableTwoStep } from '#actions/enable-two-step.ts'
import { endContest } from '#actions/end-contest.ts'
import { lookAtRecovery, lookAtTwoStep, type TwoStepSeen } from '#actions/look-at-two-step.ts'
import { requestRecoveryLink } from '#actions/mailed-links.ts'
import { giveRecoveryAddress } from '#actions/recovery-address.ts'
import { turnOffTwoStep } from '#actions/turn-off-two-step.ts'
import { Secret } from '#secrets/secret.ts'
import { type Answer, done, refused } from './answer.ts'
import * as outcomes from './outcomes.ts'
import { problemOf } from './outcomes.ts'
import * as problems from './problems.ts'
import { type Asking, changes, looks, type OnRegistration, onRegistration, type Route } from './route.ts'
import { contestView, recoveryView, reminderView, twoStepView } from './views.ts'

type Seen = Exclude<TwoStepSeen, { readonly kind: 'not_registered' }>

/** Shows something of the lock to who holds the number. */
const seen = (asking: Asking, id: string, show: (seen: Seen) => Answer): Promise<Answer> =>
  onRegistration(asking, id, ({ world, number, claim }) => {
    const looked = lookAtTwoStep(world, number, claim)
    return looked.kind === 'not_registered' ? refused(problems.notRegistered) : show(looked)
  })

const target = ({ subject, claim }: OnRegistration) => ({ number: subject, claim })
const twoStep = (looked: Seen): Answer => done(twoStepView(looked))

export const twoStepRoutes: readonly Route[] = [
  looks('/registrations/:id/two-step', (asking, id) => seen(asking, id, twoStep)),

  changes(
    'PUT',
    '/registrations/:id/two-step',
    contract => contract.enableRequest,
    (asking, { pin, email }, id) =>
      onRegistration(asking, id, async on => {
        const enable = { ...target(on), pin: Secret.of(pin), address: email }
        const problem = problemOf(outcomes.enable, await enableTwoStep(on.world, on.call, enable))
        return problem === undefined ? seen(asking, id, twoStep) : refused(problem)
      }),
  ),

  changes(
    'POST',
    '/registrations/:id/two-step/pin',
    contract => contract.changePinRequest,
    (asking, { current_pin, pin }, id) =>
      onRegistration(asking, id, async on => {
        // A number that was left keeps its PIN, and this registration with it; but only its holder changes it here.
        if (on.number.holder?.claim !== on.claim) return refused(problems.notRegistered)
        const change = { ...target(on), current: Secret.of(current_pin), next: Secret.of(pin) }
        const problem = problemOf(outcomes.changePin, await changePin(on.world, on.call, change))
        return problem === undefined ? seen(asking, id, twoStep) : refused(problem)
      }),
  ),

  changes(
    'PUT',
    '/registrations/:id/two-step/email',
    contract => contract.recoveryAddressRequest,
    (asking, { pin, email }, id) =>
      onRegistration(asking, id, async on => {
        const give = { ...target(on), pin: Secret.of(pin), address: email ?? undefined }
        const problem = problemOf(outcomes.giveRecoveryAddress, await giveRecoveryAddress(on.world, on.call, give))
        return problem === undefined ? seen(asking, id, twoStep) : refused(problem)
      }),
  ),

  changes(
    'POST',
    '/registrations/:id/two-step/off',
    contract => contract.pinRequest,
    (asking, { pin }, id) =>
      onRegistration(asking, id, async on => {
        const off = { ...target(on), pin: Secret.of(pin) }
        const problem = problemOf(outcomes.turnOff, await turnOffTwoStep(on.world, on.call, off))
        return problem === undefined ? seen(asking, id, twoStep) : refused(problem)
      }),
  ),

  // ——— forgotten

  looks('/registrations/:id/recovery-mail', (asking, id) =>
    onRegistration(asking, id, ({ world, number, claim }) => {
      const looked = lookAtRecovery(world, number, claim)
      const problem = problemOf(outcomes.lookAtRecovery, looked)
      return problem !== undefined || looked.kind === 'not_proved'
        ? refused(problem ?? problems.notProved)
        : done(recoveryView(looked))
    }),
  ),

  changes(
    'POST',
    '/registrations/:id/recovery-mail',
    contract => contract.emptyRequest,
    (asking, _, id) =>
      onRegistration(asking, id, async on => {
        const ending = await requestRecoveryLink(on.world, on.call, target(on))
        const problem = problemOf(outcomes.requestRecoveryMail, ending)
        return problem !== undefined || ending.kind !== 'mailed'
          ? refused(problem ?? problems.notProved)
          : done(recoveryView(ending), 202)
      }),
  ),

  // ——— reminders

  looks('/registrations/:id/reminder', (asking, id) =>
    seen(asking, id, looked =>
      looked.kind === 'off'
        ? refused(problems.twoStepOff)
        : done(reminderView({ ...looked.reminder, now: looked.now })),
    ),
  ),

  changes(
    'POST',
    '/registrations/:id/reminder',
    contract => contract.pinRequest,
    (asking, { pin }, id) =>
      onRegistration(asking, id, async on => {
        const ending = await answerReminder(on.world, on.call, { ...target(on), pin: Secret.of(pin) })
        const problem = problemOf(outcomes.answerReminder, ending)
        if (problem !== undefined || ending.kind !== 'answered') return refused(problem ?? problems.notRegistered)
        return done(reminderView({ due: false, at: ending.due, now: ending.now }))
      }),
  ),

  // ——— contests

  looks('/registrations/:id/contest', (asking, id) => seen(asking, id, looked => done(contestView(looked)))),

  changes(
    'POST',
    '/registrations/:id/contest',
    contract => contract.pinRequest,
    (asking, { pin }, id) =>
      onRegistration(asking, id, async on => {
        const ending = await endContest(on.world, on.call, { ...target(on), pin: Secret.of(pin) })
        const problem = problemOf(outcomes.endContest, ending)
        return problem === undefined ? seen(asking, id, looked => done(contestView(looked))) : refused(problem)
      }),
  ),
]
