// What the pages for looking after an account say in English. `{name}` is filled in.

import type { Plural } from '../../texts/speak.ts'

export const homeEn = {
  'home.title': 'Your account',
  'home.toHome': 'Your account',
  'home.ways': 'How you sign in',
  'home.places': 'Where you are signed in',
  'home.data': 'Your data',
  'home.end': 'Leaving',
  'home.twoStep.off': 'Two-step verification is off',
  'home.twoStep.off.text': 'Right now, whoever knows your password can open your account. Five minutes change that.',
  'home.twoStep.off.button': 'Turn it on',
  'home.twoStep.waiting': 'Two-step verification: waiting period',
  'home.twoStep.waiting.text': 'You can go on {wait}. Your account works as usual until then.',
  'home.twoStep.waiting.button': 'See the date',
  'home.twoStep.ready': 'Two-step verification can be turned on now',
  'home.twoStep.ready.text': 'You have until {date}. After that, a new waiting period begins.',
  'home.twoStep.enrolling': 'Two-step verification is not on yet',
  'home.twoStep.enrolling.text': {
    one: 'One step is left. You have until {date}.',
    other: '{count} steps are left. You have until {date}.',
  },
  'home.twoStep.enrolling.button': 'Continue',
  'home.twoStep.on': 'Two-step verification is on',
  'home.twoStep.on.text':
    'Since {date}. Any two of password, trusted device and Recovery Key open your account, and none of them alone.',
  'home.row.password': 'Changed {date}',
  'home.row.numbers': { one: '1 number', other: '{count} numbers' },
  'home.row.devices': { one: '1 device', other: '{count} devices' },
  'home.row.key': 'Made {date}',
  'home.row.noKey': 'None',
  'home.row.active': { one: '1 active', other: '{count} active' },
  'home.row.signedIn': { one: '1 open', other: '{count} open' },
  'home.row.known': { one: '1 known', other: '{count} known' },
  'home.row.trusted': { one: '1 trusted', other: '{count} trusted' },
  'home.row.addresses': { one: '1 address', other: '{count} addresses' },
  'home.row.questions.set': 'Set',
  'home.row.questions.none': 'None',

  'warning.one_device_left':
    'You have one trusted device. If you lose it, only your Recovery Key gets you in: add a second device.',
  'warning.device_off':
    'A trusted device gets no codes from some places, because too many wrong codes were entered for it.',
  'warning.device_unreachable': 'A trusted device cannot be reached. Open its page there again, or remove it.',
  'warning.no_recovery_key':
    'You have no Recovery Key. If you lose your phone or your password now, your account is lost: take a key.',
  'warning.recovery_key_at_hand': 'Is your Recovery Key still where you put it? Look once a year.',
  'warning.weak_password': 'Your password is on a list that thieves try first. Choose another one.',
  'warning.button.one_device_left': 'Add a device',
  'warning.button.device_off': 'See your devices',
  'warning.button.device_unreachable': 'See your devices',
  'warning.button.no_recovery_key': 'Take a Recovery Key',
  'warning.button.recovery_key_at_hand': 'Answer',
  'warning.button.weak_password': 'Change the password',

  // ——— things in lists
  'list.added': 'Added',
  'list.used': 'Last used',
  'list.never': 'Not used yet',
  'list.from': 'From',
  'list.made': 'Made',
  'list.unnamed': 'Unknown browser',
  'list.rename': 'Rename',
  'list.this': 'This browser',
  'rename.title': 'Rename {name}',
  'rename.name': 'New name',
  'rename.button': 'Rename',
  'done.renamed': 'The name was changed.',

  // ——— step-up
  'stepUp.title': 'Is it really you?',
  'stepUp.text':
    'What you want to do changes who can get into your account. It has been more than {minutes} minutes since you proved that it is you, so we ask again. Then you continue where you were.',
  'stepUp.text.other': 'Then you continue where you were.',
  'stepUp.first': 'First your password, then a code.',
  'stepUp.password': 'Password',
  'stepUp.password.button': 'Continue',
  'stepUp.password.wrong': 'This password is not right.',
  'stepUp.password.wait': 'Too many wrong tries. You can try again {wait}.',
  'stepUp.password.none': 'Your password is kept by the application you came from. Sign in there again, and come back.',
  'stepUp.choose.title': 'Where do you want your code?',
  'stepUp.choose.text':
    'What you want to do changes who can get into your account, so a code must show that it is you. Choose a trusted device that you have at hand.',
  'stepUp.choose.none': 'None of them at hand? Sign out, sign in with your Recovery Key, and add a new device first.',
  'stepUp.code.other': 'Choose another device',
  'stepUp.cancel': 'Cancel',
  'code.left': { one: 'You have 1 try left with it.', other: 'You have {count} tries left with it.' },
  'code.next': 'The next try is possible {wait}.',
  'device.gone': 'This is no longer a trusted device. Choose another one.',
  'done.stepped_up': 'Thank you. Continue where you were.',

  // ——— devices and numbers
  'devices.title': 'Devices and numbers',
  'devices.lead': 'Codes are sent here when you sign in or change something important.',
  'devices.off.text': 'Trusted devices come with two-step verification. Turn it on first.',
  'devices.numbers': 'Numbers',
  'devices.devices': 'Devices',
  'devices.noDevices': 'None of your browsers or apps gets codes yet.',
  'devices.add': 'Add a device or number',
  'devices.remove': 'Remove',
  'devices.unreachable': 'Cannot be reached',
  'devices.off': 'No codes for now',
  'devices.off.known': 'Too many wrong codes were entered on browsers that you know.',
  'devices.off.stranger':
    'Too many wrong codes were entered on browsers that you have never used: codes asked for there do not come here. On your own browsers everything works.',
  'devices.off.keyholder':
    'Too many wrong codes were entered by somebody with your Recovery Key. If that was not you, replace the key.',
  'devices.on.link': 'Turn all devices on again',
  'devices.on.title': 'Turn all devices on again?',
  'devices.on.text':
    'Codes are then sent to every trusted device again, wherever they are asked for. Was it you who typed the wrong codes? If not, somebody knows your password: change it.',
  'devices.on.button': 'Turn on again',
  'done.devices_on': 'All trusted devices get codes again.',
  'devices.remove.title': 'Remove {name}?',
  'devices.remove.text': 'From now on no code is sent there. All your e-mail addresses are told.',
  'devices.remove.last': 'Then one device is left. If you lose that one, only your Recovery Key gets you in.',
  'devices.remove.button': 'Remove',
  'devices.lastNumber':
    'This is your last number, and codes must be able to reach you by text message. Add another number first.',
  'done.device_removed': 'The device was removed and gets no more codes.',

  // ——— the Recovery Key
  'recoveryKey.title': 'Recovery Key',
  'recoveryKey.lead':
    'Your third way in, on paper: with your password it lets you add a device, with a device it sets a new password.',
  'recoveryKey.off.text': 'The Recovery Key comes with two-step verification. Turn it on first.',
  'recoveryKey.made': 'Made',
  'recoveryKey.seen': 'Last checked',
  'recoveryKey.none': 'You have no Recovery Key. It is good for one use, and it was used.',
  'recoveryKey.atHand.title': 'Do you still have it?',
  'recoveryKey.atHand.text':
    'Once a year we ask you to type it, so that you do not find out too late that the paper is gone. This does not use it up.',
  'recoveryKey.atHand.button': 'Check',
  'recoveryKey.atHand.wrong':
    'This is not your Recovery Key. Look whether the paper is of an older one. If you cannot find the right one, replace it below.',
  'recoveryKey.atHand.wait':
    'Too many wrong keys from here. You can try again {wait}. Or replace the key below: then no waiting is needed.',
  'done.key_at_hand': 'Right. Put it back where it was: we ask again in a year.',
  'recoveryKey.replace.title': 'Replace it',
  'recoveryKey.replace.text':
    'Lost the paper, or somebody else saw it? Take a new key. The old one works until you have typed the new one.',
  'recoveryKey.take.title': 'Take a Recovery Key',
  'recoveryKey.take.text': 'Print it or write it down, and keep it at home. It counts once you have typed it.',
  'recoveryKey.new.title': 'Replace your Recovery Key',
  'recoveryKey.replace.button': 'Take a new key',
  'recoveryKey.retype.within': 'Type it until {date}. After that, have another one shown.',
  'recoveryKey.retype.text': 'Type the new key from your paper. From then on the old one is worthless.',
  'done.key_replaced': 'The new Recovery Key counts, and the old one is worthless: throw its paper away.',

  // ——— app-specific passwords
  'appPasswords.title': 'App-specific passwords',
  'appPasswords.lead':
    'For programs that cannot ask for a code, such as older mail programs. One opens the one service it was made for, and never this page.',
  'appPasswords.off.text': 'They come with two-step verification. While it is off, programs use your password.',
  'appPasswords.none': 'You have none.',
  'appPasswords.service': 'Service',
  'appPasswords.new': 'Create one',
  'appPasswords.new.title': 'Create an app-specific password',
  'appPasswords.new.text': 'We tell all your e-mail addresses that one was created.',
  'appPasswords.label': 'What is it for?',
  'appPasswords.label.hint': 'So that you know it in the list, for example “Mail on my laptop”.',
  'appPasswords.service.label': 'Which service does it open?',
  'appPasswords.service.hint':
    'As the service calls itself, in small letters, for example “mail”. Its help page says it.',
  'appPasswords.service.wrong':
    'Write the name of a service: small letters, digits, dots and dashes, for example mail.',
  'appPasswords.label.wrong': 'Write what it is for, in 1 to 64 characters.',
  'appPasswords.new.button': 'Create it',
  'appPasswords.tooMany': 'You have as many as an account may have: {most}. Revoke one that is not used any more.',
  'appPasswords.made.title': 'Your app-specific password',
  'appPasswords.made.text':
    'Put it into the program now, where it asks for your password. It is shown only once. You can type it with or without the dashes.',
  'appPasswords.made.for': 'For {label}, service {service}',
  'appPasswords.made.next': 'Done, the program has it',
  'appPasswords.revoke': 'Revoke',
  'appPasswords.revoke.title': 'Revoke “{name}”?',
  'appPasswords.revoke.text': 'The program that uses it is signed out at once. All your e-mail addresses are told.',
  'appPasswords.revoke.button': 'Revoke',
  'appPasswords.revokeAll': 'Revoke all',
  'appPasswords.revokeAll.title': 'Revoke all app-specific passwords?',
  'appPasswords.revokeAll.text':
    'Every program that uses one is signed out at once. All your e-mail addresses are told.',
  'done.app_password_revoked': 'That password no longer works.',
  'done.app_passwords_revoked': 'None of your app-specific passwords works any more.',
} as const satisfies Readonly<Record<string, string | Plural>>
