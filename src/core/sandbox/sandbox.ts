// What the sandbox remembers of itself between starts: how far its clock was moved, and the account it prints.

import type { Instant, Milliseconds } from '../kernel/instant.ts'

export type Sandbox = {
  readonly seen: Instant
  /** How far the sandbox's clock is ahead of the machine's. */
  readonly ahead: Milliseconds
  readonly ready: { readonly business: string; readonly claim: string; readonly accessToken: string } | undefined
  /** Who signs in to the manager pages: printed at each start, for this is a sandbox. */
  readonly admin?: { readonly email: string; readonly password: string } | undefined
}

export type SandboxEvent =
  | { readonly kind: 'clock.moved'; readonly by: Milliseconds }
  | { readonly kind: 'sandbox.made' }
