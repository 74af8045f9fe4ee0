// `twostep settings`: the reference of all settings.

import { describeSettings, settingsReference } from '#config'
import type { CommandEnding } from './ending.ts'

export const settings = (): CommandEnding => ({
  code: 0,
  words: describeSettings().trimEnd(),
  json: { settings: settingsReference },
})
