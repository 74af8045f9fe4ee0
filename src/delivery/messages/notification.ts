// What a notification says to a person: which code, what for, and who asks from where, so that somebody who did not ask
// sees it at once. The code stands first, for a locked screen shows only the beginning.

import type { Purpose } from '#core/account/challenge.ts'

export type NotificationText = {
  /** A language tag; those that there are no words in read English. */
  readonly language: string
  readonly product: string
  readonly code: string
  readonly purpose: Purpose
  /** Who asks, as far as is known. */
  readonly from: { readonly place: string; readonly agent: string }
}

type Words = {
  readonly is: (code: string, product: string) => string
  readonly purposes: Readonly<Record<Purpose, string>>
  readonly asked: (who: string) => string
  readonly and: string
  readonly notYou: string
}

const en: Words = {
  is: (code, product) => `${code} is your ${product} code`,
  purposes: {
    enrol: 'It turns on two-step verification.',
    'add-device': 'It makes this a trusted device.',
    'sign-in': 'Somebody with your password is signing in.',
    'step-up': 'Somebody who is signed in wants to change something.',
    'reset-password': 'Somebody with your Recovery Key is resetting your password.',
  },
  asked: who => `Asked from: ${who}.`,
  and: ', ',
  notYou: 'Not you? Say so here, and tell nobody the code.',
}

const ar: Words = {
  is: (code, product) => `${code} هو رمز ${product} الخاص بك`,
  purposes: {
    enrol: 'به يُشغَّل التحقق بخطوتين.',
    'add-device': 'به يصبح هذا الجهاز موثوقًا.',
    'sign-in': 'شخص يعرف كلمة مرورك يسجّل الدخول.',
    'step-up': 'شخص سجّل الدخول يريد تغيير شيء ما.',
    'reset-password': 'شخص لديه مفتاح الاسترداد يعيد تعيين كلمة مرورك.',
  },
  asked: who => `الطلب من: ${who}.`,
  and: '، ',
  notYou: 'ليس أنت؟ أبلغ عن ذلك هنا، ولا تخبر أحدًا بالرمز.',
}

/** Title and text of a notification. */
export function notificationText({ language, product, code, purpose, from }: NotificationText): {
  readonly title: string
  readonly text: string
} {
  const words = /^ar(?:[_-]|$)/i.test(language) ? ar : en
  const who = [from.agent, from.place].filter(each => each !== '').join(words.and)
  const parts = [words.purposes[purpose], ...(who === '' ? [] : [words.asked(who)]), words.notYou]
  return { title: words.is(code, product), text: parts.join(' ') }
}
