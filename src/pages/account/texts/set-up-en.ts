// What the set-up of two-step verification says in English. `{name}` is filled in.

import type { Plural } from '../../texts/speak.ts'

export const setUpEn = {
  'setUp.title': 'Turn on two-step verification',
  'setUp.progress': 'How far you are',
  'setUp.at': 'Step {step} of {steps}.',
  'setUp.left': { one: '1 more step after this.', other: '{count} more steps after this.' },
  'setUp.last': 'This is the last one.',
  'setUp.step.begin': 'Why',
  'setUp.step.number': 'Number',
  'setUp.step.devices': 'Devices',
  'setUp.step.key': 'Recovery Key',
  'setUp.step.confirm': 'Turn on',
  'setUp.step.done': 'done',
  'setUp.pause':
    'You can stop anywhere and go on later, here or on another browser: until {date}. Nothing is turned on before the last step.',
  'setUp.abandon': 'Stop and forget what I entered',
  'setUp.abandon.confirm': 'The number, the devices and the Recovery Key of this set-up are forgotten. Stop?',
  'done.set_up_left': 'You stopped. Nothing was turned on, and what you had entered is forgotten.',
  'done.step_gone': 'You were further on already, perhaps in another window. This is where you are.',

  'setUp.why.title': 'Why two steps?',
  'setUp.why.text':
    'A password can be guessed, stolen, or typed into the wrong page. With two-step verification a password alone opens nothing: whoever wants in also needs something that only you have.',
  'setUp.why.three': 'Any two of these three open your account',
  'setUp.why.password': 'Your password',
  'setUp.why.password.text': 'You know it.',
  'setUp.why.device': 'A trusted device',
  'setUp.why.device.text': 'Your phone or another browser: codes are sent to it.',
  'setUp.why.key': 'Your Recovery Key',
  'setUp.why.key.text': 'Fourteen letters and digits on paper, kept at home.',
  'setUp.why.lose': 'If you lose some of them',
  'setUp.why.loseOne': 'Lose one, and the other two let you in and let you replace it.',
  'setUp.why.loseTwo':
    'Lose two at once, and the account is lost for good. Nobody can open it again: not us, and not whoever runs this service. That is what keeps thieves out as well.',
  'setUp.why.need': 'It takes about five minutes. Have your mobile phone and a printer or a pen at hand.',
  'setUp.why.button': 'Begin',
  'setUp.why.later': 'Not now',
  'setUp.why.waits':
    'Something important was changed on your account lately, so there is a wait first: until {date}. After that you go on here.',
  'setUp.why.startWait': 'Start the wait',
  'setUp.noAddress.title': 'First confirm an e-mail address',
  'setUp.noAddress.text': 'Mails about two-step verification must be able to reach you.',
  'setUp.noAddress.button': 'To your e-mail addresses',

  'setUp.wait.title': 'You can go on after a wait',
  'setUp.wait.from': 'From',
  'setUp.wait.text':
    'Something important was changed on your account not long ago: the password, an e-mail address, or the security questions. The wait gives you time to notice if that was not you, before somebody can make your account theirs.',
  'setUp.wait.left': 'You can go on {wait}.',
  'setUp.wait.meanwhile': 'Your account works as usual. From that date you have until {deadline} to finish.',
  'setUp.wait.mail':
    'The date was mailed to all your addresses. Did you not ask for this? Follow the link in that mail: it ends the wait and all sessions.',
  'setUp.wait.calendar': 'Put the date into my calendar',
  'setUp.wait.calendar.hint': 'A small file (.ics) that every calendar opens.',
  'calendar.summary': 'Two-step verification can be turned on ({product})',
  'calendar.text': 'From now until {deadline}: {url}',

  'setUp.number.title': 'Your mobile number',
  'setUp.number.text':
    'When you sign in, we send a code to this number in a text message. It must be a mobile number: landlines and internet phone numbers get no codes.',
  'setUp.number.button': 'Send a code',
  'number.name': 'Name',
  'number.name.hint': 'So that you recognise it in a list.',
  'number.name.first': 'My phone',
  'number.name.another': 'Another phone',
  'name.wrong': 'Write a name of 1 to 64 characters, on one line.',

  'setUp.code.title': 'Enter the code',
  'setUp.code.sms': 'A text message with a code of {digits} digits is on its way to {number}.',
  'setUp.code.notification': 'A notification with a code of {digits} digits is on its way to {name}.',
  'setUp.code.other': 'Use another number',

  'setUp.code.button': 'Check the code',
  'done.verified': 'The code is right. It is a trusted device from the moment two-step verification is on.',

  'setUp.devices.title': 'More trusted devices',
  'setUp.devices.text':
    'Phones get lost. With a second device a lost phone costs you nothing: take another number, perhaps of somebody you trust, or a browser or tablet of your own.',
  'setUp.devices.sofar': 'Your devices so far',
  'setUp.devices.number': 'Add another number',
  'setUp.devices.browser': 'Make a browser a trusted device',
  'setUp.devices.skip': 'Continue to the Recovery Key',
  'setUp.devices.later': 'You can add more at any time later.',

  'setUp.key.title': 'Your Recovery Key',
  'setUp.key.text':
    'The Recovery Key is for the day when your phone is gone or your password is forgotten. It is shown once: nobody can read it out to you later, because it is kept nowhere in readable form.',
  'setUp.key.ready': 'Have a printer ready, or a pen and paper.',
  'setUp.key.button': 'Show my Recovery Key',
  'key.shown.title': 'Write it down or print it now',
  'key.shown.text': 'This is the only time you see it. When you leave this page it is gone from the screen.',
  'key.shown.keep':
    'Keep the paper at home, where you keep things that matter. Not on your phone, not as a photograph, not beside your password.',
  'key.shown.next': 'I have it on paper',
  'key.shown.print': 'Print',
  'key.shown.gone': 'It was shown once and is not shown again.',
  'key.sheet.for': 'Recovery Key for',
  'key.sheet.made': 'Made on {date}',
  'key.sheet.what': 'What it is for',
  'key.sheet.device':
    'No trusted device at hand? At the sign-in, give your password, choose “{use}”, and add a new device.',
  'key.sheet.password':
    'Password forgotten? At the sign-in, choose “{forgotten}”, give this key and a code from a trusted device, and choose a new password.',
  'key.sheet.keep':
    'Keep this sheet at home. Nobody will ever ask you for the key by phone, mail or message. A newer key makes this one worthless: then throw it away.',
  'key.sheet.where': 'Where to use it: {url}',
  'setUp.retype.title': 'Type the Recovery Key',
  'setUp.retype.text': 'Type it from your paper, so that we both know it was written down right.',
  'setUp.retype.button': 'Check',
  'setUp.retype.another': 'I do not have it. Show me a new one',
  'setUp.retype.another.text': 'The one shown before is then worthless.',
  'key.wrong':
    'This is not the key that was shown. Nothing is lost: compare it with your paper, character by character, and type it again.',
  'done.key_not_shown': 'There is no key to type yet, or another window showed a newer one. Have one shown first.',

  'setUp.confirm.title': 'Before you turn it on',
  'setUp.confirm.one': 'Signing in takes my password and a code; without a device, my password and my Recovery Key.',
  'setUp.confirm.two': 'If I lose one of password, devices and Recovery Key, I replace it with the other two.',
  'setUp.confirm.three': 'If I lose two of them at once, my account is lost for good and nobody can open it again.',
  'setUp.confirm.happens': 'What happens now',
  'setUp.confirm.sessions': 'Other browsers and apps are signed out.',
  'setUp.confirm.questions': 'Your security questions are erased: they are no longer needed.',
  'setUp.confirm.mail': 'All your e-mail addresses are told.',
  'setUp.confirm.understood': 'I understand',
  'setUp.confirm.tick': 'Tick “I understand” if you do. If not, leave it off: nothing is turned on.',
  'setUp.confirm.button': 'Turn on two-step verification',

  'setUp.done.title': 'Two-step verification is on',
  'setUp.done.text': 'From now on, nobody can open your account with your password alone.',
  'setUp.done.key': 'Put the Recovery Key where you will still find it in some years. Do it now.',
  'setUp.done.oneDevice':
    'You have one trusted device. A second one saves you much trouble on the day the first is lost.',
  'setUp.done.addDevice': 'Add another device',
  'setUp.done.home': 'To your account',
} as const satisfies Readonly<Record<string, string | Plural>>
