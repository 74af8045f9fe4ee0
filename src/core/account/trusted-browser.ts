// Browsers that are known, and browsers that are trusted: known is one on which a sign-in was completed; trusted is one
// whose owner asked for that, and for a while it skips D, never P.
//
//              used                         the new cookie comes back
//   current ─────────▶ current + next ─────────────────────────────────▶ current := next, old one dead
//      ▲                   │ used again with the old cookie: within a minute nothing new (two tabs),
//      │                   │ later another next (the answer was lost), and the lost one is dead
//      └───────────────────┘
//   a dead cookie comes back ─▶ the browser is forgotten, and the owner told: two people have it
//
// A browser is known by a cookie of its own, so a stranger with the owner's password never counts as one.

import { after, type Instant } from '../kernel/instant.ts'
import type { GrowingDelay } from '../throttle/growing-delay.ts'
import type { Limits } from '../throttle/limits.ts'
import { type Account, bounded, type Made } from './account.ts'
import type { Caller, Origin } from './caller.ts'
import { type BrowserEnd, type Change, quietly, tell } from './change.ts'
import { permit, type Refusal } from './session.ts'

export type TrustedBrowser = {
  readonly id: string
  readonly name: string
  readonly from: Origin
  readonly addedAt: Instant
  readonly lastUsedAt: Instant
  /** Until when it skips D; `undefined` where nobody asked for it. */
  readonly trustedUntil: Instant | undefined
  /** What the cookie in use is checked against. */
  readonly verifier: string
  /** The cookie that was given last and has not come back yet. */
  readonly next: { readonly verifier: string; readonly at: Instant } | undefined
  /** Cookies that were replaced, newest last. */
  readonly dead: readonly string[]
  /** Waits after wrong passwords from this browser. */
  readonly delay: GrowingDelay
}

/** A browser that shows itself: its id, and that verifier of its own which its cookie matched. */
export type PresentedBrowser = { readonly id: string; readonly verifier: string }

const deadCookies = 4

/** All verifiers that a browser's cookie is to be compared with. */
export const verifiersOf = (browser: TrustedBrowser): readonly string[] => [
  browser.verifier,
  ...(browser.next === undefined ? [] : [browser.next.verifier]),
  ...browser.dead,
]

/** The browser that shows a cookie which stands. */
export function knownBrowser(account: Account, presented: PresentedBrowser | undefined): TrustedBrowser | undefined {
  const browser = account.browsers.find(each => each.id === presented?.id)
  const stands = browser?.verifier === presented?.verifier || browser?.next?.verifier === presented?.verifier
  return stands ? browser : undefined
}

/** Whether this browser may skip D now. */
export const isTrusted = (browser: TrustedBrowser | undefined, now: Instant): browser is TrustedBrowser =>
  browser?.trustedUntil !== undefined && now < browser.trustedUntil

/** A replaced cookie came back: the browser is forgotten and the owner told. `undefined` when nothing of the kind. */
export function stolenCookie(account: Account, caller: Caller, now: Instant): Change | undefined {
  const { browser: presented } = caller
  const browser = account.browsers.find(each => each.id === presented?.id)
  if (browser === undefined || !browser.dead.includes(presented?.verifier ?? '')) return undefined
  return {
    next: { ...account, browsers: account.browsers.filter(each => each !== browser) },
    events: [{ kind: 'browsers.forgotten', count: 1, why: 'stolen' }],
    notices: [tell(account, 'browser_stolen', now, { about: browser.name, from: caller.from })],
  }
}

export type BrowserUsed = Change & {
  /** The browser, for the session that begins on it. */
  readonly browser: string
  /** Whether the cookie of {@link Made} is to be handed out; else the one there is stays. */
  readonly given: boolean
}

/**
 * A sign-in was completed on a browser: it becomes known or stays so, its cookie rotates, and `trust` makes it trusted
 * from now. When there are too many, those nobody trusts make room first, then those unused longest.
 */
export function browserUsed(
  account: Account,
  used: { readonly caller: Caller; readonly made: Made; readonly name: string; readonly trust: boolean },
  now: Instant,
  limits: Limits,
): BrowserUsed {
  const { caller, made, trust } = used
  const known = knownBrowser(account, caller.browser)
  const trustedUntil = trust ? after(now, limits.account.browser.trust) : known?.trustedUntil
  if (known === undefined) {
    const browser: TrustedBrowser = {
      ...{ id: made.id, name: used.name, from: caller.from, addedAt: now, lastUsedAt: now, trustedUntil },
      ...{ verifier: made.verifier, next: undefined, dead: [], delay: { tries: 0, lastAt: undefined } },
    }
    const value = (each: TrustedBrowser) => (isTrusted(each, now) ? 1 : 0)
    const first = (one: TrustedBrowser, other: TrustedBrowser) =>
      value(one) - value(other) || one.lastUsedAt - other.lastUsedAt
    const browsers = bounded(account.browsers, browser, limits.account.browser.most, first)
    const kind = trust ? 'browser.trusted' : 'browser.known'
    const change = quietly({ ...account, browsers }, { kind, browser: made.id, from: caller.from })
    return { ...change, browser: made.id, given: true }
  }
  const rotated = rotate(known, caller.browser?.verifier ?? '', made.verifier, now, limits)
  const next = { ...rotated.browser, from: caller.from, lastUsedAt: now, trustedUntil }
  const events = trust ? [{ kind: 'browser.trusted', browser: known.id, from: caller.from } as const] : []
  return { ...quietly(withBrowser(account, next), ...events), browser: known.id, given: rotated.given }
}

function rotate(
  browser: TrustedBrowser,
  presented: string,
  made: string,
  now: Instant,
  limits: Limits,
): { readonly browser: TrustedBrowser; readonly given: boolean } {
  const { next } = browser
  const fresh = { verifier: made, at: now }
  const died = (verifier: string) => [...browser.dead, verifier].slice(-deadCookies)
  if (next === undefined) return { browser: { ...browser, next: fresh }, given: true }
  // It came back: from here on the old one is nobody's.
  if (presented === next.verifier) {
    return {
      browser: { ...browser, verifier: next.verifier, next: fresh, dead: died(browser.verifier) },
      given: true,
    }
  }
  if (now < after(next.at, limits.account.browser.grace)) return { browser, given: false }
  return { browser: { ...browser, next: fresh, dead: died(next.verifier) }, given: true }
}

export const withBrowser = (account: Account, browser: TrustedBrowser): Account => ({
  ...account,
  browsers: account.browsers.map(each => (each.id === browser.id ? browser : each)),
})

/** All browsers go, or all but one. */
export function forgetBrowsers(account: Account, keep: string | undefined, why: BrowserEnd): Change {
  const browsers = account.browsers.filter(each => each.id === keep)
  const count = account.browsers.length - browsers.length
  if (count === 0) return quietly(account)
  return quietly({ ...account, browsers }, { kind: 'browsers.forgotten', count, why })
}

export type RemoveBrowserEnding = ({ readonly kind: 'removed' } & Change) | { readonly kind: 'no_browser' } | Refusal

/** Takes one browser away, or all (`undefined`), at once. A full session is enough: it only takes away. */
export function removeBrowser(
  account: Account,
  removal: { readonly session: string; readonly browser: string | undefined },
  now: Instant,
  limits: Limits,
): RemoveBrowserEnding {
  const may = permit(account, removal.session, 'full', now, limits)
  if (may.kind !== 'permitted') return may
  if (removal.browser === undefined) return { kind: 'removed', ...forgetBrowsers(account, undefined, 'removed') }
  const browsers = account.browsers.filter(each => each.id !== removal.browser)
  if (browsers.length === account.browsers.length) return { kind: 'no_browser' }
  const event = { kind: 'browsers.forgotten', count: 1, why: 'removed' } as const
  return { kind: 'removed', ...quietly({ ...account, browsers }, event) }
}

export type RenameBrowserEnding = ({ readonly kind: 'renamed' } & Change) | { readonly kind: 'no_browser' } | Refusal

/** Gives a browser a name of the owner's choice. */
export function renameBrowser(
  account: Account,
  rename: { readonly session: string; readonly browser: string; readonly name: string },
  now: Instant,
  limits: Limits,
): RenameBrowserEnding {
  const may = permit(account, rename.session, 'full', now, limits)
  if (may.kind !== 'permitted') return may
  const browser = account.browsers.find(each => each.id === rename.browser)
  if (browser === undefined) return { kind: 'no_browser' }
  return { kind: 'renamed', ...quietly(withBrowser(account, { ...browser, name: rename.name })) }
}
