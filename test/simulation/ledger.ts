// The ledger of guesses: every look at a PIN or a code, as it happens at the seam, against what the budget allows in the
// time that has passed. It counts looks by itself and knows the policy by its own arithmetic, so that it and the product
// are not wrong together.

import assert from 'node:assert/strict'
import { hour, type Instant, type Milliseconds } from '#core/kernel/instant.ts'
import type { GuessPolicy } from '#core/throttle/guess-budget.ts'
import type { Limits } from '#core/throttle/limits.ts'

export type Side = 'keeper' | 'others'

/** Guesses in a row at one PIN by one side, since its last right one. */
type Run = { readonly began: Instant; looks: number }

export type Ledger = ReturnType<typeof createLedger>

/** The most guesses in a row that the policy lets be looked at within `elapsed` of the first. */
export function mostLooks(policy: GuessPolicy, elapsed: Milliseconds): number {
  if (policy.kind === 'refill') return Math.min(policy.closesAfter, policy.inAll + Math.floor(elapsed / policy.every))
  let left = elapsed
  let most = policy.atOnce
  while (most < policy.closesAfter) {
    left -= policy.waits[Math.min(most - policy.atOnce, policy.waits.length - 1)] ?? Number.POSITIVE_INFINITY
    if (left < 0) break
    most += 1
  }
  return Math.min(most, policy.closesAfter)
}

/** The most checks of one request within `elapsed` of the first. */
export function mostChecks(waits: readonly Milliseconds[], elapsed: Milliseconds): number {
  let left = elapsed
  let most = 1
  for (const wait of waits) {
    left -= wait
    if (left < 0) break
    most += 1
  }
  return most
}

export function createLedger(limits: Limits) {
  const runs = new Map<string, Run>()
  const paid = new Map<string, Run[]>()
  const requests = new Map<string, Run & { paid: number }>()
  const counts = { looks: 0, unpaid: 0, checks: 0, mostInARow: 0 }
  const named = (...parts: readonly string[]): string => parts.join(' | ')

  function runOf(verifier: string, side: Side, at: Instant): Run {
    const name = named(verifier, side)
    const run = runs.get(name) ?? { began: at, looks: 0 }
    runs.set(name, run)
    return run
  }

  function requestOf(request: string, at: Instant): Run & { paid: number } {
    const run = requests.get(request) ?? { began: at, looks: 0, paid: 0 }
    requests.set(request, run)
    return run
  }

  return {
    counts,

    /** A guess was paid for, in a commit that its action was told of. */
    spent(guess: { verifier: string; claim: string; side: Side; at: Instant }): void {
      const run = runOf(guess.verifier, guess.side, guess.at)
      const name = named(guess.verifier, guess.claim)
      paid.set(name, [...(paid.get(name) ?? []), run])
    },

    /** The side's budget was restored: what was spent before belongs to an older run. */
    restored(verifier: string, side: Side): void {
      runs.delete(named(verifier, side))
    },

    /** A PIN is being looked at, right now. */
    looked(guess: { verifier: string; claim: string; side: Side; at: Instant }): void {
      const spent = paid.get(named(guess.verifier, guess.claim))?.shift()
      const run = spent ?? runOf(guess.verifier, guess.side, guess.at)
      run.looks += 1
      counts.looks += 1
      if (spent === undefined) counts.unpaid += 1
      counts.mostInARow = Math.max(counts.mostInARow, run.looks)
      const elapsed = guess.at - run.began
      const most = mostLooks(limits.pinGuesses, elapsed)
      assert.ok(
        run.looks <= most,
        `${run.looks} guesses at one PIN were looked at in ${elapsed / hour} h; the budget allows ${most}`,
      )
    },

    /** A check of a code was paid for. `request` names the request, whichever of its codes is checked. */
    spentCheck(request: string, at: Instant): void {
      requestOf(request, at).paid += 1
    },

    /** A code is being looked at. */
    checked(request: string, at: Instant): void {
      const run = requestOf(request, at)
      run.looks += 1
      counts.checks += 1
      if (run.looks > run.paid) counts.unpaid += 1
      const most = mostChecks(limits.ownershipCode.checkWaits, at - run.began)
      assert.ok(run.looks <= most, `${run.looks} checks of one request were looked at; it allows ${most}`)
    },
  }
}
