// A trusted device that receives notifications: it waits for them, says "not me", and says where it is reached. Both of its
// secrets go with each call: the one without the other is a copy's, and is not trusted any more.

import type { PushTarget } from './account-two-step.ts'
import type { CallOptions } from './exchange.ts'
import type { DeviceResult } from './problem.ts'
import type { Rest } from './rest.ts'
import type { SecretText } from './secret.ts'

/** What a device was handed when it registered. */
export interface DeviceCredentials {
  readonly device_token: SecretText
  readonly installation: SecretText
}

/** The device. */
export interface DeviceState {
  readonly device: {
    readonly id: string
    readonly name: string
    /** False until its own code was entered. */
    readonly trusted: boolean
    readonly unreachable: boolean
  }
}

/** What a device is to show. */
export interface DeviceNotification {
  readonly id: string
  readonly kind: 'code'
  readonly purpose: 'enrol' | 'add-device' | 'sign-in' | 'step-up' | 'reset-password'
  /** For a person, as is `text`. */
  readonly title: string
  readonly text: string
  readonly code: string
  /** Where it is asked from, or empty. */
  readonly place: string
  /** The browser that asks, or empty. */
  readonly agent: string
  readonly challenge: string
  readonly not_me: string
  readonly expires_at: string
}

/** The calls of a trusted device. */
export interface Device {
  get(options?: CallOptions): Promise<DeviceResult<DeviceState>>
  /** Oldest first. `wait`: up to 25 seconds for one to come. `after`: the `id` of the last one that was seen. */
  notifications(
    request?: { readonly wait?: number | undefined; readonly after?: string | undefined },
    options?: CallOptions,
  ): Promise<DeviceResult<{ readonly notifications: readonly DeviceNotification[] }, 'too_many_waiting'>>
  /** Ends the sign-in or reset that was shown, or the session that asked. */
  notMe(
    request: { readonly challenge: string } | { readonly not_me: string },
    options?: CallOptions,
  ): Promise<DeviceResult<{ readonly ended: true }, 'nothing_open'>>
  /** Where its notifications go from now on. */
  move(
    request: { readonly push: PushTarget } | { readonly app: true },
    options?: CallOptions,
  ): Promise<DeviceResult<DeviceState>>
}

export const deviceOf = ({ read, changeOnce }: Rest): Device => ({
  get: options => read('device', options),
  notifications: ({ wait, after } = {}, options) => {
    const query = new URLSearchParams()
    if (wait !== undefined) query.set('wait', String(wait))
    if (after !== undefined) query.set('after', after)
    return read(`device/notifications?${query}`, options)
  },
  notMe: (body, options) => changeOnce({ method: 'POST', path: 'device/not-me', body, options }),
  move: (body, options) => changeOnce({ method: 'PUT', path: 'device/push', body, options }),
})
