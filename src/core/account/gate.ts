// Gates: where the second step is asked for. One table for all of them, and one function that looks at it.
//
//   session ──┬── proofs do ─────────────────────────────▶ passed, and noted until sign-out
//             └── too little, or too old for this gate ──▶ step-up needed (RFC 9470: acr, max_age)
//
// A gate is passed once per device: its session remembers, until sign-out. What changes a factor is never remembered. What
// a gate without a second step opens may read, never destroy.

import type { Instant, Milliseconds } from '../kernel/instant.ts'
import { day, second } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import { type Account, isOn } from './account.ts'
import { type Acr, acrValues, fullAcr } from './acr.ts'
import { type Change, quietly } from './change.ts'
import { isFresh, liveSession, type Session, withSession } from './session.ts'

export type GateRule = {
  readonly needs: 'first-step' | 'two-step'
  readonly opens: 'read' | 'change'
  /** How old P and D may be; `undefined`: as old as the session. Such a gate is asked at every time. */
  readonly maxAge: Milliseconds | undefined
}

const everyday = { needs: 'two-step', opens: 'change', maxAge: undefined } as const

/** The gates there are. `account.factors` stands before everything that changes P, D or K. */
export const gates = {
  'account.manage': everyday,
  'account.factors': { needs: 'two-step', opens: 'change', maxAge: 600 * second },
  'sign-in.web': everyday,
  'sign-in.new-device': everyday,
  'messaging.sign-in': everyday,
  'store.purchase.new-device': everyday,
  support: everyday,
} as const satisfies Readonly<Record<string, GateRule>>

const gateName = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*){0,3}$/
const longestName = 64
const gatesPerSession = 32

/** Why a gate that an application defines is none; `undefined` when it is one. */
export function whyNoGate(name: string, rule: GateRule): 'name' | 'taken' | 'reads_only' | 'max_age' | undefined {
  if (name.length > longestName || !gateName.test(name)) return 'name'
  if (Object.hasOwn(gates, name)) return 'taken'
  if (rule.needs === 'first-step' && rule.opens !== 'read') return 'reads_only'
  if (rule.maxAge !== undefined && !(rule.maxAge >= 0 && rule.maxAge <= 365 * day)) return 'max_age'
  return undefined
}

/**
 * What a session amounts to. `limited` is entered by P and K, and is less than every gate asks. A trusted browser stands for
 * D at everyday gates and never where fresh proofs are asked for.
 */
export const acrOf = (account: Account, session: Session): Acr =>
  session.level === 'limited' ? acrValues[1] : fullAcr(account)

/**
 * Authentication methods of a session, as in RFC 8176 where it has a name for them. `asserted`: by the application that
 * brings the first step, which alone knows how.
 */
export function amrOf(account: Account, { proofs, channel, browser: id }: Session): readonly string[] {
  const amr: string[] = []
  if (proofs.P !== undefined) amr.push(account.application === undefined ? 'pwd' : 'asserted')
  if (proofs.D !== undefined) amr.push(channel === 'sms' ? 'sms' : 'otp')
  if (proofs.K !== undefined) amr.push('recovery-key')
  const skipped = isOn(account) && proofs.D === undefined && proofs.K === undefined
  const browser = account.browsers.find(each => each.id === id)
  if (skipped && browser?.trustedUntil !== undefined) amr.push('trusted-browser')
  if (proofs.D !== undefined || proofs.K !== undefined) amr.push('mfa')
  return amr
}

export type GateEnding =
  | ({ readonly kind: 'passed'; readonly acr: Acr; readonly amr: readonly string[] } & Change)
  | { readonly kind: 'no_session' }
  /** `401 insufficient_user_authentication`: `maxAge` in milliseconds. `missing`: what to prove anew. */
  | {
      readonly kind: 'step_up'
      readonly acr: Acr
      readonly maxAge: Milliseconds | undefined
      readonly missing: readonly ('P' | 'D')[]
    }

/** Whether a session passes a gate now. */
export function passGate(
  account: Account,
  pass: { readonly session: string; readonly name: string; readonly rule: GateRule },
  now: Instant,
  limits: Limits,
): GateEnding {
  const { name, rule } = pass
  const session = liveSession(account, pass.session, now, limits)
  if (session === undefined) return { kind: 'no_session' }
  const acr = rule.needs === 'two-step' ? fullAcr(account) : acrValues[0]
  const missing = session.level === 'limited' ? (['D'] as const) : stale(account, session, rule, now)
  if (missing.length > 0) return { kind: 'step_up', acr, maxAge: rule.maxAge, missing }
  const passed = { kind: 'passed', acr: acrOf(account, session), amr: amrOf(account, session) } as const
  const remembered = rule.maxAge !== undefined || session.gates.includes(name)
  if (remembered || session.gates.length >= gatesPerSession) return { ...passed, ...quietly(account) }
  const next = withSession(account, { ...session, gates: [...session.gates, name] })
  return { ...passed, ...quietly(next, { kind: 'gate.passed', gate: name, session: session.id }) }
}

function stale(account: Account, session: Session, rule: GateRule, now: Instant): readonly ('P' | 'D')[] {
  const { maxAge } = rule
  if (maxAge === undefined) return []
  const asked: readonly ('P' | 'D')[] = rule.needs === 'two-step' && isOn(account) ? ['P', 'D'] : ['P']
  return asked.filter(proof => !isFresh(session.proofs[proof], now, maxAge))
}
