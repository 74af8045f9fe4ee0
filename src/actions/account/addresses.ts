// The e-mail addresses of an account: listed, given, taken away. A new one counts once the link that is mailed to it was
// confirmed (mailed-links.ts), so that nobody takes a stranger's address by writing it.

import type { Account, AccountId } from '#core/account/account.ts'
import { quietly } from '#core/account/change.ts'
import {
  addAddress as addAddressDecision,
  removeAddress as removeAddressDecision,
} from '#core/account/email-address.ts'
import { permit, type Refusal } from '#core/account/session.ts'
import { addressOf } from '#core/business/admin.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { take } from '#core/throttle/moving-window.ts'
import { isMailAddress } from '#delivery/email/mail-address.ts'
import { watched } from '../runner.ts'
import type { Call, World } from '../world.ts'
import { type AtSession, changeAccount } from './account.ts'
import { nobodyOf } from './nobody.ts'
import { linkTo, mailTo } from './notices.ts'
import { newToken } from './tokens.ts'

/** By whom something of an account is asked for. */
export type BySession = { readonly account: AccountId; readonly session: string }

export type AddressSeen = {
  /** What it is called in paths: an address in a path would stand in every log along the way. */
  readonly id: string
  readonly address: string
  readonly confirmedAt: Instant | undefined
}

export type LookAtAddressesEnding =
  | {
      readonly kind: 'addresses'
      readonly addresses: readonly AddressSeen[]
      /** One that waits for its link. */
      readonly awaited: { readonly address: string; readonly expires: Instant } | undefined
    }
  | Refusal

/** Which addresses there are. */
export function lookAtAddresses(world: World, { account, session, now }: AtSession): LookAtAddressesEnding {
  const may = permit(account, session.id, 'full', now, world.limits)
  if (may.kind !== 'permitted') return may
  const { awaited } = account
  return {
    kind: 'addresses',
    addresses: account.addresses.map(each => ({ ...each, id: idsOf(world, account, each.address)[0] ?? '' })),
    awaited: awaited && { address: awaited.address, expires: awaited.link.expires },
  }
}

// Keyed, so that it tells nothing of the address; one for each key that indexes, the newest first, so that an id that was
// shown before a rotation still finds its address.
const idsOf = (world: World, account: Account, address: string): readonly string[] =>
  world.secrets
    .handles('account-address-id', `${account.id}/${address}`)
    .map(({ index }) => Buffer.from(index.subarray(0, 12)).toString('hex'))

export type AddAddressEnding =
  | { readonly kind: 'mailed'; readonly expires: Instant; readonly now: Instant }
  | { readonly kind: 'not_an_address' | 'known_already' | 'too_many_addresses' }
  | { readonly kind: 'too_many_mails'; readonly retryAt: Instant; readonly now: Instant }
  | Refusal

/**
 * Two commits: counts the mail for the address, then mails a link to a new one, or again to one that was never confirmed.
 * Whether the address is another account's is told to its mailbox only.
 */
export const addAddress = (
  world: World,
  call: Call,
  { at, address: given }: { readonly at: AtSession; readonly address: string },
): Promise<AddAddressEnding> =>
  watched(world, 'add_address', async () => {
    const address = addressOf(given)
    if (!isMailAddress(address)) return { kind: 'not_an_address' }
    const { token, verifier } = newToken(world, 'address', at.id)
    const add = { session: at.session.id, address, verifier }
    // Who is refused anyway counts nothing.
    if (addAddressDecision(at.account, add, at.now, world.limits).kind === 'mailed') {
      const full = await countForAddress(world, call, address)
      if (full !== undefined) return full
    }
    return changeAccount<AddAddressEnding>(world, call, at.id, (account, now) => {
      const ending = addAddressDecision(account, add, now, world.limits)
      if (ending.kind === 'too_many_mails') return { ending: { ...ending, now } }
      if (ending.kind !== 'mailed') return { ending }
      const { to, expires } = ending
      const link = linkTo(world, token)
      const message = mailTo(world, account, { mail: 'confirm_address', when: now, to, expires, link })
      return { ending: { kind: 'mailed', expires, now }, change: ending, messages: [message] }
    })
  })

// Each account has its own budget of mails. This one is the address's, for all of them together: else whoever makes a hundred
// accounts could fill a stranger's mailbox.
const countForAddress = (
  world: World,
  call: Call,
  address: string,
): Promise<Extract<AddAddressEnding, { readonly kind: 'too_many_mails' }> | undefined> =>
  changeAccount(world, call, nobodyOf(world, 'new-address', address), (counter, now) => {
    const taken = take(counter.addressMails, now, world.limits.account.newAddress)
    if (taken.kind === 'full') return { ending: { kind: 'too_many_mails', retryAt: taken.until, now } }
    return { ending: undefined, change: quietly({ ...counter, addressMails: taken.next }) }
  })

export type RemoveAddressEnding = { readonly kind: 'removed' | 'no_address' | 'last_address' } | Refusal

/** One commit. The address that goes is told of it, as all others are. */
export const removeAddress = (
  world: World,
  call: Call,
  command: BySession & { readonly address: string },
): Promise<RemoveAddressEnding> =>
  watched(world, 'remove_address', () => {
    const notMe = newToken(world, 'notMe', command.account)
    return changeAccount<RemoveAddressEnding>(world, call, command.account, (account, now) => {
      const found = account.addresses.find(each => idsOf(world, account, each.address).includes(command.address))
      const removal = { session: command.session, address: found?.address ?? '', notMe: notMe.verifier }
      const ending = removeAddressDecision(account, removal, now, world.limits)
      if (ending.kind !== 'removed') return { ending }
      return { ending: { kind: 'removed' }, change: ending, notMe: notMe.token }
    })
  })
