// The mails of accounts: every kind in every language, and what a caller writes stays a fact among others.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { type AccountMail, accountMail } from './account-mail.ts'
import english from './catalogue/en.json' with { type: 'json' }
import { words } from './catalogue.ts'
import { languageFor, languages } from './language.ts'

const when = instantAt(Date.UTC(2027, 0, 15, 8, 30))
const expires = instantAt(when + 24 * 3_600_000)
const base: AccountMail = { mail: 'device_added', language: 'en', product: 'Twostep', when, expires }
const kinds = Object.keys(english).flatMap(
  key => /^account\.(\w+)\.subject$/.exec(key)?.[1] ?? [],
) as AccountMail['mail'][]
const linkTerms = words(languageFor('en'), 'mail.link_terms', { hours: 24 })

test('every mail has its words in every language, and no two have the same subject', () => {
  assert.equal(kinds.length, 28)
  for (const { tag: language, direction } of languages) {
    const mails = kinds.map(mail => accountMail({ ...base, mail, language }))
    assert.equal(new Set(mails.map(({ subject }) => subject)).size, kinds.length)
    for (const { subject, text, html } of mails) {
      assert.match(subject, /^\u2068?Twostep\u2069? ?[:：] ?\S/)
      assert.match(html, new RegExp(`<html lang="${language}" dir="${direction}">`))
      assert(text.includes(words(languageFor(language), 'account.fact.when')), subject)
      assert.doesNotMatch(text + html, /undefined|\[object|[{}] ?plural/)
    }
  }
})

test('a language that is not there reads English, a region of one that is reads that', () => {
  assert.equal(accountMail({ ...base, language: 'tlh' }).text, accountMail(base).text)
  assert.equal(accountMail({ ...base, language: 'ar_EG' }).text, accountMail({ ...base, language: 'ar' }).text)
  assert.equal(accountMail({ ...base, language: 'arn' }).text, accountMail(base).text)
})

test('a link stands only in the mails that have words for one, and says its terms where it does something', () => {
  const link = 'https://two-step.example/links/twxx_secret'
  const linked = kinds.filter(mail => accountMail({ ...base, mail, link }).text.includes(link))
  assert.deepEqual(linked.toSorted(), ['confirm_address', 'reset_password', 'sign_up', 'waiting'])
  for (const mail of linked) {
    const { text, html } = accountMail({ ...base, mail, link })
    assert.equal(text.includes(linkTerms), mail !== 'waiting')
    assert(html.includes(`href="${link}"`))
  }
  assert.throws(() => accountMail({ ...base, link: 'javascript:alert(1)' }))
})

test('what a caller calls itself is one short line of text, never markup and never a header', () => {
  const about = `<b>x</b>\r\nBcc: all@home.example\n${'y'.repeat(500)}`
  const { subject, text, html } = accountMail({
    ...base,
    about,
    product: 'Two\r\nstep',
    from: { place: '', agent: '' },
  })
  assert(!/[\r\n]/.test(subject))
  assert(text.includes('What: <b>x</b> Bcc: all@home.example yyy') && !text.includes('y'.repeat(120)))
  assert(html.includes('&lt;b&gt;x&lt;/b&gt;') && !html.includes('<b>x</b>'))
  assert.doesNotMatch(text, /^Where:/m)
})

test('the date of a wait is named, in UTC', () => {
  const date = instantAt(Date.UTC(2027, 0, 18, 8, 30))
  const { text } = accountMail({ ...base, mail: 'waiting', date, link: 'https://two-step.example/links/x' })
  assert.match(text, /Date: January 18, 2027 at 08:30 UTC/)
})

test('a device may call itself what it likes: the facts around it keep their order', () => {
  const about = 'iPhone\u202E\u2069 of متجر'
  const { text, html } = accountMail({ ...base, about, language: 'ar' })
  assert(text.includes('ماذا: \u2068iPhone of متجر\u2069'))
  assert(html.includes('<bdi>iPhone of متجر</bdi>'))
})
