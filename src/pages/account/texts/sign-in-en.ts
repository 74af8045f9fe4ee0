// What the pages for signing up, signing in and a forgotten password say in English.

import type { Plural } from '../../texts/speak.ts'

export const signInEn = {
  'signUp.title': 'Create your account',
  'signUp.lead': 'We mail you a link, to see that the address is yours. It leads to where you choose your password.',
  'signUp.button': 'Mail me the link',
  'signUp.have': 'Already have an account? {link}',
  'signUp.haveLink': 'Sign in',
  'signUp.wrong': 'This is not an e-mail address. Write it like ada@example.com.',
  'signUp.tooMany': 'Too many accounts were asked for from your network. Nothing was mailed. You can ask again {wait}.',
  'signUp.mailed.title': 'Check your mailbox',
  'signUp.mailed.text':
    'We have mailed you a link. It works for 24 hours. If your address has an account already, the mail says so.',
  'signUp.mailed.none': 'No mail? Check the spam folder and the spelling of the address, and ask again in a while.',
  'signUp.mailed.again': 'Ask again',

  'signIn.title': 'Sign in',
  'signIn.lead': 'To your account, and to look after its security.',
  'signIn.email': 'E-mail address',
  'signIn.password': 'Password',
  'signIn.button': 'Sign in',
  'signIn.forgotten': 'Forgot your password?',
  'signIn.noAccount': 'No account yet? {link}',
  'signIn.noAccountLink': 'Create one',
  'signIn.refused': 'E-mail address and password do not match. Check both, or choose a new password.',
  'signIn.wait': 'Too many tries with a wrong password, so this one was not looked at. You can try again {wait}.',
  'done.signed_out': 'You have signed out.',
  'done.over': 'The sign-in took too long or was ended. Please begin again.',
  'done.password_reset': 'Your new password is set, and you were signed out everywhere. Sign in with it.',

  'step.of': 'Step {at} of {count}',
  'signIn.device.title': 'Where do you want your code?',
  'signIn.device.lead': 'Your password is right. Now a code shows that it is you.',
  'signIn.device.number': 'Text message to {label}',
  'signIn.device.device': 'Notification on {label}',
  'signIn.device.endsIn': 'The number that ends in {digits}',
  'signIn.device.none': 'None of these at hand?',
  'signIn.device.key': 'Use your Recovery Key',
  'signIn.device.gone': 'This is no longer one of your devices. Choose another one.',
  'signIn.off':
    'Too many wrong codes were entered, so this device gets none for now. Choose another one, or use your Recovery Key.',
  'signIn.code.title': 'Enter your code',
  'signIn.code.sms': 'We have sent a text message to {label}.',
  'signIn.code.device': 'We have sent a notification to {label}.',
  'signIn.code.trust': {
    one: 'Do not ask for codes on this browser for {count} day',
    other: 'Do not ask for codes on this browser for {count} days',
  },
  'signIn.code.trustHint': 'Only on a browser that is yours alone. Your password is still asked for.',
  'signIn.code.button': 'Sign in',
  'signIn.code.other': 'Use another device',
  'signIn.code.warn': 'We will never ask you for this code. Do not give it to anybody.',
  'signIn.key.title': 'Use your Recovery Key',
  'signIn.key.lead':
    'With your password and your Recovery Key you get in to do one thing: add a device that gets codes from now on.',
  'signIn.key.label': 'Recovery Key',
  'signIn.key.hint':
    'Fourteen letters and digits, from the sheet that you printed or wrote. Capitals, spaces and dashes do not matter.',
  'signIn.key.button': 'Continue',
  'signIn.key.wrong': 'This Recovery Key is not right. Compare it with your sheet, character by character.',
  'signIn.key.wait':
    'Too many wrong Recovery Keys were entered from here. This one was not looked at. You can try again {wait}.',
  'signIn.key.back': 'Back to your devices',
  'signIn.key.lost':
    'Without a device and without the key nobody can open the account, not even whoever runs this service. That is what keeps thieves out, too.',

  'newDevice.title': 'Add a trusted device',
  'newDevice.limited':
    'You are in with your password and your Recovery Key. Add a device that gets your codes from now on; then your account is open to you again.',
  'newDevice.full': 'Codes can go to it when you sign in. It is trusted once its own code came back.',
  'newDevice.number': 'A mobile number',
  'newDevice.number.button': 'Send a code',
  'newDevice.browser': 'This browser',
  'newDevice.browser.text':
    'This browser shows your codes itself, with a notification if you like. Good for a phone or a computer of your own.',
  'newDevice.browser.already': 'It is one of your trusted devices. Its codes show on a page of its own.',
  'newDevice.browser.name': 'Name',
  'newDevice.browser.button': 'Use this browser',
  'newDevice.code.title': 'Enter the code',
  'newDevice.code.sms': 'We have sent a text message with a code to {number}.',
  'newDevice.code.device':
    'The code for this browser is shown below. Type it once: that proves that your codes reach it.',
  'newDevice.code.button': 'Check code',
  'newDevice.code.other': 'Use another number or device',
  'newDevice.numberFirst': 'The first of your devices is a mobile number. Go back, and add it.',
  'newDevice.off': 'Two-step verification is off: there are no trusted devices. Turn it on first.',
  'done.device_added': 'The device is trusted now and gets your codes.',

  'forgotten.title': 'Forgot your password?',
  'forgotten.lead': 'How you choose a new one depends on whether two-step verification is on.',
  'forgotten.on': 'Two-step verification is on',
  'forgotten.onText': 'You need your Recovery Key and one of your trusted devices.',
  'forgotten.off': 'It is off, or you are not sure',
  'forgotten.offText': 'We mail you a link, or tell you that you need your Recovery Key.',
  'forgotten.mail.title': 'Get a link by mail',
  'forgotten.mail.lead': 'We mail a link to your address. You choose a new password with it.',
  'forgotten.mail.button': 'Mail me a link',
  'forgotten.mailed.title': 'Check your mailbox',
  'forgotten.mailed.text':
    'If there is an account with this address, we have mailed to it. With two-step verification on, the mail says what to do instead.',
  'forgotten.mailed.none':
    'No mail? Check the spam folder and the spelling of the address. We send at most one mail a minute, and five a day.',
  'forgotten.key.title': 'Start with your Recovery Key',
  'forgotten.key.lead': 'Then a code goes to one of your devices, and then you choose a new password.',
  'forgotten.key.wrong':
    'Address and Recovery Key do not match. Compare the key with your sheet, character by character.',
  'forgotten.key.noKey': 'No two-step verification? {link}',
  'forgotten.key.noKeyLink': 'Get a link by mail',
  'forgotten.device.lead': 'Your Recovery Key is right. Now a code shows that you have a device, too.',
  'forgotten.code.button': 'Check code',
  'forgotten.password.title': 'Choose a new password',
  'forgotten.password.lead':
    'It takes the place of the old one. You are signed out everywhere, and app-specific passwords stop working.',
  'forgotten.password.button': 'Set the new password',
  'done.reset_over':
    'The new password took too long, or somebody said “not me” on one of your devices. Please begin again.',
} as const satisfies Readonly<Record<string, string | Plural>>
