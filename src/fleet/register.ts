// Registers a number, or proves that its PIN is in force: the same call, which costs one of ten in 72 hours whether it is
// accepted or refused. So it is counted and written down before it is sent, sent once, and never sent on a guess.
//
//     look ──▶ a PIN? ──▶ a registration left? ──▶ write both down ──▶ send, once ──▶ write down what came of it
//      │          │                 │
//      └──────────┴─────────────────┴──▶ nothing is sent: what stands in the way is written down
//
// A look that fails sends nothing: a number that is registered must not be registered anew because nobody could see it.

import { settlePin } from './change-pin.ts'
import type { Need } from './needs.ts'
import { newPin } from './new-pin.ts'
import { countRegistration, type FleetNumber, reserve, withPin } from './number.ts'
import { begin, type ChangingPin, contradicted, type KeptPin, proved } from './pin-state.ts'
import type { Look } from './wire.ts'
import { already, type Ending, type Fleet, look, stop, stopAt, stopFor } from './work.ts'

/** Registers a number that is not registered. With no PIN known and none set, a new one becomes its PIN. */
export async function registerNumber(fleet: Fleet, id: string): Promise<Ending> {
  const unsettled = await settleFirst(fleet, id)
  if (unsettled !== undefined) return unsettled
  const number = fleet.vault.number(id)
  const seen = await look(fleet, number)
  if (seen.kind !== 'seen') return stopAt(fleet, number, seen)
  if (seen.look.standing === 'registered') return isThere(fleet, seen.number)
  const barred = barrier(fleet, seen.number, seen.look)
  if (barred !== undefined) return barred
  return sendOnce(fleet, seen.number, 0, 'registered')
}

/**
 * Proves the PIN of a registered number by registering it once more. A number that is not registered is left so: whoever
 * took it offline would find it online. Leaves some registrations for whoever needs one.
 */
export async function provePin(fleet: Fleet, id: string): Promise<Ending> {
  const unsettled = await settleFirst(fleet, id)
  if (unsettled !== undefined) return unsettled
  const number = fleet.vault.number(id)
  if (number.pin.kind === 'unknown') return stopFor(fleet, number, 'pin_unknown')
  const seen = await look(fleet, number)
  if (seen.kind !== 'seen') return stopAt(fleet, number, seen)
  if (seen.look.standing === 'offline') return stopFor(fleet, seen.number, 'not_registered')
  const barred = barrier(fleet, seen.number, seen.look)
  if (barred !== undefined) return barred
  return sendOnce(fleet, seen.number, reserve, 'proved')
}

/**
 * A change that was interrupted is settled without a registration, where the server sets PINs of numbers that are not
 * registered; where it does not, the registration itself will.
 */
async function settleFirst(fleet: Fleet, id: string): Promise<Ending | undefined> {
  if (fleet.vault.number(id).pin.kind !== 'changing') return undefined
  const ending = await settlePin(fleet, id)
  return ending.kind === 'needs' && ending.need.kind !== 'not_registered' ? ending : undefined
}

/** It is registered: nothing is sent. What is said of it besides (its PIN may be somebody else's) stays. */
function isThere(fleet: Fleet, number: FleetNumber): Ending {
  const { need } = number
  const still = need?.kind === 'pin_elsewhere' || need?.kind === 'pin_unknown'
  const seen = still ? number : { ...number, need: undefined }
  const known = fleet.vault.number(number.id)
  if (seen.number !== known.number || seen.need !== known.need) fleet.vault.save(seen)
  return already
}

/** Why no registration may be sent for this number, whatever is left of its budget. */
function barrier(
  fleet: Fleet,
  number: FleetNumber,
  { standing, isOnPhone, isUnproved, hasPin }: Look,
): Ending | undefined {
  if (standing === 'unclear') return stopFor(fleet, number, 'unclear')
  if (isOnPhone) return stopFor(fleet, number, 'on_phone')
  if (isUnproved) return stopFor(fleet, number, 'not_proved')
  if (number.pin.kind === 'contradicted') return stopFor(fleet, number, 'pin_elsewhere')
  // It must be certain that there is no PIN: another guess at somebody else's costs a registration and a try.
  if (number.pin.kind === 'unknown' && hasPin !== false) return stopFor(fleet, number, 'pin_unknown')
  return undefined
}

async function sendOnce(
  fleet: Fleet,
  number: FleetNumber,
  leaves: number,
  kind: 'registered' | 'proved',
): Promise<Ending> {
  const { vault, wire, time, dice } = fleet
  const now = time.now()
  const counted = countRegistration(number, now, leaves)
  if (counted.kind === 'not_before') return stop(fleet, number, counted.need)
  const { pin: known } = number
  const pin = known.kind === 'kept' || known.kind === 'changing' ? known : begin(known, newPin(dice, number), now)
  const written = withPin(counted.next, pin, now)
  vault.save(written)
  const answer = await wire.register(written, pin.kind === 'kept' ? pin.pin : pin.to)
  const then = time.now()
  if (answer.kind === 'done') {
    vault.save({ ...withPin(written, proved(pin, then), then), need: undefined })
    return { kind }
  }
  if (answer.kind === 'unanswered') {
    const need = pin.kind === 'changing' ? ({ ...answer.need, kind: 'unanswered' } as const) : answer.need
    return stop(fleet, written, need, answer.reached)
  }
  return refused(fleet, written, pin, { need: answer.need, isFirst: known.kind !== 'changing' })
}

/** The registration was refused for certain. `isFirst`: this PIN had never been sent before. */
function refused(
  fleet: Fleet,
  number: FleetNumber,
  pin: KeptPin | ChangingPin,
  { need, isFirst }: { readonly need: Need; readonly isFirst: boolean },
): Ending {
  const { at } = need
  const mismatch = need.kind === 'pin_elsewhere'
  if (pin.kind === 'kept') {
    return stop(fleet, mismatch ? withPin(number, contradicted(pin, at), at) : blockedBy(number, need), need)
  }
  // Of a PIN that was sent before, only this refusal tells that it is not in force.
  if (!isFirst && !mismatch) return stop(fleet, blockedBy(number, need), need)
  const left = blockedBy(withPin(number, pin.before, at), need)
  if (!mismatch) return stop(fleet, left, need)
  return stop(fleet, left, { ...need, kind: pin.before.kind === 'kept' ? 'not_registered' : 'pin_unknown' })
}

/** What the server says of the time until the next registration outlives whatever else is learned of the number. */
const blockedBy = (number: FleetNumber, need: Need): FleetNumber =>
  need.until === undefined ? number : { ...number, blocked: need }
