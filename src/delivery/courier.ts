// The courier port: who carries messages of some channels out of the house.

import type { Instant } from '#core/kernel/instant.ts'
import type { Channel, Message } from '#core/message/message.ts'

/**
 * `taken`: the next hop has it. `failed`: it has not, and another try may help. `refused`: no try will. `later`: the next
 * hop may have it, and the courier wants to be asked again at `at` what became of it.
 */
export type CourierEnding =
  | { readonly kind: 'taken' }
  | { readonly kind: 'later'; readonly at: Instant }
  | { readonly kind: 'failed' | 'refused'; readonly reason: CourierFault }

/** Why, in words of ours: a provider's own text may quote the code. */
export type CourierFault =
  | 'unreachable'
  | 'rejected'
  | 'timed_out'
  /** This courier has as much under way to that receiver as it may. */
  | 'busy'
  /** The receiver wants no more. */
  | 'gone'
  /** It leads to an address that this server does not call. */
  | 'forbidden'
  /** Every provider that took it says that it did not arrive. */
  | 'undelivered'
  /** Another code took its place, or it was right: two codes must never be alive. */
  | 'replaced'

export interface Courier {
  /**
   * Hands a message on. `id` is the same on every try: the provider's idempotency key. Throws only on a bug. Once `signal`
   * is aborted (the courier's time, or the message's, is over; or the server stops) nobody waits for the answer: give up.
   * From `expires` on, nobody further on may deliver it either.
   */
  send(message: Message, id: string, signal: AbortSignal, expires?: Instant): Promise<CourierEnding>
  /** What became of a message whose time ended before {@link Courier.send} was asked again. */
  expired?(message: Message, id: string): Promise<'sent' | 'dead'>
  /** The outbox has settled it for good. */
  settled?(message: Message, id: string): Promise<void>
  /** Lets go of what it holds (connections). Nothing is sent after it. */
  close?(): void
}

/** Which courier carries which channel. A channel without one is not offered by this server. */
export type Couriers = { readonly [C in Channel]?: Courier }
