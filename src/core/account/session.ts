// Sessions: who is signed in, and by which proofs.
//
//   P (two-step off) ─────────────────────────────────┐
//   P + D, P on a trusted browser, P by application + D ┼──▶ FULL ──┬── idle, too old, ended ──▶ gone
//   P + K ──▶ LIMITED ── a new device's own code ───────┘           └── step-up: P or D proved anew
//                │
//                └── may do nothing else
//
// A session carries the moment of each proof. Changing a factor asks for proofs at most ten minutes old.

import { after, type Instant, type Milliseconds } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import { type Account, bounded, isOn, type Made } from './account.ts'
import { type Acr, fullAcr } from './acr.ts'
import type { Origin } from './caller.ts'
import { type Change, quietly, type SessionEnd } from './change.ts'

export type Proof = 'P' | 'D' | 'K'

/** When each proof was given in a session, if it was. */
export type Proofs = Readonly<Record<Proof, Instant | undefined>>

export type Session = {
  readonly id: string
  /** What the session token's secret is checked against. */
  readonly verifier: string
  readonly name: string
  readonly from: Origin
  /** The known browser it was begun on. */
  readonly browser: string | undefined
  readonly beganAt: Instant
  readonly lastUsedAt: Instant
  readonly level: 'limited' | 'full'
  readonly proofs: Proofs
  /** By which channel D came, for `amr`. */
  readonly channel: 'sms' | 'notification' | undefined
  /** Gates that were passed, until sign-out. */
  readonly gates: readonly string[]
  /** The Recovery Key that a limited session was opened with. It counts only while that key stands. */
  readonly key: string | undefined
}

/** A limited session's idle time is its whole time. */
export function isLive(session: Session, now: Instant, limits: Limits): boolean {
  const { life, idle, limitedLife } = limits.account.session
  const ends = after(session.beganAt, session.level === 'limited' ? Math.min(life, limitedLife) : life)
  return now < ends && now < after(session.lastUsedAt, idle)
}

/** The session with this id, if it lives. Its token was checked outside, against its verifier. */
export const liveSession = (account: Account, id: string, now: Instant, limits: Limits): Session | undefined =>
  account.sessions.find(each => each.id === id && isLive(each, now, limits))

export type Refusal =
  | { readonly kind: 'no_session' }
  /** A limited session may verify a new trusted device and nothing else. */
  | { readonly kind: 'limited_session' }
  /** RFC 9470: these proofs must be given anew; `maxAge` in milliseconds. */
  | {
      readonly kind: 'step_up'
      readonly acr: Acr
      readonly missing: readonly ('P' | 'D')[]
      readonly maxAge: Milliseconds
    }

export type Permit = { readonly kind: 'permitted'; readonly session: Session } | Refusal

/**
 * Whether a session may do what needs `any` session, a `full` one, or `fresh` proofs: P, and D too while two-step is on.
 * Proofs at most ten minutes old are fresh, the last millisecond included.
 */
export function permit(
  account: Account,
  id: string,
  need: 'any' | 'full' | 'fresh',
  now: Instant,
  limits: Limits,
): Permit {
  const session = liveSession(account, id, now, limits)
  if (session === undefined) return { kind: 'no_session' }
  if (need === 'any') return { kind: 'permitted', session }
  if (session.level === 'limited') return { kind: 'limited_session' }
  const missing = need === 'fresh' ? staleProofs(account, session, now, limits) : []
  if (missing.length > 0) {
    return { kind: 'step_up', acr: fullAcr(account), missing, maxAge: limits.account.freshProof }
  }
  return { kind: 'permitted', session }
}

/** Which proofs of a session are too old to change a factor by. */
export function staleProofs(account: Account, session: Session, now: Instant, limits: Limits): readonly ('P' | 'D')[] {
  const asked: readonly ('P' | 'D')[] = isOn(account) ? ['P', 'D'] : ['P']
  return asked.filter(proof => !isFresh(session.proofs[proof], now, limits.account.freshProof))
}

export const isFresh = (proved: Instant | undefined, now: Instant, maxAge: Milliseconds): boolean =>
  proved !== undefined && now <= after(proved, maxAge)

export type BeginSession = Pick<Session, 'name' | 'from' | 'browser' | 'level' | 'channel' | 'key'> & {
  readonly made: Made
  readonly proofs: Partial<Record<Proof, Instant>>
}

/** The account with one more session. When there are too many, those unused longest make room. */
export function withNewSession(account: Account, begin: BeginSession, now: Instant, limits: Limits): Account {
  const { made, proofs, ...rest } = begin
  const session: Session = {
    ...rest,
    id: made.id,
    verifier: made.verifier,
    proofs: { P: proofs.P, D: proofs.D, K: proofs.K },
    ...{ beganAt: now, lastUsedAt: now, gates: [] },
  }
  const live = account.sessions.filter(each => isLive(each, now, limits))
  const first = (one: Session, other: Session) => one.lastUsedAt - other.lastUsedAt
  return { ...account, sessions: bounded(live, session, limits.account.session.most, first) }
}

export const withSession = (account: Account, session: Session): Account => ({
  ...account,
  sessions: account.sessions.map(each => (each.id === session.id ? session : each)),
})

/** A proof was given anew in a session. */
export const proved = (session: Session, proof: Proof, now: Instant): Session => ({
  ...session,
  lastUsedAt: now,
  proofs: { ...session.proofs, [proof]: now },
})

const touchEvery = 60_000

/** Notes that a session was used; `undefined` while what is stored is near enough to save the commit. */
export function sessionUsed(account: Account, id: string, now: Instant, limits: Limits): Change | undefined {
  const session = liveSession(account, id, now, limits)
  if (session === undefined || now < after(session.lastUsedAt, touchEvery)) return undefined
  return quietly(withSession(account, { ...session, lastUsedAt: now }))
}

export type EndSessionsEnding = ({ readonly kind: 'ended' } & Change) | { readonly kind: 'no_such_session' } | Refusal

/** Signs out of the session itself, ends another one, all others, or all. A limited session may end itself only. */
export function endSessions(
  account: Account,
  end: { readonly session: string; readonly which: { readonly id: string } | 'others' | 'all' },
  now: Instant,
  limits: Limits,
): EndSessionsEnding {
  const { session, which } = end
  const own = typeof which === 'object' && which.id === session
  const may = permit(account, session, own ? 'any' : 'full', now, limits)
  if (may.kind !== 'permitted') return may
  if (typeof which === 'object') {
    if (!account.sessions.some(each => each.id === which.id)) return { kind: 'no_such_session' }
    return { kind: 'ended', ...sessionsEnded(account, each => each.id !== which.id, own ? 'signed_out' : 'ended') }
  }
  return { kind: 'ended', ...sessionsEnded(account, each => which === 'others' && each.id === session, 'ended') }
}

/** All sessions end but those that `stays` keeps; codes that were asked for in them count no more. */
export function sessionsEnded(account: Account, stays: (session: Session) => boolean, why: SessionEnd): Change {
  const sessions = account.sessions.filter(stays)
  const count = account.sessions.length - sessions.length
  if (count === 0) return quietly(account)
  const inSession = (of: string) => account.sessions.some(each => each.id === of)
  const challenges = account.challenges.filter(({ of }) => !inSession(of) || sessions.some(each => each.id === of))
  return quietly({ ...account, sessions, challenges }, { kind: 'sessions.ended', count, why })
}

export type RenameEnding = ({ readonly kind: 'renamed' } & Change) | { readonly kind: 'no_such_session' } | Refusal

/** Gives a session a name of the owner's choice. */
export function renameSession(
  account: Account,
  rename: { readonly session: string; readonly which: string; readonly name: string },
  now: Instant,
  limits: Limits,
): RenameEnding {
  const may = permit(account, rename.session, 'full', now, limits)
  if (may.kind !== 'permitted') return may
  const session = liveSession(account, rename.which, now, limits)
  if (session === undefined) return { kind: 'no_such_session' }
  return { kind: 'renamed', ...quietly(withSession(account, { ...session, name: rename.name })) }
}
