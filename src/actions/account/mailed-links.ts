// The links that are mailed to the owner of an account, and what confirming them does.
//
//     address          to an address that was given      ──▶ it counts
//     not_me           in the mail about a wait          ──▶ the wait ends, and every session with it
//     reset_password   while two-step is off             ──▶ a new password is set
//     sign_up          to an address without an account  ──▶ there is one, by its password
//
// A link carries a token: 256 random bits, of which only a hash is kept, and the id of its account. Looking at it changes
// nothing. Confirming it is one commit, and the commit takes the link away, so of many at once one has effect. A link signs
// nobody in.

import type { Account, AccountId } from '#core/account/account.ts'
import { quietly } from '#core/account/change.ts'
import { confirmAddress } from '#core/account/email-address.ts'
import { notMe } from '#core/account/enrolment.ts'
import { mailReset as mailResetDecision, openReset, resetByMail } from '#core/account/mailed-reset.ts'
import { after, type Instant } from '#core/kernel/instant.ts'
import type { MailedLink } from '#core/registration-lock/recovery-mail.ts'
import { Secret } from '#secrets/secret.ts'
import { watched } from '../runner.ts'
import type { Call, Overloaded, World } from '../world.ts'
import { accountOfAddress, accountOfToken, changeAccount, type TokenFound } from './account.ts'
import { withNewPassword } from './new-password.ts'
import { accountOrNobody } from './nobody.ts'
import { linkTo, mailTo } from './notices.ts'
import { mailboxOf, signUpByLink } from './sign-up.ts'
import { newToken, prefixes, type TokenKind } from './tokens.ts'
import type { RefusedPassword } from './weak-password.ts'

/** What a link does when it is confirmed. */
export type AccountLinkPurpose = StoredPurpose | 'sign_up'

// Of these the account knows; the link of a sign-up is a sealed box, for there is no account yet.
type StoredPurpose = 'address' | 'not_me' | 'reset_password'

type Way = {
  readonly token: TokenKind
  readonly open: (account: Account, now: Instant) => MailedLink | undefined
}

const ways: Readonly<Record<StoredPurpose, Way>> = {
  address: { token: 'address', open: ({ awaited }, now) => unexpired(awaited?.link, now) },
  not_me: {
    token: 'notMe',
    open: ({ twoStep }, now) => unexpired(twoStep.kind === 'waiting' ? twoStep.notMe : undefined, now),
  },
  reset_password: { token: 'mailedReset', open: openReset },
}
const purposes = Object.keys(ways) as readonly StoredPurpose[]

const unexpired = (link: MailedLink | undefined, now: Instant): MailedLink | undefined =>
  link !== undefined && now < link.expires ? link : undefined

// ——— looking at one

export type AccountLinkSeen =
  | { readonly kind: 'open'; readonly purpose: AccountLinkPurpose; readonly expires: Instant; readonly now: Instant }
  /** Used, replaced, too old, or never mailed: it does not say which. */
  | { readonly kind: 'gone' }
  /** It is no link of an account. */
  | { readonly kind: 'none' }

const kindsOfLinks = ['address', 'notMe', 'mailedReset', 'signUp'] as const satisfies readonly TokenKind[]

/** What confirming a link would do. Reads, and changes nothing. */
export async function lookAtAccountLink(world: World, token: string): Promise<AccountLinkSeen> {
  if (!kindsOfLinks.some(each => token.startsWith(prefixes[each]))) return { kind: 'none' }
  const mailbox = await mailboxOf(world, Secret.of(token))
  if (mailbox !== undefined) {
    const known = await accountOfAddress(world, mailbox.address)
    if (known !== undefined) return { kind: 'gone' }
    return { kind: 'open', purpose: 'sign_up', expires: mailbox.expires, now: world.clock.now() }
  }
  const found = await findLink(world, token, purposes)
  if (found === undefined) return { kind: 'gone' }
  const { purpose, link, now } = found
  return { kind: 'open', purpose, expires: link.expires, now }
}

type Found = {
  readonly purpose: StoredPurpose
  readonly link: MailedLink
  readonly account: AccountId
  readonly now: Instant
}

// No read for garbage: a token carries its account and a checksum. Anybody can write one that names an account, and one that
// is not out must not stand in the lane of the account's owner.
async function findLink(world: World, text: string, among: readonly StoredPurpose[]): Promise<Found | undefined> {
  const token = Secret.of(text)
  for (const purpose of among) {
    const found = await accountOfToken(world, ways[purpose].token, token)
    if (found === undefined) continue
    const link = openedBy(purpose, found, found.account, found.now)
    return link === undefined ? undefined : { purpose, link, account: found.id, now: found.now }
  }
  return undefined
}

function openedBy(
  purpose: StoredPurpose,
  { matches }: Pick<TokenFound, 'matches'>,
  account: Account,
  now: Instant,
): MailedLink | undefined {
  const link = ways[purpose].open(account, now)
  return link !== undefined && matches(link.verifier) ? link : undefined
}

// ——— confirming one

export type ConfirmAccountLinkEnding =
  | { readonly kind: 'address_confirmed' | 'wait_ended' }
  /** The address is another account's by now. Told to who reads its mailbox. */
  | { readonly kind: 'address_taken' }
  /** It needs a new password: {@link resetByLink}. */
  | { readonly kind: 'password_needed' }
  | { readonly kind: 'gone' }

/** Does what the link is for. One commit, once. `only`: links of other purposes are none here. */
export const confirmAccountLink = (
  world: World,
  call: Call,
  token: string,
  only?: StoredPurpose,
): Promise<ConfirmAccountLinkEnding> =>
  watched(world, 'confirm_account_link', async () => {
    const found = await findLink(world, token, only === undefined ? purposes : [only])
    if (found === undefined) return { kind: 'gone' }
    const { purpose, link, account: id } = found
    if (purpose === 'reset_password') return { kind: 'password_needed' }
    const next = newToken(world, 'notMe', id)
    return changeAccount<ConfirmAccountLinkEnding>(world, call, id, (account, now) => {
      if (purpose === 'not_me') {
        const change = notMe(account, link.verifier, now)
        return change === undefined ? { ending: { kind: 'gone' } } : { ending: { kind: 'wait_ended' }, change }
      }
      const confirm = { link: link.verifier, notMe: next.verifier }
      const change = confirmAddress(account, confirm, now, world.limits)
      if (change === undefined) return { ending: { kind: 'gone' } }
      return {
        ending: { kind: 'address_confirmed' },
        change,
        notMe: next.token,
        taken: { kind: 'address_taken' },
      }
    })
  })

// ——— a forgotten password, while two-step is off

/**
 * Asks for the link. Whoever asks is told nothing: whether there is such an account, whether it has two-step on and whether
 * it was mailed often enough today cost one commit each and end alike.
 */
export const mailReset = (
  world: World,
  call: Call,
  command: { readonly identifier: string },
): Promise<{ readonly kind: 'accepted' }> =>
  watched(world, 'mail_reset', async () => {
    const id = await accountOrNobody(world, 'reset-by-mail', command.identifier)
    const { token, verifier } = newToken(world, 'mailedReset', id)
    return changeAccount(world, call, id, (account, now) => {
      const ending = { kind: 'accepted' } as const
      const mailed = mailResetDecision(account, verifier, now, world.limits)
      if (mailed.kind === 'no_password' || mailed.kind === 'too_many_mails') return { ending, change: quietly(account) }
      const isLink = mailed.kind === 'mailed'
      const mail = isLink
        ? { mail: 'reset_password' as const, expires: mailed.expires, link: linkTo(world, token) }
        : { mail: 'reset_by_key' as const, expires: after(now, world.limits.account.mailedLink.life) }
      const messages = mailed.to.map(to => mailTo(world, account, { ...mail, to, when: now }))
      return { ending, change: mailed, messages }
    })
  })

export type ResetByLinkEnding = { readonly kind: 'reset' } | { readonly kind: 'gone' } | RefusedPassword | Overloaded

/** Sets the new password. One commit, after hashing; once. */
export const resetByLink = (
  world: World,
  call: Call,
  command: { readonly token: string; readonly password: Secret },
): Promise<ResetByLinkEnding> =>
  watched(world, 'reset_by_link', async () => {
    const found = await findLink(world, command.token, ['reset_password'])
    if (found === undefined) return { kind: 'gone' }
    const { account, link } = found
    const given = { account, password: command.password }
    return withNewPassword<ResetByLinkEnding>(world, call, given, (account, made, now) => {
      const change = resetByMail(account, { ...made, link: link.verifier }, now, world.limits)
      return change === undefined ? { ending: { kind: 'gone' } } : { ending: { kind: 'reset' }, change }
    })
  })

// ——— a password by a link, on a page

export type PasswordByLinkEnding =
  | { readonly kind: 'password_set' | 'gone' | 'account_exists' }
  | RefusedPassword
  | Overloaded

/** What the page of a link does that asks for a password: a reset, or a sign-up. Signs nobody in. */
export async function passwordByLink(
  world: World,
  call: Call,
  command: { readonly token: string; readonly password: Secret },
): Promise<PasswordByLinkEnding> {
  const { token, password } = command
  if (!token.startsWith(prefixes.signUp)) {
    const ending = await resetByLink(world, call, command)
    return ending.kind === 'reset' ? { kind: 'password_set' } : ending
  }
  const ending = await signUpByLink(world, call, { link: Secret.of(token), password })
  return ending.kind === 'account_made' ? { kind: 'password_set' } : ending
}
