// The calls of an application about its registrations, their locks, and its webhook.

import * as contract from '../registrations.ts'
import type { Call, Group, Refusal } from './call.ts'

const by = 'application'
const key = 'answered_again'
const { emptyRequest, pinRequest, registrationAnswer, twoStepAnswer } = contract
const registration = { 200: registrationAnswer }
const lock = { 200: twoStepAnswer }
const found: readonly Refusal[] = ['no_such_registration']
const held: readonly Refusal[] = [...found, 'not_registered']
const guessed: readonly Refusal[] = [...held, 'two_step_off', 'wrong_pin', 'pin_closed', 'guess_too_soon', 'overloaded']
const sent: readonly Refusal[] = ['too_many_codes', 'codes_paused', 'country_not_served', 'line_not_served']

const registering: readonly Call[] = [
  {
    ...{ method: 'POST', path: '/registrations', id: 'beginRegistration', by, key },
    says: 'Begins a registration, and sends a code to the number',
    more: 'What a stranger begins changes nothing for who holds the number.',
    takes: contract.beginRequest,
    answers: { 201: registrationAnswer },
    refuses: sent,
  },
  {
    ...{ method: 'GET', path: '/registrations/{id}', id: 'getRegistration', by },
    says: 'The registration: where it stands, and what to call next',
    answers: registration,
    refuses: found,
  },
  {
    ...{ method: 'POST', path: '/registrations/{id}/code', id: 'sendRegistrationCode', by, key },
    says: 'Sends another code; the one before is worth nothing then',
    takes: contract.sendCodeRequest,
    answers: registration,
    refuses: [...found, ...sent],
  },
  {
    ...{ method: 'POST', path: '/registrations/{id}/code/check', id: 'checkRegistrationCode', by, key },
    says: 'Proves the number with the code',
    more: 'A wrong, late, used or foreign code is refused alike.',
    takes: contract.checkCodeRequest,
    answers: registration,
    refuses: [...found, 'wrong_code', 'check_too_soon', 'checks_spent'],
  },
  {
    ...{ method: 'POST', path: '/registrations/{id}/complete', id: 'completeRegistration', by, key },
    says: 'Registers the number, past the lock where there is one',
    more: 'A refusal with 423 says what the person needs: guesses, waits, and the ways without the PIN. A guess is spent before it is looked at.',
    takes: contract.completeRequest,
    answers: { 200: contract.completedAnswer },
    refuses: [
      ...found,
      ...(['not_proved', 'attempts_spent', 'deleted_recently', 'pin_needed', 'wrong_pin', 'pin_closed'] as const),
      ...(['guess_too_soon', 'weak_pin', 'overloaded'] as const),
    ],
  },
  {
    ...{ method: 'POST', path: '/registrations/{id}/use', id: 'reportUse', by, key },
    says: 'The person used the app: the days without use begin anew',
    more: 'Never call it from a background job: it would keep a thief from nothing and the owner from the seven days.',
    takes: emptyRequest,
    answers: { 200: contract.useAnswer },
    refuses: held,
  },
  {
    ...{ method: 'POST', path: '/registrations/{id}/deregister', id: 'deregister', by, key },
    says: 'Ends the registration; the PIN stays',
    takes: emptyRequest,
    answers: registration,
    refuses: [...held, 'attempts_spent'],
  },
]

const locking: readonly Call[] = [
  {
    ...{ method: 'GET', path: '/registrations/{id}/two-step', id: 'getLock', by },
    says: 'The lock: on or off, and the recovery address, masked',
    answers: lock,
    refuses: held,
  },
  {
    ...{ method: 'PUT', path: '/registrations/{id}/two-step', id: 'setPin', by, key },
    says: 'Turns two-step verification on, with a PIN',
    takes: contract.enableRequest,
    answers: lock,
    refuses: [...held, 'two_step_on', 'weak_pin', 'too_many_mails', 'overloaded'],
  },
  {
    ...{ method: 'POST', path: '/registrations/{id}/two-step/pin', id: 'changePin', by, key },
    says: 'Changes the PIN, with the one that there is',
    takes: contract.changePinRequest,
    answers: lock,
    refuses: [...guessed, 'same_pin', 'weak_pin'],
  },
  {
    ...{ method: 'PUT', path: '/registrations/{id}/two-step/email', id: 'setRecoveryAddress', by, key },
    says: 'Gives, changes or takes away the recovery address',
    takes: contract.recoveryAddressRequest,
    answers: lock,
    refuses: [...guessed, 'too_many_mails'],
  },
  {
    ...{ method: 'POST', path: '/registrations/{id}/two-step/off', id: 'turnLockOff', by, key },
    says: 'Turns two-step verification off, with the PIN',
    takes: pinRequest,
    answers: lock,
    refuses: guessed,
  },
  {
    ...{ method: 'GET', path: '/registrations/{id}/recovery-mail', id: 'getRecoveryMail', by },
    says: 'Whether the mailed link was confirmed; poll no faster than min_poll_s',
    answers: { 200: contract.recoveryMailAnswer },
    refuses: [...found, 'not_proved'],
  },
  {
    ...{ method: 'POST', path: '/registrations/{id}/recovery-mail', id: 'sendRecoveryMail', by, key },
    says: 'Mails the link that takes a forgotten PIN away',
    more: 'Only for who has proved the number, so that nobody else can make mails go out.',
    takes: emptyRequest,
    answers: { 202: contract.recoveryMailAnswer },
    refuses: [...found, 'not_proved', 'two_step_off', 'no_recovery_address', 'too_many_mails'],
  },
  {
    ...{ method: 'GET', path: '/registrations/{id}/reminder', id: 'getReminder', by },
    says: 'Whether it is time to ask for the PIN, so that it is not forgotten',
    answers: { 200: contract.reminderAnswer },
    refuses: [...held, 'two_step_off'],
  },
  {
    ...{ method: 'POST', path: '/registrations/{id}/reminder', id: 'answerReminder', by, key },
    says: 'The answer to a reminder: right moves the next one away, wrong brings it near',
    takes: pinRequest,
    answers: { 200: contract.reminderAnswer },
    refuses: [...guessed, 'reminder_not_due'],
  },
  {
    ...{ method: 'GET', path: '/registrations/{id}/contest', id: 'getContest', by },
    says: 'Whether somebody else has proved the number and stands before the lock',
    answers: { 200: contract.contestAnswer },
    refuses: held,
  },
  {
    ...{ method: 'POST', path: '/registrations/{id}/contest', id: 'endContest', by, key },
    says: 'Ends a contest, from the registered device, with the PIN',
    takes: pinRequest,
    answers: { 200: contract.contestAnswer },
    refuses: [...guessed, 'no_contest'],
  },
]

const webhook: readonly Call[] = [
  {
    ...{ method: 'GET', path: '/webhook', id: 'getWebhook', by },
    says: 'Where your server is told what happens',
    answers: { 200: contract.webhookAnswer },
    refuses: ['no_webhook'],
  },
  {
    ...{ method: 'PUT', path: '/webhook', id: 'setWebhook', by, key },
    says: 'Sets the address; the first time the answer has the secret that signs, told once',
    takes: contract.webhookRequest,
    answers: { 200: contract.webhookAnswer, 201: contract.webhookAnswer },
  },
  {
    ...{ method: 'DELETE', path: '/webhook', id: 'deleteWebhook', by, key },
    says: 'Tells nothing more',
    takes: emptyRequest,
    answers: { 200: contract.webhookRemovedAnswer },
    refuses: ['no_webhook'],
  },
  {
    ...{ method: 'POST', path: '/webhook/secret', id: 'rotateWebhookSecret', by, key },
    says: 'Makes a new secret; the old one signs beside it for a day',
    takes: emptyRequest,
    answers: { 201: contract.webhookAnswer },
    refuses: ['no_webhook'],
  },
  {
    ...{ method: 'POST', path: '/webhook/test', id: 'testWebhook', by, key },
    says: 'Sends a test event',
    takes: emptyRequest,
    answers: { 202: contract.webhookTestedAnswer },
    refuses: ['no_webhook', 'too_many_tests', 'webhook_off'],
  },
]

export const registrationGroups: readonly Group[] = [
  { name: 'Registrations', says: 'A phone number is proved, and registered, past its lock.', calls: registering },
  { name: 'Registration lock', says: 'The PIN on a number: set, changed, forgotten, contested.', calls: locking },
  { name: 'Webhook', says: 'Where an application is told what happens to its registrations.', calls: webhook },
]
