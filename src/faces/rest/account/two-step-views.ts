// What two-step verification looks like on the wire.

import type { DeviceAsked } from '#actions/account/draft-code.ts'
import type { Account } from '#core/account/account.ts'
import { type Side, sides } from '#core/account/caller.ts'
import { channelOf } from '#core/account/challenge.ts'
import { acrOf, amrOf } from '#core/account/gate.ts'
import { keyOf } from '#core/account/recovery-key.ts'
import type { Session } from '#core/account/session.ts'
import { devicesOf, isOff, type TrustedDevice, warningsOf } from '#core/account/trusted-device.ts'
import { stateAt, type TwoStep } from '#core/account/two-step.ts'
import { type Instant, secondsUntil } from '#core/kernel/instant.ts'
import type { Limits } from '#core/throttle/limits.ts'
import { maskNumber } from '#numbering/display.ts'
import { moment } from './moment.ts'

export type Seen = { readonly account: Account; readonly now: Instant }

const offFor: Readonly<Record<Side, string>> = {
  known: 'known_browsers',
  stranger: 'new_browsers',
  keyholder: 'recovery_key',
}

/** A trusted device, for its owner. Numbers are masked all the same: whoever finds the page open needs not know them. */
export const deviceView = (device: TrustedDevice, limits: Limits) => ({
  id: device.id,
  kind: device.kind,
  name: device.name,
  model: device.model ?? null,
  number: device.kind === 'number' ? maskNumber(device.number) : null,
  receives: channelOf(device.kind),
  added_at: moment(device.addedAt),
  last_used_at: moment(device.lastUsedAt),
  off_for: sides.filter(side => isOff(device, side, limits)).map(side => offFor[side]),
  unreachable: device.unreachable,
})

export const devicesView = ({ account, now }: Seen, limits: Limits) => ({
  devices: devicesOf(account).map(device => deviceView(device, limits)),
  warnings: warningsOf(account, now, limits),
})

export function twoStepView({ account, now }: Seen, limits: Limits) {
  const state = stateAt(account.twoStep, now)
  const key = keyOf(account)
  return {
    state: state.kind,
    next: next(state),
    waits_until: state.kind === 'waiting' ? moment(state.until) : null,
    deadline: 'deadline' in state ? moment(state.deadline) : null,
    on_since: state.kind === 'on' ? moment(state.since) : null,
    ...devicesView({ account: { ...account, twoStep: state }, now }, limits),
    recovery_key: key === undefined ? null : { since: moment(key.since), confirmed_at: moment(key.confirmedAt) },
    turning_off_asks_for: limits.account.securityQuestions ? ['security_questions', 'birth_date'] : [],
  }
}

function next(state: TwoStep): string {
  switch (state.kind) {
    case 'off':
    case 'ready':
      return 'begin'
    case 'waiting':
      return 'wait'
    case 'on':
      return 'none'
    case 'enrolling':
      if (state.step === 'key') return state.key === undefined ? 'show_recovery_key' : 'retype_recovery_key'
      return steps[state.step]
  }
}
const steps = { phone: 'add_number', devices: 'add_device_or_skip', confirm: 'confirm' } as const

/** A code that is on its way to a device that is to be trusted. */
export const codeSentView = (sent: DeviceAsked, kind: TrustedDevice['kind']) => ({
  device: { id: sent.device, kind },
  expires_at: moment(sent.expires),
  expires_in_s: secondsUntil(sent.expires, sent.now),
  ...(sent.credentials === undefined
    ? {}
    : { device_token: sent.credentials.token.reveal(), installation: sent.credentials.installation.reveal() }),
})

/** What a session amounts to. */
export const levelView = (account: Account, session: Session) => ({
  acr: acrOf(account, session),
  amr: amrOf(account, session),
})
