// The words around every page, in each language.

import type { Language } from '../language.ts'

export type Frame = { readonly skip: string; readonly languages: string }

export const framesIn: Readonly<Record<Language, Frame>> = {
  en: { skip: 'Skip to the content', languages: 'Language' },
  ar: { skip: 'انتقل إلى المحتوى', languages: 'اللغة' },
}
