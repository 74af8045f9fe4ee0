// Changing an account: the runner's four steps, with what has run out taken away first and the mails of a change written
// into the same commit. And how an account is come by: by a session's token, or by an address.

import { type Account, type AccountId, tidied } from '#core/account/account.ts'
import type { Caller, Origin } from '#core/account/caller.ts'
import type { Change } from '#core/account/change.ts'
import { isLive, type Session, sessionUsed } from '#core/account/session.ts'
import { type PresentedBrowser, verifiersOf } from '#core/account/trusted-browser.ts'
import { addressOf } from '#core/business/admin.ts'
import { type Instant, later } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Outgoing } from '#core/message/message.ts'
import type { Subject } from '#records/records.ts'
import type { Secret } from '#secrets/secret.ts'
import { change, create, type Step } from '../runner.ts'
import type { Call, World } from '../world.ts'
import { freshNobody, placeOf } from './nobody.ts'
import { noticeMails } from './notices.ts'
import { prefixes, type TokenKind } from './tokens.ts'

/** What a decision about an account comes to. */
export type AccountStep<E> = {
  readonly ending: E
  readonly change?: Change | undefined
  /** Messages beside the notices of the change: a code, a link. */
  readonly messages?: readonly Outgoing[]
  /** The token whose verifier the decision was handed as `notMe`: the mail about a wait carries its link. */
  readonly notMe?: Secret | undefined
  /** What it ends as where an address that the change adds is another account's: nothing was changed then. */
  readonly taken?: E | undefined
}

/**
 * Changes the account with this id. It was looked up, so it is there: accounts are closed, and never removed. The id of
 * nobody (see nobody.ts) is as good as any.
 */
export async function changeAccount<E>(
  world: World,
  call: Call,
  id: AccountId,
  decide: (account: Account, now: Instant) => AccountStep<E>,
): Promise<E> {
  const { subject, nobody } = placeOf(id)
  for (;;) {
    const step = (stored: Account, now: Instant) => stepOf(world, stored, now, decide, nobody)
    const ending = await change<'account', { readonly told: E }>(world, call, 'account', subject, (stored, now) =>
      step(nobody && stored.id !== id ? freshNobody(world, id, now) : stored, now),
    )
    if (ending !== undefined) return ending.told
    assert(nobody, 'an account that was looked up is there')
    const now = world.clock.now()
    const first = step(freshNobody(world, id, now), now)
    if (first.change === undefined) return first.ending.told
    if (await create(world, call, 'account', subject, first.change)) return first.ending.told
  }
}

function stepOf<E>(
  world: World,
  stored: Account,
  now: Instant,
  decide: (account: Account, now: Instant) => AccountStep<E>,
  nobody: boolean,
): Step<'account', { readonly told: E }> {
  const { ending, change, messages = [], notMe, taken } = decide(tidied(stored, now, world.limits), now)
  if (change === undefined) return { ending: { told: ending } }
  const compose = async () => [...messages, ...noticeMails(world, stored, change.notices, notMe)]
  return {
    ending: { told: ending },
    change: { next: change.next, events: nobody ? [] : change.events, messages: compose },
    taken: taken === undefined ? undefined : { told: taken },
  }
}

/** The account that has this address, in any spelling, and a password of ours. */
export const accountOfAddress = (world: World, address: string): Promise<Subject<'account'> | undefined> =>
  world.records.find('account', { purpose: 'account-address', value: addressOf(address) })

/** The account with this id as it is at this moment, or the nobody. */
export async function accountNow(
  world: World,
  id: AccountId,
): Promise<{ readonly account: Account; readonly now: Instant }> {
  const { subject, nobody } = placeOf(id)
  const stored = (await world.records.load('account', subject))?.document
  const fresh = stored === undefined || (nobody && stored.id !== id)
  return asOfNow(world, fresh ? freshNobody(world, id, world.clock.now()) : stored)
}

/** An account as it is at this moment, for reading. */
export function asOfNow(world: World, stored: Account): { readonly account: Account; readonly now: Instant } {
  const now = later(world.clock.now(), stored.seen)
  return { account: tidied(stored, now, world.limits), now }
}

// ——— who calls

/** Who calls from inside a session. `account` is as it was read: decide anew on what `changeAccount` hands. */
export type AtSession = {
  readonly id: AccountId
  readonly account: Account
  readonly session: Session
  readonly now: Instant
}

/** Whose a session's token is; `undefined` when it ended, or never was. One read, and none for garbage. */
export async function accountOfSession(world: World, call: Call, token: Secret): Promise<AtSession | undefined> {
  const found = await accountOfToken(world, 'session', token)
  if (found === undefined) return undefined
  const { id, account, now, matches } = found
  const session = account.sessions.find(each => matches(each.verifier) && isLive(each, now, world.limits))
  if (session === undefined) return undefined
  if (sessionUsed(account, session.id, now, world.limits) !== undefined) {
    await changeAccount(world, call, id, (account, now) => {
      return { ending: undefined, change: sessionUsed(account, session.id, now, world.limits) }
    })
  }
  return { id, account, session, now }
}

export type TokenFound = {
  readonly id: AccountId
  readonly account: Account
  readonly now: Instant
  /** Whether the token's secret is the one behind a verifier. */
  readonly matches: (verifier: string) => boolean
}

/** The account that a token names. Whether the token is one of its own, only `matches` says. */
export async function accountOfToken(world: World, kind: TokenKind, token: Secret): Promise<TokenFound | undefined> {
  const presented = world.secrets.readToken(prefixes[kind], token.reveal())
  const subject = presented && (await world.records.load('account', presented.subjectId))
  if (presented === undefined || subject === undefined) return undefined
  const matches = (verifier: string) => world.secrets.tokenMatches(verifier, presented.secret)
  return { id: subject.id, ...asOfNow(world, subject.document), matches }
}

/** What a request tells of who sends it. */
export type Presenting = {
  /** An IPv4 address or an IPv6 /64, as limits count. */
  readonly network: string
  readonly from: Origin
  /** The secret of a known browser, if one came along. */
  readonly browser: Secret | undefined
}

/**
 * Who calls, as the core knows it. Its name for the network is keyed and differs from account to account, so that what is
 * stored can neither be read nor compared. Ask inside the decision: which browsers are known may have changed.
 */
export function callerOf(world: World, account: Account, presenting: Presenting): Caller {
  const { network, from } = presenting
  const [name] = world.secrets.handles('account-network', `${account.id}/${network}`)
  assert(name !== undefined, 'the key ring has a key that indexes')
  return {
    network: Buffer.from(name.index.subarray(0, 16)).toString('hex'),
    bucket: (name.index[16] ?? 0) % world.limits.account.password.strangerBuckets,
    from,
    browser: presentedBrowser(world, account, presenting.browser),
  }
}

/**
 * Who calls from inside a session. Its token is worth what the cookie of its browser is: waits at the password are that
 * browser's own, and no stranger's tries stand in the way, whether or not the cookie came along.
 */
export function callerAtSession(world: World, account: Account, session: string, presenting: Presenting): Caller {
  const caller = callerOf(world, account, presenting)
  if (caller.browser !== undefined) return caller
  const id = account.sessions.find(each => each.id === session)?.browser
  const browser = account.browsers.find(each => each.id === id)
  return browser === undefined ? caller : { ...caller, browser: { id: browser.id, verifier: browser.verifier } }
}

function presentedBrowser(world: World, account: Account, shown: Secret | undefined): PresentedBrowser | undefined {
  const presented = shown && world.secrets.readToken(prefixes.browser, shown.reveal())
  if (presented?.subjectId !== account.id) return undefined
  for (const browser of account.browsers) {
    const verifier = verifiersOf(browser).find(each => world.secrets.tokenMatches(each, presented.secret))
    if (verifier !== undefined) return { id: browser.id, verifier }
  }
  return undefined
}
