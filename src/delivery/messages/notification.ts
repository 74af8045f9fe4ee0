// What a notification says to a person: which code, what for, and who asks from where, so that somebody who did not ask
// sees it at once. The code stands first, for a locked screen shows only the beginning.

import type { Purpose } from '#core/account/challenge.ts'
import { words } from './catalogue.ts'
import { languageFor } from './language.ts'

export type NotificationText = {
  /** A language tag; those that there are no words in read English. */
  readonly language: string
  readonly product: string
  readonly code: string
  readonly purpose: Purpose
  /** Who asks, as far as is known. */
  readonly from: { readonly place: string; readonly agent: string }
}

/** Title and text of a notification. */
export function notificationText({ language: locale, product, code, purpose, from }: NotificationText): {
  readonly title: string
  readonly text: string
} {
  const language = languageFor(locale)
  const { agent, place } = from
  const known = agent === '' ? (place === '' ? undefined : 'place') : place === '' ? 'agent' : 'both'
  const asked = known === undefined ? [] : [words(language, 'code.push.asked', { known, agent, place })]
  const parts = [words(language, `code.push.${purpose}`), ...asked, words(language, 'code.push.not_you')]
  return {
    title: words(language, 'code.push.title', { code, product }),
    // Where sentences end in a full-width stop, nothing is between them.
    text: parts.join(language.tag === 'ja' || language.tag === 'zh-CN' ? '' : ' '),
  }
}
