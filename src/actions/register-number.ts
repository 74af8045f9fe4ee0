// Registers a number for a claim that has proved it, past the lock if there is one.
//
//     count the attempt · spend the guess ──commit──▶ look at the PIN ──▶ settle ──commit──▶
//
// A crash between the commits loses the guess and never grants one. Hashing happens between commits, and its place in
// the queue is taken before anything is spent.

import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Change } from '#core/registration-lock/change.ts'
import { doorRules } from '#core/registration-lock/doors.ts'
import type { LockNotice, WipeEffect } from '#core/registration-lock/lock.ts'
import type { ClaimId, PhoneNumber } from '#core/registration-lock/phone-number.ts'
import {
  type Approach,
  approach,
  countAttempt,
  guessedRight,
  guessedWrong,
  register,
} from '#core/registration-lock/registration.ts'
import type { Weakness } from '#core/registration-lock/weak-pins/weak-pins.ts'
import type { Secret } from '#secrets/secret.ts'
import { type HashingPlace, hashingPlace } from './hashing-place.ts'
import { both, changeNumber } from './number.ts'
import { type GuessRefusal, lookAtPin } from './pin-guess.ts'
import { watched } from './runner.ts'
import { newPin, type RefusedPin } from './set-pin.ts'
import { type Call, type Overloaded, settling, type World } from './world.ts'

export type RegisterNumber = {
  readonly number: string
  readonly claim: ClaimId
  readonly pin: Secret | undefined
  /** The most that a registration without the PIN may cost; left out, anything. */
  readonly accepts?: WipeEffect | undefined
}

type AttemptsSpent = { readonly kind: 'attempts_spent'; readonly retryAt: Instant; readonly now: Instant }

export type RegisterNumberEnding =
  | {
      readonly kind: 'registered'
      readonly weakness: Weakness | undefined
      /** What went because it was registered without the PIN. */
      readonly reset: WipeEffect
    }
  | { readonly kind: 'not_proved' }
  | AttemptsSpent
  | { readonly kind: 'deleted_recently'; readonly retryAt: Instant; readonly now: Instant }
  | { readonly kind: 'pin_needed'; readonly notice: LockNotice; readonly now: Instant }
  | { readonly kind: 'wrong_pin'; readonly notice: LockNotice | undefined; readonly now: Instant }
  | RefusedPin
  | GuessRefusal

/** One commit to be refused, two to be registered. */
export const registerNumber = (world: World, call: Call, command: RegisterNumber): Promise<RegisterNumberEnding> =>
  watched(world, 'register_number', async () => {
    using place = hashingPlace(world)
    return await meet(world, call, command, place, doorRules[call.door].countsRegistrations)
  })

/** What a guess was meant in, and which cannot be one (a list, a number of five digits): it costs an attempt all the same. */
export const countUnreadableRegistration = (
  world: World,
  call: Call,
  command: { readonly number: string; readonly claim: ClaimId },
): Promise<{ readonly kind: 'counted' | 'attempts_spent' }> =>
  watched(world, 'count_unreadable_registration', () =>
    changeNumber<{ readonly kind: 'counted' | 'attempts_spent' }>(world, call, command.number, (number, now) => {
      const attempt = countAttempt(number, command.claim, now, world.limits)
      return attempt.kind === 'counted' ? { ending: { kind: 'counted' }, change: attempt } : { ending: attempt }
    }),
  )

type Reached =
  | AttemptsSpent
  | Overloaded
  | { readonly kind: 'met'; readonly met: Approach; readonly now: Instant; readonly number: PhoneNumber['number'] }

async function meet(
  world: World,
  call: Call,
  command: RegisterNumber,
  place: HashingPlace,
  counts: boolean,
): Promise<RegisterNumberEnding> {
  const { limits } = world
  const { claim, pin, accepts } = command
  const reached = await changeNumber<Reached>(world, call, command.number, (number, now) => {
    const attempt = counts ? countAttempt(number, claim, now, limits) : undefined
    if (attempt?.kind === 'attempts_spent') return { ending: { ...attempt, now } }
    const counted = attempt?.next ?? number
    const given = pin === undefined ? 'missing' : 'given'
    const met = approach(counted, { claim, pin: given, door: call.door, accepts }, now, limits)
    const hashes = pin !== undefined && (met.kind === 'look' || met.kind === 'open' || met.kind === 'lapsed')
    const busy = hashes ? place.missing() : undefined
    if (busy !== undefined) return { ending: busy }
    const change = 'next' in met ? (attempt === undefined ? met : both(attempt, met)) : attempt
    return { ending: { kind: 'met', met, now, number: number.number }, change }
  })
  if (reached.kind !== 'met') return reached

  const { met, now } = reached
  switch (met.kind) {
    case 'not_proved':
      return met
    case 'deleted_recently':
      return { ...met, now }
    case 'pin_needed':
    case 'pin_closed':
      return { kind: met.kind, notice: met.notice, now }
    case 'guess_too_soon':
      return { ...met, now }
    case 'look':
      assert(pin !== undefined, 'only a PIN that was given is looked at')
      return look(world, call, { ...command, pin }, place, met.verifier)
    case 'open':
    case 'lapsed':
      return arrive(world, call, command, place, reached.number)
  }
}

async function look(
  world: World,
  call: Call,
  command: RegisterNumber & { readonly pin: Secret },
  place: HashingPlace,
  verifier: string,
): Promise<RegisterNumberEnding> {
  const { limits, secrets } = world
  world.watch.guess('pin', call.door, 'spent')
  const { right, remade } = await lookAtPin(world, place, { owner: command.number, verifier, pin: command.pin })
  const account = secrets.newHexId()
  const ending = await changeNumber<RegisterNumberEnding>(world, settling(call), command.number, (number, now) => {
    const { claim } = command
    const opened: Change | undefined = right
      ? guessedRight(number, { claim, verifier, door: call.door, account, remade }, now)
      : undefined
    if (opened !== undefined)
      return { ending: { kind: 'registered', weakness: undefined, reset: 'none' }, change: opened }
    const { change, notice } = guessedWrong(number, { claim, door: call.door }, now, limits)
    return { ending: { kind: 'wrong_pin', notice, now }, change }
  })
  world.watch.guess('pin', call.door, ending.kind === 'registered' ? 'right' : 'wrong')
  return ending
}

async function arrive(
  world: World,
  call: Call,
  command: RegisterNumber,
  place: HashingPlace,
  number: PhoneNumber['number'],
): Promise<RegisterNumberEnding> {
  const { secrets } = world
  const setsPin = command.pin !== undefined && doorRules[call.door].registeringSetsPin
  const pin = setsPin ? await newPin(world, call, { ...command, pin: command.pin, e164: number }, place) : undefined
  if (pin?.kind === 'weak_pin') return pin
  const { claim, accepts } = command
  const arrival = { claim, door: call.door, account: secrets.newHexId(), pin: pin?.made, accepts }
  const ending = await changeNumber<RegisterNumberEnding | undefined>(world, call, command.number, (number, now) => {
    const registered = register(number, arrival, now, world.limits)
    if (registered === undefined) return { ending: undefined }
    const reset = registered.events.find(event => event.kind === 'registration.reset')?.effect ?? 'none'
    return { ending: { kind: 'registered', weakness: pin?.weakness, reset }, change: registered }
  })
  if (ending !== undefined) return ending
  // Somebody locked the number or took it while the PIN was hashed: meet it again as it is now; the attempt is counted.
  return meet(world, call, command, place, false)
}
