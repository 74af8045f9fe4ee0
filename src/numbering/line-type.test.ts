import assert from 'node:assert/strict'
import { test } from 'node:test'
import { supportedRegions } from '#core/account/mobile-number.ts'
import { readCodeNumber } from './line-type.ts'

const read = (text: string, regions: readonly (readonly string[] | 'all')[] = [supportedRegions], country?: string) =>
  readCodeNumber(text, country, regions)

test('codes go to mobile numbers, and where a country does not tell, to those that may be', () => {
  for (const number of ['+351912345678', '+4915123456789', '+821012345678', '+16315555555', '+919876543210']) {
    assert.deepEqual(read(number), { kind: 'mobile', e164: number })
  }
  assert.deepEqual(read('912 345 678', undefined, 'PT'), { kind: 'mobile', e164: '+351912345678' })
})

test('every other kind of number is refused with what it is', () => {
  const kinds = {
    '+442071234567': 'fixed_line',
    '+445600000000': 'voip',
    '+449012345678': 'premium_rate',
    '+448081570000': 'toll_free',
    '+447012345678': 'personal',
    '+443001234567': 'uan',
    '+447640123456': 'pager',
    '+41860791234567': 'voicemail',
    '+491803123456': 'shared_cost',
    // A range for films: nobody's phone rings.
    '+447700900123': 'unknown',
    '+18005550199': 'toll_free',
  }
  for (const [number, why] of Object.entries(kinds)) {
    assert.deepEqual(read(number, ['all']), { kind: 'no_codes', why }, number)
  }
})

test('a mobile number must be of a region of every list, and one that is of no region is of none', () => {
  assert.deepEqual(read('+447911123456'), { kind: 'no_codes', why: 'region_not_supported' })
  assert.deepEqual(read('+447911123456', ['all']), { kind: 'mobile', e164: '+447911123456' })
  assert.deepEqual(read('+351912345678', [supportedRegions, ['ES']]), { kind: 'no_codes', why: 'region_not_supported' })
  assert.deepEqual(read('+351912345678', [supportedRegions, []]), { kind: 'no_codes', why: 'region_not_supported' })
  assert.deepEqual(read('+351912345678', [supportedRegions, ['ES', 'PT']]).kind, 'mobile')
  // A satellite telephone.
  assert.deepEqual(read('+881612345678'), { kind: 'no_codes', why: 'region_not_supported' })
})

test('what is no number says why', () => {
  assert.deepEqual(read('hello'), { kind: 'not_a_number', reason: 'characters' })
  assert.deepEqual(read('912345678'), { kind: 'not_a_number', reason: 'no_country' })
})
