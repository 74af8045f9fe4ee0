// English words for the mails of accounts: those that every other language is written after.

import type { AccountWords } from './account-mail.ts'

export const en: AccountWords = {
  tag: 'en',
  direction: 'ltr',
  mails: {
    waiting: {
      subject: 'Two-step verification can be turned on from a date',
      happened:
        'Somebody asked to turn on two-step verification for your account. It was changed not long ago, so this has to wait until the date below. Until then the account works as usual.',
      action: 'This was not me',
      otherwise: 'Was this not you? Follow the link before that date: the wait ends, and every session with it.',
    },
    enrolment_begun: {
      subject: 'Turning on two-step verification began',
      happened: 'Somebody who is signed in to your account began to turn on two-step verification. Nothing is on yet.',
    },
    turned_on: {
      subject: 'Two-step verification is on',
      happened:
        'Signing in takes two of three things from now on: your password, a code on a trusted device, your Recovery Key. Whoever loses two of them at once loses the account: nobody can reset them.',
    },
    turned_off: {
      subject: 'Two-step verification is off',
      happened: 'Your password alone opens the account now. The Recovery Key and all app-specific passwords are void.',
    },
    password_changed: {
      subject: 'Your password was changed',
      happened: 'The password of your account was changed. All other sessions were ended.',
    },
    password_reset: {
      subject: 'Your password was reset',
      happened: 'A new password was set for your account because the old one was forgotten. Every session was ended.',
    },
    second_step_failed: {
      subject: 'Somebody knew your password and had no code',
      happened: 'Your password was entered right, and then a code was entered wrong. Nobody was let in.',
      otherwise: 'Was this not you? Then somebody knows your password: change it now.',
    },
    sign_in_denied: {
      subject: 'You said that a sign-in was not yours',
      happened: 'Somebody had your password and asked for a code. A trusted device answered "not me": it is over.',
      otherwise: 'Somebody knows your password: change it now.',
    },
    key_used: {
      subject: 'Your Recovery Key was used to sign in',
      happened: 'Your password and your Recovery Key were entered. They open nothing until a new device is verified.',
    },
    key_replaced: {
      subject: 'You have a new Recovery Key',
      happened: 'The Recovery Key was replaced. The old one opens nothing any more: throw it away.',
    },
    key_used_up: {
      subject: 'Your Recovery Key was used and works no more',
      happened: 'A Recovery Key is good for one use. Take a new one on your account page now, print it and keep it.',
    },
    device_added: { subject: 'A trusted device was added', happened: 'Codes for your account can be sent to it now.' },
    device_removed: {
      subject: 'A trusted device was removed',
      happened: 'No code for your account is sent to it any more.',
    },
    device_restored: {
      subject: 'A device is not trusted any more',
      happened: 'It was restored from a backup, which does not make it the same device. Add it again if it is yours.',
    },
    device_off: {
      subject: 'A trusted device gets no more codes for now',
      happened:
        'Too many wrong codes were entered for it. On browsers that you have used before it may still work. Turn it on again on your account page.',
    },
    devices_on_again: { subject: 'All trusted devices get codes again', happened: 'They were turned on again.' },
    browser_stolen: {
      subject: 'A browser of yours was copied',
      happened: 'Two browsers showed what only one can have. It was forgotten and asks for a code again.',
      otherwise:
        'Somebody may have read the data of this browser: change your password, and look for unwanted programs.',
    },
    app_password_made: {
      subject: 'An app-specific password was made',
      happened: 'A program can sign in with it to the one service it was made for.',
    },
    app_passwords_revoked: {
      subject: 'App-specific passwords were revoked',
      happened: 'Programs that used them are signed out. Make new ones where you need them.',
    },
    address_added: {
      subject: 'An e-mail address was added',
      happened: 'Mails about your account go to one more address from now on.',
    },
    address_removed: {
      subject: 'An e-mail address was removed',
      happened: 'Mails about your account go to one address less from now on.',
    },
    questions_set: { subject: 'Security questions were set', happened: 'The security questions were set anew.' },
    account_closed: {
      subject: 'Your account is closed',
      happened: 'What was kept of it cannot be read any more. This was the last mail.',
      otherwise: 'Was this not you? Tell whoever runs this service.',
    },
    sign_up: {
      subject: 'Confirm your address',
      happened: 'Somebody began to make an account with this address. Open the page and choose a password.',
      action: 'Make the account',
      otherwise: 'Did you not ask for this? Then do nothing. No account is made, and nothing was stored.',
    },
    sign_up_known: {
      subject: 'You have an account already',
      happened: 'Somebody asked to make an account with this address. There is one: sign in, or reset the password.',
      otherwise: 'Did you not ask for this? Then do nothing. Nothing has changed.',
    },
    confirm_address: {
      subject: 'Confirm that this address is yours',
      happened: 'This address was given for an account. Open the page and confirm that it is yours.',
      action: 'Confirm the address',
    },
    reset_password: {
      subject: 'Choose a new password',
      happened: 'Somebody said that the password of your account is forgotten. Open the page and choose a new one.',
      action: 'Choose a new password',
    },
    reset_by_key: {
      subject: 'A forgotten password takes your Recovery Key',
      happened:
        'Somebody said that the password of your account is forgotten. Two-step verification is on, so no mail can reset it: have your Recovery Key and a trusted device at hand, and reset it where you sign in.',
      otherwise:
        'Did you not ask for this? Then do nothing, and give your Recovery Key to nobody. Nothing has changed.',
    },
  },
  facts: { when: 'When', about: 'What', place: 'Where', agent: 'With', date: 'Date' },
  notYou: 'Was this not you? Sign in, change your password, and end the sessions that you do not know.',
  notAsked: 'Did you not ask for this? Then do nothing, and do not pass the link on.',
  linkTerms: 'The link works once and for 24 hours. It signs nobody in.',
}
