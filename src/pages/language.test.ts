// Which language a browser is shown, and that every text is there in each.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { preferred } from './language.ts'
import { managerTexts } from './manager/texts/texts.ts'
import type { Plural } from './texts/speak.ts'

test('the first language that we have is taken, by what the browser likes best', () => {
  const choices = [
    ['', 'en'],
    ['ar', 'ar'],
    ['ar-EG,ar;q=0.9,en;q=0.8', 'ar'],
    ['fr-FR, de;q=0.9, AR-sa;q=0.1', 'ar'],
    ['en;q=0.5, ar;q=0.6', 'ar'],
    ['ar;q=0, en', 'en'],
    ['fr', 'en'],
    [';;;,=,q=9,ar;q=x', 'ar'],
    ['constructor,__proto__', 'en'],
  ] as const
  for (const [header, language] of choices) assert.equal(preferred(header), language, header)
})

const { en, ar } = managerTexts

test('each text fills in the same things in every language, and counts in every way its language does', () => {
  const names = (text: string | Plural) =>
    [...new Set([...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].toSorted()
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    assert.deepEqual(names(ar[key]), names(en[key]), key)
    const [english, arabic] = [en[key], ar[key]]
    if (typeof english === 'string' || typeof arabic === 'string') continue
    for (const [tag, text] of [
      ['en', english],
      ['ar', arabic],
    ] as const) {
      assert.deepEqual(
        Object.keys(text).toSorted(),
        new Intl.PluralRules(tag).resolvedOptions().pluralCategories.toSorted(),
      )
    }
  }
})
