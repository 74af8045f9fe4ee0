// Which language a person is written to in: the locale a request named, as Graph writes them (`en_US`, `pt_BR`, `hi`).

import { ar } from './languages/ar.ts'
import { de } from './languages/de.ts'
import { en } from './languages/en.ts'
import { es } from './languages/es.ts'
import { fr } from './languages/fr.ts'
import { hi } from './languages/hi.ts'
import { id } from './languages/id.ts'
import { it } from './languages/it.ts'
import { ja } from './languages/ja.ts'
import { ptBr } from './languages/pt-br.ts'
import { ru } from './languages/ru.ts'
import { zhCn } from './languages/zh-cn.ts'
import type { Words } from './words.ts'

/** Every language of the catalogue. */
export const languages: readonly Words[] = [en, es, ptBr, hi, id, ar, fr, de, it, ru, ja, zhCn]

// A language stands for all its regions, so `es_AR` reads Spanish and `pt_PT` Brazilian Portuguese: nearer than English.
const byLanguage: ReadonlyMap<string, Words> = new Map([
  ...languages.map(words => [words.tag.slice(0, 2), words] as const),
  // The name Java and old Androids still give to Indonesian.
  ['in', id],
])

/** The words for a locale, whatever its region, case and separator. Unknown ones read English. */
export function wordsFor(locale: string): Words {
  const [language = ''] = locale.toLowerCase().split(/[_-]/)
  return byLanguage.get(language) ?? en
}
