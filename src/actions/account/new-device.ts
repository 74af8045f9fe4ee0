// A device that is to become a trusted one, as the core takes it: a mobile number that codes may be sent to, or a browser or
// app that receives notifications. It is trusted only after its own code came back.

import type { AccountId } from '#core/account/account.ts'
import type { NumberRefusal } from '#core/account/mobile-number.ts'
import type { DeviceDraft } from '#core/account/trusted-device.ts'
import { appAddress, readSubscription } from '#delivery/web-push/address.ts'
import { readCodeNumber } from '#numbering/line-type.ts'
import type { NotANumberReason } from '#numbering/number.ts'
import type { Secret } from '#secrets/secret.ts'
import type { World } from '../world.ts'
import { prefixes } from './tokens.ts'

/** A subscription as a browser gives it. */
export type GivenSubscription = {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
  /** The public key it was made for; left out, the newest of ours. */
  readonly application_server_key?: string | undefined
}

/** Where a device's notifications go: there, or it fetches them. */
export type Reached = { readonly push: GivenSubscription } | { readonly app: true }

export type AskedDevice =
  | {
      readonly kind: 'number'
      readonly number: string
      readonly country?: string | undefined
      readonly name?: string | undefined
    }
  | ({ readonly kind: 'device'; readonly name: string; readonly model?: string | undefined } & Reached)

/** What a device shows when it calls. Handed out once; only verifiers are kept. */
export type DeviceCredentials = {
  /** Names the device. May go into backups. */
  readonly token: Secret
  /** Is in no backup: a device that comes back without it is a copy. */
  readonly installation: Secret
}

export type NewDevice =
  | { readonly kind: 'draft'; readonly draft: DeviceDraft; readonly credentials?: DeviceCredentials }
  | NoDevice

export type NoDevice =
  | { readonly kind: 'not_a_number'; readonly reason: NotANumberReason }
  /** A number that codes are not sent to, and why. */
  | { readonly kind: 'no_codes'; readonly why: NumberRefusal }
  /** `field` of the subscription is wrong; `problem` says what to write instead. */
  | NotASubscription

export type NotASubscription = {
  readonly kind: 'not_a_subscription'
  readonly field: 'endpoint' | 'p256dh' | 'auth' | 'application_server_key'
  readonly problem: string
}

/** Makes the draft of a device for an account, with an id of its own. Nothing is sent and nothing is stored. */
export function draftOf(world: World, account: AccountId, asked: AskedDevice): NewDevice {
  const id = world.secrets.newNumericId()
  if (asked.kind === 'number') {
    const { codeRegions, homeCountries } = world.policy
    const read = readCodeNumber(asked.number, asked.country, [codeRegions, homeCountries])
    if (read.kind !== 'mobile') return read
    const { name = 'Phone' } = asked
    return { kind: 'draft', draft: { kind: 'number', id, name, model: undefined, number: read.e164 } }
  }
  const address = addressFor(world, id, asked)
  if (typeof address !== 'string') return address
  const token = world.secrets.makeToken(prefixes.device, account)
  const installation = world.secrets.makeToken(prefixes.installation, account)
  const { name, model } = asked
  return {
    kind: 'draft',
    draft: { kind: 'device', id, name, model, address, token: token.verifier, installation: installation.verifier },
    credentials: { token: token.token, installation: installation.token },
  }
}

/** The address of a device, as the core keeps it. */
export function addressFor(world: World, device: string, reached: Reached): string | NotASubscription {
  if (!('push' in reached)) return appAddress(device)
  const { endpoint, keys, application_server_key: given } = reached.push
  const key = given === undefined ? world.secrets.vapidKeys().keyId : world.secrets.vapidKeyOf(given)
  if (key === undefined) {
    const problem = 'subscribe anew, with the key that GET /api/v1/push-key answers'
    return { kind: 'not_a_subscription', field: 'application_server_key', problem }
  }
  const read = readSubscription({ endpoint, ...keys, key }, world.policy.webhooks)
  return read.kind === 'address' ? read.address : read
}
