// A guess at a PIN, as every verb that asks for one makes it: charged in a commit of its own, then looked at.
//
//     charge ──commit──▶ look, on the thread pool ──▶ the verb settles ──commit──▶
//
// The place in the hashing queue is looked for before anything is charged, so an overloaded server costs nobody a guess.

import type { Instant, Milliseconds } from '#core/kernel/instant.ts'
import type { PinUse } from '#core/registration-lock/change.ts'
import { type LockNotice, type LockSet, lockNotice, spendPinGuess } from '#core/registration-lock/lock.ts'
import type { ClaimId, PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { Secret } from '#secrets/secret.ts'
import type { HashingPlace } from './hashing-place.ts'
import type { NumberStep } from './number.ts'
import type { Overloaded, World } from './world.ts'

/** Why a PIN is not looked at. Nothing was charged. */
export type GuessRefusal =
  | { readonly kind: 'pin_closed'; readonly notice: LockNotice; readonly now: Instant }
  | {
      readonly kind: 'guess_too_soon'
      readonly retryAt: Instant
      /** How long the wait is in all. */
      readonly wait: Milliseconds
      readonly notice: LockNotice
      readonly now: Instant
    }
  | Overloaded

/** The guess is charged with this commit: look at the PIN after it. */
export type Charged = { readonly kind: 'look'; readonly verifier: string }

/** Charges a guess at `lock`, the number's own, if one may be made now and hashing has room for it. */
export function chargeGuess(
  number: PhoneNumber,
  lock: LockSet,
  guess: { readonly claim: ClaimId; readonly for: PinUse },
  place: HashingPlace,
  now: Instant,
  limits: Limits,
): NumberStep<Charged | GuessRefusal> {
  const spent = spendPinGuess(number, lock, guess, now, limits)
  if (spent.kind === 'look') {
    const busy = place.missing()
    return busy === undefined ? { ending: { kind: 'look', verifier: spent.verifier }, change: spent } : { ending: busy }
  }
  const notice = lockNotice(number, lock, guess.claim, now, limits)
  if (spent.kind === 'closed') return { ending: { kind: 'pin_closed', notice, now } }
  return { ending: { kind: 'guess_too_soon', retryAt: spent.until, wait: spent.wait, notice, now } }
}

/** What was found: whether it is the PIN, and its verifier made anew where the old one is of another key or cost. */
export type Looked = { readonly right: boolean; readonly remade: string | undefined }

/** Compares a PIN for which a guess was charged. `owner`: the number's subject id, which its verifier is bound to. */
export const lookAtPin = (
  { secrets }: World,
  place: HashingPlace,
  { owner, verifier, pin }: { readonly owner: string; readonly verifier: string; readonly pin: Secret },
): Promise<Looked> =>
  place.run(async () => {
    const right = await secrets.checkPin(verifier, owner, pin)
    const old = right && secrets.pinVerifierIsOld(verifier)
    return { right, remade: old ? await secrets.makePinVerifier(pin, owner) : undefined }
  })
