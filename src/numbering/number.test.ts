// What numbering promises: every spelling of a number is one number, and what is no number is said to be none.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import { formatNumber } from './display.ts'
import { fromCountryCode, type NotANumber, type ParsedNumber, parseNumber, regions } from './number.ts'

const e164 = (read: ParsedNumber | NotANumber): string => (read.kind === 'number' ? read.e164 : read.reason)

const spellings: readonly (readonly [number: string, country: string, spellings: readonly string[]])[] = [
  [
    '+16315555555',
    'US',
    [
      '+16315555555',
      '+1 631-555-5555',
      '+1 (631) 555-5555',
      '+1.631.555.5555',
      '001 631 555 5555',
      '011 1 631 555 5555',
      '1 631 555 5555',
      '(631) 555-5555',
      '\u202a+1 (631) 555\u20115555\u202c',
      '+1\u00a0631\u00a0555\u00a05555',
      '＋１　６３１　５５５　５５５５',
      '+١ ٦٣١ ٥٥٥ ٥٥٥٥',
      '+१ ६३१ ५५५ ५५५५',
      '+1 1 631 555 5555',
    ],
  ],
  [
    '+442079460958',
    'GB',
    ['+44 20 7946 0958', '+44 (0)20 7946 0958', '020 7946 0958', '0044 20 7946 0958', '00442079460958'],
  ],
  [
    '+5491123456789',
    'AR',
    ['+54 9 11 2345-6789', '+54 11 2345 6789', '011 15-2345-6789', '+54 11 15 2345 6789', '011 2345-6789'],
  ],
  [
    '+525512345678',
    'MX',
    ['+52 55 1234 5678', '+52 1 55 1234 5678', '55 1234 5678', '044 55 1234 5678', '01 55 1234 5678'],
  ],
  [
    '+5511987654321',
    'BR',
    ['+55 11 98765-4321', '+55 11 8765-4321', '(11) 98765-4321', '(11) 8765 4321', '011 98765-4321'],
  ],
  ['+390612345678', 'IT', ['+39 06 1234 5678', '06 1234 5678', '0039 06 12345678']],
  ['+79161234567', 'RU', ['+7 916 123-45-67', '8 (916) 123-45-67', '8 10 7 916 1234567', '007 916 123 45 67']],
]

test('every spelling of a number is one number', () => {
  for (const [number, country, texts] of spellings) {
    for (const text of texts) assert.equal(e164(parseNumber(text, country)), number, `${text} (${country})`)
  }
})

test('a number read is a number when it is read again', () => {
  for (const [number] of spellings) {
    assert.equal(e164(parseNumber(number)), number)
    assert.equal(e164(parseNumber(number.slice(1), 'ZZ')), 'no_country')
    assert.equal(e164(parseNumber(formatNumber(number as E164))), number)
  }
})

test('an old Brazilian landline keeps its eight digits, and an Argentine free number gets no 9', () => {
  assert.equal(e164(parseNumber('+55 11 2345-6789')), '+551123456789')
  assert.equal(e164(parseNumber('+54 800 123 4567')), '+548001234567')
})

test('fictional and unassigned numbers that Meta uses in its examples are numbers', () => {
  for (const number of ['+16315555555', '+16315551000', '+15550783881', '+15550001234', '+12025550123']) {
    assert.equal(e164(parseNumber(number)), number)
  }
})

test('what is no number says why', () => {
  const reasons: readonly (readonly [string, string])[] = [
    ['', 'empty'],
    [' - ', 'empty'],
    ['+', 'empty'],
    ['+1 800 FLOWERS', 'characters'],
    ['+1 631 555 5555 ext. 12', 'characters'],
    ['+1 631 555 5555;ext=12', 'characters'],
    ['tel:+16315555555', 'characters'],
    ['+1 631 555 555²', 'characters'],
    ['+1 631 555 555⑤', 'characters'],
    ['+1 631 555 555𝟓', 'characters'],
    ['++16315555555', 'characters'],
    ['+1+6315555555', 'characters'],
    ['+1 631 555 5555\u0000', 'characters'],
    ['631 555 5555', 'no_country'],
    ['+1 631 555', 'length'],
    ['+1 631 555 5555 5555', 'length'],
    ['+49 30 1234567890 123', 'length'],
    ['1'.repeat(1000), 'length'],
    ['+999 1234567', 'country_code'],
    ['+0 1234567', 'country_code'],
  ]
  for (const [text, reason] of reasons) assert.deepEqual(parseNumber(text), { kind: 'not_a_number', reason }, text)
})

test('a number tells its country code, its region and the type of its line', () => {
  const read = (text: string) => {
    const number = parseNumber(text)
    assert.equal(number.kind, 'number', text)
    return number.kind === 'number' ? [number.countryCallingCode, number.region, number.type] : []
  }
  assert.deepEqual(read('+16315555555'), ['1', 'US', 'landline_or_mobile'])
  assert.deepEqual(read('+919876543210'), ['91', 'IN', 'mobile'])
  assert.deepEqual(read('+442079460958'), ['44', 'GB', 'landline'])
  assert.deepEqual(read('+18005550199'), ['1', 'US', 'toll_free'])
  assert.deepEqual(read('+19005550199'), ['1', 'US', 'premium'])
  assert.deepEqual(read('+445612345678'), ['44', 'GB', 'voip'])
  assert.deepEqual(read('+447640123456'), ['44', 'GB', 'pager'])
  assert.deepEqual(read('+80012345678'), ['800', '001', 'toll_free'])
  assert.deepEqual(read('+10000000000'), ['1', '001', 'unknown'])
})

test('the pair of cc and phone_number is one number, whether or not the number repeats the code', () => {
  for (const [cc, phoneNumber, number] of [
    ['1', '6315555555', '+16315555555'],
    ['1', '16315555555', '+16315555555'],
    ['+1', '+1 631-555-5555', '+16315555555'],
    ['55', '5511987654321', '+5511987654321'],
    ['55', '11987654321', '+5511987654321'],
    ['55', '5533334444', '+555533334444'],
    ['39', '3912345678', '+393912345678'],
    ['39', '393471234567', '+393471234567'],
    ['44', '07911 123456', '+447911123456'],
    ['52', '5215512345678', '+525512345678'],
  ] as const) {
    assert.equal(e164(fromCountryCode(cc, phoneNumber)), number, `${cc} ${phoneNumber}`)
  }
})

test('a country code that is none, or not the one of the number, is refused', () => {
  for (const [cc, phoneNumber] of [
    ['', '6315555555'],
    ['0', '6315555555'],
    ['1234', '6315555555'],
    ['US', '6315555555'],
    ['44', '+16315555555'],
    ['999', '6315555555'],
  ] as const) {
    assert.deepEqual(fromCountryCode(cc, phoneNumber), { kind: 'not_a_number', reason: 'country_code' }, cc)
  }
})

test('the regions are those that numbers are of', () => {
  assert(regions().length > 200)
  for (const region of ['US', 'BR', 'IN', 'DE']) assert(regions().includes(region))
})
