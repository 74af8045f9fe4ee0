// What the catalogue of messages promises, in every language.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { languages, wordsFor } from './language.ts'
import { type NoticeMail, noticeMail } from './notice-mail.ts'
import { ownershipCodeText } from './ownership-code.ts'
import { smsLength } from './sms-segments.ts'
import type { MailKind } from './words.ts'

const tags = languages.map(words => words.tag)
const code = '123830'
const product = 'Twostep'
const when = instantAt(Date.UTC(2026, 1, 3, 14, 5))
const numberMasked = '+1 ••• ••• ••55'
const link = 'https://example.com/open?number=1&secret=abc'
const kinds = Object.keys(wordsFor('en').mails) as MailKind[]

const mailOf = (notice: MailKind, more: Partial<NoticeMail> = {}) =>
  noticeMail({ language: 'en', product, when, door: 'graph', numberMasked, ...more, notice, link })

test('a locale finds its language, whatever its region, case and separator, and unknown ones read English', () => {
  for (const [locale, tag] of [
    ['en_US', 'en'],
    ['pt_BR', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['hi', 'hi'],
    ['es-419', 'es'],
    ['AR_eg', 'ar'],
    ['in', 'id'],
    ['zh_Hans_CN', 'zh-CN'],
    ['xx_YY', 'en'],
    ['', 'en'],
    ['__proto__', 'en'],
    ['constructor', 'en'],
  ] as const) {
    assert.equal(wordsFor(locale).tag, tag, locale)
  }
})

test('there are the twelve languages, each once', () => {
  assert.deepEqual(tags.toSorted(), ['ar', 'de', 'en', 'es', 'fr', 'hi', 'id', 'it', 'ja', 'pt-BR', 'ru', 'zh-CN'])
})

test('an English text message says code, product and warning, and ends with the line that binds the code to a host', () => {
  assert.equal(
    ownershipCodeText({ channel: 'sms', language: 'en_US', code, product, origin: 'https://example.com' }),
    '123-830 is your Twostep code. Do not share it with anyone.\n@example.com #123830',
  )
})

for (const language of tags) {
  test(`${language}: a text message starts with the code, names the product early and fits in one segment`, () => {
    for (const origin of [undefined, 'twostep.example']) {
      const text = ownershipCodeText({ channel: 'sms', language, code, product, origin })
      assert.match(text, /^123-830\D/)
      assert(text.indexOf(product) > 0 && text.indexOf(product) < 32, text)
      assert.equal(smsLength(text).segments, 1, `${smsLength(text).units} units: ${text}`)
      // Marks for the direction of text show as boxes on old telephones.
      assert.doesNotMatch(text, /[\u200e\u200f\u2066-\u2069]/)
      assert.equal(text.split('\n')[1], origin === undefined ? undefined : '@twostep.example #123830')
    }
  })

  test(`${language}: a call reads every digit by itself, twice`, () => {
    const text = ownershipCodeText({ channel: 'voice', language, code, product })
    const { pause } = wordsFor(language).voice
    const read = `${['1', '2', '3'].join(pause)} ... ${['8', '3', '0'].join(pause)}`
    assert.equal(text.split(read).length, 3, text)
    assert.doesNotMatch(text, /[0-9]{2}|@/)
    assert(text.includes(product))
  })

  test(`${language}: every mail has its own subject, says when and where, and masks the number, in text and in HTML`, () => {
    const subjects = kinds.map(notice => {
      const mail = mailOf(notice, { language })
      assert.doesNotMatch(mail.subject, /[\r\n]/)
      for (const body of [mail.text, mail.html]) {
        assert(body.includes(wordsFor(language).mails[notice].happened.replaceAll("'", '&#39;')), notice)
        assert(body.includes(numberMasked))
        assert.match(body, / UTC/)
        assert(body.includes('Graph API'))
        assert.match(body, /https:\/\/example\.com\/open\?number=1/)
        assert.doesNotMatch(body, /undefined|\[object|\$\{/)
      }
      assert.match(mail.html, new RegExp(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`))
      return mail.subject
    })
    assert.equal(new Set(subjects).size, kinds.length)
  })
}

test('languages other than English do not fall back to English words', () => {
  for (const words of languages.filter(each => each.tag !== 'en')) {
    for (const kind of kinds) {
      assert.notEqual(words.mails[kind].subject, wordsFor('en').mails[kind].subject)
      assert.notEqual(words.mails[kind].happened, wordsFor('en').mails[kind].happened)
    }
    assert.notEqual(words.notYou, wordsFor('en').notYou)
  }
})

test('a code is grouped for people as its length allows', () => {
  const shown = (digits: string) =>
    ownershipCodeText({ channel: 'sms', language: 'en', code: digits, product }).split(' ')[0]
  assert.deepEqual(['1234', '12345', '123456', '1234567', '12345678'].map(shown), [
    '1234',
    '12345',
    '123-456',
    '1234567',
    '1234-5678',
  ])
})

test('a code is bound to a whole https origin or not at all, and what is no code is not sent', () => {
  const bound = (origin: string) => ownershipCodeText({ channel: 'sms', language: 'en', code, product, origin })
  for (const origin of [
    'http://example.com',
    'https://example.com:8443',
    'example.com/login',
    'a b',
    '',
    'example.com\n@evil.example',
  ]) {
    assert.throws(() => bound(origin), { name: 'Broken' }, origin)
  }
  assert.match(bound('https://EXAMPLE.com/'), /\n@example\.com #123830$/)
  for (const wrong of ['123', '12345a', '123456789', '１２３４']) {
    assert.throws(() => ownershipCodeText({ channel: 'sms', language: 'en', code: wrong, product }), { name: 'Broken' })
  }
})

test('a mail says what happened, where, and how to say that it was not me', () => {
  assert.deepEqual(mailOf('pin_changed', { door: 'manager' }).text.split('\n\n'), [
    'The PIN was changed',
    'The PIN that protects this number was changed.',
    'Number: +1 ••• ••• ••55\nWhen: February 3, 2026 at 14:05 UTC\nWhere: manager pages',
    'Was this not you? Act now: set a new PIN, and ask your mobile operator whether your SIM card has been replaced.',
    `This was not me:\n${link}`,
    '-- \nTwostep',
  ])
})

test('a mail about a link says for how long the link works and that it signs nobody in', () => {
  const mail = mailOf('recovery_link')
  assert(mail.text.indexOf(link) < mail.text.indexOf('works once and for 24 hours'))
  assert.match(mail.text, /signs nobody in/)
  assert.match(mail.text, /Did you not ask for this\?/)
  assert.doesNotMatch(mail.text, /This was not me/)
})

test('a notice without a link has no link', () => {
  const mail = noticeMail({ notice: 'pin_set', language: 'en', product, when, door: 'rest', numberMasked })
  assert.doesNotMatch(mail.text + mail.html, /http|<a |This was not me/)
})

test('nothing put into a mail is markup, a header or a script', () => {
  const evil = '<img src=x onerror="alert(1)">&\'\r\nBcc: a@example.com'
  const mail = mailOf('pin_set', { product: evil, numberMasked: evil })
  assert.doesNotMatch(mail.html, /<img|onerror="/)
  assert(mail.html.includes('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;'))
  assert.doesNotMatch(mail.subject, /[\r\n]/)
  assert(mail.html.includes('href="https://example.com/open?number=1&amp;secret=abc"'))
  for (const wrong of ['javascript:alert(1)', ' https://example.com', 'example.com']) {
    assert.throws(
      () => noticeMail({ notice: 'pin_set', language: 'en', product, when, door: 'rest', numberMasked, link: wrong }),
      {
        name: 'Broken',
      },
    )
  }
})

test('a text message is measured as the network does', () => {
  assert.deepEqual(smsLength('a'.repeat(160)), { alphabet: 'gsm-7', units: 160, segments: 1 })
  assert.deepEqual(smsLength('a'.repeat(161)), { alphabet: 'gsm-7', units: 161, segments: 2 })
  assert.deepEqual(smsLength('€'.repeat(80)), { alphabet: 'gsm-7', units: 160, segments: 1 })
  assert.deepEqual(smsLength('ó'.repeat(70)), { alphabet: 'ucs-2', units: 70, segments: 1 })
  assert.deepEqual(smsLength('ó'.repeat(71)), { alphabet: 'ucs-2', units: 71, segments: 2 })
  assert.deepEqual(smsLength('😀'.repeat(36)), { alphabet: 'ucs-2', units: 72, segments: 2 })
})
