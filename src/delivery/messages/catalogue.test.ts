// The catalogue, looked at as a translator's work: nothing missing, nothing left in English, the same values in every
// language, and every plural form that the language has.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { IntlMessageFormat } from 'intl-messageformat'
import { type Key, plainWords, words } from './catalogue.ts'
import { languageFor, languages } from './language.ts'

const folder = new URL('catalogue/', import.meta.url)
const read = (tag: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(new URL(`${tag.toLowerCase()}.json`, folder), 'utf8'))
const english = read('en')
const keys = Object.keys(english) as Key[]
const others = languages.map(({ tag }) => tag).filter(tag => tag !== 'en')

type Part = ReturnType<IntlMessageFormat['getAst']>[number]
type Option = { readonly value: readonly Part[] }

// The numbers that the library gives to what a text is made of.
const kinds = { argument: 1, date: 3, select: 5, plural: 6 } as const

/** Every part of a text, also those inside others. */
const partsOf = (parts: readonly Part[]): readonly Part[] =>
  parts.flatMap(part => {
    const options = 'options' in part ? (Object.values(part.options) as Option[]) : []
    return [part, ...options.flatMap(({ value }) => partsOf(value))]
  })

const parsed = (text: string, tag: string) =>
  partsOf(new IntlMessageFormat(text, tag, undefined, { ignoreTag: true }).getAst())

/** The values a text names, and how: `hours 6`, and the choices of a select, which are the program's and not words. */
const valuesOf = (text: string, tag: string): readonly string[] => {
  const named = parsed(text, tag).flatMap(part => {
    if (!('value' in part) || part.type === 0) return []
    const choices = part.type === kinds.select ? Object.keys(part.options).toSorted().join('/') : ''
    return [`${String(part.value)} ${part.type} ${choices}`.trim()]
  })
  return [...new Set(named)].toSorted()
}

test('there is one file for each language, and every one has the same keys in the same order', () => {
  assert.deepEqual(readdirSync(folder).toSorted(), languages.map(({ tag }) => `${tag.toLowerCase()}.json`).toSorted())
  for (const tag of others) assert.deepEqual(Object.keys(read(tag)), keys, tag)
})

for (const { tag } of languages) {
  test(`${tag}: every text can be read, and names the values that the English one names`, () => {
    for (const [key, text] of Object.entries(read(tag))) {
      assert.deepEqual(valuesOf(text, tag), valuesOf(english[key] ?? '', 'en'), key)
      assert.equal(text, text.trim() + (key === 'code.voice.pause' && text.endsWith(' ') ? ' ' : ''), key)
      // A quote would keep a brace from being one, and a mark for the direction is put in by the program, where it belongs.
      assert.doesNotMatch(text, /'[{}]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\s\s/, key)
    }
  })

  test(`${tag}: every plural has all forms of its language, and no other`, () => {
    const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions()
    const plurals = Object.entries(read(tag)).flatMap(([key, text]) =>
      parsed(text, tag).flatMap(part =>
        part.type === kinds.plural ? [{ key, forms: Object.keys(part.options) }] : [],
      ),
    )
    assert(plurals.length >= 2)
    for (const { key, forms } of plurals) assert.deepEqual(forms.toSorted(), pluralCategories.toSorted(), key)
  })
}

// Names of things, which are the same everywhere, and texts made of values and signs only.
const sameEverywhere = /^(?:number\.door\.(?:graph|on-premises)|mail\.(?:subject|fact|link|moment)|code\.voice\.pause)$/
// Words that two languages share.
const shared: Readonly<Record<string, readonly string[]>> = { fr: ['account.fact.date'] }
const anEnglishWord = /\b(?:the|your|you|and|this|with|from|not|somebody|nobody|somewhere|whoever|anyone)\b/i
// But for what the format is made of.
const aLatinWord = /\b(?!(?:other|admin|agent|both|many|zero)\b)[A-Za-z]{4,}/

test('nothing is left in English', () => {
  for (const tag of others) {
    const isLatin = new Intl.Locale(tag).maximize().script === 'Latn'
    for (const [key, text] of Object.entries(read(tag))) {
      if (sameEverywhere.test(key)) continue
      if (shared[tag]?.includes(key) !== true) assert.notEqual(text, english[key], `${tag} ${key}`)
      const said = text.replace(/\{\w+(?:, (?:plural|select|date), \w*)?/g, ' ')
      assert.doesNotMatch(said, isLatin ? anEnglishWord : aLatinWord, `${tag} ${key}`)
    }
  }
})

test('two texts of a language are never the same where the English ones differ', () => {
  for (const tag of others) {
    const own = read(tag)
    const subjects = keys.filter(key => key.endsWith('.subject') && !key.startsWith('admin.'))
    for (const family of ['number.', 'account.']) {
      const ours = subjects.filter(key => key.startsWith(family)).map(key => own[key])
      assert.equal(new Set(ours).size, ours.length, `${tag} ${family}`)
    }
  }
})

test('counted things take the form that their language has for that many', () => {
  const terms = (locale: string, hours: number) => words(languageFor(locale), 'mail.link_terms', { hours })
  const hoursIn = (locale: string, found: RegExp) =>
    [1, 2, 3, 5, 11, 21, 24, 100].map(hours => found.exec(terms(locale, hours))?.[0])
  assert.deepEqual(hoursIn('ru', /\d+ час\p{L}*/u), [
    ...['1 часа', '2 часов', '3 часов', '5 часов', '11 часов', '21 часа', '24 часов', '100 часов'],
  ])
  assert.deepEqual(hoursIn('ar', /(?:\d+ )?ساع\p{L}*(?: واحدة)?/u), [
    ...['ساعة واحدة', 'ساعتين', '3 ساعات', '5 ساعات', '11 ساعة', '21 ساعة', '24 ساعة', '100 ساعة'],
  ])
  assert.deepEqual(hoursIn('en', /\d+ hours?/).slice(0, 2), ['1 hour', '2 hours'])
  assert.match(terms('de', 1), /1 Stunde lang/)
})

test('each digit is read out as a word of its own in every language', () => {
  for (const language of languages) {
    const said = [...'0123456789'].map(digit => plainWords(language, 'code.voice.digit', { digit }))
    assert.equal(new Set(said).size, 10, language.tag)
    for (const word of said) assert.match(word, /^\p{L}[\p{L}\p{M}]*$/u)
  }
})

test('what is put into a text is never read as a format, and one that is left out is no text', () => {
  const english = languageFor('en')
  const product = "{code} '{' # <b>x</b> {n, plural, other {#}}"
  assert.equal(
    plainWords(english, 'code.sms', { code: '1234', product }),
    `1234 is your ${product} code. Do not share it with anyone.`,
  )
  assert.throws(() => plainWords(english, 'code.sms', { code: '1234' }), /product/)
})
