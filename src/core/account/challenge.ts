// Challenges: codes that were sent to a device of the person's choice. One at most is open per purpose and side.
//
//              send                     check, wrong               check, none left
//   no request ────▶ waiting(sends, checks) ───▶ waiting(checks+1) ───────────────▶ spent ──┐
//       ▲                │  ▲ │ send again, to the same device or another: a new code       │
//       │                │  └─┘ replaces the old one, and never restores checks            │
//       │                │ check, right: the code is used up                               │
//       ├────────────────┘                                                                 │
//       └───────────── the newest code of the request has run out ◀────────────────────────┘
//
// A code is good for one purpose, by one channel, for one account, in the one sign-in, session or reset that asked for it;
// `codeBinding` is what its verifier is made for, so that a code from anywhere else never matches even by chance of rows
// mixed up. A check is spent, and counted against the device, before the code is looked at. A wrong, late, used or foreign
// code never says which it was.

import { after, type Instant, later } from '../kernel/instant.ts'
import { assert } from '../kernel/outcome.ts'
import type { E164 } from '../registration-lock/phone-number.ts'
import type { CodePolicy, Limits } from '../throttle/limits.ts'
import { opensAt, take } from '../throttle/moving-window.ts'
import type { Account } from './account.ts'
import type { Origin, Side } from './caller.ts'
import { type Change, type Notice, quietly, tell } from './change.ts'
import { type DeviceDraft, deviceOf, isOff, type TrustedDevice, withDevice } from './trusted-device.ts'

export const purposes = ['enrol', 'add-device', 'sign-in', 'step-up', 'reset-password'] as const
export type Purpose = (typeof purposes)[number]
export type CodeChannel = 'sms' | 'notification'

/** Which challenge: what for, on which side, and of which sign-in, session or reset. */
export type Slot = { readonly purpose: Purpose; readonly side: Side; readonly of: string }

export type Challenge = Slot & {
  readonly device: string
  readonly channel: CodeChannel
  /** The device as it will be, where the code is to make it a trusted one. */
  readonly draft: DeviceDraft | undefined
  readonly beganAt: Instant
  readonly sends: number
  readonly lastSentAt: Instant
  /** What the newest code is checked against. */
  readonly verifier: string
  readonly checks: number
  readonly lastCheckAt: Instant | undefined
  /** Who asked, as the device shows it. */
  readonly from: Origin
  /** Whether the owner was told of a wrong code in this request. */
  readonly told: boolean
  /** What a device that fetches its notifications is shown: opaque here, made outside. Gone once it is answered. */
  readonly notification: string | undefined
}

/** Where a code goes. */
export type Delivery =
  | { readonly channel: 'sms'; readonly number: E164 }
  | { readonly channel: 'notification'; readonly device: string; readonly address: string }

/** What a code's verifier is made for: purpose, channel, account, device, and the resource that asks. */
export const codeBinding = (
  account: string,
  slot: Slot,
  to: { readonly id: string; readonly kind: TrustedDevice['kind'] },
) => ['account-code', slot.purpose, channelOf(to.kind), account, to.id, slot.side, slot.of].join('/')

export const channelOf = (kind: TrustedDevice['kind']): CodeChannel => (kind === 'number' ? 'sms' : 'notification')

/** A number that is to be proved gets an ownership code; everything else a device code. */
export const codePolicy = (purpose: Purpose, kind: TrustedDevice['kind'], limits: Limits): CodePolicy =>
  kind === 'number' && (purpose === 'enrol' || purpose === 'add-device')
    ? limits.ownershipCode
    : limits.account.deviceCode

export type SendCode = Slot & {
  /** A trusted device, or one that is to become one. */
  readonly to: TrustedDevice | DeviceDraft
  readonly verifier: string
  readonly from: Origin
}

export type SendCodeEnding =
  | ({ readonly kind: 'sent'; readonly delivery: Delivery; readonly expires: Instant } & Change)
  /** Too many codes, or too soon, or the checks of this request are spent. Nothing was sent and nothing was counted. */
  | { readonly kind: 'too_many_codes'; readonly retryAt: Instant }
  /** Too many wrong codes from this side: the device is off until another pair of proofs. */
  | { readonly kind: 'device_off' }

/** Sends a code (its verifier is made already), if this request, this side and this device may have one now. */
export function sendCode(account: Account, send: SendCode, now: Instant, limits: Limits): SendCodeEnding {
  const { to, verifier, from, ...slot } = send
  const device = 'addedAt' in to ? to : undefined
  if (device !== undefined && isOff(device, slot.side, limits)) return { kind: 'device_off' }
  const before = running(account, slot, now, limits)
  const counted = countSend(account, to, slot.side, now, limits)
  const requestOpens = before === undefined ? now : nextSend(before, limits)
  if (counted.kind === 'full' || requestOpens > now) {
    return { kind: 'too_many_codes', retryAt: later(requestOpens, counted.kind === 'full' ? counted.until : now) }
  }
  const challenge: Challenge = {
    ...slot,
    device: to.id,
    channel: channelOf(to.kind),
    draft: device === undefined ? withoutState(to) : undefined,
    beganAt: before?.beganAt ?? now,
    sends: (before?.sends ?? 0) + 1,
    lastSentAt: now,
    verifier,
    checks: before?.checks ?? 0,
    lastCheckAt: before?.lastCheckAt,
    from,
    told: before?.told ?? false,
    notification: undefined,
  }
  const { purpose, side } = slot
  const others = counted.next.challenges.filter(each => !isSame(each, slot))
  return {
    kind: 'sent',
    delivery: deliveryOf(to),
    expires: ends(challenge, limits),
    ...quietly(
      { ...counted.next, challenges: [...others, challenge] },
      { kind: 'code.sent', purpose, side, device: to.id, from },
    ),
  }
}

export type CheckCodeEnding =
  /** Spent: store `next`, then compare with `verifier`, then settle. `binding`: what the verifier was made for. */
  | ({ readonly kind: 'look'; readonly verifier: string; readonly binding: string } & Change)
  /** There is no code to compare with. Shown exactly as a wrong one. */
  | { readonly kind: 'no_code' }
  | { readonly kind: 'too_soon'; readonly retryAt: Instant }
  /** All checks of the request are spent; a new request can begin at `retryAt`. */
  | { readonly kind: 'checks_spent'; readonly retryAt: Instant }
  | { readonly kind: 'device_off' }

/** Spends one check of the running request, and one failure of the device until the code proves right. */
export function spendCodeCheck(account: Account, slot: Slot, now: Instant, limits: Limits): CheckCodeEnding {
  const challenge = running(account, slot, now, limits)
  if (challenge === undefined || challenge.of !== slot.of) return { kind: 'no_code' }
  const device = deviceOf(account, challenge.device)
  if (challenge.draft === undefined && device === undefined) return { kind: 'no_code' }
  if (device !== undefined && isOff(device, slot.side, limits)) return { kind: 'device_off' }
  if (challenge.checks >= checksOf(challenge, limits)) {
    return { kind: 'checks_spent', retryAt: ends(challenge, limits) }
  }
  const opens = nextCheck(challenge, limits)
  if (opens > now) return { kind: 'too_soon', retryAt: opens }
  const counted = device === undefined ? account : withDevice(account, failed(device, slot.side))
  const { purpose, side } = slot
  return {
    kind: 'look',
    verifier: challenge.verifier,
    binding: codeBinding(account.id, challenge, { id: challenge.device, kind: kindOf(challenge) }),
    ...quietly(withChallenge(counted, { ...challenge, checks: challenge.checks + 1, lastCheckAt: now }), {
      kind: 'code.guess_spent',
      purpose,
      side,
      device: challenge.device,
    }),
  }
}

export type RightCode = Change & { readonly challenge: Challenge }

/**
 * The code was right, if that very one is still the newest and alive: it is used up, and the device's failures from this
 * side are forgiven. `undefined` when it was replaced, used or ran out in between: then it was not right after all.
 */
export function codeRight(
  account: Account,
  right: Slot & { readonly verifier: string },
  now: Instant,
  limits: Limits,
): RightCode | undefined {
  const challenge = running(account, right, now, limits)
  if (challenge?.verifier !== right.verifier || challenge.of !== right.of) return undefined
  const device = deviceOf(account, challenge.device)
  if (challenge.draft === undefined && device === undefined) return undefined
  const { purpose, side } = challenge
  const used = { ...account, challenges: account.challenges.filter(each => each !== challenge) }
  const next =
    device === undefined
      ? used
      : withDevice(used, { ...device, lastUsedAt: now, failures: { ...device.failures, [side]: 0 } })
  return { ...quietly(next, { kind: 'code.right', purpose, side, device: challenge.device }), challenge }
}

/** The code was wrong; its check was paid for already. Who had a right first proof is told of once a request. */
export function codeWasWrong(account: Account, slot: Slot, now: Instant, limits: Limits): Change {
  const challenge = account.challenges.find(each => isSame(each, slot) && each.of === slot.of)
  if (challenge === undefined) return quietly(account)
  const { purpose, side } = slot
  const device = deviceOf(account, challenge.device)
  const wrong: Change = quietly(account, { kind: 'code.wrong', purpose, side, device: challenge.device })
  const notices: Notice[] = []
  const about = device?.name ?? ''
  const { from } = challenge
  const guards = purpose === 'sign-in' || purpose === 'reset-password' || purpose === 'step-up'
  const tells = guards && !challenge.told
  if (tells) notices.push(tell(account, 'second_step_failed', now, { from, about }))
  const off = device !== undefined && device.failures[side] === limits.account.failuresInARow
  if (off) notices.push(tell(account, 'device_off', now, { from, about }))
  return {
    next: tells ? withChallenge(account, { ...challenge, told: true }) : account,
    events: off ? [...wrong.events, { kind: 'device.off', device: challenge.device, side }] : wrong.events,
    notices,
  }
}

/** The open challenge of a slot's purpose and side, whoever of that side asked for it. */
export function running(account: Account, slot: Slot, now: Instant, limits: Limits): Challenge | undefined {
  const challenge = account.challenges.find(each => isSame(each, slot))
  return challenge !== undefined && runs(challenge, now, limits) ? challenge : undefined
}

/** What is left of a code that is out, for whoever is to type it. */
export type CodeLeft = {
  readonly challenge: Challenge
  /** Checks. */
  readonly left: number
  /** When the next check may be made. */
  readonly opensAt: Instant
  readonly ends: Instant
}

/** The code that is out for a sign-in, session or reset; `undefined` when none of its own is. */
export function codeLeft(account: Account, slot: Slot, now: Instant, limits: Limits): CodeLeft | undefined {
  const challenge = running(account, slot, now, limits)
  if (challenge === undefined || challenge.of !== slot.of) return undefined
  const left = Math.max(0, checksOf(challenge, limits) - challenge.checks)
  return { challenge, left, opensAt: later(now, nextCheck(challenge, limits)), ends: ends(challenge, limits) }
}

/** Whether the newest code of a request lives. Until then, what was sent and checked in it counts. */
export const runs = (challenge: Challenge, now: Instant, limits: Limits): boolean => now < ends(challenge, limits)

const isSame = (one: Slot, other: Slot): boolean => one.purpose === other.purpose && one.side === other.side

export const withChallenge = (account: Account, challenge: Challenge): Account => ({
  ...account,
  challenges: account.challenges.map(each => (isSame(each, challenge) ? challenge : each)),
})

/** The account without codes that a sign-in, a session or a reset asked for. */
export const withoutCodesOf = (account: Account, of: string): Account => ({
  ...account,
  challenges: account.challenges.filter(each => each.of !== of),
})

// ——— how often, and how long

const kindOf = (challenge: Challenge): TrustedDevice['kind'] => (challenge.channel === 'sms' ? 'number' : 'device')
const policyOf = (challenge: Challenge, limits: Limits): CodePolicy =>
  codePolicy(challenge.purpose, kindOf(challenge), limits)

/** How many checks one request carries. */
const checksOf = (challenge: Challenge, limits: Limits): number => policyOf(challenge, limits).checkWaits.length + 1

/** When the newest code of a request runs out. */
export const ends = (challenge: Challenge, limits: Limits): Instant =>
  after(challenge.lastSentAt, policyOf(challenge, limits).life)

function nextSend(challenge: Challenge, limits: Limits): Instant {
  if (challenge.checks >= checksOf(challenge, limits)) return ends(challenge, limits)
  const at = policyOf(challenge, limits).sendsAt[challenge.sends]
  return at === undefined ? ends(challenge, limits) : after(challenge.beganAt, at)
}

function nextCheck(challenge: Challenge, limits: Limits): Instant {
  if (challenge.lastCheckAt === undefined) return challenge.beganAt
  const wait = policyOf(challenge, limits).checkWaits[challenge.checks - 1]
  // A request may have changed from a kind of code with more checks: what is spent stays spent, and nothing is waited for.
  return wait === undefined ? challenge.lastCheckAt : after(challenge.lastCheckAt, wait)
}

type Counted = { readonly kind: 'counted'; readonly next: Account } | { readonly kind: 'full'; readonly until: Instant }

function countSend(
  account: Account,
  to: TrustedDevice | DeviceDraft,
  side: Side,
  now: Instant,
  limits: Limits,
): Counted {
  const { perNumber } = limits.ownershipCode
  if (to.kind === 'device') {
    const taken = take(account.notified[side], now, limits.account.notifications)
    if (taken.kind === 'full') return taken
    return { kind: 'counted', next: { ...account, notified: { ...account.notified, [side]: taken.next } } }
  }
  if ('addedAt' in to) {
    const taken = take(to.sends[side], now, perNumber)
    if (taken.kind === 'full') return taken
    return { kind: 'counted', next: withDevice(account, { ...to, sends: { ...to.sends, [side]: taken.next } }) }
  }
  const live = account.newNumbers.filter(each => each.sends.some(at => now < after(at, perNumber.span)))
  const old = live.find(each => each.number === to.number)
  if (old === undefined && live.length >= limits.account.newNumbers) {
    const soonest = Math.min(...live.map(each => opensLast(each.sends, perNumber.span)))
    return { kind: 'full', until: later(now, soonest as Instant) }
  }
  const taken = take(old?.sends ?? [], now, perNumber)
  if (taken.kind === 'full') return { kind: 'full', until: opensAt(old?.sends ?? [], now, perNumber) }
  const entry = { number: to.number, sends: taken.next }
  return { kind: 'counted', next: { ...account, newNumbers: [...live.filter(each => each !== old), entry] } }
}

function opensLast(sends: readonly Instant[], span: number): Instant {
  const last = sends.at(-1)
  assert(last !== undefined, 'a number is remembered for a code that was sent to it')
  return after(last, span)
}

const failed = (device: TrustedDevice, side: Side): TrustedDevice => ({
  ...device,
  failures: { ...device.failures, [side]: device.failures[side] + 1 },
})

const withoutState = ({ id, name, model, ...rest }: DeviceDraft): DeviceDraft => ({ id, name, model, ...rest })

function deliveryOf(to: TrustedDevice | DeviceDraft): Delivery {
  if (to.kind === 'number') return { channel: 'sms', number: to.number }
  return { channel: 'notification', device: to.id, address: to.address }
}
