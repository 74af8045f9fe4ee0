// The links that are mailed, and what confirming them does.
//
//     recovery   to the recovery address, at the wish of whoever proved the number   ──▶ the PIN goes
//     turn_off   to the business that keeps the PIN, at the wish of its people       ──▶ the PIN goes
//     address    to a new recovery address, where addresses must be confirmed        ──▶ it counts
//
// A link carries a token: 256 random bits, of which only a hash is kept, and the id of the claim it is about. Looking at it
// changes nothing. Confirming it is one commit, and the commit takes the link away, so of many at once one has effect.
// A link signs nobody in.

import { after, type Instant } from '#core/kernel/instant.ts'
import type { Outgoing } from '#core/message/message.ts'
import type { Change } from '#core/registration-lock/change.ts'
import { type ClaimId, claimOf, type PhoneNumber } from '#core/registration-lock/phone-number.ts'
import {
  confirmRecoveryAddress,
  confirmRecoveryLink,
  confirmTurnOffLink,
  type MailedLink,
  mailRecoveryLink,
  mailTurnOffLink,
  openConfirmation,
  openRecoveryLink,
  openTurnOffLink,
} from '#core/registration-lock/recovery-mail.ts'
import { maskAddress } from '#delivery/email/mail-address.ts'
import { type LinkKind, noticeMail } from '#delivery/messages/notice-mail.ts'
import { maskNumber } from '#numbering/display.ts'
import type { Secret } from '#secrets/secret.ts'
import type { PresentedToken } from '#secrets/token.ts'
import { languageOf, securityWebhook } from './notices.ts'
import { asOfNow, changeNumber } from './number.ts'
import { watched } from './runner.ts'
import type { Call, World } from './world.ts'

/** Where the pages of links are, below the public URL. The token follows. */
export const linksPath = '/links'

/** What a link does when it is confirmed. */
export type LinkPurpose = 'recovery' | 'turn_off' | 'address'

type Way = {
  /** What its tokens begin with: a token of one purpose is none of another. */
  readonly prefix: string
  readonly mail: LinkKind
  readonly open: (number: PhoneNumber, now: Instant) => MailedLink | undefined
  readonly confirm: (number: PhoneNumber, verifier: string, now: Instant) => Change | undefined
}

const ways: Readonly<Record<LinkPurpose, Way>> = {
  recovery: { prefix: 'twr_', mail: 'recovery_link', open: openRecoveryLink, confirm: confirmRecoveryLink },
  turn_off: { prefix: 'twt_', mail: 'turn_off_link', open: openTurnOffLink, confirm: confirmTurnOffLink },
  address: { prefix: 'twc_', mail: 'recovery_confirmation', open: openConfirmation, confirm: confirmRecoveryAddress },
}

const purposes = Object.keys(ways) as readonly LinkPurpose[]

// ——— asking for one

type OnClaim = { readonly number: string; readonly claim: ClaimId }

type TooManyMails = { readonly kind: 'too_many_mails'; readonly retryAt: Instant; readonly now: Instant }

export type RequestRecoveryLinkEnding =
  | { readonly kind: 'mailed'; readonly expires: Instant; readonly now: Instant }
  | TooManyMails
  | { readonly kind: 'no_address' | 'not_proved' | 'no_lock' }

/** One commit. Whoever has not proved the number mails nothing, spends nothing and learns nothing. */
export const requestRecoveryLink = (world: World, call: Call, command: OnClaim): Promise<RequestRecoveryLinkEnding> =>
  watched(world, 'request_recovery_link', () => {
    const link = newLink(world, 'recovery', command.claim)
    return changeNumber<RequestRecoveryLinkEnding>(world, call, command.number, (number, now) => {
      const sent = mailRecoveryLink(number, { claim: command.claim, verifier: link.verifier }, now, world.limits)
      if (sent.kind === 'too_many_mails') return { ending: { ...sent, now } }
      if (sent.kind !== 'mailed') return { ending: sent }
      const { address, expires } = sent
      const message = linkMail(world, call, number, link, { to: address, claim: undefined, now, expires })
      return { ending: { kind: 'mailed', expires, now }, change: sent, messages: [message] }
    })
  })

export type RequestTurnOffEnding =
  | {
      readonly kind: 'mailed'
      /** The address of the business, as people may see it who do not know it. */
      readonly toMasked: string
      readonly expires: Instant
      readonly now: Instant
    }
  | TooManyMails
  | { readonly kind: 'no_lock' | 'not_keeper' }

/**
 * One commit. The mail goes to the address of the business whose claim keeps the PIN; `requester` is who of its people
 * asked, for the `security` webhook.
 */
export const requestTurnOff = (
  world: World,
  call: Call,
  command: OnClaim & { readonly requester: string },
): Promise<RequestTurnOffEnding> =>
  watched(world, 'request_turn_off', async () => {
    const business = await businessOf(world, command)
    if (business === undefined) return { kind: 'not_keeper' }
    const { id, document } = business
    const link = newLink(world, 'turn_off', command.claim)
    return changeNumber<RequestTurnOffEnding>(world, call, command.number, (number, now) => {
      const sent = mailTurnOffLink(number, { claim: command.claim, verifier: link.verifier }, now, world.limits)
      if (sent.kind === 'too_many_mails') return { ending: { ...sent, now } }
      if (sent.kind !== 'mailed') return { ending: sent }
      const to = document.email
      const { expires } = sent
      const message = linkMail(world, call, number, link, { to, claim: command.claim, now, expires })
      const security = { event: 'PIN_RESET_REQUEST', requester: command.requester } as const
      return {
        ending: { kind: 'mailed', toMasked: maskAddress(to), expires, now },
        change: sent,
        messages: [message, ...securityWebhook(document, id, number, security, now)],
      }
    })
  })

async function businessOf(world: World, { number, claim }: OnClaim) {
  const subject = await world.records.load('number', number)
  const by = subject === undefined ? undefined : claimOf(subject.document, claim)?.by
  return by?.kind === 'business' ? world.records.load('business', by.business) : undefined
}

// ——— the link itself

export type NewLink = { readonly purpose: LinkPurpose; readonly token: Secret; readonly verifier: string }

/** A new link about a claim. Only its verifier is kept. */
export function newLink(world: World, purpose: LinkPurpose, claim: ClaimId): NewLink {
  return { purpose, ...world.secrets.makeToken(ways[purpose].prefix, claim) }
}

/** The mail that carries a link. `claim`: whose language it is written in; else the keeper's. */
export function linkMail(
  world: World,
  call: Call,
  number: PhoneNumber,
  link: NewLink,
  mail: {
    readonly to: string
    readonly claim: ClaimId | undefined
    readonly now: Instant
    readonly expires: Instant
  },
): Outgoing {
  const { to, now, expires } = mail
  const address = `${world.publicUrl()}${linksPath}/${link.token.reveal()}`
  const written = noticeMail({
    notice: ways[link.purpose].mail,
    language: languageOf(number, mail.claim),
    product: world.policy.product,
    when: now,
    door: call.door,
    numberMasked: maskNumber(number.number),
    link: address,
    expires,
  })
  return { message: { channel: 'email', to, ...written, link: address }, due: now, expires }
}

// ——— looking at one, and confirming it

export type LookedAt =
  | {
      readonly kind: 'open'
      readonly purpose: LinkPurpose
      readonly numberMasked: string
      readonly expires: Instant
      readonly now: Instant
    }
  /** Used, replaced, too old, or never mailed: it does not say which. */
  | { readonly kind: 'gone' }

/** What confirming a link would do. Reads, and changes nothing. */
export async function lookAtLink(world: World, token: string): Promise<LookedAt> {
  const found = await findLink(world, token)
  if (found === undefined) return { kind: 'gone' }
  const { purpose, presented, subject } = found
  const number = asOfNow(world, subject.document)
  const now = latest(world, number)
  const open = openedBy(world, purpose, presented, number, now)
  if (open === undefined) return { kind: 'gone' }
  return { kind: 'open', purpose, numberMasked: maskNumber(number.number), expires: open.expires, now }
}

export type ConfirmLinkEnding =
  | { readonly kind: 'pin_removed'; readonly purpose: 'recovery' | 'turn_off' }
  | { readonly kind: 'address_confirmed'; readonly purpose: 'address' }
  | { readonly kind: 'gone' }

/** Does what the link is for. One commit, once. */
export const confirmLink = (world: World, call: Call, token: string): Promise<ConfirmLinkEnding> =>
  watched(world, 'confirm_link', async () => {
    const found = await findLink(world, token)
    if (found === undefined) return { kind: 'gone' }
    const { purpose, presented, subject } = found
    // Anybody can write a token that names a claim. One that is not out must not stand in the lane of the number's owner.
    const seen = asOfNow(world, subject.document)
    if (openedBy(world, purpose, presented, seen, latest(world, seen)) === undefined) return { kind: 'gone' }
    return changeNumber<ConfirmLinkEnding>(world, call, subject.id, (number, now) => {
      const open = openedBy(world, purpose, presented, number, now)
      const change = open && ways[purpose].confirm(number, open.verifier, now)
      if (change === undefined) return { ending: { kind: 'gone' } }
      if (purpose === 'address') return { ending: { kind: 'address_confirmed', purpose }, change }
      return { ending: { kind: 'pin_removed', purpose }, change }
    })
  })

// No read for garbage: a token carries its claim and a checksum.
async function findLink(world: World, token: string) {
  for (const purpose of purposes) {
    const presented = world.secrets.readToken(ways[purpose].prefix, token)
    if (presented === undefined) continue
    const subject = await world.records.find('number', { purpose: 'claim', value: presented.subjectId })
    return subject === undefined ? undefined : { purpose, presented, subject }
  }
  return undefined
}

function openedBy(
  world: World,
  purpose: LinkPurpose,
  presented: PresentedToken,
  number: PhoneNumber,
  now: Instant,
): MailedLink | undefined {
  const open = ways[purpose].open(number, now)
  return open !== undefined && world.secrets.tokenMatches(open.verifier, presented.secret) ? open : undefined
}

const latest = (world: World, number: PhoneNumber): Instant =>
  after(number.seen, Math.max(0, world.clock.now() - number.seen))
