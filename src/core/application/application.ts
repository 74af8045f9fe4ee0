// An application: a product that uses the REST door with its own API key.

import type { Instant } from '../kernel/instant.ts'

export type Application = {
  readonly name: string
  readonly createdAt: Instant
  readonly seen: Instant
  /** What the API key's secret is checked against. */
  readonly keyVerifier: string
}

export type ApplicationEvent = { readonly kind: 'application.created' }
