// What the pages of a trusted device say in English.

import type { Plural } from '../../texts/speak.ts'

export const deviceEn = {
  'device.title': 'Codes on this device',
  'device.short': 'Codes',
  'device.none.title': 'No codes right now',
  'device.none.text':
    'When somebody signs in with your password, the code and who asks for it appear here by themselves.',
  'device.none.reload': 'Look again',
  'device.purpose.enrol': 'Code to turn on two-step verification',
  'device.purpose.add-device': 'Code to make this a trusted device',
  'device.purpose.sign-in': 'Somebody with your password is signing in',
  'device.purpose.step-up': 'Somebody who is signed in wants to change something',
  'device.purpose.reset-password': 'Somebody with your Recovery Key is choosing a new password',
  'device.from': 'Asked with',
  'device.place': 'From',
  'device.ends': 'Expires',
  'device.unknown': 'not known',
  'device.notMe': 'This is not me',
  'device.notMe.text': 'Not you? Say so: it is stopped at once, and you get a mail. Do not give the code to anybody.',
  'done.denied': 'It has been stopped. Somebody knows one of your secrets: change your password soon.',
  'done.nothing_open': 'There was nothing left to stop.',

  'device.push.title': 'Notifications',
  'device.push.text': 'With notifications this device tells you of a code even while the page is closed.',
  'device.push.on': 'Notifications are on.',
  'device.push.button': 'Turn on notifications',
  'device.push.off': 'Turn off notifications',
  'device.push.denied':
    'Your browser does not allow notifications from this page. Allow them in its settings, then reload.',
  'device.push.failed': 'Your browser could not turn them on. Try again, or leave the page open: codes show here, too.',
  'device.push.refused': 'This browser’s notifications cannot be used here. Leave the page open: codes show here, too.',
  'device.push.unreachable': 'The last notification did not arrive. Turn notifications on again.',
  'device.push.install': 'On a phone, add this page to your home screen first.',
  'done.push_on': 'Notifications are on. Your codes show up even while this page is closed.',
  'done.push_off': 'Notifications are off. Codes still show on this page.',

  'device.not.title': 'This browser shows no codes',
  'device.not.text': 'It is not one of your trusted devices, or no longer. Sign in and add it.',
  'device.not.button': 'Add this browser',
  'device.waits': 'This browser becomes a trusted device once its code was entered.',
} as const satisfies Readonly<Record<string, string | Plural>>
