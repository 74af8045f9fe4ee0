// Every message in every language, with plausible values: for tests that look at all of them, and on one page for a person
// who reads the language (scripts/message-sheet.ts).

import { after, hour, instantAt } from '#core/kernel/instant.ts'
import { accountMail } from '#delivery/messages/account-mail.ts'
import { invitationMail, passwordChangedMail } from '#delivery/messages/admin-mail.ts'
import english from '#delivery/messages/catalogue/en.json' with { type: 'json' }
import { type Language, languages } from '#delivery/messages/language.ts'
import { type NoticeMail, noticeMail } from '#delivery/messages/notice-mail.ts'
import { notificationText } from '#delivery/messages/notification.ts'
import { ownershipCodeCall, ownershipCodeText } from '#delivery/messages/ownership-code.ts'
import { smsLength } from '#delivery/messages/sms-segments.ts'

export type Shown = {
  readonly channel: 'sms' | 'voice' | 'push' | 'email'
  /** What it is about: a key of the catalogue without its last part. */
  readonly about: string
  readonly title?: string
  readonly text: string
  readonly html?: string
}

const when = instantAt(Date.UTC(2027, 0, 15, 8, 30))
const expires = after(when, 24 * hour)
const link = 'https://account.example.com/links/twxx_kf83jd0wq1'
const agent = 'Firefox on Linux'
const place = '192.0.2.7'

/** The names in a family of keys: of `account.device_added.subject`, `device_added`. */
const namesIn = (family: string): readonly string[] =>
  Object.keys(english).flatMap(key =>
    key.startsWith(`${family}.`) && key.endsWith('.subject') ? [key.split('.')[1] ?? ''] : [],
  )

const purposes = ['enrol', 'add-device', 'sign-in', 'step-up', 'reset-password'] as const

/** Every message in a language. */
export function everyMessage(language: string, product = 'Twostep'): readonly Shown[] {
  const named = { language, product }
  const code = { ...named, code: '123830' }
  const about = { ...named, when, numberMasked: '+44 •••• ••••23', door: 'manager' } as const
  const numbers = namesIn('number').map(notice => {
    const mail =
      `number.${notice}`.endsWith('_link') || notice === 'recovery_confirmation'
        ? { notice, link, expires }
        : { notice, link }
    return { about: `number.${notice}`, ...noticeMail({ ...about, ...mail } as NoticeMail) }
  })
  const accounts = namesIn('account').map(mail => {
    const facts = { about: 'Pixel 9', from: { agent, place }, date: after(when, 72 * hour), link, expires, when }
    return { about: `account.${mail}`, ...accountMail({ ...named, ...facts, mail: mail as 'waiting' }) }
  })
  const business = { ...named, business: 'Corner Bakery', link, when, expires }
  const admins = [
    ...(['admin', 'member'] as const).map(role => ({
      about: 'admin.invited',
      ...invitationMail({ ...business, role }),
    })),
    { about: 'admin.changed', ...passwordChangedMail({ ...named, when }) },
  ]
  return [
    {
      channel: 'sms',
      about: 'code',
      text: ownershipCodeText({ ...code, channel: 'sms', origin: 'account.example.com' }),
    },
    {
      channel: 'voice',
      about: 'code',
      title: ownershipCodeCall(named).prompt,
      text: ownershipCodeText({ ...code, channel: 'voice' }),
    },
    ...purposes.map(purpose => {
      const written = notificationText({ ...code, code: '4839', purpose, from: { agent, place } })
      return { channel: 'push', about: `push.${purpose}`, ...written } as const
    }),
    ...[...numbers, ...accounts, ...admins].map(({ about, subject, text, html }) => {
      return { channel: 'email', about, title: subject, text, html } as const
    }),
  ]
}

/** What a text message leaves of its segment to the names of product and host. */
export function smsRoom(language: string): { readonly alphabet: 'gsm-7' | 'ucs-2'; readonly room: number } {
  const text = ownershipCodeText({ language, channel: 'sms', code: '123830', product: 'P', origin: 'h' })
  const { alphabet, units } = smsLength(text)
  return { alphabet, room: (alphabet === 'gsm-7' ? 160 : 70) - units + 2 }
}

/** The page: each language a section, each message as a telephone, a lock screen or a mailbox shows it. */
export const messageSheet = (): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Messages</title><style>${style}</style>
<h1>Messages</h1>
<nav>${languages.map(({ tag }) => `<a href="#${tag}">${tag}</a>`).join(' ')}</nav>
${languages.map(section).join('\n')}
</html>
`

function section({ tag, direction, voice }: Language): string {
  const { alphabet, room } = smsRoom(tag)
  const facts = `voice ${voice} · ${alphabet}, ${room} left for product and host`
  const cards = everyMessage(tag).map(({ channel, about, title, text, html }) => {
    const head = `<h3>${channel} · ${about}${channel === 'sms' ? ` · ${smsLength(text).units} units` : ''}</h3>`
    const said = `${title === undefined ? '' : `<p class="title">${escaped(title)}</p>`}<p class="text">${escaped(text)}</p>`
    // A few as a mailbox draws them; all have the same frame.
    const isDrawn = html !== undefined && /recovery_link|waiting|invited/.test(about)
    const drawn = isDrawn ? `<iframe loading="lazy" srcdoc="${escaped(html)}"></iframe>` : ''
    return `<article class="${channel}" lang="${tag}">${head}${said}${drawn}</article>`
  })
  return `<section id="${tag}"><h2>${tag} <small>${direction} · ${facts}</small></h2><div>${cards.join('\n')}</div></section>`
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? '&quot;')

// `plaintext`: each paragraph takes its direction from its first letter, as telephones and mailboxes do.
const style = `
body { font: 14px/1.5 system-ui, sans-serif; margin: 2em; background: #f4f5f7; color: #1b1f24; }
small, h3 { color: #57606a; font-weight: 400; font-size: 12px; margin: 0 0 0.5em; }
section > div { columns: 22em; column-gap: 1em; }
article { break-inside: avoid; margin-bottom: 1em; background: #fff; border-radius: 8px; padding: 1em; }
.sms .text { background: #e5e5ea; border-radius: 16px; padding: 0.6em 1em; max-width: 18em; }
.push { background: #eef3ff; }
.title { font-weight: 600; margin: 0 0 0.5em; unicode-bidi: plaintext; text-align: start; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; unicode-bidi: plaintext; text-align: start; }
iframe { box-sizing: border-box; width: 100%; height: 26em; border: 1px solid #d0d7de; margin-top: 1em; }
`
