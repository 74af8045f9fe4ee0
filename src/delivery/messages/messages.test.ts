// What the messages about numbers promise, in every language: codes by text and by call, and the mails.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { words } from './catalogue.ts'
import { languageFor, languages } from './language.ts'
import { type NoticeMail, noticeMail } from './notice-mail.ts'
import { ownershipCodeCall, ownershipCodeText } from './ownership-code.ts'
import { smsLength } from './sms-segments.ts'

const code = '123830'
const product = 'Twostep'
const when = instantAt(Date.UTC(2026, 1, 3, 14, 5))
const expires = instantAt(when + 24 * 3_600_000)
const numberMasked = '+1 ••• ••• ••55'
const link = 'https://example.com/open?number=1&secret=abc'
const notices = [
  ...(['pin_set', 'pin_changed', 'pin_removed', 'registration_contested'] as const),
  ...(['registration_taken_over', 'recovery_address_changed'] as const),
]
const links = ['recovery_link', 'turn_off_link', 'recovery_confirmation'] as const

const mailOf = (notice: (typeof notices)[number] | (typeof links)[number], more: Partial<NoticeMail> = {}) => {
  const about = { language: 'en', product, when, door: 'graph', numberMasked, ...more } as const
  const asked = links.find(kind => kind === notice)
  const told = notices.find(kind => kind === notice)
  if (asked !== undefined) return noticeMail({ ...about, notice: asked, link, expires })
  assert(told !== undefined)
  return noticeMail({ ...about, notice: told, link })
}

test('a locale finds its language, whatever its region, case and separator, and unknown ones read English', () => {
  for (const [locale, tag] of [
    ['en_US', 'en'],
    ['pt_BR', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['hi', 'hi'],
    ['es-419', 'es'],
    ['AR_eg', 'ar'],
    ['in', 'id'],
    ['de_DE.UTF-8@euro', 'de'],
    ['zh', 'zh-CN'],
    ['zh_Hans_CN', 'zh-CN'],
    ['zh-SG', 'zh-CN'],
    ['cmn', 'zh-CN'],
    ['xx_YY', 'en'],
    ['', 'en'],
    ['__proto__', 'en'],
    ['constructor', 'en'],
    ['en\r\nBcc: x', 'en'],
    ['a'.repeat(10_000), 'en'],
  ] as const) {
    assert.equal(languageFor(locale).tag, tag, locale)
  }
})

test('who reads another script than the catalogue writes reads English', () => {
  for (const locale of ['zh-Hant', 'zh_TW', 'zh_HK', 'zh-Hant-CN', 'hi-Latn', 'ru-Latn', 'ar-Latn']) {
    assert.equal(languageFor(locale).tag, 'en', locale)
  }
})

test('there are the twelve languages, each once, and Arabic alone is read from right to left', () => {
  assert.deepEqual(languages.map(({ tag }) => tag).toSorted(), [
    'ar',
    'de',
    'en',
    'es',
    'fr',
    'hi',
    'id',
    'it',
    'ja',
    'pt-BR',
    'ru',
    'zh-CN',
  ])
  assert.deepEqual(
    languages.filter(({ direction }) => direction === 'rtl').map(({ tag }) => tag),
    ['ar'],
  )
})

test('an English text message says code, product and warning, and ends with the line that binds the code to a host', () => {
  assert.equal(
    ownershipCodeText({ channel: 'sms', language: 'en_US', code, product, origin: 'https://example.com' }),
    '123-830 is your Twostep code. Do not share it with anyone.\n@example.com #123830',
  )
})

// What the default alphabet of telephones can write takes half the room: these languages are kept to it.
const inGsm = ['en', 'es', 'pt-BR', 'id', 'fr', 'de', 'it']

for (const { tag: language, direction } of languages) {
  test(`${language}: a text message starts with the code, names the product early and fits in one segment`, () => {
    for (const origin of [undefined, 'account.example.com']) {
      const text = ownershipCodeText({ channel: 'sms', language, code, product, origin })
      assert.match(text, /^123-830\D/)
      assert(text.indexOf(product) > 0 && text.indexOf(product) < 32, text)
      const { alphabet, units, segments } = smsLength(text)
      assert.equal(alphabet, inGsm.includes(language) ? 'gsm-7' : 'ucs-2', text)
      assert.equal(segments, 1, `${units} units: ${text}`)
      // Marks for the direction of text show as boxes on old telephones.
      assert.doesNotMatch(text, /[\u200e\u200f\u2066-\u2069]/)
      assert.equal(text.split('\n')[1], origin === undefined ? undefined : '@account.example.com #123830')
    }
  })

  test(`${language}: a call reads every digit by itself, twice, as a word`, () => {
    const text = ownershipCodeText({ channel: 'voice', language, code, product })
    const read = (digits: string) => ownershipCodeText({ channel: 'voice', language, code: digits, product })
    assert.doesNotMatch(text, /[0-9]|@/)
    assert.equal(text.split(product).length, 2)
    const [one = '', other = ''] = [text, read('123831')].map(said => said.split(' ... ')[2] ?? '')
    assert.notEqual(one, other)
    assert.equal(text.split(' ... ').length, 3)
    const { language: voice, prompt } = ownershipCodeCall({ language, product })
    assert.match(voice, /^(?:[a-z]{2,3}-[A-Z]{2}|ar)$/)
    assert(prompt.includes(product) && !/[0-9]/.test(prompt))
  })

  test(`${language}: every mail has its own subject, says when and where, and masks the number, in text and in HTML`, () => {
    const kinds = [...notices, ...links]
    const subjects = kinds.map(notice => {
      const mail = mailOf(notice, { language })
      assert.doesNotMatch(mail.subject, /[\r\n]/)
      for (const body of [mail.text, mail.html]) {
        const happened = words(languageFor(language), `number.${notice}.happened`)
        assert(body.includes(happened.replaceAll("'", '&#39;')), notice)
        assert(body.includes(numberMasked))
        assert.match(body, / UTC/)
        assert(body.includes('Graph API'))
        assert.match(body, /https:\/\/example\.com\/open\?number=1/)
        assert.doesNotMatch(body, /undefined|\[object|\$\{|[{}] ?plural/)
      }
      assert.match(mail.html, new RegExp(`<html lang="${language}" dir="${direction}">`))
      return mail.subject
    })
    assert.equal(new Set(subjects).size, kinds.length)
  })
}

test('a call reads the code slowly: a word a digit, a rest between the groups', () => {
  assert.equal(
    ownershipCodeText({ channel: 'voice', language: 'de', code, product }),
    'Ihr Code für Twostep lautet: eins, zwo, drei ... acht, drei, null. ' +
      'Noch einmal: eins, zwo, drei ... acht, drei, null. Geben Sie ihn an niemanden weiter.',
  )
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
  assert.match(bound('https://bücher.example'), /\n@xn--bcher-kva\.example #123830$/)
  for (const wrong of ['123', '12345a', '123456789', '１２３４']) {
    assert.throws(() => ownershipCodeText({ channel: 'sms', language: 'en', code: wrong, product }), { name: 'Broken' })
  }
})

test('a product whose name tries to be more than a name stays one: the bound line is ours, and nothing is turned round', () => {
  const hostile = 'Shop\u202E\u2069\n@evil.example #999999'
  for (const { tag: language } of languages) {
    const text = ownershipCodeText({ channel: 'sms', language, code, product: hostile, origin: 'shop.example' })
    assert.equal(text.split('\n').length, 2)
    assert.match(text, /^123-830[^\n]*Shop @evil\.example #999999[^\n]*\n@shop\.example #123830$/)
    const { subject, text: body, html } = mailOf('pin_set', { language, product: hostile })
    for (const said of [subject, body, html]) assert.doesNotMatch(said, /\u202E/)
    assert.doesNotMatch(body, /^@evil/m)
    assert.equal(subject.split('\u2068').length, subject.split('\u2069').length)
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

test('in Arabic a number, a Latin name and a door keep their own direction inside the line', () => {
  const { subject, text } = mailOf('pin_changed', { language: 'ar_EG' })
  assert.equal(subject, '\u2068Twostep\u2069: تم تغيير رمز PIN')
  const [number, moment, door] = text.split('\n\n')[2]?.split('\n') ?? []
  assert.equal(number, 'الرقم: \u2068+1 ••• ••• ••55\u2069')
  assert.equal(moment, 'الوقت: 3 فبراير 2026 في 14:05 UTC')
  assert.equal(door, 'المصدر: \u2068Graph API\u2069')
})

test('an Arabic product does not turn an English mail round', () => {
  assert.equal(mailOf('pin_changed', { product: 'متجر' }).subject, '\u2068متجر\u2069: The PIN was changed')
})

test('a mail about a link says for how long the link works and that it signs nobody in', () => {
  const mail = mailOf('recovery_link')
  assert(mail.text.indexOf(link) < mail.text.indexOf('works once and for 24 hours'))
  assert.match(mail.text, /signs nobody in/)
  assert.match(mail.text, /Did you not ask for this\?/)
  assert.doesNotMatch(mail.text, /This was not me/)
  const short = noticeMail({
    ...{ notice: 'recovery_link', language: 'en', product, when, door: 'rest', numberMasked, link },
    expires: instantAt(when + 90 * 60_000),
  })
  assert.match(short.text, /works once and for 1 hour\./)
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
