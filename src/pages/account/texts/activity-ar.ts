// What happened to an account, in Arabic: what `describeActivity` of the core says in English. A new kind of event stops this
// file compiling until it has words.

import type { Origin, Side } from '#core/account/caller.ts'
import type { Purpose } from '#core/account/challenge.ts'
import type { AccountEvent, BrowserEnd, KeyUse, SessionEnd, WayIn } from '#core/account/change.ts'
import type { SignificantChange } from '#core/account/significant-change.ts'

type WordsFor = { readonly [K in AccountEvent['kind']]: (event: AccountEvent & { readonly kind: K }) => string }

const purposes: Readonly<Record<Purpose, string>> = {
  enrol: 'لتفعيل التحقق بخطوتين',
  'add-device': 'لإضافة جهاز موثوق',
  'sign-in': 'لتسجيل الدخول',
  'step-up': 'للتأكد من أنك أنت',
  'reset-password': 'لتعيين كلمة مرور جديدة',
}

const keyUses: Readonly<Record<KeyUse, string>> = {
  sign_in: 'لتسجيل الدخول بلا جهاز',
  password_reset: 'لتعيين كلمة مرور جديدة',
  yearly_question: 'لإظهار أنه موجود',
}

const ways: Readonly<Record<WayIn, string>> = {
  password: 'بكلمة المرور',
  code: 'بكلمة المرور ورمز',
  trusted_browser: 'بكلمة المرور في متصفح موثوق',
}

const sessionEnds: Readonly<Record<SessionEnd, string>> = {
  signed_out: 'سجلت الخروج',
  ended: 'أنهيتها من جلسة أخرى',
  turned_on: 'فُعِّل التحقق بخطوتين',
  turned_off: 'أُوقف التحقق بخطوتين',
  password_changed: 'تغيّرت كلمة المرور',
  password_reset: 'عُيّنت كلمة مرور جديدة',
  not_me: 'قلت «لست أنا»',
}

const browserEnds: Readonly<Record<BrowserEnd, string>> = {
  removed: 'أزلتها',
  stolen: 'عادت علامة قديمة منه، فربما نسخها أحد',
  turned_on: 'فُعِّل التحقق بخطوتين',
  turned_off: 'أُوقف التحقق بخطوتين',
  password_reset: 'عُيّنت كلمة مرور جديدة',
}

const changes: Readonly<Record<SignificantChange, string>> = {
  password_changed: 'تغيّرت كلمة المرور',
  password_reset: 'عُيّنت كلمة مرور جديدة',
  questions_set: 'وُضعت أسئلة أمان',
  addresses_changed: 'تغيّرت عناوين البريد الإلكتروني',
}

// Names of browsers and addresses are foreign words here: isolated, so that they do not turn the sentence around.
const isolated = (text: string): string => `\u2068${text}\u2069`

const from = ({ place, agent }: Origin): string => {
  const parts = [agent, place].filter(each => each !== '').map(isolated)
  return parts.length === 0 ? '' : ` (${parts.join('، ')})`
}
const by = (side: Side): string =>
  side === 'known' ? '' : side === 'stranger' ? ' في متصفح جديد' : ' بمفتاح الاسترداد'

const words: WordsFor = {
  'account.created': () => 'أُنشئ الحساب',
  'account.closed': () => 'أُغلق الحساب',
  'password.guess_spent': event => `جُرّبت كلمة مرور${by(event.side)}${from(event.from)}`,
  'password.right': event => `كانت كلمة المرور صحيحة${by(event.side)}${from(event.from)}`,
  'password.wrong': event => `كانت كلمة المرور خاطئة${by(event.side)}${from(event.from)}`,
  'password.changed': () => 'تغيّرت كلمة المرور',
  'password.reset': () => 'عُيّنت كلمة مرور جديدة',
  'password.reset_mailed': () => 'أُرسل رابط لتعيين كلمة مرور جديدة',
  'first_step.asserted': event => `يقول التطبيق إن الخطوة الأولى تمت${from(event.from)}`,
  significant_change: ({ what }) => `تغيير مهم: ${changes[what]}`,
  'sign_in.completed': event => `سُجِّل الدخول ${ways[event.by]}${from(event.from)}`,
  'sign_in.limited': event => `سُجِّل الدخول بكلمة المرور ومفتاح الاسترداد لإضافة جهاز${from(event.from)}`,
  'sign_in.denied': () => 'قلت «لست أنا» لطلب',
  'session.full': () => 'جرى التحقق من جهاز جديد، وصارت الجلسة كاملة',
  'session.stepped_up': () => 'أكدت أنك أنت',
  'sessions.ended': ({ count, why }) => `انتهت جلسات (${count}): ${sessionEnds[why]}`,
  'browser.trusted': event => `وُثق بمتصفح${from(event.from)}`,
  'browser.known': event => `تسجيل دخول في متصفح جديد${from(event.from)}`,
  'browsers.forgotten': ({ count, why }) => `نُسيت متصفحات (${count}): ${browserEnds[why]}`,
  'code.sent': event => `أُرسل رمز ${purposes[event.purpose]}${by(event.side)}${from(event.from)}`,
  'code.guess_spent': event => `احتُسبت محاولة رمز ${purposes[event.purpose]}`,
  'code.right': event => `كان الرمز صحيحًا ${purposes[event.purpose]}`,
  'code.wrong': event => `كان الرمز خاطئًا ${purposes[event.purpose]}`,
  'device.added': ({ name }) => `صار ${isolated(name)} جهازًا موثوقًا`,
  'device.removed': ({ name }) => `لم يعد ${isolated(name)} جهازًا موثوقًا`,
  'device.renamed': ({ name }) => `صار اسم جهاز موثوق ${isolated(name)}`,
  'device.restored': ({ name }) => `استُعيد ${isolated(name)} من نسخة احتياطية ولم يعد موثوقًا`,
  'device.unreachable': ({ name }) => `تعذر الوصول إلى ${isolated(name)}: لا تصل إشعاراته`,
  'device.reachable': ({ name }) => `يمكن الوصول إلى ${isolated(name)} من جديد`,
  'device.moved': ({ name }) => `يتلقى ${isolated(name)} إشعاراته في موضع جديد`,
  'device.off': event => `لم يعد جهاز موثوق يتلقى رموزًا${by(event.side)}: كانت رموز كثيرة خاطئة`,
  'devices.on_again': () => 'تتلقى جميع الأجهزة الموثوقة الرموز من جديد',
  'key.guess_spent': event => `جُرّب مفتاح استرداد ${keyUses[event.for]}${from(event.from)}`,
  'key.right': event => `كان مفتاح الاسترداد صحيحًا ${keyUses[event.for]}${from(event.from)}`,
  'key.wrong': event => `كان مفتاح الاسترداد خاطئًا ${keyUses[event.for]}${from(event.from)}`,
  'key.shown': () => 'عُرض مفتاح استرداد جديد',
  'key.replaced': () => 'استُبدل مفتاح الاسترداد',
  'key.used_up': () => 'استُعمل مفتاح الاسترداد ولم يعد يصلح',
  'two_step.waiting': () => 'التحقق بخطوتين ينتظر تاريخه',
  'two_step.begun': () => 'بدأ تفعيل التحقق بخطوتين',
  'two_step.skipped_devices': () => 'لم تُضف أجهزة أخرى',
  'two_step.key_retyped': () => 'كُتب مفتاح الاسترداد',
  'two_step.on': () => 'فُعِّل التحقق بخطوتين',
  'two_step.off': () => 'أُوقف التحقق بخطوتين',
  'two_step.given_up': ({ why }) => `لم يُفعَّل التحقق بخطوتين: ${why === 'not_me' ? 'قلت «لست أنا»' : 'تركته'}`,
  'app_password.made': ({ label }) => `صُنعت كلمة مرور لتطبيق: ${isolated(label)}`,
  'app_password.used': event => `استُعملت كلمة مرور تطبيق: ${isolated(event.label)}${from(event.from)}`,
  'app_passwords.revoked': ({ count }) => `أُلغيت كلمات مرور تطبيقات (${count})`,
  'questions.set': () => 'وُضعت أسئلة أمان',
  'birth_date.guess_spent': () => 'جُرّب تاريخ ميلاد',
  'birth_date.wrong': () => 'كان تاريخ الميلاد خاطئًا',
  'address.awaited': () => 'أُرسل رابط لتأكيد عنوان',
  'address.added': () => 'أُكّد عنوان بريد إلكتروني',
  'address.removed': () => 'أُزيل عنوان بريد إلكتروني',
  'gate.passed': ({ gate }) => `جرى المرور: ${isolated(gate)}`,
}

/** One event as a phrase in Arabic. */
export function activityInArabic(event: AccountEvent): string {
  const describe = words[event.kind] as ((event: AccountEvent) => string) | undefined
  return describe?.(event) ?? event.kind
}
