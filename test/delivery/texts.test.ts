// All messages in all languages, as a person gets them.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readConfig } from '#config'
import { languages } from '#delivery/messages/language.ts'
import { notificationText } from '#delivery/messages/notification.ts'
import { smsLength } from '#delivery/messages/sms-segments.ts'
import { everyMessage, messageSheet, smsRoom } from './every-message.ts'

/** The direction that telephones and mailboxes give to a line: that of its first letter outside isolates (UAX #9 P2, P3). */
function directionOf(line: string): 'ltr' | 'rtl' | undefined {
  const outside = line.replace(/\u2068[^\u2069]*\u2069/g, '')
  const first = /\p{L}/u.exec(outside)?.[0]
  return first === undefined ? undefined : /\p{Script=Arabic}/u.test(first) ? 'rtl' : 'ltr'
}

for (const { tag, direction } of languages) {
  test(`${tag}: every message is whole, in one language and one direction`, () => {
    const messages = everyMessage(tag)
    assert.equal(messages.length, 7 + 9 + 28 + 3)
    for (const { about, channel, title = '', text, html = '' } of messages) {
      assert.doesNotMatch(`${title}${text}${html}`, /undefined|\[object|NaN|, (?:plural|select|date)\b/, about)
      const lines = `${title}\n${text}`.split('\n').filter(line => !/^(?:@|https:|Twostep$|--|$)/.test(line))
      for (const line of lines) assert.equal(directionOf(line), direction, `${about}: ${line}`)
      // Each isolate is closed on its own line, and none is in a text message or a call.
      for (const line of lines) assert.doesNotMatch(line.replace(/\u2068[^\u2068\u2069]*\u2069/g, ''), /[\u2068\u2069]/)
      if (channel === 'sms' || channel === 'voice') assert.doesNotMatch(text + title, /[\u2066-\u2069\u200e\u200f]/)
    }
  })

  test(`${tag}: a notification begins with the code, and says both who asks and from where, as far as is known`, () => {
    const asked = { language: tag, product: 'Twostep', code: '4839', purpose: 'sign-in' } as const
    const of = (agent: string, place: string) => notificationText({ ...asked, from: { agent, place } })
    const { title, text } = of('Firefox on Linux', 'Lisbon')
    assert.match(title, /^4839\D.*Twostep/)
    assert(text.includes('Firefox on Linux') && text.includes('Lisbon'))
    assert(of('Firefox on Linux', '').text.includes('Firefox on Linux'))
    assert(of('', 'Lisbon').text.includes('Lisbon'))
    const bare = of('', '').text
    assert(bare.length < text.length && !bare.includes('\u2068'))
  })

  test(`${tag}: an admin and a member are told what they are`, () => {
    const [admin, member] = everyMessage(tag).filter(({ about }) => about === 'admin.invited')
    assert(admin !== undefined && member !== undefined && admin.text !== member.text)
    assert(admin.text.includes('Corner Bakery') && member.text.includes('Corner Bakery'))
  })
}

test('the guide says how much room a text message leaves to the names, as it is', () => {
  const guide = readFileSync('docs/guide/messages.md', 'utf8')
  for (const { tag } of languages) {
    const { alphabet, room } = smsRoom(tag)
    const { segments } = smsLength(everyMessage(tag)[0]?.text ?? '')
    assert.equal(segments, 1, tag)
    const name = alphabet === 'gsm-7' ? 'GSM-7' : 'UCS-2'
    assert.match(guide, new RegExp(`^\\| ${tag} \\|[^|]*\\| ${name} \\| ${room} \\|`, 'm'), `${tag} ${name} ${room}`)
  }
})

test('a product cannot be given a name that turns, breaks or fills the message it stands in', () => {
  const named = (name: string) => () => readConfig({ TWOSTEP_PRODUCT_NAME: name })
  for (const wrong of [
    'Shop\u202Epohs',
    'Shop\u2066',
    'Shop\n@evil.example #1',
    'Shop 😀',
    'x'.repeat(60),
    '\u200FShop',
    '<b>',
  ]) {
    assert.throws(named(wrong), /TWOSTEP_PRODUCT_NAME/, JSON.stringify(wrong))
  }
  for (const right of ['Müller & Söhne', 'متجر', 'ACME 24', 'बैंक']) assert.doesNotThrow(named(right), right)
})

test('the page for translators has every message of every language once', () => {
  const sheet = messageSheet()
  assert.equal(sheet.split('<section ').length, 1 + languages.length)
  assert.equal(sheet.split('<article ').length, 1 + languages.length * 47)
})
