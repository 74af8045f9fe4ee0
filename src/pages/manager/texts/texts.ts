// The words of the manager pages, by language. Every language has the keys of English, or it does not compile.

import type { Language } from '../../language.ts'
import { type Plural, type Speaker, speaker, type WaitKeys } from '../../texts/speak.ts'
import { accountAr } from './account-ar.ts'
import { accountEn } from './account-en.ts'
import { numberAr } from './number-ar.ts'
import { numberEn } from './number-en.ts'

/** The name of a text. */
export type ManagerText = keyof typeof accountEn | keyof typeof numberEn

/** The catalogue. */
export const managerTexts: Readonly<Record<Language, Readonly<Record<ManagerText, string | Plural>>>> = {
  en: { ...accountEn, ...numberEn },
  ar: { ...accountAr, ...numberAr },
}

export type ManagerSpeaker = Speaker<ManagerText>

const waits: WaitKeys<ManagerText> = {
  second: 'wait.second',
  minute: 'wait.minute',
  hour: 'wait.hour',
  day: 'wait.day',
  counted: 'wait.counted',
  over: 'wait.over',
}

const speakers: Readonly<Record<Language, ManagerSpeaker>> = {
  en: speaker('en', managerTexts.en, waits),
  ar: speaker('ar', managerTexts.ar, waits),
}

export const managerSpeaker = (language: Language): ManagerSpeaker => speakers[language]
