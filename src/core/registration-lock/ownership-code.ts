// The ownership code: who reads it, has the number in hand right now.
//
//              send                     check, wrong               check, none left
//   no request ────▶ waiting(sends, checks) ───▶ waiting(checks+1) ───────────────▶ spent ──┐
//       ▲                │  ▲ │ send again: a new code replaces the old one,               │
//       │                │  └─┘ and never restores checks                                  │
//       │                │ check, right                                                    │
//       │                ▼                                                                 │
//       ├────────── proved (the code is used up)                                           │
//       └───────────── the newest code of the request has run out ◀────────────────────────┘
//
// A check is spent before the code is looked at. A wrong, late, used or foreign code never says which it was.

import { after, type Instant, later } from '../kernel/instant.ts'
import { assert } from '../kernel/outcome.ts'
import type { Limits } from '../throttle/limits.ts'
import { opensAt, take } from '../throttle/moving-window.ts'
import { type Change, quietly } from './change.ts'
import { type ClaimId, claimOf, isKeeper, type PhoneNumber, theClaim, withClaim } from './phone-number.ts'

export type CodeMethod = 'sms' | 'voice'

/** One request for a code, with all codes sent and all checks made for it. */
export type CodeRequest = {
  readonly began: Instant
  readonly sends: number
  readonly lastSentAt: Instant
  /** How the newest code went; a text where it does not say. */
  readonly method?: CodeMethod
  /** What the newest code is checked against. The whole request goes when its code was right. */
  readonly verifier: string
  readonly checks: number
  readonly lastCheckAt: Instant | undefined
  /** Names the wish that the newest code was sent for, where its caller may send that wish twice. */
  readonly mark?: string
}

export type SendCodeEnding =
  | ({ readonly kind: 'sent' } & Change)
  /** Too many codes, or too soon, or the checks of this request are spent. Nothing was sent and nothing was counted. */
  | { readonly kind: 'too_many_codes'; readonly retryAt: Instant }

/** Sends a code (its verifier is made already) for a claim, if the claim and the number may have one now. */
export function sendCode(
  number: PhoneNumber,
  send: {
    readonly claim: ClaimId
    readonly method: CodeMethod
    readonly verifier: string
    readonly language?: string
    readonly mark?: string | undefined
  },
  now: Instant,
  limits: Limits,
): SendCodeEnding {
  const claim = theClaim(number, send.claim)
  const request = running(claim.request, now, limits)
  const side = isKeeper(number, claim.id) ? 'keeper' : 'others'
  const requestOpens = request === undefined ? now : nextSend(request, limits)
  const sent = take(number.sends[side], now, limits.ownershipCode.perNumber)
  if (requestOpens > now || sent.kind === 'full') {
    return {
      kind: 'too_many_codes',
      retryAt: later(requestOpens, opensAt(number.sends[side], now, limits.ownershipCode.perNumber)),
    }
  }
  const next: CodeRequest = {
    began: request?.began ?? now,
    sends: (request?.sends ?? 0) + 1,
    lastSentAt: now,
    method: send.method,
    verifier: send.verifier,
    checks: request?.checks ?? 0,
    lastCheckAt: request?.lastCheckAt,
    ...(send.mark === undefined ? {} : { mark: send.mark }),
  }
  const spoken = send.language === undefined ? {} : { language: send.language }
  const changed = withClaim(number, { ...claim, ...spoken, request: next })
  return {
    kind: 'sent',
    ...quietly(
      { ...changed, sends: { ...number.sends, [side]: sent.next } },
      { kind: 'code.sent', claim: claim.id, method: send.method },
    ),
  }
}

export type CheckCodeEnding =
  /** Spent: store `next`, then compare with `verifier`, then settle. */
  | ({ readonly kind: 'look'; readonly verifier: string } & Change)
  /** There is no code to compare with. Shown exactly as a wrong one. */
  | { readonly kind: 'no_code' }
  | { readonly kind: 'too_soon'; readonly retryAt: Instant }
  /** All checks of the request are spent; a new request can begin at `retryAt`. */
  | { readonly kind: 'checks_spent'; readonly retryAt: Instant }

/** Spends one check of the claim's running request. */
export function spendCheck(number: PhoneNumber, id: ClaimId, now: Instant, limits: Limits): CheckCodeEnding {
  const claim = claimOf(number, id)
  const request = running(claim?.request, now, limits)
  if (claim === undefined || request === undefined) return { kind: 'no_code' }
  if (request.checks >= checksPerRequest(limits)) return { kind: 'checks_spent', retryAt: ends(request, limits) }
  const opens = nextCheck(request, limits)
  if (opens > now) return { kind: 'too_soon', retryAt: opens }
  const spent = { ...request, checks: request.checks + 1, lastCheckAt: now }
  return {
    kind: 'look',
    verifier: request.verifier,
    ...quietly(withClaim(number, { ...claim, request: spent }), { kind: 'code.guess_spent', claim: id }),
  }
}

/**
 * The code was right: the claim has proved the number, if that very code is still the newest and alive. Answers
 * `undefined` when it is not (it was replaced, used or ran out in between): then it was not right after all.
 */
export function codeWasRight(
  number: PhoneNumber,
  right: { readonly claim: ClaimId; readonly verifier: string },
  now: Instant,
  limits: Limits,
): Change | undefined {
  const claim = claimOf(number, right.claim)
  if (claim === undefined) return undefined
  const request = running(claim.request, now, limits)
  if (request?.verifier !== right.verifier) return undefined
  const proved = { ...claim, request: undefined, proof: { kind: 'proved', at: now } as const }
  return quietly(withClaim(number, proved), { kind: 'code.right', claim: claim.id })
}

/** A wrong code changes nothing more: its check was spent already. */
export const codeWasWrong = (number: PhoneNumber, id: ClaimId): Change =>
  quietly(number, { kind: 'code.wrong', claim: id })

/** What a claim may know of its own code: no more than it would learn by sending and checking. */
export type CodeStatus = {
  /** The newest code, while it is alive. */
  readonly out: { readonly expires: Instant; readonly checksLeft: number; readonly checkOpensAt: Instant } | undefined
  readonly sendOpensAt: Instant
}

/** How a claim stands with its code. */
export function codeStatus(number: PhoneNumber, id: ClaimId, now: Instant, limits: Limits): CodeStatus {
  const request = running(theClaim(number, id).request, now, limits)
  const sends = number.sends[isKeeper(number, id) ? 'keeper' : 'others']
  const numberOpens = later(now, opensAt(sends, now, limits.ownershipCode.perNumber))
  if (request === undefined) return { out: undefined, sendOpensAt: numberOpens }
  const checksLeft = Math.max(0, checksPerRequest(limits) - request.checks)
  const expires = ends(request, limits)
  const checkOpensAt = checksLeft === 0 ? expires : nextCheck(request, limits)
  return { out: { expires, checksLeft, checkOpensAt }, sendOpensAt: later(numberOpens, nextSend(request, limits)) }
}

/** How many checks one request carries. */
export const checksPerRequest = (limits: Limits): number => limits.ownershipCode.checkWaits.length + 1

const ends = (request: CodeRequest, limits: Limits): Instant => after(request.lastSentAt, limits.ownershipCode.life)

function running(request: CodeRequest | undefined, now: Instant, limits: Limits): CodeRequest | undefined {
  return request !== undefined && now < ends(request, limits) ? request : undefined
}

function nextSend(request: CodeRequest, limits: Limits): Instant {
  if (request.checks >= checksPerRequest(limits)) return ends(request, limits)
  const at = limits.ownershipCode.sendsAt[request.sends]
  return at === undefined ? ends(request, limits) : after(request.began, at)
}

function nextCheck(request: CodeRequest, limits: Limits): Instant {
  if (request.lastCheckAt === undefined) return request.began
  const wait = limits.ownershipCode.checkWaits[request.checks - 1]
  assert(wait !== undefined, 'every check but the last has a wait behind it')
  return after(request.lastCheckAt, wait)
}
