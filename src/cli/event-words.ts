// What happened to a number, in plain words. A new kind of event stops this file compiling until it has words.

import type { NumberEvent, PinUse } from '#core/registration-lock/change.ts'

type WordsFor = { readonly [K in NumberEvent['kind']]: (event: NumberEvent & { readonly kind: K }) => string }

const uses: Readonly<Record<PinUse, string>> = {
  registration: 'to register',
  contest: 'to settle a contest',
  reminder: 'in answer to a reminder',
  change: 'to change the PIN',
  removal: 'to remove the PIN',
  deletion: 'to delete the number',
}

const endings = {
  deregistered: 'it was deregistered',
  taken_over: 'another claim registered the number',
  deleted: 'the claim was deleted',
} as const

const effects = {
  pending_messages: 'pending messages are to be deleted',
  account: 'the old account is to be deleted',
} as const

const words: WordsFor = {
  'number.claimed': () => 'the number was added',
  'number.deleted': () => 'the number was deleted',
  'number.evicted': () => 'the number left the account that listed it and never proved it, to make room for another',
  'code.sent': ({ method }) => `an ownership code was sent by ${method === 'sms' ? 'text message' : 'voice call'}`,
  'code.guess_spent': () => 'a check of the ownership code was counted',
  'code.right': () => 'the ownership code was right: the number is proved',
  'code.wrong': () => 'the ownership code was wrong',
  'pin.set': () => 'a PIN was set: two-step verification is on',
  'pin.changed': () => 'the PIN was changed',
  'pin.removed': () => 'the PIN was removed: two-step verification is off',
  'pin.weak': ({ weakness }) => `the PIN that was set is easily guessed (${weakness.replaceAll('_', ' ')})`,
  'pin.guess_spent': event => `a guess at the PIN was counted, ${uses[event.for]}`,
  'pin.right': event => `the PIN was right, ${uses[event.for]}`,
  'pin.wrong': event => `the PIN was wrong, ${uses[event.for]}`,
  'registration.attempted': () => 'a registration was attempted',
  'registration.completed': () => 'the number was registered',
  'registration.ended': ({ why }) => `the registration ended: ${endings[why]}`,
  'registration.contested': () => 'somebody proved the number and met the lock: the number is contested',
  'registration.uncontested': () => 'the contest is over',
  'registration.reset': ({ effect }) => `registered without the PIN after its time: ${effects[effect]}`,
  'recovery.address_changed': () => 'the recovery address was changed',
  'recovery.address_confirmed': () => 'the recovery address was confirmed',
  'recovery.mail_sent': () => 'a recovery mail was sent',
  'turn_off.mail_sent': () => 'a link that turns two-step verification off was mailed to the business',
  'reminder.answered': ({ right }) => `a reminder was answered ${right ? 'right' : 'wrong'}`,
}

/** One event as a phrase. It names no number and no address, as the event does not. */
export function describeEvent(event: NumberEvent): string {
  const describe = words[event.kind] as ((event: NumberEvent) => string) | undefined
  // Written by a newer version: what it is called is still worth showing.
  return describe?.(event) ?? event.kind
}
