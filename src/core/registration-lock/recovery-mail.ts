// The recovery e-mail: an address the holder may leave, and a link sent there that takes a forgotten PIN off.
//
//   no address ── give (twice) ──▶ given ── confirmed by its own mail ──▶ confirmed
//                                    │  profile `strict` sends links to confirmed addresses only
//                                    ▼
//   mail asked by someone who proved the number ──▶ link out (24 h, once, bound to this lock)
//                                                      │ CONFIRM, by POST, with the link's secret
//                                                      ▼
//                                                   PIN removed; nobody is signed in
//
// Nobody without the number can make a mail go out. Opening the link changes nothing: mail scanners open links.
//
// A business turns its PIN off by a link of its own, mailed to the address of the business at the wish of one of its
// people. It lives as long and works once too, and it dies when the number gets another PIN or another keeper.

import { after, type Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import { take, type Window } from '../throttle/moving-window.ts'
import { type Change, type Notice, quietly } from './change.ts'
import type { Door } from './doors.ts'
import { type LockSet, removePin } from './lock.ts'
import { type ClaimId, hasProved, isKeeper, type PhoneNumber } from './phone-number.ts'

export type RecoveryEmail = {
  readonly address: string
  readonly confirmed: boolean
  /** What a confirmation link's secret is checked against, while one is out. */
  readonly confirmation: MailedLink | undefined
  /** When it was told that the PIN was changed. */
  readonly changesTold?: Window
}

/** A link that was mailed: its secret's verifier and when it dies. */
export type MailedLink = { readonly verifier: string; readonly expires: Instant }

/**
 * The removal link that is out for a lock, and how many were mailed. Those of a business count apart: whoever read a code
 * could use up the mails that the keeper may need.
 */
export type RecoveryLinks = {
  readonly out: MailedLink | undefined
  readonly mailed: Window
  readonly turnOff?: { readonly out: TurnOffLink | undefined; readonly mailed: Window }
}

/** A turn-off link, with the claim of the business that it was mailed to. */
export type TurnOffLink = MailedLink & { readonly claim: ClaimId }

export const noLinks: RecoveryLinks = { out: undefined, mailed: [] }

export type RecoveryMailEnding =
  | ({ readonly kind: 'mailed'; readonly address: string; readonly expires: Instant } & Change)
  | { readonly kind: 'not_proved' }
  | { readonly kind: 'no_lock' }
  /** There is no address that a link may go to: only time and the PIN are left. */
  | { readonly kind: 'no_address' }
  | { readonly kind: 'too_many_mails'; readonly retryAt: Instant }

/** Mails a removal link at the wish of a claim that proved the number. A new link replaces the old one. */
export function mailRecoveryLink(
  number: PhoneNumber,
  mail: { readonly claim: ClaimId; readonly verifier: string },
  now: Instant,
  limits: Limits,
): RecoveryMailEnding {
  if (!hasProved(number, mail.claim)) return { kind: 'not_proved' }
  const lock = number.lock
  if (lock.kind === 'none') return { kind: 'no_lock' }
  const address = reachableAddress(lock, limits)
  if (address === undefined) return { kind: 'no_address' }
  const mailed = take(lock.recoveryLinks.mailed, now, limits.recoveryLink.perLock)
  if (mailed.kind === 'full') return { kind: 'too_many_mails', retryAt: mailed.until }
  const expires = after(now, limits.recoveryLink.life)
  const recoveryLinks = { ...lock.recoveryLinks, out: { verifier: mail.verifier, expires }, mailed: mailed.next }
  return {
    kind: 'mailed',
    address,
    expires,
    ...quietly({ ...number, lock: { ...lock, recoveryLinks } }, { kind: 'recovery.mail_sent', claim: mail.claim }),
  }
}

/** The removal link that can still be confirmed. A link belongs to one lock: a new PIN takes it away. */
export function openRecoveryLink(number: PhoneNumber, now: Instant): MailedLink | undefined {
  const out = number.lock.kind === 'set' ? number.lock.recoveryLinks.out : undefined
  return out !== undefined && now < out.expires ? out : undefined
}

/** The holder of the mailbox confirmed: the PIN goes. `undefined` when that link is no longer out. */
export function confirmRecoveryLink(number: PhoneNumber, verifier: string, now: Instant): Change | undefined {
  if (openRecoveryLink(number, now)?.verifier !== verifier) return undefined
  return removePin(number, { by: undefined, door: 'mail' }, now)
}

/** The links of a lock that got another PIN or another address: none is out, and the mails that went out still count. */
export function withoutLinksOut(links: RecoveryLinks): RecoveryLinks {
  const turnOff = links.turnOff === undefined ? {} : { turnOff: { ...links.turnOff, out: undefined } }
  return { ...links, ...turnOff, out: undefined }
}

// ——— turning off, by a business

export type TurnOffMailEnding =
  | ({ readonly kind: 'mailed'; readonly expires: Instant } & Change)
  | { readonly kind: 'not_keeper' }
  | { readonly kind: 'no_lock' }
  | { readonly kind: 'too_many_mails'; readonly retryAt: Instant }

/** Mails a turn-off link to the business whose claim keeps the PIN. A new link replaces the old one. */
export function mailTurnOffLink(
  number: PhoneNumber,
  mail: { readonly claim: ClaimId; readonly verifier: string },
  now: Instant,
  limits: Limits,
): TurnOffMailEnding {
  const lock = number.lock
  if (lock.kind === 'none') return { kind: hasProved(number, mail.claim) ? 'no_lock' : 'not_keeper' }
  if (!isKeeper(number, mail.claim)) return { kind: 'not_keeper' }
  const mailed = take(lock.recoveryLinks.turnOff?.mailed ?? [], now, limits.recoveryLink.perLock)
  if (mailed.kind === 'full') return { kind: 'too_many_mails', retryAt: mailed.until }
  const expires = after(now, limits.recoveryLink.life)
  const turnOff = { out: { verifier: mail.verifier, expires, claim: mail.claim }, mailed: mailed.next }
  const recoveryLinks = { ...lock.recoveryLinks, turnOff }
  return {
    kind: 'mailed',
    expires,
    ...quietly({ ...number, lock: { ...lock, recoveryLinks } }, { kind: 'turn_off.mail_sent', claim: mail.claim }),
  }
}

/** The turn-off link that can still be confirmed: by the keeper it was mailed to, for the PIN it was mailed for. */
export function openTurnOffLink(number: PhoneNumber, now: Instant): TurnOffLink | undefined {
  const out = number.lock.kind === 'set' ? number.lock.recoveryLinks.turnOff?.out : undefined
  return out !== undefined && now < out.expires && isKeeper(number, out.claim) ? out : undefined
}

/** The business confirmed: the PIN goes. `undefined` when that link is no longer out. */
export function confirmTurnOffLink(number: PhoneNumber, verifier: string, now: Instant): Change | undefined {
  const out = openTurnOffLink(number, now)
  if (out?.verifier !== verifier) return undefined
  return removePin(number, { by: out.claim, door: 'mail' }, now)
}

// ——— the address

/**
 * Takes one of the recovery addresses that may be given for a number: each is mailed something, to confirm itself or when it
 * counts no more, and whoever may name any address must not flood a stranger's mailbox.
 */
export function countAddress(
  number: PhoneNumber,
  now: Instant,
  limits: Limits,
):
  | { readonly kind: 'counted'; readonly next: PhoneNumber }
  | { readonly kind: 'too_many_mails'; readonly retryAt: Instant } {
  const taken = take(number.addressesGiven ?? [], now, limits.addressesGiven)
  if (taken.kind === 'full') return { kind: 'too_many_mails', retryAt: taken.until }
  return { kind: 'counted', next: { ...number, addressesGiven: taken.next } }
}

/**
 * Leaves, changes or takes away the recovery address. The old address is told. The same address given again changes
 * nothing, unless it still waits for its confirmation: then a new confirmation replaces the one that was lost.
 */
export function giveRecoveryAddress(
  number: PhoneNumber,
  give: {
    readonly claim: ClaimId
    readonly address: string | undefined
    readonly confirmation: string | undefined
    readonly door: Door
  },
  now: Instant,
  limits: Limits,
): Change | undefined {
  const lock = number.lock
  if (lock.kind === 'none') return undefined
  const old = lock.recoveryEmail?.address
  if (old === give.address) {
    const email = lock.recoveryEmail
    if (email === undefined || email.confirmed || give.confirmation === undefined) return quietly(number)
    const confirmation = { verifier: give.confirmation, expires: after(now, limits.recoveryLink.life) }
    return quietly({ ...number, lock: { ...lock, recoveryEmail: { ...email, confirmation } } })
  }
  const recoveryEmail: RecoveryEmail | undefined =
    give.address === undefined
      ? undefined
      : {
          address: give.address,
          confirmed: false,
          confirmation:
            give.confirmation === undefined
              ? undefined
              : { verifier: give.confirmation, expires: after(now, limits.recoveryLink.life) },
        }
  const told: Notice[] =
    old === undefined
      ? []
      : [{ kind: 'recovery_address_changed', to: { kind: 'recovery_email', address: old }, door: give.door, at: now }]
  return {
    // A link that is out went to the old address, so it dies with it.
    next: { ...number, lock: { ...lock, recoveryEmail, recoveryLinks: { ...lock.recoveryLinks, out: undefined } } },
    events: [{ kind: 'recovery.address_changed', claim: give.claim }],
    notices: told,
  }
}

/** The confirmation of an address that is still out. */
export function openConfirmation(number: PhoneNumber, now: Instant): MailedLink | undefined {
  const out = number.lock.kind === 'set' ? number.lock.recoveryEmail?.confirmation : undefined
  return out !== undefined && now < out.expires ? out : undefined
}

/** The holder of the mailbox confirmed the address. `undefined` when that confirmation is no longer out. */
export function confirmRecoveryAddress(number: PhoneNumber, verifier: string, now: Instant): Change | undefined {
  const lock = number.lock
  const email = lock.kind === 'set' ? lock.recoveryEmail : undefined
  if (lock.kind === 'none' || email === undefined) return undefined
  if (openConfirmation(number, now)?.verifier !== verifier) return undefined
  return quietly(
    { ...number, lock: { ...lock, recoveryEmail: { ...email, confirmed: true, confirmation: undefined } } },
    { kind: 'recovery.address_confirmed' },
  )
}

/** The address a removal link may go to, if any. */
export function reachableAddress(lock: LockSet, limits: Limits): string | undefined {
  if (lock.recoveryEmail === undefined) return undefined
  if (limits.recoveryAddressMustBeConfirmed && !lock.recoveryEmail.confirmed) return undefined
  return lock.recoveryEmail.address
}
