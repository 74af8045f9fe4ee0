// What leaves the house, as the settings have it: who carries which channel, and how a receiver of webhooks is asked.

import type { WebhookNews } from '#actions/webhook-standing.ts'
import type { World } from '#actions/world.ts'
import type { Config } from '#config'
import type { WebhookTold } from '#core/application/webhook-standing.ts'
import type { Clock } from '#core/kernel/clock.ts'
import { second } from '#core/kernel/instant.ts'
import type { NotifiedDevice } from '#core/message/message.ts'
import type { Courier, Couriers } from '#delivery/courier.ts'
import type { Desk } from '#delivery/providers/desk.ts'
import { sandboxCouriers } from '#delivery/sandbox/sandbox-courier.ts'
import { isWanted } from '#delivery/wanted.ts'
import { pushCourier } from '#delivery/web-push/push-courier.ts'
import { type AddressGuard, addressGuard } from '#delivery/webhook/addresses.ts'
import { createCaller } from '#delivery/webhook/caller.ts'
import { confirmCallback } from '#delivery/webhook/handshake.ts'
import { endpointOf } from '#delivery/webhook/receivers.ts'
import { webhookCourier } from '#delivery/webhook/webhook-courier.ts'
import { asError, idForLog, type Log } from '#observe/log.ts'
import type { Records } from '#records/records.ts'
import { systemDice } from '#secrets/dice.ts'
import type { Secrets } from '#secrets/secrets.ts'

export type Outgoing = {
  readonly couriers: Couriers
  readonly confirmCallback: World['confirmCallback']
  /** Where providers report; `undefined` when there are none. */
  readonly desk: Desk | undefined
}

type Parts = {
  readonly records: Records
  readonly secrets: Secrets
  readonly clock: Clock
  /** The machine's own time, which the sandbox does not move: others compare it with theirs. */
  readonly machine: Clock
  readonly log: Log
  /** Where people and providers reach us, once we listen. */
  readonly address: () => string
  /** Wakes whoever waits here for what comes to an account. */
  readonly wake: (account: string) => void
  readonly deviceGone: (device: NotifiedDevice) => Promise<void>
  readonly noteWebhook: (application: string, told: WebhookTold) => Promise<WebhookNews>
  /** There is something in the outbox. */
  readonly nudge: () => void
}

/** Makes the couriers. */
export async function outgoingOf(config: Config, parts: Parts): Promise<Outgoing> {
  const { records, secrets, clock, machine, log, wake, deviceGone } = parts
  const sandbox = config.mode === 'sandbox'
  const guard = addressGuard({ allow: config.webhookAllow, loopback: sandbox })
  const call = createCaller({ guard, timeLimit: 10 * second })
  const webhook = webhookCourier({
    call,
    endpointOf: receiver => endpointOf(records, receiver, clock.now()),
    clock: machine,
    note: noteOf(parts),
  })
  const contact = () => contactOf(config, parts.address())
  const push = pushCourier({
    ...{ call, secrets, clock, contact, wake, gone: deviceGone },
    isWanted: message => isWanted(records, message),
  })
  const email = config.mail === undefined ? {} : { email: lateEmail(config.mail, machine, log) }
  const phones = await phonesOf(config, parts, guard)
  return {
    couriers: { ...(sandbox ? sandboxCouriers : {}), ...email, ...phones.couriers, webhook, push },
    desk: phones.desk,
    // Somebody waits for the answer: it must come before their request's own time is over.
    async confirmCallback(callback, signal) {
      const ask = createCaller({ guard, timeLimit: Math.min(5 * second, config.requestDeadline / 2) })
      const never = new AbortController().signal
      return confirmCallback(ask, callback, secrets.newCode(10), signal ?? never)
    },
  }
}

// The message was taken or not: a note that could not be kept must not have it sent again.
const noteOf =
  ({ noteWebhook, log }: Parts) =>
  async (application: string, told: WebhookTold): Promise<void> => {
    try {
      const news = await noteWebhook(application, told)
      if (news !== undefined) log.warn(words[news], { application: idForLog(application) })
    } catch (error) {
      log.error('how a webhook fares could not be noted', { error: asError(error) })
    }
  }

const words = {
  switched_off: 'a webhook was switched off: its receiver answered 410',
  broken: 'a webhook has failed for three days',
} as const

/** Whom a push service writes to. Apple's takes no address of a machine without a name. */
function contactOf({ mail }: Config, address: string): string {
  if (address.startsWith('https:')) return address
  return `mailto:${mail?.from.address ?? `postmaster@${new URL(address).hostname}`}`
}

// Loaded only where it is used: a start without providers need not pay for it.
async function phonesOf(config: Config, parts: Parts, guard: AddressGuard): Promise<Phones> {
  const specs = [...config.smsProviders, ...config.voiceProviders]
  if (specs.length === 0) return { couriers: {}, desk: undefined }
  const { openProviders } = await import('#delivery/providers/open-providers.ts')
  const { log, address } = parts
  const { courier, desk, channels } = openProviders({
    ...parts,
    specs,
    guard,
    publicUrl: address,
    dice: systemDice,
    onFault: (provider, fault) =>
      log.warn('a provider failed', { provider: idForLog(provider), fault: idForLog(fault) }),
  })
  return { couriers: Object.fromEntries(channels.map(channel => [channel, courier])), desk }
}

type Phones = { readonly couriers: Couriers; readonly desk: Desk | undefined }

// The library is loaded with the first mail: it would be a part of every start.
function lateEmail(mail: NonNullable<Config['mail']>, clock: Clock, log: Log): Courier {
  let made: Promise<Courier> | undefined
  const onFault = (fault: string) => log.warn('a mail was not taken', { fault: idForLog(fault) })
  const courier = () => {
    made ??= import('#delivery/email/email-courier.ts').then(each => each.emailCourier({ mail, clock, onFault }))
    return made
  }
  return {
    send: async (message, id, signal) => (await courier()).send(message, id, signal),
    close: () => void made?.then(each => each.close?.()),
  }
}
