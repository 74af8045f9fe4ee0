// The catalogue of messages: every text that is written to a person in a language, as ICU MessageFormat, one JSON file a
// language, the same keys in each. A message that lacks a key does not compile; that all say the same of their values, in
// every plural form of their language, is what catalogue.test.ts shows. How a language is added: docs/guide/messages.md.

import { createRequire } from 'node:module'
import type { IntlMessageFormat } from 'intl-messageformat'
import type en from './catalogue/en.json'
import { isolated, oneLine } from './direction.ts'
import type { Language, Tag } from './language.ts'

export type Key = keyof typeof en

/** What is put into a text, by name. A moment is a number: milliseconds since 1970. */
export type Values = Readonly<Record<string, string | number>>

// Each language and the reader of the format are read with the first text that needs them: they are a twentieth of a start.
const require = createRequire(import.meta.url)
const texts: Readonly<Record<Tag, () => Readonly<Record<Key, string>>>> = {
  en: () => require('./catalogue/en.json'),
  es: () => require('./catalogue/es.json'),
  'pt-BR': () => require('./catalogue/pt-br.json'),
  hi: () => require('./catalogue/hi.json'),
  id: () => require('./catalogue/id.json'),
  ar: () => require('./catalogue/ar.json'),
  fr: () => require('./catalogue/fr.json'),
  de: () => require('./catalogue/de.json'),
  it: () => require('./catalogue/it.json'),
  ru: () => require('./catalogue/ru.json'),
  ja: () => require('./catalogue/ja.json'),
  'zh-CN': () => require('./catalogue/zh-cn.json'),
}
const reader = (): typeof IntlMessageFormat => require('intl-messageformat').IntlMessageFormat

/** Whether there are words for a key: some kinds of mail have a link's words, others have none. */
export const isKey = (text: string): text is Key => Object.hasOwn(texts.en(), text)

/**
 * A text for mails and notifications. Each value is one line, and stands apart from the direction of the text around it. A
 * value that the text names and that is not given throws; none is read as a format.
 */
export const words = (language: Language, key: Key, values: Values = {}): string =>
  format(language, key, values, value => isolated(oneLine(value), language.direction))

/**
 * A text for text messages and calls: without marks for its direction, which old telephones show as boxes, and which would
 * take the code away from the first place, where telephones look for it.
 */
export const plainWords = (language: Language, key: Key, values: Values = {}): string =>
  format(language, key, values, oneLine)

// Read on its first use. As many as there are keys and languages, whatever callers ask for.
const read = new Map<string, { readonly text: IntlMessageFormat; readonly choices: ReadonlySet<string> }>()

// A moment is shown in UTC, for nobody knows where a mail is read, and by 24 hours.
const moment = { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: 'UTC' } as const
// What the library's types do not know of, and hands on to Intl as it is.
const formats = { date: { moment: moment as object } }

function readOf(tag: Tag, key: Key) {
  const name = `${tag} ${key}`
  const known = read.get(name)
  if (known !== undefined) return known
  const source = texts[tag]()[key]
  // Digits as those of codes and numbers are, also where Arabic has its own. Markup is only markup in a mail's frame.
  const text = new (reader())(source, `${tag}-u-nu-latn`, formats, { ignoreTag: true })
  const choices = new Set([...source.matchAll(/\{(\w+), select,/g)].map(([, name = '']) => name))
  const made = { text, choices }
  read.set(name, made)
  return made
}

function format({ tag }: Language, key: Key, values: Values, made: (value: string) => string): string {
  const { text, choices } = readOf(tag, key)
  // What chooses between texts is no text: it is never shown, and with marks around it it would choose another.
  const given = Object.entries(values).map(([name, value]) => {
    return [name, typeof value === 'string' && !choices.has(name) ? made(value) : value]
  })
  return String(text.format(Object.fromEntries(given)))
}
