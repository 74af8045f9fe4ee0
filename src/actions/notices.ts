// Who is told of a change, and how: e-mails to people, webhooks to the servers of businesses and applications. Written in
// the same commit as the change, so that no change goes untold and no news is untrue.
//
//     notice to a business's claim       ──▶ e-mail to the business   · `security` webhook
//     notice to an application's claim   ──▶ application webhook
//     notice to a recovery address       ──▶ e-mail
//     reset, end of a contest            ──▶ application webhook (an app deletes what it keeps; people were told before)
//
// No webhook carries a PIN, a code or an e-mail address.

import type { Application } from '#core/application/application.ts'
import type { Business } from '#core/business/business.ts'
import { after, day, type Instant, second } from '#core/kernel/instant.ts'
import type { Outgoing } from '#core/message/message.ts'
import type { Change, Notice, NumberEvent } from '#core/registration-lock/change.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import { type ClaimId, claimOf, type PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { noticeMail } from '#delivery/messages/notice-mail.ts'
import { asciiJson } from '#delivery/webhook/ascii-json.ts'
import { maskNumber } from '#numbering/display.ts'
import type { World } from './world.ts'

/** The messages of a change. `before`: the number as it was, for those who are told lose their place by the change. */
export async function composeNotices(
  world: World,
  before: PhoneNumber,
  change: Change,
  by: { readonly door: Door; readonly at: Instant },
): Promise<readonly Outgoing[]> {
  const composed = await Promise.all([
    ...change.notices.map(notice => composeNotice(world, before, change, notice)),
    ...change.events.map(event => composeEvent(world, before, event, by)),
  ])
  return composed.flat()
}

// A notice that could not be delivered for a week tells its reader nothing they can still act on; Meta's webhooks are
// tried for as long.
const lasts = 7 * day

async function composeNotice(
  world: World,
  before: PhoneNumber,
  change: Change,
  notice: Notice,
): Promise<readonly Outgoing[]> {
  if (notice.to.kind === 'recovery_email') return [mailOf(world, before, notice, notice.to.address)]
  const claim = claimOf(before, notice.to.claim)
  if (claim === undefined) return []
  if (claim.by.kind === 'business') {
    const business = (await world.records.load('business', claim.by.business))?.document
    if (business === undefined) return []
    const event = securityEvents[notice.kind]
    const told = event === undefined ? [] : securityWebhook(business, claim.by.business, before, { event }, notice.at)
    return [mailOf(world, before, notice, business.email), ...told]
  }
  const { door, at } = notice
  return tellApplication(world, before, claim.id, { type: types[notice.kind], door, at, ...effectOf(change, notice) })
}

async function composeEvent(
  world: World,
  before: PhoneNumber,
  event: NumberEvent,
  by: { readonly door: Door; readonly at: Instant },
): Promise<readonly Outgoing[]> {
  switch (event.kind) {
    case 'registration.reset':
      return tellApplication(world, before, event.claim, { type: 'registration.reset', ...by, effect: event.effect })
    case 'recovery.address_changed':
      return tellApplication(world, before, event.claim, { type: 'recovery_address.changed', ...by })
    case 'registration.uncontested': {
      const told = before.holder?.claim ?? (before.lock.kind === 'set' ? before.lock.keeper : event.claim)
      return tellApplication(world, before, told, { type: 'contest.ended', ...by })
    }
    default:
      return []
  }
}

// ——— e-mail

function mailOf(world: World, before: PhoneNumber, notice: Notice, to: string): Outgoing {
  const mail = noticeMail({
    notice: notice.kind,
    language: languageOf(before, notice.to.kind === 'claim' ? notice.to.claim : undefined),
    product: world.policy.product,
    when: notice.at,
    door: notice.door,
    numberMasked: maskNumber(before.number),
  })
  return { message: { channel: 'email', to, ...mail }, due: notice.at, expires: after(notice.at, lasts) }
}

/** The language of a claim's owner; of whoever keeps the PIN, where the claim's is not known. */
export function languageOf(number: PhoneNumber, claim: ClaimId | undefined): string {
  const keeper = number.lock.kind === 'set' ? number.lock.keeper : number.holder?.claim
  const known = [claim, keeper].map(id => (id === undefined ? undefined : claimOf(number, id)?.language))
  return known.find(language => language !== undefined) ?? 'en'
}

// ——— applications

/** What an application is told, by its name on the wire. */
export type ApplicationNews = {
  readonly type:
    | 'registration.contested'
    | 'registration.reset'
    | 'registration.taken_over'
    | 'pin.set'
    | 'pin.changed'
    | 'pin.removed'
    | 'recovery_address.changed'
    | 'contest.ended'
    | 'webhook.test'
  readonly door: Door
  readonly at: Instant
  /** What a registration without the PIN cost. */
  readonly effect?: 'pending_messages' | 'account'
}

const types: Readonly<Record<Notice['kind'], ApplicationNews['type']>> = {
  pin_set: 'pin.set',
  pin_changed: 'pin.changed',
  pin_removed: 'pin.removed',
  registration_contested: 'registration.contested',
  registration_taken_over: 'registration.taken_over',
  recovery_address_changed: 'recovery_address.changed',
}

// Whose registration was taken over without the PIN is told what of theirs is to be deleted.
function effectOf(change: Change, notice: Notice): Pick<ApplicationNews, 'effect'> {
  const reset = change.events.find(event => event.kind === 'registration.reset')
  return reset === undefined || notice.kind !== 'registration_taken_over' ? {} : { effect: reset.effect }
}

async function tellApplication(
  world: World,
  number: PhoneNumber,
  id: ClaimId,
  news: ApplicationNews,
): Promise<readonly Outgoing[]> {
  const by = claimOf(number, id)?.by
  if (by?.kind !== 'application') return []
  const application = (await world.records.load('application', by.application))?.document
  if (application === undefined) return []
  return applicationWebhook(application, by.application, news, { registration: id, number: number.number })
}

/** The message that tells an application something, if it has a webhook. `about`: the registration, where it is one. */
export function applicationWebhook(
  application: Application,
  id: string,
  news: ApplicationNews,
  about?: { readonly registration: ClaimId; readonly number: string },
): readonly Outgoing[] {
  const { webhook } = application
  // Its receiver said that it is gone.
  if (webhook === undefined || webhook.standing?.off !== undefined) return []
  const { type, door, at, effect } = news
  const text = asciiJson({
    type,
    timestamp: new Date(at).toISOString(),
    data: { ...about, door, ...(effect === undefined ? {} : { effect }) },
  })
  const receiver = { kind: 'application', id } as const
  return [{ message: { channel: 'webhook', to: webhook.url, text, receiver }, due: at, expires: after(at, lasts) }]
}

// ——— businesses

type Security =
  | { readonly event: 'PIN_CHANGED' | 'PIN_RESET_SUCCESS' }
  /** `requester`: who of the business asked, by their id. */
  | { readonly event: 'PIN_RESET_REQUEST'; readonly requester: string }

// Meta's `security` field knows what happens to the PIN and nothing else.
const securityEvents: Readonly<Partial<Record<Notice['kind'], 'PIN_CHANGED' | 'PIN_RESET_SUCCESS'>>> = {
  pin_set: 'PIN_CHANGED',
  pin_changed: 'PIN_CHANGED',
  pin_removed: 'PIN_RESET_SUCCESS',
}

/** Meta's `security` webhook, if the business is subscribed. */
export function securityWebhook(
  business: Business,
  id: string,
  number: PhoneNumber,
  security: Security,
  at: Instant,
): readonly Outgoing[] {
  const { subscription } = business
  if (subscription === undefined) return []
  const value = { display_phone_number: number.number.slice(1), ...security }
  const entry = { id, time: Math.floor(at / second), changes: [{ field: 'security', value }] }
  const text = asciiJson({ object: 'whatsapp_business_account', entry: [entry] })
  const receiver = { kind: 'business', id } as const
  const message = { channel: 'webhook', to: subscription.callbackUri, text, receiver } as const
  return [{ message, due: at, expires: after(at, lasts) }]
}
