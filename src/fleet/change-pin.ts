// Gives a number a new PIN, or goes on with a change that was interrupted.
//
//     look ──▶ draw ──▶ write it down ──▶ send it ──────────▶ write down that it is in force
//                            │              │  ▲ │
//                  a crash from here on     │  └─┘ no answer: the same PIN again, thrice at most
//                  is gone on with here ────┘
//                  by sending the same PIN
//
// See pin-state.ts for why this is certain, and costs none of the ten registrations.

import { type Milliseconds, minute, second } from '#core/kernel/instant.ts'
import { newPin } from './new-pin.ts'
import { type FleetNumber, withPin } from './number.ts'
import { answered, begin, type ChangingPin, refused } from './pin-state.ts'
import type { Answer } from './wire.ts'
import { type Ending, type Fleet, look, stop, stopAt, stopFor } from './work.ts'

const pauses: readonly Milliseconds[] = [second, 4 * second]
/** A server that asks for more is left alone until the next run. */
const longestPause: Milliseconds = 2 * minute

/**
 * Sets a new PIN. `takesOver`: also over one that somebody else set. A number whose change was interrupted is settled
 * instead: its PIN is new.
 */
export async function rotatePin(fleet: Fleet, id: string, takesOver: boolean): Promise<Ending> {
  const { vault, time, dice } = fleet
  const number = vault.number(id)
  const { pin } = number
  if (pin.kind === 'changing') return settlePin(fleet, id)
  if (pin.kind === 'contradicted' && !takesOver) return stopFor(fleet, number, 'pin_elsewhere')
  // For its digits, which are no PIN; and to find out that a token is void before anything is written down.
  const seen = await look(fleet, number)
  if (seen.kind !== 'seen') return stopAt(fleet, number, seen)
  if (pin.kind === 'kept' && pin.lateUntil !== undefined && pin.lateUntil > time.now()) {
    return stopFor(fleet, seen.number, 'late', pin.lateUntil)
  }
  if (seen.look.isOnPhone) return stopFor(fleet, seen.number, 'on_phone')
  if (pin.kind === 'unknown' && seen.look.hasPin !== false && !takesOver) {
    return stopFor(fleet, seen.number, 'pin_unknown')
  }
  const written = withPin(seen.number, begin(pin, newPin(dice, seen.number), time.now()), time.now())
  vault.save(written)
  return send(fleet, written, changing(written), false)
}

/** Goes on with a change that was interrupted, by sending the same PIN until an answer comes. */
export async function settlePin(fleet: Fleet, id: string): Promise<Ending> {
  const number = fleet.vault.number(id)
  // Nobody knows whether it was sent: it counts as sent.
  const ending = await send(fleet, number, changing(number), true)
  return ending.kind === 'rotated' ? { kind: 'settled' } : ending
}

function changing({ pin }: FleetNumber): ChangingPin {
  if (pin.kind !== 'changing') throw new TypeError('only a change that was begun can be gone on with')
  return pin
}

/** `doubtful`: some sending of this PIN has no answer. */
async function send(fleet: Fleet, number: FleetNumber, pin: ChangingPin, doubtful: boolean): Promise<Ending> {
  const { vault, time } = fleet
  let inDoubt = doubtful
  for (let sent = 1; ; sent += 1) {
    const answer = await fleet.wire.setPin(number, pin.to)
    const now = time.now()
    if (answer.kind === 'done') {
      // In the same write, so that a rotation of all numbers that is interrupted knows this one.
      const round = vault.contents().round?.serial
      vault.save({ ...withPin(number, answered(pin, now, inDoubt), now), round, need: undefined })
      return { kind: 'rotated' }
    }
    if (answer.kind === 'unanswered') inDoubt = true
    const pause = sent > pauses.length ? undefined : pauseBefore(answer, sent, now)
    if (pause === undefined) {
      const left = withPin(number, refused(pin, inDoubt), now)
      return answer.kind === 'refused'
        ? stopAt(fleet, left, answer)
        : stop(fleet, left, { ...answer.need, kind: 'unanswered' }, answer.reached)
    }
    await fleet.pause(pause)
  }
}

/** How long to wait before the same PIN is sent again; `undefined` where that makes no sense now. */
function pauseBefore(answer: Exclude<Answer, { kind: 'done' }>, sent: number, now: number): Milliseconds | undefined {
  const { kind, until } = answer.need
  const pause = pauses[sent - 1] ?? second
  if (answer.kind === 'refused' && kind !== 'slow_down') return undefined
  const named = until === undefined ? pause : Math.max(pause, until - now)
  return named <= longestPause ? named : undefined
}
