// The provider port: one company, or one line to it, that carries texts or calls to phones.

import type { Instant, Milliseconds } from '#core/kernel/instant.ts'
import type { Message } from '#core/message/message.ts'

/** A message as it is handed to a provider. */
export type Sending = {
  readonly message: Message
  /** The delivery's id: the same on every try, and part of the addresses that the provider reports to. */
  readonly id: string
  /** From then on nobody may deliver it. */
  readonly expires: Instant
  readonly now: Instant
}

/**
 * How a provider answered. `taken`: it has it, and calls it `ref` in receipts. `declined`: it has not, and never will take
 * this text to this number. `failed`: it has not, and something is wrong with it. `later`: it has not, and has too much to
 * do for `wait`. `silent`: it may have it.
 */
export type ProviderEnding =
  | { readonly kind: 'taken'; readonly ref?: string }
  | { readonly kind: 'declined' | 'failed'; readonly fault: string }
  | { readonly kind: 'later'; readonly fault: string; readonly wait: Milliseconds }
  | { readonly kind: 'silent'; readonly fault: string }

/** What a provider says has become of a message: by our id where it knows it, else by its own name for it. */
export type Receipt = {
  readonly id?: string
  readonly ref?: string
  readonly state: 'delivered' | 'undelivered'
}

/** What a provider asks us over HTTP. `url` is as it was called by the provider, for signatures. */
export type ProviderRequest = {
  readonly kind: 'receipts' | 'calls'
  readonly id: string
  /** What stood behind the id in the path. */
  readonly rest: string
  readonly method: string
  readonly url: string
  readonly headers: (name: string) => string | undefined
  readonly body: string
}

/**
 * What it means. `forged`: it does not come from the provider. `nothing`: it says nothing new (it was sent on its way).
 * `key`: somebody pressed one, or did not.
 */
export type ProviderSays =
  | { readonly kind: 'forged' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'key'; readonly pressed: boolean }

/** What a call goes on with: the text, or nothing. */
export type Spoken = { readonly mediaType: string; readonly body: string }

export interface Provider {
  /** Unique among all; lower-case letters, digits and dashes. Shown in logs and addresses. */
  readonly name: string
  readonly channel: 'sms' | 'voice'
  /** Those of the lowest rank are asked first, and share what there is to send. */
  readonly rank: number
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[] | 'all'
  /** How long a receipt is waited for; `undefined`: it sends none. */
  readonly receiptWait: Milliseconds | undefined
  /** Hands a message over. Throws only on a bug. Answers before long whatever the other side does. */
  send(sending: Sending, signal: AbortSignal): Promise<ProviderEnding>
  /** Reads what the provider asks of us over HTTP. Trusts nothing that is not signed. */
  hear?(request: ProviderRequest): ProviderSays
  /** What a call is told: the text, read out; or, without one, the end of the call. */
  speak?(text: { readonly text: string; readonly language: string } | undefined): Spoken
  /** Receipts that come by a line of the provider's own. Answers once they are stored. */
  listen?(take: (receipt: Receipt) => Promise<void>): void
  close?(): void
}
