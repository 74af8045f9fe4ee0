// Which passwords an account may have, in both profiles.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../throttle/limits.ts'
import { listedForms, whyNoPassword } from './password-rule.ts'

const about = ['ada@home.example', 'Twostep']

test('length is counted in characters, at its exact bound, however they are encoded', () => {
  const of = (length: number) => [...'Wq7𝄞x-pLm4Rtz9Kb_uHc2'].slice(0, length).join('')
  for (const [profile, least] of [
    ['classic', 8],
    ['strict', 15],
  ] as const) {
    assert.equal(whyNoPassword(of(least - 1), about, limits[profile]), 'too_short', profile)
    assert.equal(whyNoPassword(of(least), about, limits[profile]), undefined, profile)
  }
  const long = [...Array(256).keys()].map(at => String.fromCodePoint(0x4e00 + at)).join('')
  assert.equal(whyNoPassword(long, about, limits.strict), undefined)
  assert.equal(whyNoPassword(`${long}a`, about, limits.strict), 'too_long')
})

test('strict asks for no kinds of signs; classic has the documented rule', () => {
  const all = {
    'quiet harbour lanterns': 'not_mixed',
    'Quiet Harbour Lanterns': 'not_mixed',
    'QUIET HARBOUR 41 LANES': 'not_mixed',
    'Quiet Harbour 41 Lanes': undefined,
    'Quiet Harrrbour 41 Lanes': 'same_signs',
  } as const
  for (const [password, why] of Object.entries(all)) {
    assert.equal(whyNoPassword(password, about, limits.strict), undefined, password)
    assert.equal(whyNoPassword(password, about, limits.classic), why, password)
  }
})

test('what whoever knows the person would try is refused', () => {
  for (const profile of ['classic', 'strict'] as const) {
    assert.equal(whyNoPassword('Ada@home.example1', about, limits[profile]), 'about_you')
    assert.equal(whyNoPassword('Twostep-2026-2026', about, limits[profile]), 'about_you')
  }
})

test('digits and signs around a word, and in place of its letters, hide it from no list', () => {
  for (const password of ['Baseball2024!', '!!baseball!!', 'b4s3b4ll', 'B@seball1']) {
    assert(listedForms(password).includes('baseball'), password)
  }
})

test('a word that is less than half of a password is no reason to refuse it', () => {
  assert(!listedForms('baseball-839201748261').includes('baseball'))
  assert.deepEqual(listedForms('8392-0174-8261'), ['8392-0174-8261'])
})
