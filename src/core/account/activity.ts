// What happened to an account, in the words of its activity history. A new kind of event stops this file compiling until it
// has words.

import type { Origin, Side } from './caller.ts'
import type { Purpose } from './challenge.ts'
import type { AccountEvent, BrowserEnd, KeyUse, SessionEnd, WayIn } from './change.ts'
import type { SignificantChange } from './significant-change.ts'

type WordsFor = { readonly [K in AccountEvent['kind']]: (event: AccountEvent & { readonly kind: K }) => string }

const purposes: Readonly<Record<Purpose, string>> = {
  enrol: 'to turn on two-step verification',
  'add-device': 'to add a trusted device',
  'sign-in': 'to sign in',
  'step-up': 'to confirm it is you',
  'reset-password': 'to reset the password',
}

const keyUses: Readonly<Record<KeyUse, string>> = {
  sign_in: 'to sign in without a device',
  password_reset: 'to reset the password',
  yearly_question: 'to show that it is at hand',
}

const ways: Readonly<Record<WayIn, string>> = {
  password: 'with the password',
  code: 'with the password and a code',
  trusted_browser: 'with the password on a trusted browser',
}

const sessionEnds: Readonly<Record<SessionEnd, string>> = {
  signed_out: 'you signed out',
  ended: 'you ended it from another session',
  turned_on: 'two-step verification was turned on',
  turned_off: 'two-step verification was turned off',
  password_changed: 'the password was changed',
  password_reset: 'the password was reset',
  not_me: 'you said "not me"',
}

const browserEnds: Readonly<Record<BrowserEnd, string>> = {
  removed: 'you removed it',
  stolen: 'an old cookie of it came back, so somebody may have copied it',
  turned_on: 'two-step verification was turned on',
  turned_off: 'two-step verification was turned off',
  password_reset: 'the password was reset',
}

const changes: Readonly<Record<SignificantChange, string>> = {
  password_changed: 'the password was changed',
  password_reset: 'the password was reset',
  questions_set: 'security questions were set',
  addresses_changed: 'the e-mail addresses were changed',
}

const from = ({ place, agent }: Origin): string => {
  const parts = [agent, place].filter(each => each !== '')
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}
const by = (side: Side): string =>
  side === 'known' ? '' : side === 'stranger' ? ' on a new browser' : ' by Recovery Key'
const many = (count: number, one: string): string => (count === 1 ? `one ${one}` : `${count} ${one}s`)

const words: WordsFor = {
  'account.created': () => 'the account was created',
  'account.closed': () => 'the account was closed',
  'password.guess_spent': event => `a password was tried${by(event.side)}${from(event.from)}`,
  'password.right': event => `the password was right${by(event.side)}${from(event.from)}`,
  'password.wrong': event => `the password was wrong${by(event.side)}${from(event.from)}`,
  'password.changed': () => 'the password was changed',
  'password.reset': () => 'the password was reset',
  'password.reset_mailed': () => 'a link to reset the password was mailed',
  'first_step.asserted': event => `the application says that the first step was passed${from(event.from)}`,
  significant_change: ({ what }) => `a significant change: ${changes[what]}`,
  'sign_in.completed': event => `signed in ${ways[event.by]}${from(event.from)}`,
  'sign_in.limited': event => `signed in with the password and the Recovery Key, to add a device${from(event.from)}`,
  'sign_in.denied': () => 'you said "not me" to a request',
  'session.full': () => 'a new device was verified, and the session is a full one',
  'session.stepped_up': () => 'you confirmed that it is you',
  'sessions.ended': ({ count, why }) => `${many(count, 'session')} ended: ${sessionEnds[why]}`,
  'browser.trusted': event => `a browser was trusted${from(event.from)}`,
  'browser.known': event => `a sign-in on a new browser${from(event.from)}`,
  'browsers.forgotten': ({ count, why }) => `${many(count, 'browser')} forgotten: ${browserEnds[why]}`,
  'code.sent': event => `a code was sent ${purposes[event.purpose]}${by(event.side)}${from(event.from)}`,
  'code.guess_spent': event => `a check of a code was counted, ${purposes[event.purpose]}`,
  'code.right': event => `the code was right, ${purposes[event.purpose]}`,
  'code.wrong': event => `the code was wrong, ${purposes[event.purpose]}`,
  'device.added': ({ name }) => `${name} is a trusted device`,
  'device.removed': ({ name }) => `${name} is no trusted device any more`,
  'device.renamed': ({ name }) => `a trusted device is called ${name} now`,
  'device.restored': ({ name }) => `${name} was restored from a backup and is not trusted any more`,
  'device.unreachable': ({ name }) => `${name} could not be reached: its notifications go nowhere`,
  'device.reachable': ({ name }) => `${name} can be reached again`,
  'device.moved': ({ name }) => `${name} gets its notifications at a new place`,
  'device.off': event => `a trusted device gets no more codes${by(event.side)}: too many were wrong`,
  'devices.on_again': () => 'all trusted devices get codes again',
  'key.guess_spent': event => `a Recovery Key was tried, ${keyUses[event.for]}${from(event.from)}`,
  'key.right': event => `the Recovery Key was right, ${keyUses[event.for]}${from(event.from)}`,
  'key.wrong': event => `the Recovery Key was wrong, ${keyUses[event.for]}${from(event.from)}`,
  'key.shown': () => 'a new Recovery Key was shown',
  'key.replaced': () => 'the Recovery Key was replaced',
  'key.used_up': () => 'the Recovery Key was used and works no more',
  'two_step.waiting': () => 'two-step verification waits for its date',
  'two_step.begun': () => 'turning on two-step verification began',
  'two_step.skipped_devices': () => 'no more devices were added',
  'two_step.key_retyped': () => 'the Recovery Key was retyped',
  'two_step.on': () => 'two-step verification is on',
  'two_step.off': () => 'two-step verification is off',
  'two_step.given_up': ({ why }) =>
    `two-step verification was not turned on: ${why === 'not_me' ? '"not me"' : 'you left it'}`,
  'app_password.made': ({ label }) => `an app-specific password was made: ${label}`,
  'app_password.used': event => `an app-specific password was used: ${event.label}${from(event.from)}`,
  'app_passwords.revoked': ({ count }) => `${many(count, 'app-specific password')} revoked`,
  'questions.set': () => 'security questions were set',
  'birth_date.guess_spent': () => 'a date of birth was tried',
  'birth_date.wrong': () => 'the date of birth was wrong',
  'address.awaited': () => 'a link was mailed to confirm an address',
  'address.added': () => 'an e-mail address was confirmed',
  'address.removed': () => 'an e-mail address was removed',
  'gate.passed': ({ gate }) => `passed: ${gate}`,
}

/** One event as a phrase. It names no number and no address, as the event does not. */
export function describeActivity(event: AccountEvent): string {
  const describe = words[event.kind] as ((event: AccountEvent) => string) | undefined
  // Written by a newer version: what it is called is still worth showing.
  return describe?.(event) ?? event.kind
}
