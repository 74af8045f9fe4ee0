// E-mail addresses: where notices go, and by which the account is found.
//
//   given ── mailed a link ──▶ awaited (24 h, once) ── confirmed, by POST ──▶ address ── removed ──▶ gone
//
// Every notice goes to all of them, the one that is being taken away included. Adding or removing one is a significant
// change. The last one stays.

import { after, type Instant } from '../kernel/instant.ts'
import type { MailedLink } from '../registration-lock/recovery-mail.ts'
import type { Limits } from '../throttle/limits.ts'
import { take } from '../throttle/moving-window.ts'
import type { Account } from './account.ts'
import { and, type Change, quietly, tell } from './change.ts'
import { permit, type Refusal } from './session.ts'
import { changed } from './significant-change.ts'

export type Address = {
  /** In its one spelling. */
  readonly address: string
  /** `undefined` until its mailed link was used: only an account's first address may be so. */
  readonly confirmedAt: Instant | undefined
}

/** An address that waits for its link, or an account's first address that is confirmed later. */
export type AwaitedAddress = { readonly address: string; readonly link: MailedLink }

export type AddAddressEnding =
  | ({ readonly kind: 'mailed'; readonly to: string; readonly expires: Instant } & Change)
  | { readonly kind: 'known_already' }
  | { readonly kind: 'too_many_addresses' }
  | { readonly kind: 'too_many_mails'; readonly retryAt: Instant }
  | Refusal

/** Mails a link to a new address, or to the account's first one again. A new link replaces the one that is out. */
export function addAddress(
  account: Account,
  add: { readonly session: string; readonly address: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): AddAddressEnding {
  const known = account.addresses.find(each => each.address === add.address)
  const may = permit(account, add.session, known === undefined ? 'fresh' : 'full', now, limits)
  if (may.kind !== 'permitted') return may
  if (known?.confirmedAt !== undefined) return { kind: 'known_already' }
  if (known === undefined && account.addresses.length >= limits.account.addresses) return { kind: 'too_many_addresses' }
  return awaitConfirmation(account, add, now, limits)
}

/** Mails a link to an address of the account: also right after it was created, when nobody is signed in yet. */
export function awaitConfirmation(
  account: Account,
  add: { readonly address: string; readonly verifier: string },
  now: Instant,
  limits: Limits,
): Extract<AddAddressEnding, { readonly kind: 'mailed' | 'too_many_mails' }> {
  const { life, perAccount } = limits.account.mailedLink
  const taken = take(account.addressMails, now, perAccount)
  if (taken.kind === 'full') return { kind: 'too_many_mails', retryAt: taken.until }
  const expires = after(now, life)
  const awaited = { address: add.address, link: { verifier: add.verifier, expires } }
  const next = { ...account, awaited, addressMails: taken.next }
  return { kind: 'mailed', to: add.address, expires, ...quietly(next, { kind: 'address.awaited' }) }
}

/** The holder of the mailbox confirmed it. Nobody is signed in. `undefined` when that link is no longer out. */
export function confirmAddress(
  account: Account,
  confirm: { readonly link: string; readonly notMe: string },
  now: Instant,
  limits: Limits,
): Change | undefined {
  const { awaited } = account
  if (awaited === undefined || awaited.link.verifier !== confirm.link || now >= awaited.link.expires) return undefined
  const confirmed = { address: awaited.address, confirmedAt: now }
  const known = account.addresses.some(each => each.address === awaited.address)
  if (known) {
    // The address it was made with: nothing changed hands.
    const addresses = account.addresses.map(each => (each.address === awaited.address ? confirmed : each))
    return quietly({ ...account, addresses, awaited: undefined }, { kind: 'address.added' })
  }
  if (account.addresses.length >= limits.account.addresses) return undefined
  const next = { ...account, addresses: [...account.addresses, confirmed], awaited: undefined }
  const added: Change = {
    next,
    events: [{ kind: 'address.added' }],
    notices: [tell(next, 'address_added', now)],
  }
  return and(added, changed(next, 'addresses_changed', confirm.notMe, now, limits))
}

/**
 * The account without an address that was given and is not its own yet: whoever was in before might have given theirs. The
 * address that the account was made with may still be confirmed.
 */
export function withoutGivenAddress(account: Account): Account {
  const own = account.addresses.some(each => each.address === account.awaited?.address)
  return own ? account : { ...account, awaited: undefined }
}

export type RemoveAddressEnding =
  | ({ readonly kind: 'removed' } & Change)
  | { readonly kind: 'no_address' }
  /** Notices must reach the owner: the last confirmed address stays. */
  | { readonly kind: 'last_address' }
  | Refusal

/** Takes an address away. It is told, as all others are. */
export function removeAddress(
  account: Account,
  removal: { readonly session: string; readonly address: string; readonly notMe: string },
  now: Instant,
  limits: Limits,
): RemoveAddressEnding {
  const may = permit(account, removal.session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  if (!account.addresses.some(each => each.address === removal.address)) return { kind: 'no_address' }
  const addresses = account.addresses.filter(each => each.address !== removal.address)
  if (!addresses.some(each => each.confirmedAt !== undefined)) return { kind: 'last_address' }
  const removed: Change = {
    next: { ...account, addresses },
    events: [{ kind: 'address.removed' }],
    notices: [tell(account, 'address_removed', now, { from: may.session.from })],
  }
  const then = changed(removed.next, 'addresses_changed', removal.notMe, now, limits)
  const notices = then.notices.map(each => ({ ...each, to: tell(account, each.kind, now).to }))
  return { kind: 'removed', ...and(removed, { ...then, notices }) }
}
