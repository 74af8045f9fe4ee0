// Codes for devices: how one is made, and how it gets there. One file for all that codes are sent for.
//
//     number ──▶ SMS                                           ┐ written in the commit that counts the send
//     device ──▶ notification, in the account and by the outbox ┘

import type { Account, AccountId } from '#core/account/account.ts'
import {
  type Challenge,
  codeBinding,
  codePolicy,
  type Purpose,
  type SendCodeEnding,
  type Slot,
} from '#core/account/challenge.ts'
import type { Change } from '#core/account/change.ts'
import { withNotification } from '#core/account/notification.ts'
import type { TrustedDevice } from '#core/account/trusted-device.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Message, Outgoing } from '#core/message/message.ts'
import { notificationText } from '#delivery/messages/notification.ts'
import { ownershipCodeText } from '#delivery/messages/ownership-code.ts'
import type { Secret } from '#secrets/secret.ts'
import type { World } from '../world.ts'
import { openText, sealText } from './sealed-text.ts'

/** A code, and what it is checked against. */
export type NewCode = { readonly code: Secret; readonly verifier: string }

/** Makes a code for a device, of as many digits as it is to have. Inside a decision: a lost race makes another one. */
export function newCode(
  world: World,
  account: Account,
  slot: Slot,
  to: { readonly id: string; readonly kind: TrustedDevice['kind'] },
): NewCode {
  const { secrets, limits } = world
  const code = secrets.newCode(codePolicy(slot.purpose, to.kind, limits).digits)
  return { code, verifier: secrets.makeCodeVerifier(codeBinding(account.id, slot, to), code) }
}

/** What a device is handed of a request, as JSON: the fields of the contract's `notification`. */
export type Notification = {
  readonly id: string
  readonly kind: 'code'
  readonly purpose: Purpose
  readonly title: string
  readonly text: string
  readonly code: string
  readonly place: string
  readonly agent: string
  readonly challenge: string
  readonly not_me: string
  readonly expires_at: string
}

type Sent = Extract<SendCodeEnding, { readonly kind: 'sent' }>

/**
 * What to commit of a code that may be sent, and the message that carries it. Commit this change in place of the ending's:
 * a device that fetches its notifications finds the code in the account. The code is in no event and no notice.
 */
export function codeOnItsWay(
  world: World,
  sent: Sent,
  { code, verifier }: NewCode,
  now: Instant,
): { readonly change: Change; readonly messages: readonly Outgoing[] } {
  const { next, events, notices, delivery, expires } = sent
  const account = next
  const language = account.language ?? 'en'
  const { product, origin } = world.policy
  if (delivery.channel === 'sms') {
    const words = { channel: 'sms', language, code: code.reveal(), product, origin } as const
    const message: Message = {
      channel: 'sms',
      to: delivery.number,
      text: ownershipCodeText(words),
      code: code.reveal(),
      proves: { account: account.id, verifier },
    }
    return { change: { next, events, notices }, messages: [{ message, due: now, expires }] }
  }
  const challenge = account.challenges.find(each => each.verifier === verifier)
  assert(challenge !== undefined, 'a code that was sent is the newest of its request')
  const notification = notificationOf(world, account, challenge, code, expires)
  const { device: id, address } = delivery
  const device = {
    ...{ account: account.id, id, address, expires, payload: JSON.stringify(notification) },
    topic: [account.id, challenge.purpose, challenge.side, id].join('/'),
  }
  const text = `${notification.title}\n${notification.text}`
  const proves = { account: account.id, verifier }
  const message: Message = { channel: 'push', to: id, text, code: code.reveal(), device, proves }
  const kept = sealText(world, notificationBinding(account.id, id), notification)
  return {
    change: { next: withNotification(account, verifier, kept), events, notices },
    messages: [{ message, due: now, expires }],
  }
}

function notificationOf(
  world: World,
  account: Account,
  { device, of, purpose, from }: Challenge,
  code: Secret,
  expires: Instant,
): Notification {
  const words = {
    language: account.language ?? 'en',
    product: world.policy.product,
    code: code.reveal(),
    purpose,
    from,
  }
  const denial: Denial = { account: account.id, device, challenge: of }
  return {
    ...{ id: world.secrets.newHexId(), kind: 'code', purpose, ...notificationText(words), code: code.reveal() },
    ...{ place: from.place, agent: from.agent, challenge: of },
    not_me: `${denialPrefix}${sealText(world, denialBinding, denial)}`,
    expires_at: new Date(expires).toISOString(),
  }
}

const notificationBinding = (account: AccountId, device: string): string => `account-notification/${account}/${device}`

/** A notification that lies in the account of a device; `undefined` when its key is gone. */
export const openNotification = (
  world: World,
  account: AccountId,
  { device, notification }: { readonly device: string; readonly notification: string },
): Notification | undefined =>
  openText(world, notificationBinding(account, device), notification) as Notification | undefined

// ——— "not me"

/** Which request a device says "not me" to. */
export type Denial = { readonly account: AccountId; readonly device: string; readonly challenge: string }

const denialPrefix = 'twdn_'
const denialBinding = 'account-not-me'

/** Reads the `not_me` of a notification. It can end that one request, and nothing else, as long as it is open. */
export const readDenial = (world: World, token: Secret): Denial | undefined =>
  token.reveal().startsWith(denialPrefix)
    ? (openText(world, denialBinding, token.reveal().slice(denialPrefix.length)) as Denial | undefined)
    : undefined
