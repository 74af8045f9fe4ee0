// What the display of numbers promises: Meta's form, and a mask that lets nothing through.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import { formatNumber, maskNumber } from './display.ts'

test('a number is shown as Meta shows it', () => {
  for (const [number, shown] of [
    ['+16315555555', '+1 631-555-5555'],
    ['+5511987654321', '+55 11 98765-4321'],
    ['+5491123456789', '+54 9 11 2345-6789'],
    ['+442079460958', '+44 20 7946 0958'],
    ['+919876543210', '+91 98765 43210'],
    ['+6281234567890', '+62 812-3456-7890'],
    ['+79161234567', '+7 916 123-45-67'],
    ['+819012345678', '+81 90-1234-5678'],
    // At home (0-694) 51828: a dash that stands behind the domestic 0 is none between digits that are shown.
    ['+37069451828', '+370 694 51828'],
  ] as const) {
    assert.equal(formatNumber(number as string as E164), shown)
  }
})

test('digits are grouped as the library groups them, in every country and for numbers of every length', () => {
  const nowhere = ['800', '808', '870', '878', '881', '882', '883', '888', '979']
  const countries = new Set([...getCountries().map(country => String(getCountryCallingCode(country))), ...nowhere])
  let seed = 20_251_122
  const digit = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * 10)
  }
  let compared = 0
  for (const country of countries) {
    for (let n = 0; n < 150; n++) {
      const written = `+${country}${Array.from({ length: 5 + (n % 9) }, digit).join('')}`
      const number = parsePhoneNumberFromString(written)
      if (number === undefined || number.number !== written) continue
      compared += 1
      const shown = formatNumber(written as string as E164)
      assert.equal(shown.replaceAll('-', ' '), number.formatInternational(), `${written}, seed 20251122`)
    }
  }
  assert.ok(compared > 10_000, `only ${compared} were numbers`)
})

test('a masked number shows its country code and its last two digits, nothing else', () => {
  assert.equal(maskNumber('+16315555555' as E164), '+1 ••• ••• ••55')
  assert.equal(maskNumber('+442079460958' as E164), '+44 •• •••• ••58')
  assert.equal(maskNumber('+2901234' as E164), '+290 ••34')
  assert.equal(maskNumber('nonsense' as E164), '•••')
})
