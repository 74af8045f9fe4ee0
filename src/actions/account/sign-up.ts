// Signing up: the mailbox is proved first, and only then is there an account.
//
//     address ──▶ count the network ──commit──▶ count the address, and mail ──commit──▶ nothing else is kept
//                                                  ├ a link, where there is no account (a day; a sealed box, not stored)
//                                                  └ word that there is one, where there is
//     link and password ──▶ hash ──commit──▶ the account, and its first session
//
// Stay indistinguishable: whoever asks learns nothing about the address; the mailbox does. What is counted lies with nobody
// (see nobody.ts) under a keyed name, and costs the account of a stranger nothing. The link is used up by its use: one
// address is the name of one account. When that was made is kept there too, so that closing it brings no old link back.

import { createAccount } from '#core/account/account.ts'
import { type Change, quietly } from '#core/account/change.ts'
import { firstStepDone } from '#core/account/sign-in.ts'
import { addressOf } from '#core/business/admin.ts'
import { after, type Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { take, type WindowPolicy } from '#core/throttle/moving-window.ts'
import { isMailAddress } from '#delivery/email/mail-address.ts'
import { Secret } from '#secrets/secret.ts'
import { hashingPlace } from '../hashing-place.ts'
import { create, watched } from '../runner.ts'
import { type Call, type Overloaded, settling, type World } from '../world.ts'
import { accountOfAddress, callerOf, changeAccount, type Presenting } from './account.ts'
import { nobodyOf, placeOf } from './nobody.ts'
import { linkTo, mailTo } from './notices.ts'
import { makePassword } from './passwords.ts'
import { openText, sealText } from './sealed-text.ts'
import { type Opened, openedBy, signInTokens } from './sign-in.ts'
import { prefixes } from './tokens.ts'
import { type RefusedPassword, refusedPassword } from './weak-password.ts'

export type AskToSignUp = {
  readonly email: string
  /** What the mails of the account are written in. */
  readonly language: string
  readonly network: string
}

export type AskToSignUpEnding =
  /** Whatever was mailed, or nothing because enough was mailed today. */
  | { readonly kind: 'accepted' }
  | { readonly kind: 'not_an_address' }
  | { readonly kind: 'too_many_sign_ups'; readonly retryAt: Instant; readonly now: Instant }

/** Mails a link to an address, or word that it has an account. Two commits, whichever it is. */
export const askToSignUp = (world: World, call: Call, command: AskToSignUp): Promise<AskToSignUpEnding> =>
  watched(world, 'ask_to_sign_up', async () => {
    const { signUp } = world.limits.account
    const address = addressOf(command.email)
    if (!isMailAddress(address)) return { kind: 'not_an_address' }
    const network = nobodyOf(world, 'sign-up-network', command.network)
    const counted = await count(world, call, network, signUp.perNetwork)
    if (counted !== undefined) return { kind: 'too_many_sign_ups', ...counted }

    const found = await accountOfAddress(world, address)
    return changeAccount<AskToSignUpEnding>(
      world,
      settling(call),
      nobodyOf(world, 'sign-up-address', address),
      (mailbox, now) => {
        const ending = { kind: 'accepted' } as const
        const taken = take(mailbox.addressMails, now, signUp.perAddress)
        // A commit like any other's, with nothing in it.
        if (taken.kind === 'full') return { ending, change: quietly(mailbox) }
        const expires = after(now, signUp.life)
        const to = { to: address, when: now, expires }
        const message =
          found === undefined
            ? mailTo(world, command, { ...to, mail: 'sign_up', link: linkTo(world, linkOf(world, command, expires)) })
            : mailTo(world, found.document, { ...to, mail: 'sign_up_known' })
        return { ending, change: quietly({ ...mailbox, addressMails: taken.next }), messages: [message] }
      },
    )
  })

/** Takes a place in a nobody's window; `undefined` when there was one. */
const count = (world: World, call: Call, nobody: string, policy: WindowPolicy) =>
  changeAccount<{ readonly retryAt: Instant; readonly now: Instant } | undefined>(
    world,
    call,
    nobody,
    (network, now) => {
      const taken = take(network.addressMails, now, policy)
      if (taken.kind === 'full') return { ending: { retryAt: taken.until, now } }
      return { ending: undefined, change: quietly({ ...network, addressMails: taken.next }) }
    },
  )

// ——— the link

/** A mailbox that was proved, or is about to be. */
export type ProvedMailbox = { readonly address: string; readonly language: string; readonly expires: Instant }

const binding = 'account-sign-up'

// Sealed, so that the address is in no URL; bound, so that nothing else that was sealed is taken for one.
function linkOf(world: World, { email, language }: AskToSignUp, expires: Instant): Secret {
  const proved: ProvedMailbox = { address: addressOf(email), language, expires }
  return Secret.of(`${prefixes.signUp}${sealText(world, binding, proved)}`)
}

/**
 * Which mailbox the holder of a link has; `undefined` when the link is old, or none, or from before the last account that
 * was made with this address. One read, and none for garbage.
 */
export async function mailboxOf(world: World, link: Secret): Promise<ProvedMailbox | undefined> {
  const text = link.reveal()
  if (!text.startsWith(prefixes.signUp)) return undefined
  const proved = openText(world, binding, text.slice(prefixes.signUp.length)) as ProvedMailbox | undefined
  if (proved === undefined || world.clock.now() >= proved.expires) return undefined
  const id = nobodyOf(world, 'sign-up-address', proved.address)
  const keeper = (await world.records.load('account', placeOf(id).subject))?.document
  const madeAt = keeper?.id === id ? keeper.changedAt : undefined
  return madeAt !== undefined && proved.expires < after(madeAt, world.limits.account.signUp.life) ? undefined : proved
}

// ——— the account

/** What making an account may be refused with. */
export type SignUpRefused =
  /** The link is old, or none. */
  | { readonly kind: 'gone' }
  /** Told to the mailbox's holder only. */
  | { readonly kind: 'account_exists' }
  | RefusedPassword
  | Overloaded

type WithLink = { readonly link: Secret; readonly password: Secret }

export type SignUpEnding = ({ readonly kind: 'signed_up' } & Opened) | SignUpRefused

/** Makes the account, and signs its owner in. Two commits: then the link is used up. */
export const signUp = (
  world: World,
  call: Call,
  { presenting, ...given }: WithLink & { readonly presenting: Presenting },
): Promise<SignUpEnding> =>
  watched(world, 'sign_up', () =>
    makeAccount<Extract<SignUpEnding, { readonly kind: 'signed_up' }>>(world, call, given, (created, now) => {
      const account = created.next
      const tokens = signInTokens(world, account.id)
      const step = { caller: callerOf(world, account, presenting), tokens, trust: false }
      const begun = firstStepDone(created, step, now, world.limits)
      assert(begun.kind === 'signed_in', 'a new account has no second step')
      return { change: begun, ending: { kind: 'signed_up', ...openedBy(begun.next, tokens, begun, now) } }
    }),
  )

export type SignUpByLinkEnding = { readonly kind: 'account_made' } | SignUpRefused

/** Makes the account, as the page of the link does: a link signs nobody in. Two commits. */
export const signUpByLink = (world: World, call: Call, given: WithLink): Promise<SignUpByLinkEnding> =>
  watched(world, 'sign_up_by_link', () =>
    makeAccount<Extract<SignUpByLinkEnding, { readonly kind: 'account_made' }>>(world, call, given, created => {
      return { change: created, ending: { kind: 'account_made' } }
    }),
  )

async function makeAccount<E>(
  world: World,
  call: Call,
  { link, password }: WithLink,
  begin: (created: Change, now: Instant) => { readonly change: Change; readonly ending: E },
): Promise<E | SignUpRefused> {
  const proved = await mailboxOf(world, link)
  if (proved === undefined) return { kind: 'gone' }
  const { address, language } = proved
  if ((await accountOfAddress(world, address)) !== undefined) return { kind: 'account_exists' }
  const weak = await refusedPassword(world, [address], password)
  if (weak !== undefined) return weak
  using place = hashingPlace(world)
  const busy = place.missing()
  if (busy !== undefined) return busy

  const id = world.secrets.newNumericId()
  const verifier = await makePassword(world, place, id, password)
  const now = world.clock.now()
  const made = {
    ...{ id, language, application: undefined, password: { verifier, weak: false } },
    addresses: [{ address, confirmedAt: now }],
  }
  const { change, ending } = begin(quietly(createAccount(made, now, world.limits), { kind: 'account.created' }), now)
  const first = { next: change.next, events: change.events }
  if (!(await create(world, settling(call), 'account', id, first))) return { kind: 'account_exists' }
  await changeAccount(world, settling(call), nobodyOf(world, 'sign-up-address', address), (mailbox, now) => {
    return { ending: undefined, change: quietly({ ...mailbox, changedAt: now }) }
  })
  return ending
}
