// Which language a person is written to in: of a locale, as a request named it (`en_US`, `pt_BR`, `hi`, `zh-Hant-TW`), the
// language of the catalogue that its reader reads; English when there is none.

export type Language = {
  /** BCP 47, for `lang`. */
  readonly tag: Tag
  readonly direction: 'ltr' | 'rtl'
  /** The voice of calls: a tag with its region, as those who run voices name them. */
  readonly voice: string
}

const rows = [
  { tag: 'en', direction: 'ltr', voice: 'en-US' },
  { tag: 'es', direction: 'ltr', voice: 'es-ES' },
  { tag: 'pt-BR', direction: 'ltr', voice: 'pt-BR' },
  { tag: 'hi', direction: 'ltr', voice: 'hi-IN' },
  { tag: 'id', direction: 'ltr', voice: 'id-ID' },
  // Of no region: Arabic is read out as it is written everywhere.
  { tag: 'ar', direction: 'rtl', voice: 'ar' },
  { tag: 'fr', direction: 'ltr', voice: 'fr-FR' },
  { tag: 'de', direction: 'ltr', voice: 'de-DE' },
  { tag: 'it', direction: 'ltr', voice: 'it-IT' },
  { tag: 'ru', direction: 'ltr', voice: 'ru-RU' },
  { tag: 'ja', direction: 'ltr', voice: 'ja-JP' },
  // Mandarin: `zh` says how it is written, not which of its languages is spoken.
  { tag: 'zh-CN', direction: 'ltr', voice: 'cmn-CN' },
] as const

export type Tag = (typeof rows)[number]['tag']
/** Every language of the catalogue. */
export const languages: readonly Language[] = rows
const english: Language = rows[0]

/**
 * The language for a locale, whatever its region, case and separator. One language stands for all its regions, so `es_AR`
 * reads Spanish and `pt_PT` Brazilian Portuguese: nearer than English. Not for another script: who reads traditional
 * characters (`zh-TW`, `zh_Hant`) takes simplified ones in a text about a code for fraud from over the border, and who
 * chose Hindi in Latin letters (`hi-Latn`) may not read the others. They read English; CLDR goes no further for them either
 * (its parent of `zh-Hant` is the root, not `zh`). Never throws.
 */
export function languageFor(locale: string): Language {
  const known = found.get(locale)
  if (known !== undefined) return known
  const language = find(locale)
  // Of what strangers make up, no more is kept than there are locales in use.
  if (found.size < mostFound && locale.length <= longestKept) found.set(locale, language)
  return language
}

const found = new Map<string, Language>()
const mostFound = 1_000
const longestKept = 20

function find(locale: string): Language {
  const wanted = readLocale(locale)
  if (wanted === undefined) return english
  ours ??= languages.map(row => ({ row, locale: new Intl.Locale(row.tag).maximize() }))
  return (
    ours.find(({ locale: { language, script } }) => wanted.language === language && wanted.script === script)?.row ??
    english
  )
}

let ours: readonly { readonly row: Language; readonly locale: Intl.Locale }[] | undefined

/** A locale with its script, told or likely (UTS #35); old names of languages (`in`, `cmn`) read as their new ones. */
function readLocale(text: string): Intl.Locale | undefined {
  // What POSIX writes behind the region says nothing about the language.
  const tag = text.replace(/[.@].*$/s, '').replaceAll('_', '-')
  try {
    return new Intl.Locale(tag.slice(0, 35)).maximize()
  } catch {
    return undefined
  }
}
