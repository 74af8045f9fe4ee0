// The words of the account pages, by language. Every language has the keys of English, or it does not compile.

import type { Language } from '../../language.ts'
import { type Plural, type Speaker, speaker, type WaitKeys } from '../../texts/speak.ts'
import { careAr } from './care-ar.ts'
import { careEn } from './care-en.ts'
import { deviceAr } from './device-ar.ts'
import { deviceEn } from './device-en.ts'
import { frameAr } from './frame-ar.ts'
import { frameEn } from './frame-en.ts'
import { homeAr } from './home-ar.ts'
import { homeEn } from './home-en.ts'
import { setUpAr } from './set-up-ar.ts'
import { setUpEn } from './set-up-en.ts'
import { signInAr } from './sign-in-ar.ts'
import { signInEn } from './sign-in-en.ts'

const english = { ...frameEn, ...signInEn, ...deviceEn, ...homeEn, ...careEn, ...setUpEn } as const

/** The name of a text. */
export type AccountText = keyof typeof english

/** The catalogue. */
export const accountTexts: Readonly<Record<Language, Readonly<Record<AccountText, string | Plural>>>> = {
  en: english,
  ar: { ...frameAr, ...signInAr, ...deviceAr, ...homeAr, ...careAr, ...setUpAr },
}

export type AccountSpeaker = Speaker<AccountText>

/** What was just done, as `?done=` says it; its words are at `done.…`. */
export type Done = AccountText extends infer Key ? (Key extends `done.${infer Name}` ? Name : never) : never

export const doings = Object.keys(english)
  .filter(key => key.startsWith('done.'))
  .map(key => key.slice('done.'.length)) as readonly Done[]

const waits: WaitKeys<AccountText> = {
  second: 'wait.second',
  minute: 'wait.minute',
  hour: 'wait.hour',
  day: 'wait.day',
  counted: 'wait.counted',
  over: 'wait.over',
}

const speakers: Readonly<Record<Language, AccountSpeaker>> = {
  en: speaker('en', accountTexts.en, waits),
  ar: speaker('ar', accountTexts.ar, waits),
}

export const accountSpeaker = (language: Language): AccountSpeaker => speakers[language]
