// A state's name. Two states with one name can do exactly the same from here on: moments are ages, and an age that no rule
// looks at any more is cut; secrets are named by what they still open.

import type { Instant } from '#core/kernel/instant.ts'
import type { Claim } from '#core/registration-lock/phone-number.ts'
import type { GuessBudget, GuessPolicy } from '#core/throttle/guess-budget.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { Window, WindowPolicy } from '#core/throttle/moving-window.ts'
import type { CodeMemory, Flight, Memory, Party, State } from './state.ts'

/** `codes`: for whom it matters which codes were sent and used. */
export function keyOf(state: State, limits: Limits, codes: readonly Party[]): string {
  const { now, number, memory } = state
  const { lock } = number
  const age = (moment: Instant | undefined, cap: number) => (moment === undefined ? '-' : Math.min(now - moment, cap))
  let key = ''
  for (const id of ['A', 'B'] as const) {
    const claim = number.claims.find(each => each.id === id)
    key += `${claim === undefined ? '-' : claimKey(claim, codes.includes(id) ? memory.codes[id] : undefined, now, limits)}|`
  }
  key += `${number.holder?.claim ?? '-'}${number.account === undefined ? '-' : '+'}`
  key += `${age(number.lastUse, limits.withoutPin.account)},${age(number.deletedAt, limits.afterDeletion)}|`
  const { perNumber } = limits.ownershipCode
  key += `${windowKey(number.sends.keeper, now, perNumber)},${windowKey(number.sends.others, now, perNumber)}|`
  key += `${memory.oldPin === undefined ? '' : 'o'}${linkKey(memory.link, now, limits)}|`
  if (lock.kind === 'set') {
    key += `${lock.keeper}${lock.contest?.claim ?? '-'}`
    key += `${budgetKey(lock.budgets.keeper, now, limits.pinGuesses)},${budgetKey(lock.budgets.others, now, limits.pinGuesses)}`
    key += lock.recoveryEmail === undefined ? '-' : '@'
    key += `${windowKey(lock.recoveryLinks.mailed, now, limits.recoveryLink.perLock)}`
  }
  return state.flight === undefined ? key : `${key}|${flightKey(state.flight, state)}`
}

// A link that died or ran out is still known, and tried again.
const linkKey = (link: Memory['link'], now: Instant, limits: Limits): string =>
  link === undefined ? '' : link.dead ? 'dead' : `out ${Math.min(now - link.at, limits.recoveryLink.life)}`

function claimKey(claim: Claim, code: CodeMemory | undefined, now: Instant, limits: Limits): string {
  const { ownershipCode, registerAndDeregister } = limits
  let key = `${claim.proof.kind}${windowKey(claim.attempts, now, registerAndDeregister)}`
  if (code?.before !== undefined) key += 'b'
  if (code?.newest?.used) key += 'u'
  const { request } = claim
  if (request === undefined) return key
  const sentAge = now - request.lastSentAt
  if (sentAge >= ownershipCode.life) return code === undefined ? key : `${key}late`
  const began = Math.min(now - request.began, Math.max(...ownershipCode.sendsAt))
  key += `r${request.sends},${sentAge},${began},${request.checks}`
  const cap = ownershipCode.checkWaits[request.checks - 1] ?? 0
  return request.lastCheckAt === undefined ? key : `${key},${Math.min(now - request.lastCheckAt, cap)}`
}

function windowKey(window: Window, now: Instant, policy: WindowPolicy): string {
  let key = ''
  for (const moment of window) if (now - moment < policy.span) key += now - moment
  return key
}

function budgetKey(budget: GuessBudget, now: Instant, policy: GuessPolicy): string {
  if (budget.lastAt === undefined || budget.owedSince === undefined) return `${budget.inARow}`
  if (policy.kind === 'refill') {
    const paid = Math.floor((now - budget.owedSince) / policy.every)
    const owed = budget.owed - paid
    return owed <= 0 ? `${budget.inARow}` : `${budget.inARow}/${owed}+${(now - budget.owedSince) % policy.every}`
  }
  if (budget.inARow < policy.atOnce || budget.inARow >= policy.closesAfter) return `${budget.inARow}`
  const wait = policy.waits[Math.min(budget.inARow - policy.atOnce, policy.waits.length - 1)] ?? 0
  return `${budget.inARow}+${Math.min(now - budget.lastAt, wait)}`
}

function flightKey(flight: Flight, { number, memory }: State): string {
  const right = flight.given === flight.verifier ? 'right' : 'wrong'
  if (flight.kind === 'code') {
    const { newest } = memory.codes[flight.by]
    const request = number.claims.find(each => each.id === flight.by)?.request
    const stands = newest?.secret === flight.verifier ? (newest.used ? 'used' : 'newest') : 'replaced'
    return `${flight.by}${right}${stands}${request === undefined ? '-' : ''}`
  }
  const stands = number.lock.kind === 'set' && number.lock.verifier === flight.verifier ? 'stands' : 'gone'
  return `${flight.by}${right}${stands}${flight.use}${flight.door}`
}
