// A message on its way out: what the outbox keeps until a courier has taken it.

import type { Instant } from '../kernel/instant.ts'

export const channels = ['sms', 'voice', 'email', 'whatsapp', 'webhook', 'push'] as const
/**
 * How it travels. `whatsapp` is a text sent by a business through the Graph door's messages call; `push` a notification to a
 * trusted device.
 */
export type Channel = (typeof channels)[number]

export type Message = {
  readonly channel: Channel
  /** A number in E.164, an e-mail address, the URL of a webhook, or a trusted device's id. */
  readonly to: string
  /** What is sent. Of a webhook: its body, to the byte. */
  readonly text: string
  readonly subject?: string
  readonly html?: string
  /** The one-time code inside, so that the sandbox can show it apart. */
  readonly code?: string
  /** The link inside, likewise. */
  readonly link?: string
  /** Who sends it, where that is not the product: the business number of a WhatsApp text. */
  readonly from?: string
  /** Whose webhook it is. */
  readonly receiver?: Receiver
  /** Which device a notification is for. */
  readonly device?: NotifiedDevice
  /** Which code is inside: once another one took its place, or it was right, it is not sent any more. */
  readonly proves?: OwnershipProof | AccountProof
  /** How a call goes: the voice's language (BCP 47), and what asks for a key before the text is read. */
  readonly call?: { readonly language: string; readonly prompt: string }
  /** The delivery that this message carries on with, by another provider. */
  readonly delivery?: string
}

/** The ownership code of a claim on the number that it goes to. */
export type OwnershipProof = { readonly claim: string; readonly sentAt: Instant }
/** The code of an account's challenge, told by what it is checked against. */
export type AccountProof = { readonly account: string; readonly verifier: string }

/** Where a notification goes, and what the device is handed of it. */
export type NotifiedDevice = {
  readonly account: string
  readonly id: string
  /** As in the account when it was sent: a subscription to Web Push, or that the device fetches. */
  readonly address: string
  /** JSON, for the device's program. */
  readonly payload: string
  /** What a newer notification replaces one that still waits by. */
  readonly topic: string
  readonly expires: Instant
}

/**
 * Who is told by a webhook. Where it goes and what signs it is looked up as it leaves: what was moved is followed, what was
 * removed gets nothing more, and a secret that was changed signs what waited too.
 */
export type Receiver = { readonly kind: 'application' | 'business'; readonly id: string }

/** A message with its time: sent from `due` on, and never at or after `expires` (a late code is worse than none). */
export type Outgoing = {
  readonly message: Message
  readonly due: Instant
  readonly expires: Instant
  readonly id?: string
}
