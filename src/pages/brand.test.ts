// A look of the operator's own: whatever is given, what is written can be read.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { accentsOf, brandOf, contrast, grounds } from './brand.ts'

test('whatever accent is given, text in it and on it stands out enough, by light and in the dark', () => {
  const parts = ['00', '33', '66', '99', 'cc', 'ff']
  for (const red of parts) {
    for (const green of parts) {
      for (const blue of parts) {
        const given = `#${red}${green}${blue}`
        const made = accentsOf(given)
        for (const theme of ['light', 'dark'] as const) {
          for (const other of [...grounds[theme].behind, grounds[theme].before]) {
            assert.ok(contrast(made[theme].accent, other) >= 4.5, `${given} ${theme} ${made[theme].accent} ${other}`)
            assert.ok(contrast(made[theme].strong, other) >= 4.5, `${given} ${theme} ${made[theme].strong} ${other}`)
          }
        }
      }
    }
  }
})

test('an accent that can be read is taken as it is', () => {
  assert.equal(accentsOf('#7a1fa2').light.accent, '#7a1fa2')
  assert.equal(accentsOf('#ffd166').dark.accent, '#ffd166')
  assert.notEqual(accentsOf('#ffd166').light.accent, '#ffd166')
})

test('contrast is reckoned as WCAG does', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21)
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48')
})

test('the grounds are those of the style sheet', () => {
  const sheet = readFileSync(new URL('./static/style.css', import.meta.url), 'utf8')
  const [ground, card, sunken] = ['ground', 'card', 'sunken'].map(name => {
    const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(sheet) ?? []
    return [light, dark]
  })
  assert.deepEqual([ground?.[0], card?.[0], sunken?.[0]], grounds.light.behind)
  assert.deepEqual([ground?.[1], card?.[1], sunken?.[1]], grounds.dark.behind)
  assert.match(sheet, new RegExp(`--on-accent: light-dark\\(${grounds.light.before}, ${grounds.dark.before}\\)`))
})

test('the same look has the same addresses on every node, another one others; and none is none', () => {
  const one = brandOf({ accent: '#112233', logo: undefined })
  assert.deepEqual(one?.brand, brandOf({ accent: '#112233', logo: undefined })?.brand)
  assert.notEqual(one?.brand.style, brandOf({ accent: '#112234', logo: undefined })?.brand.style)
  assert.equal(brandOf({ accent: undefined, logo: undefined }), undefined)
})
