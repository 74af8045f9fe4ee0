// What this door shows of a registration and its lock: what a client needs next, and nothing of others.

import type { RecoverySeen, TwoStepSeen } from '#actions/look-at-two-step.ts'
import type { Webhook } from '#core/application/webhook.ts'
import { webhookState } from '#core/application/webhook-standing.ts'
import { type Instant, later, secondsUntil } from '#core/kernel/instant.ts'
import { codeStatus } from '#core/registration-lock/ownership-code.ts'
import { type Claim, type ClaimId, type PhoneNumber, theClaim } from '#core/registration-lock/phone-number.ts'
import type { Limits } from '#core/throttle/limits.ts'
import { lockMembers } from './problems.ts'

type Shown = Readonly<Record<string, unknown>>

/** How often a client may well ask whether the link was confirmed. */
export const minPollSeconds = 5

const moment = (at: Instant): string => new Date(at).toISOString()

type State = 'not_proved' | 'proved' | 'registered' | 'ended'

const stateOf = (number: PhoneNumber, { id, proof }: Claim): State => {
  if (number.holder?.claim === id) return 'registered'
  return proof.kind === 'none' ? 'not_proved' : proof.kind
}

/**
 * A registration. Whether there is a lock is not in it: that is met by completing, which tells the holder, or seen by who
 * holds the number.
 */
export function registrationView(number: PhoneNumber, id: ClaimId, clock: Instant, limits: Limits): Shown {
  const now = later(clock, number.seen)
  const claim = theClaim(number, id)
  const state = stateOf(number, claim)
  const waitsForCode = state === 'not_proved' || state === 'ended'
  const code = waitsForCode ? codeView(number, id, now, limits) : null
  const codeNext = code?.expires_in_s == null || code.checks_left === 0 ? 'send_code' : 'check_code'
  return {
    id,
    number: number.number,
    state,
    next: waitsForCode ? codeNext : state === 'proved' ? 'complete' : 'none',
    created_at: moment(claim.addedAt),
    code,
    registered_at: state === 'registered' && number.holder !== undefined ? moment(number.holder.since) : null,
    account_id: state === 'registered' ? (number.account ?? null) : null,
  }
}

function codeView(number: PhoneNumber, id: ClaimId, now: Instant, limits: Limits) {
  const { out, sendOpensAt } = codeStatus(number, id, now, limits)
  return {
    expires_in_s: out === undefined ? null : secondsUntil(out.expires, now),
    checks_left: out?.checksLeft ?? 0,
    check_wait_s: out === undefined ? 0 : secondsUntil(out.checkOpensAt, now),
    send_wait_s: secondsUntil(sendOpensAt, now),
  }
}

type Off = Extract<TwoStepSeen, { readonly kind: 'off' }>
type On = Extract<TwoStepSeen, { readonly kind: 'on' }>

export function twoStepView(seen: On | Off): Shown {
  if (seen.kind === 'off') {
    return { enabled: false, set_at: null, recovery_email: null, guesses_left: null, guess_wait_s: null }
  }
  const { guesses_left, guess_wait_s } = lockMembers(seen.notice, seen.now)
  const { setAt, recoveryEmail } = seen
  return { enabled: true, set_at: moment(setAt), recovery_email: recoveryEmail ?? null, guesses_left, guess_wait_s }
}

export const reminderView = ({ due, at, now }: { due: boolean; at: Instant; now: Instant }): Shown => ({
  due,
  due_in_s: secondsUntil(at, now),
  due_at: moment(at),
})

export function contestView(seen: On | Off): Shown {
  if (seen.kind === 'off' || seen.contestedSince === undefined) {
    return { contested: false, since: null, wipe_wait_s: null, delete_wait_s: null }
  }
  const { wipe_wait_s, delete_wait_s } = lockMembers(seen.notice, seen.now)
  return { contested: true, since: moment(seen.contestedSince), wipe_wait_s, delete_wait_s }
}

export function recoveryView(seen: Exclude<RecoverySeen, { readonly kind: 'not_proved' }>): Shown {
  const min_poll_s = minPollSeconds
  switch (seen.kind) {
    case 'mailed':
      return { state: 'mailed', expires_in_s: secondsUntil(seen.expires, seen.now), min_poll_s, next: 'poll' }
    case 'lock_removed':
      return { state: 'lock_removed', expires_in_s: null, min_poll_s, next: 'complete' }
    case 'none':
      return { state: 'none', expires_in_s: null, min_poll_s, next: 'request' }
  }
}

export const useView = ({ counted, lastUse }: { counted: boolean; lastUse: Instant }): Shown => ({
  counted,
  last_use: moment(lastUse),
})

export const webhookView = (webhook: Webhook, now: Instant, secret?: string): Shown => ({
  url: webhook.url,
  created_at: moment(webhook.createdAt),
  ...standingView(webhook, now),
  ...(secret === undefined ? {} : { signing_secret: secret }),
})

function standingView(webhook: Webhook, now: Instant): Shown {
  const { lastSuccess, failing } = webhook.standing ?? {}
  return {
    state: webhookState(webhook, now),
    last_success_at: lastSuccess === undefined ? null : moment(lastSuccess),
    failing_since: failing === undefined ? null : moment(failing.since),
    last_failure_at: failing === undefined ? null : moment(failing.last),
    last_failure: failing?.fault ?? null,
    last_failure_status: failing?.status ?? null,
  }
}
