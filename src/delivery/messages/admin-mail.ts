// Mails to a person who looks after business accounts: the invitation, and word of a new password. They name no number.

import type { Role } from '#core/business/admin.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { html, type Markup } from './html.ts'

export type AdminMail = { readonly subject: string; readonly text: string; readonly html: string }

type Words = {
  readonly tag: string
  readonly direction: 'ltr' | 'rtl'
  readonly invited: (of: { product: string; business: string; role: Role }) => { subject: string; body: string }
  readonly choose: string
  readonly terms: string
  readonly notExpected: string
  readonly changed: (product: string, when: string) => { subject: string; body: string }
  readonly notYou: string
}

const en: Words = {
  tag: 'en',
  direction: 'ltr',
  invited: ({ product, business, role }) => ({
    subject: `${product}: you were invited to look after ${business}`,
    body:
      role === 'admin'
        ? `You were made an admin of ${business}. Admins look after its phone numbers and their two-step verification.`
        : `You were made a member of ${business}. Members see its phone numbers and their two-step verification.`,
  }),
  choose: 'Choose your password',
  terms: 'The link works once and for 24 hours.',
  notExpected: 'Did you not expect this? Then do nothing, and do not pass the link on.',
  changed: (product, when) => ({
    subject: `${product}: your password was changed`,
    body: `The password you sign in with was changed on ${when}. All other sessions were ended.`,
  }),
  notYou: 'Was this not you? Tell whoever runs this service at once: they can take your access away.',
}

const ar: Words = {
  tag: 'ar',
  direction: 'rtl',
  invited: ({ product, business, role }) => ({
    subject: `${product}: دعوة لإدارة ${business}`,
    body:
      role === 'admin'
        ? `أصبحت مسؤولًا عن ${business}. يدير المسؤولون أرقام الهواتف والتحقق بخطوتين الخاص بها.`
        : `أصبحت عضوًا في ${business}. يرى الأعضاء أرقام الهواتف والتحقق بخطوتين الخاص بها.`,
  }),
  choose: 'اختر كلمة المرور',
  terms: 'يعمل الرابط مرة واحدة فقط ولمدة 24 ساعة.',
  notExpected: 'ألم تتوقع هذه الرسالة؟ لا تفعل شيئًا ولا تُرسل الرابط إلى أحد.',
  changed: (product, when) => ({
    subject: `${product}: تم تغيير كلمة المرور`,
    body: `تم تغيير كلمة المرور التي تسجّل الدخول بها في ${when}. انتهت جميع الجلسات الأخرى.`,
  }),
  notYou: 'ألم تكن أنت؟ أخبر مشغّل هذه الخدمة فورًا: يمكنه سحب صلاحية وصولك.',
}

const wordsFor = (locale: string): Words => (/^ar(?:[_-]|$)/i.test(locale) ? ar : en)

/** The invitation. `link` is an http(s) address with a secret in it; opening it changes nothing. */
export function invitationMail(of: {
  readonly language: string
  readonly product: string
  readonly business: string
  readonly role: Role
  readonly link: string
}): AdminMail {
  assert(/^https?:\/\//.test(of.link), 'a link in a mail is an http or https address')
  const words = wordsFor(of.language)
  const { subject, body } = words.invited(of)
  return letter(words, of.product, subject, [body], { words: words.choose, to: of.link }, [
    words.terms,
    words.notExpected,
  ])
}

/** Word that the password was changed. */
export function passwordChangedMail(of: {
  readonly language: string
  readonly product: string
  readonly when: Instant
}): AdminMail {
  const words = wordsFor(of.language)
  const style = { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: 'UTC' } as const
  const when = `${new Intl.DateTimeFormat(words.tag, style).format(of.when)} UTC`
  const { subject, body } = words.changed(of.product, when)
  return letter(words, of.product, subject, [body, words.notYou], undefined, [])
}

function letter(
  words: Words,
  product: string,
  subject: string,
  before: readonly string[],
  link: { readonly words: string; readonly to: string } | undefined,
  behind: readonly string[],
): AdminMail {
  const paragraphs = (texts: readonly string[]): readonly Markup[] => texts.map(text => html`<p>${text}</p>`)
  const button = link && html`<p><a href="${link.to}">${link.words}</a></p>`
  // A line break in a subject would start a header of its own.
  const heading = subject.replace(/[\r\n]+/g, ' ')
  return {
    subject: heading,
    text: [...before, ...(link === undefined ? [] : [`${link.words}:\n${link.to}`]), ...behind, `-- \n${product}`].join(
      '\n\n',
    ),
    html: html`<!doctype html>
<html lang="${words.tag}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>${heading}</title>
</head>
<body>
<h1>${heading}</h1>
${paragraphs(before)}
${button}
${paragraphs(behind)}
</body>
</html>
`.text,
  }
}
