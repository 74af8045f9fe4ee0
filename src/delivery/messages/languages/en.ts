// English: the language of every message for which no other is known.

import type { Words } from '../words.ts'

export const en: Words = {
  tag: 'en',
  direction: 'ltr',
  sms: (code, product) => `${code} is your ${product} code. Do not share it with anyone.`,
  voice: {
    pause: ', ',
    prompt: product => `To hear your ${product} code, press any key.`,
    say: (digits, product) => `Your ${product} code is: ${digits}. Once more: ${digits}. Do not share it with anyone.`,
  },
  mails: {
    pin_set: {
      subject: 'Two-step verification was turned on',
      happened: 'A PIN now protects this number. Whoever wants to register the number must know it.',
    },
    pin_changed: { subject: 'The PIN was changed', happened: 'The PIN that protects this number was changed.' },
    pin_removed: {
      subject: 'Two-step verification was turned off',
      happened: 'This number has no PIN any more. Whoever can read a code sent to the number can register it.',
    },
    registration_contested: {
      subject: 'Someone is trying to register your number',
      happened: 'Someone entered the code that was sent to this number, but not the PIN. The PIN still protects it.',
    },
    registration_taken_over: {
      subject: 'Your number was registered somewhere else',
      happened: 'This number was registered by somebody else. Your registration has ended.',
    },
    recovery_address_changed: {
      subject: 'The recovery address was changed',
      happened: 'This e-mail address is no longer the recovery address of this number.',
    },
    recovery_link: {
      subject: 'Turn off two-step verification',
      happened: 'You asked to turn off two-step verification because the PIN is forgotten. Open this page and confirm.',
      action: 'Turn off two-step verification',
    },
    turn_off_link: {
      subject: 'Confirm that two-step verification is to be turned off',
      happened:
        'Somebody who manages this business account asked to turn off two-step verification for this number. Open this page and confirm.',
      action: 'Turn off two-step verification',
    },
    recovery_confirmation: {
      subject: 'Confirm your recovery address',
      happened:
        'This address was given as the recovery address of this number. Open this page and confirm that it is yours.',
      action: 'Confirm the address',
    },
  },
  facts: { number: 'Number', when: 'When', door: 'Where' },
  doors: {
    rest: 'an app',
    graph: 'Graph API',
    'on-premises': 'On-Premises API',
    manager: 'manager pages',
    mail: 'a link in an e-mail',
    sandbox: 'sandbox',
    operator: 'operator',
  },
  notYou:
    'Was this not you? Act now: set a new PIN, and ask your mobile operator whether your SIM card has been replaced.',
  notAsked:
    'Did you not ask for this? Then do nothing, and do not pass the link on. Somebody may be able to read the codes sent to your number.',
  notMe: 'This was not me',
  linkTerms: 'The link works once and for 24 hours. It signs nobody in.',
}
