// Checks a code that was sent to a device: the check is spent and stored, then the code is compared, then what a right one
// opens is stored. One file for all that codes are asked for: enrolment, a new device, signing in, step-up, a reset.

import type { Account, AccountId } from '#core/account/account.ts'
import type { CheckCodeEnding } from '#core/account/challenge.ts'
import type { Change } from '#core/account/change.ts'
import { deviceOf } from '#core/account/trusted-device.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Secret } from '#secrets/secret.ts'
import { codeCameBack } from '../sending/leave.ts'
import { type Call, settling, type World } from '../world.ts'
import { type AccountStep, changeAccount } from './account.ts'

/** What a code can come to that opens nothing. */
export type CodeRefusal =
  /** Wrong, late, used, replaced, of another account, device, purpose or browser, or never sent: it does not say which. */
  | { readonly kind: 'wrong_code' }
  /** It was not looked at. */
  | { readonly kind: 'check_too_soon' | 'checks_spent'; readonly retryAt: Instant; readonly now: Instant }
  /** Too many wrong codes from this side: the device gets none until another pair of proofs was given. */
  | { readonly kind: 'device_off' }

export type CodeCheck<E, R> = {
  readonly account: AccountId
  /** `undefined`: a check was meant, and what came cannot be a code. It pays like a wrong one. */
  readonly code: Secret | undefined
  /** Charges the check, or says why it cannot be made here. */
  readonly spend: (account: Account, now: Instant) => CheckCodeEnding | R
  /** What a right code opens. `undefined` when it cannot any more: then it was wrong after all. */
  readonly right: (account: Account, verifier: string, now: Instant) => AccountStep<E> | undefined
  readonly wrong: (account: Account, now: Instant) => Change
}

type Spent<R> =
  | { readonly kind: 'look'; readonly verifier: string; readonly binding: string; readonly number: string | undefined }
  | { readonly kind: 'ended'; readonly ending: CodeRefusal | R }

/** Two commits: the check, then what came of it. */
export async function checkDeviceCode<E extends { readonly kind: string }, R extends { readonly kind: string }>(
  world: World,
  call: Call,
  check: CodeCheck<E, R>,
): Promise<E | R | CodeRefusal> {
  const spent = await changeAccount<Spent<R>>(world, call, check.account, (account, now) => {
    const ending = check.spend(account, now)
    if (!isOfCheck(ending)) return { ending: { kind: 'ended', ending } }
    if (ending.kind !== 'look') return { ending: { kind: 'ended', ending: refusalOf(ending, now) } }
    const { verifier, binding } = ending
    return { ending: { kind: 'look', verifier, binding, number: numberOf(account, verifier) }, change: ending }
  })
  if (spent.kind === 'ended') return spent.ending
  world.watch.guess('code', call.door, 'spent')

  const { verifier, binding } = spent
  const equal = check.code !== undefined && world.secrets.checkCode(verifier, binding, check.code)
  let opened = false
  const ending = await changeAccount<E | CodeRefusal>(world, settling(call), check.account, (account, now) => {
    const step = equal ? check.right(account, verifier, now) : undefined
    opened = step !== undefined
    return step ?? { ending: { kind: 'wrong_code' }, change: check.wrong(account, now) }
  })
  world.watch.guess('code', call.door, opened ? 'right' : 'wrong')
  if (opened && spent.number !== undefined) await codeCameBack(world, call, { number: spent.number, method: 'sms' })
  return ending
}

/** The number that a code went to, if it went to one. */
function numberOf(account: Account, verifier: string): string | undefined {
  const challenge = account.challenges.find(each => each.verifier === verifier)
  const to = challenge?.draft ?? (challenge && deviceOf(account, challenge.device))
  return to?.kind === 'number' ? to.number : undefined
}

// A new ending of a check stops this compiling until it is named: else it would pass for a refusal of the caller's own.
const kinds: Readonly<Record<CheckCodeEnding['kind'], true>> = {
  ...{ look: true, no_code: true, too_soon: true, checks_spent: true, device_off: true },
}

const isOfCheck = <R extends { readonly kind: string }>(ending: CheckCodeEnding | R): ending is CheckCodeEnding =>
  Object.hasOwn(kinds, ending.kind)

function refusalOf(ending: Exclude<CheckCodeEnding, { readonly kind: 'look' }>, now: Instant): CodeRefusal {
  switch (ending.kind) {
    case 'no_code':
      return { kind: 'wrong_code' }
    case 'too_soon':
      return { kind: 'check_too_soon', retryAt: ending.retryAt, now }
    case 'checks_spent':
      return { ...ending, now }
    case 'device_off':
      return ending
  }
}
