// What the pages for looking after an account say in English: browsers, sessions, password, addresses, activity, the end.
// `{name}` is filled in.

import type { Plural } from '../../texts/speak.ts'

export const careEn = {
  // ——— browsers, sessions
  'browsers.title': 'Browsers',
  'browsers.lead':
    'Browsers on which you have signed in. A trusted one asks for no code for a while, only for the password.',
  'browsers.none': 'No browser is known.',
  'browsers.trusted': 'Trusted',
  'browsers.trustedUntil': 'Asks for no code until',
  'browsers.remove': 'Forget',
  'browsers.remove.title': 'Forget {name}?',
  'browsers.remove.text':
    'The next sign-in there is treated like one on a new browser, and asks for a code. Whoever is signed in there stays signed in: end the session too if you do not know it.',
  'browsers.remove.button': 'Forget it',
  'browsers.removeAll': 'Forget all',
  'browsers.removeAll.title': 'Forget all browsers?',
  'browsers.removeAll.text': 'The next sign-in is like one on a new browser everywhere, here too, and asks for a code.',
  'done.browser_removed': 'The browser is forgotten.',
  'done.browsers_removed': 'All browsers are forgotten.',
  'sessions.title': 'Sessions',
  'sessions.lead': 'Where somebody is signed in to your account. End what you do not know, and change your password.',
  'sessions.began': 'Began',
  'sessions.limited': 'May only add a device',
  'sessions.end': 'End',
  'sessions.end.title': 'End {name}?',
  'sessions.end.text': 'Whoever uses it is signed out at once.',
  'sessions.end.own': 'This is the session you are using: you are signed out here.',
  'sessions.end.button': 'End it',
  'sessions.endOthers': 'End all others',
  'sessions.endOthers.title': 'End all other sessions?',
  'sessions.endOthers.text': 'Everywhere but here you are signed out at once.',
  'sessions.endOthers.button': 'End them',
  'done.session_ended': 'The session has ended.',
  'done.sessions_ended': 'All other sessions have ended.',

  // ——— password
  'newPassword.title': 'Change your password',
  'newPassword.text': 'Everywhere but here you are signed out.',
  'newPassword.text.on': 'Everywhere but here you are signed out, and all app-specific passwords are revoked.',
  'newPassword.waits': 'Turning on two-step verification has to wait for {days} days after this.',
  'newPassword.none': 'The application you came from keeps your password. Change it there.',
  'newPassword.button': 'Change password',
  'done.password_changed':
    'Your password was changed, and all other sessions have ended. All your e-mail addresses were told.',

  // ——— addresses
  'addresses.title': 'E-mail addresses',
  'addresses.lead': 'You can sign in with any of them, and every mail about your account goes to all of them.',
  'addresses.confirmed': 'Confirmed',
  'addresses.unconfirmed': 'Not confirmed',
  'addresses.awaited': 'A link was mailed to {address}. Follow it until {date} to confirm that the address is yours.',
  'addresses.again': 'Mail the link again',
  'addresses.new': 'Add an address',
  'addresses.new.title': 'Add an e-mail address',
  'addresses.new.text': 'A link is mailed there. The address counts once you have followed it.',
  'addresses.new.label': 'E-mail address',
  'addresses.new.button': 'Mail the link',
  'addresses.waits':
    'Another set of addresses is an important change: turning on two-step verification then has to wait for {days} days.',
  'addresses.wrong': 'This is not an e-mail address. Write it like ada@example.com.',
  'addresses.known': 'This address is one of yours already.',
  'addresses.tooMany': 'You have as many addresses as an account may have: {most}. Remove one first.',
  'addresses.tooManyMails': 'Some links were mailed already. The next one can be mailed {wait}.',
  'addresses.remove': 'Remove',
  'addresses.remove.title': 'Remove {name}?',
  'addresses.remove.text':
    'No more mail goes there, and nobody can sign in with it. We tell it and all your other addresses.',
  'addresses.remove.button': 'Remove',
  'addresses.last':
    'This is your last confirmed address, and mails must be able to reach you. Add and confirm another one first.',
  'done.address_mailed': 'A link is on its way. Follow it to confirm the address.',
  'done.address_removed': 'The address was removed.',

  // ——— activity
  'activity.title': 'Activity',
  'activity.lead': 'What happened to your account, newest first. Times are in UTC.',
  'activity.none': 'Nothing to show here.',
  'activity.newest': 'Newest',
  'activity.older': 'Older',
  'activity.pages': 'Pages',
  'activity.strange': 'Something there was not you? End the sessions you do not know, and change your password.',

  // ——— turning off
  'off.title': 'Turn off two-step verification',
  'off.text': 'Then your password alone opens your account again, for you and for whoever has it.',
  'off.void':
    'Your Recovery Key, trusted devices, trusted browsers and app-specific passwords are void. Other sessions end. All your e-mail addresses are told.',
  'off.identity': 'We also need three new security questions and your date of birth.',
  'off.button': 'Turn off',
  'done.two_step_off': 'Two-step verification is off. Your password alone opens your account now.',
  'done.is_off': 'Two-step verification is off already.',
  'questions.title': 'Security questions',
  'questions.lead': 'Three questions that only you can answer. They open nothing by themselves.',
  'questions.question': { one: 'Question {count}', other: 'Question {count}' },
  'questions.answer': { one: 'Answer {count}', other: 'Answer {count}' },
  'questions.question.hint': 'Write your own. A good one has an answer that no directory and no friend knows.',
  'questions.set': 'These are set:',
  'questions.replace': 'New questions replace them.',
  'questions.waits':
    'New questions are an important change: turning on two-step verification then has to wait for {days} days.',
  'questions.button': 'Save',
  'questions.wrong.question': 'Write a question of 1 to 64 characters.',
  'questions.wrong.answer': 'Write an answer of 1 to 128 characters.',
  'questions.wrong.same': 'Take three different questions.',
  'questions.on': 'With two-step verification on, there are no security questions: they are no longer needed.',
  'birth.label': 'Date of birth',
  'birth.hint': 'Year, month, day: for example 1990-04-23.',
  'birth.wrong': 'This is not the date of birth that was given before.',
  'birth.shape': 'Write it as year, month, day with dashes: for example 1990-04-23.',
  'birth.wait': 'Too many wrong dates. You can try again {wait}.',
  'birth.known': 'A date of birth was given before, and stays.',
  'done.questions_set': 'Your security questions were saved. All your e-mail addresses were told.',

  // ——— everything that is known, and the end
  'export.title': 'Download a copy of your data',
  'export.row': 'Download a copy',
  'export.text':
    'One file (JSON) with everything that is known about you: your account, and all that happened to it. Passwords and keys are not in it.',
  'export.keep': 'Keep the file where nobody else reads it.',
  'export.button': 'Download the copy',
  'closing.title': 'Close your account',
  'closing.text':
    'Everything that is kept of it becomes unreadable at once, and nobody can bring it back: not you, not us.',
  'closing.sessions':
    'You are signed out everywhere. Your addresses are told once more and then forgotten; they are free for a new account.',
  'closing.export': 'Take a copy first',
  'closing.understood': 'I want to close my account for good',
  'closing.tick': 'Tick the box if you want to close the account for good.',
  'closing.button': 'Close the account',
  'closed.title': 'Your account is closed',
  'closed.text': 'Nothing of it can be read any more. A last mail is on its way to your addresses.',
} as const satisfies Readonly<Record<string, string | Plural>>
