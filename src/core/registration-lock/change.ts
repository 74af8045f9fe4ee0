// What a decision about a number says: the number as it is next, what the journal will hold, and who must be told.

import type { Instant } from '../kernel/instant.ts'
import type { Door } from './doors.ts'
import type { ClaimId, PhoneNumber } from './phone-number.ts'

/** What happened to a number, in the words of the journal. Carries no PIN, code, token, number or address. */
export type NumberEvent =
  | { readonly kind: 'number.claimed'; readonly claim: ClaimId }
  | { readonly kind: 'number.deleted' | 'number.evicted'; readonly claim: ClaimId }
  | { readonly kind: 'code.sent'; readonly claim: ClaimId; readonly method: 'sms' | 'voice' }
  | { readonly kind: 'code.guess_spent'; readonly claim: ClaimId }
  | { readonly kind: 'code.right'; readonly claim: ClaimId }
  | { readonly kind: 'code.wrong'; readonly claim: ClaimId }
  | { readonly kind: 'pin.set' | 'pin.changed' | 'pin.removed'; readonly claim: ClaimId | undefined }
  | { readonly kind: 'pin.weak'; readonly claim: ClaimId; readonly weakness: string }
  | { readonly kind: 'pin.guess_spent' | 'pin.right' | 'pin.wrong'; readonly claim: ClaimId; readonly for: PinUse }
  | { readonly kind: 'registration.attempted'; readonly claim: ClaimId }
  | { readonly kind: 'registration.completed'; readonly claim: ClaimId }
  | {
      readonly kind: 'registration.ended'
      readonly claim: ClaimId
      readonly why: 'deregistered' | 'taken_over' | 'deleted'
    }
  | { readonly kind: 'registration.contested'; readonly claim: ClaimId }
  | { readonly kind: 'registration.uncontested'; readonly claim: ClaimId }
  | { readonly kind: 'registration.reset'; readonly claim: ClaimId; readonly effect: 'pending_messages' | 'account' }
  | { readonly kind: 'recovery.address_changed'; readonly claim: ClaimId }
  | { readonly kind: 'recovery.address_confirmed' }
  | { readonly kind: 'recovery.mail_sent'; readonly claim: ClaimId }
  | { readonly kind: 'turn_off.mail_sent'; readonly claim: ClaimId }
  | { readonly kind: 'reminder.answered'; readonly right: boolean }

/** What a PIN was asked for. */
export type PinUse = 'registration' | 'contest' | 'reminder' | 'change' | 'removal' | 'deletion'

/** Whom to tell, of what. The actions turn these into messages of the same commit. */
export type Notice = {
  readonly kind:
    | 'pin_set'
    | 'pin_changed'
    | 'pin_removed'
    | 'registration_contested'
    | 'registration_taken_over'
    | 'recovery_address_changed'
  /** The party that is told: always the holder or keeper from before the change, or an address that loses its place. */
  readonly to:
    | { readonly kind: 'claim'; readonly claim: ClaimId }
    | { readonly kind: 'recovery_email'; readonly address: string }
  readonly door: Door
  readonly at: Instant
}

export type Change = {
  readonly next: PhoneNumber
  readonly events: readonly NumberEvent[]
  readonly notices: readonly Notice[]
}

/** A change nobody needs to be told of. */
export const quietly = (next: PhoneNumber, ...events: NumberEvent[]): Change => ({ next, events, notices: [] })
