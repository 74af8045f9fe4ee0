// An application: a product that uses the REST door with its own API key.

import type { GateRule } from '../account/gate.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Window } from '../throttle/moving-window.ts'
import type { Webhook } from './webhook.ts'

export type Application = {
  readonly name: string
  readonly createdAt: Instant
  readonly seen: Instant
  /** What the API key's secret is checked against. */
  readonly keyVerifier: string
  /** Where it is told what happens to its registrations. */
  readonly webhook?: Webhook | undefined
  /** When test events were sent. */
  readonly webhookTests?: Window
  /** Gates of its own (see gates.ts). */
  readonly gates?: readonly { readonly name: string; readonly rule: GateRule }[]
}

export type ApplicationEvent =
  | { readonly kind: 'application.created' }
  | { readonly kind: 'gate.defined' | 'gate.removed'; readonly gate: string }
  | { readonly kind: 'webhook.placed' | 'webhook.removed' | 'webhook.secret_changed' }
  /** Its receiver answered 410. */
  | { readonly kind: 'webhook.switched_off' }
