// What this node may still send of what all nodes may: shares of countries' days and of the hour's money.
//
//     take ──▶ is it held? ──▶ of the share in hand ──┬── enough: taken, and nothing is written
//                                                     └── not: lease another ──commit──▶ look again
//
// A share that is lost with its node was counted as spent: less is sent then, never more.

import { type Instant, later } from '#core/kernel/instant.ts'
import {
  type Allowance,
  type AllowanceRules,
  freshAllowance,
  type LeaseEnding,
  lease,
  spanOf,
} from '#core/sending/allowance.ts'
import { isHeld } from '#core/sending/prefix.ts'
import { change, create, type Step } from '../runner.ts'
import { type Call, Overdue, settling, type World } from '../world.ts'

type Share = { readonly began: Instant; left: number }

export type Leases = {
  readonly shares: Map<string, Share>
  /** Of many who need more at once, one asks. */
  readonly asking: Map<string, Promise<LeaseEnding>>
}

export const createLeases = (): Leases => ({ shares: new Map(), asking: new Map() })

export type Taken =
  | { readonly kind: 'taken'; readonly back: () => void }
  | { readonly kind: 'spent'; readonly until: Instant }
  | { readonly kind: 'held'; readonly until: Instant | undefined }

const nothing = () => {}

/** Takes `amount` of an allowance. A limit of 0 has no end, and is held all the same. */
export async function take(
  world: World,
  call: Call,
  of: string,
  amount: number,
  rules: AllowanceRules,
): Promise<Taken> {
  const { shares, asking } = world.leases
  while (call.signal?.aborted !== true) {
    // Read each time, so that what is held by hand is held on every node at once.
    const known = (await world.records.load('allowance', of))?.document
    const now = known === undefined ? world.clock.now() : later(world.clock.now(), known.seen)
    if (isHeld(known?.hold, now)) return { kind: 'held', until: known?.hold?.until }
    if (rules.limit === 0) return { kind: 'taken', back: nothing }
    const share = shares.get(of)
    if (share !== undefined && share.began >= spanOf(now, rules.span) && share.left >= amount) {
      share.left -= amount
      const back = () => {
        share.left += amount
      }
      return { kind: 'taken', back }
    }
    const answer = asking.get(of) ?? askForMore(world, call, of, amount, rules)
    asking.set(of, answer)
    const ending = await answer
    if (ending.kind !== 'leased') return ending
  }
  throw new Overdue('the time for this call is up')
}

async function askForMore(
  world: World,
  call: Call,
  of: string,
  least: number,
  rules: AllowanceRules,
): Promise<LeaseEnding> {
  const { shares, asking } = world.leases
  try {
    const ending = await changeAllowance(world, settling(call), of, (allowance, now) => {
      const ending = lease(allowance, least, now, rules)
      const next = 'next' in ending ? ending.next : undefined
      return { ending, change: next && { next, events: [] } }
    })
    if (ending.kind === 'spent' && ending.next !== undefined) {
      world.watch.codesPaused(of === allCodes ? 'all' : 'country', of)
    }
    if (ending.kind === 'leased') {
      const old = shares.get(of)
      const rest = old?.began === ending.began ? old.left : 0
      shares.set(of, { began: ending.began, left: rest + ending.amount })
    }
    return ending
  } finally {
    asking.delete(of)
  }
}

/** What the hour's money is an allowance of. No country is called that. */
export const allCodes = 'all'

/** Changes an allowance, which begins with its first change. */
export async function changeAllowance<E>(
  world: World,
  call: Call,
  of: string,
  decide: (allowance: Allowance, now: Instant) => Step<'allowance', E>,
): Promise<E> {
  for (;;) {
    const ending = await change<'allowance', { readonly told: E }>(world, call, 'allowance', of, (kept, now) => {
      const { ending, change } = decide(kept, now)
      return { ending: { told: ending }, change }
    })
    if (ending !== undefined) return ending.told
    const now = world.clock.now()
    const first = decide(freshAllowance(of, now), now)
    if (first.change === undefined || (await create(world, call, 'allowance', of, first.change))) return first.ending
  }
}
