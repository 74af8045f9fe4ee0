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
import { answerTo, problemOf } from './outcomes.ts'
import * as problems from './problems.ts'
import { type Asking, changesRegistration, looks, type OnRegistration, onRegistration, type Route } from './route.ts'
import { contestView, recoveryView, reminderView, twoStepView } from './views.ts'

type Seen = Exclude<TwoStepSeen, { readonly kind: 'not_registered' }>

/** Shows something of the lock to who holds the number. */
const seen = (asking: Asking, id: string, show: (seen: Seen) => Answer): Promise<Answer> =>
  onRegistration(asking, id, ({ world, number, claim }) => {
    const looked = lookAtTwoStep(world, number, claim)
    return looked.kind === 'not_registered' ? refused(problems.notRegistered) : show(looked)
  })

const twoStep = (looked: Seen): Answer => done(twoStepView(looked))
const contest = (looked: Seen): Answer => done(contestView(looked))

/** The lock as it is after a change. */
const shown = (on: OnRegistration): Promise<Answer> => seen(on, on.claim, twoStep)

export const twoStepRoutes: readonly Route[] = [
  looks('/registrations/:id/two-step', (asking, id) => seen(asking, id, twoStep)),

  changesRegistration(
    'PUT',
    '/two-step',
    contract => contract.enableRequest,
    async (on, { pin, email }) => {
      const enable = { ...on.target, pin: Secret.of(pin), address: email }
      return answerTo(outcomes.enable, await enableTwoStep(on.world, on.call, enable), () => shown(on))
    },
  ),

  changesRegistration(
    'POST',
    '/two-step/pin',
    contract => contract.changePinRequest,
    async (on, { current_pin, pin }) => {
      // A number that was left keeps its PIN, and this registration with it; but only its holder changes it here.
      if (on.number.holder?.claim !== on.claim) return refused(problems.notRegistered)
      const change = { ...on.target, current: Secret.of(current_pin), next: Secret.of(pin) }
      return answerTo(outcomes.changePin, await changePin(on.world, on.call, change), () => shown(on))
    },
  ),

  changesRegistration(
    'PUT',
    '/two-step/email',
    contract => contract.recoveryAddressRequest,
    async (on, { pin, email }) => {
      const give = { ...on.target, pin: Secret.of(pin), address: email ?? undefined }
      const ending = await giveRecoveryAddress(on.world, on.call, give)
      return answerTo(outcomes.giveRecoveryAddress, ending, () => shown(on))
    },
  ),

  changesRegistration(
    'POST',
    '/two-step/off',
    contract => contract.pinRequest,
    async (on, { pin }) => {
      const ending = await turnOffTwoStep(on.world, on.call, { ...on.target, pin: Secret.of(pin) })
      return answerTo(outcomes.turnOff, ending, () => shown(on))
    },
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

  changesRegistration(
    'POST',
    '/recovery-mail',
    contract => contract.emptyRequest,
    async on => {
      const ending = await requestRecoveryLink(on.world, on.call, on.target)
      const problem = problemOf(outcomes.requestRecoveryMail, ending)
      return problem !== undefined || ending.kind !== 'mailed'
        ? refused(problem ?? problems.notProved)
        : done(recoveryView(ending), 202)
    },
  ),

  // ——— reminders

  looks('/registrations/:id/reminder', (asking, id) =>
    seen(asking, id, looked =>
      looked.kind === 'off'
        ? refused(problems.twoStepOff)
        : done(reminderView({ ...looked.reminder, now: looked.now })),
    ),
  ),

  changesRegistration(
    'POST',
    '/reminder',
    contract => contract.pinRequest,
    async (on, { pin }) => {
      const ending = await answerReminder(on.world, on.call, { ...on.target, pin: Secret.of(pin) })
      const problem = problemOf(outcomes.answerReminder, ending)
      if (problem !== undefined || ending.kind !== 'answered') return refused(problem ?? problems.notRegistered)
      return done(reminderView({ due: false, at: ending.due, now: ending.now }))
    },
  ),

  // ——— contests

  looks('/registrations/:id/contest', (asking, id) => seen(asking, id, contest)),

  changesRegistration(
    'POST',
    '/contest',
    contract => contract.pinRequest,
    async (on, { pin }) => {
      const ending = await endContest(on.world, on.call, { ...on.target, pin: Secret.of(pin) })
      return answerTo(outcomes.endContest, ending, () => seen(on, on.claim, contest))
    },
  ),
]
