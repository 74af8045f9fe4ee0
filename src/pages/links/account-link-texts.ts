// The words of the pages behind the links of accounts, in each language.

import type { AccountLinkPurpose } from '#actions/account/mailed-links.ts'
import type { PasswordWeakness } from '#core/account/password-rule.ts'
import type { Language } from '../language.ts'
import type { LinkWords } from './texts.ts'

export type AccountLinkTexts = {
  readonly purposes: Readonly<Record<AccountLinkPurpose, LinkWords>>
  readonly password: string
  readonly passwordAgain: string
  readonly hint: string
  readonly hintMixed: string
  readonly problem: string
  readonly required: string
  readonly differ: string
  readonly busy: string
  readonly weak: Readonly<Record<PasswordWeakness, string>>
  readonly gone: string
  readonly signIn: string
  readonly taken: { readonly title: string; readonly why: string; readonly next: string }
}

export const accountTextsIn: Readonly<Record<Language, AccountLinkTexts>> = {
  en: {
    purposes: {
      address: {
        title: 'Is this your address?',
        happens:
          'Somebody gave this e-mail address for an account. Once you confirm, mails about that account come here, and the account can be found by the address. It does not sign anybody in.',
        confirm: 'Yes, use this address',
        notAsked: 'Did you not give it? Then close this page. The address is used only if the button is pressed.',
        done: 'The address is confirmed',
        result: 'Mails about the account come to this address from now on.',
        next: 'You can close this page.',
      },
      not_me: {
        title: 'Was this not you?',
        happens:
          'Somebody who knows the password of your account asked to turn on two-step verification. Press the button if it was not you: the wait ends, and every session is signed out.',
        confirm: 'This was not me',
        notAsked: 'Was it you? Then close this page, and the wait goes on.',
        done: 'Two-step verification will not be turned on',
        result: 'The wait is over, and every session was signed out.',
        next: 'Somebody knows your password: sign in and change it now.',
      },
      reset_password: {
        title: 'Choose a new password',
        happens:
          'The new password takes the place of the old one, and every session is signed out. It does not sign you in.',
        confirm: 'Set the new password',
        notAsked: 'Did you not ask for this? Then close this page and give the link to nobody. Your password stays.',
        done: 'The new password is set',
        result: 'Every session was signed out, and the link works no more.',
        next: 'Sign in with the new password.',
      },
      sign_up: {
        title: 'Choose a password for your account',
        happens: 'With it you sign in from now on. This page makes the account, and does not sign you in.',
        confirm: 'Make the account',
        notAsked: 'Did you not ask for an account? Then close this page. None is made.',
        done: 'Your account is made',
        result: 'The address is confirmed, and the password is set.',
        next: 'Sign in with your address and the password.',
      },
    },
    password: 'New password',
    passwordAgain: 'New password again',
    hint: 'At least {least} characters. Several words are easy to remember and hard to guess.',
    hintMixed:
      'At least {least} characters, with a digit, a capital and a small letter, and no sign three times in a row.',
    problem: 'There is a problem',
    required: 'Write the new password.',
    differ: 'The two are not the same. Write the new password twice.',
    busy: 'The server is busy. Try again in a moment.',
    weak: {
      too_short: 'Too short: it needs at least {least} characters.',
      too_long: 'Too long: it may have 256 characters at most.',
      repeats: 'It repeats a few signs, or follows the alphabet or the keyboard. Choose another.',
      common: 'This is one of the passwords that everybody tries first. Choose another.',
      about_you: 'It is made from your address or from the name of this service. Choose another.',
      not_mixed: 'It needs a digit, a capital and a small letter.',
      same_signs: 'It has the same sign three times in a row.',
    },
    signIn: 'Sign in',
    gone: 'It was used, a newer one was sent, or its time is over.',
    taken: {
      title: 'This address has an account',
      why: 'An address belongs to one account. Nothing was changed.',
      next: 'Sign in with it, or reset its password.',
    },
  },
  ar: {
    purposes: {
      address: {
        title: 'هل هذا عنوانك؟',
        happens:
          'أُعطي عنوان البريد الإلكتروني هذا لحساب. بعد التأكيد تصل رسائل ذلك الحساب إلى هنا، ويمكن العثور على الحساب بهذا العنوان. هذا لا يُدخل أحدًا إلى حسابه.',
        confirm: 'نعم، استخدم هذا العنوان',
        notAsked: 'ألم تعطه أنت؟ أغلق هذه الصفحة. لا يُستخدم العنوان ما لم يُضغط الزر.',
        done: 'تم تأكيد العنوان',
        result: 'تصل رسائل الحساب إلى هذا العنوان من الآن فصاعدًا.',
        next: 'يمكنك إغلاق هذه الصفحة.',
      },
      not_me: {
        title: 'ألم تكن أنت؟',
        happens:
          'طلب شخص يعرف كلمة مرور حسابك تفعيل التحقق بخطوتين. اضغط الزر إن لم تكن أنت: تنتهي مدة الانتظار ويُسجَّل الخروج من كل الجلسات.',
        confirm: 'لم أكن أنا',
        notAsked: 'هل كنت أنت؟ أغلق هذه الصفحة وتستمر مدة الانتظار.',
        done: 'لن يُفعَّل التحقق بخطوتين',
        result: 'انتهت مدة الانتظار وسُجّل الخروج من كل الجلسات.',
        next: 'شخص ما يعرف كلمة مرورك: سجّل الدخول وغيّرها الآن.',
      },
      reset_password: {
        title: 'اختر كلمة مرور جديدة',
        happens: 'تحل كلمة المرور الجديدة محل القديمة ويُسجَّل الخروج من كل الجلسات. هذا لا يُدخلك إلى حسابك.',
        confirm: 'تعيين كلمة المرور الجديدة',
        notAsked: 'ألم تطلب ذلك؟ أغلق هذه الصفحة ولا تُعطِ الرابط لأحد. تبقى كلمة مرورك كما هي.',
        done: 'تم تعيين كلمة المرور الجديدة',
        result: 'سُجّل الخروج من كل الجلسات، ولم يعد الرابط يعمل.',
        next: 'سجّل الدخول بكلمة المرور الجديدة.',
      },
      sign_up: {
        title: 'اختر كلمة مرور لحسابك',
        happens: 'تسجّل بها الدخول من الآن فصاعدًا. تُنشئ هذه الصفحة الحساب ولا تُدخلك إليه.',
        confirm: 'إنشاء الحساب',
        notAsked: 'ألم تطلب حسابًا؟ أغلق هذه الصفحة. لن يُنشأ أي حساب.',
        done: 'تم إنشاء حسابك',
        result: 'تم تأكيد العنوان وتعيين كلمة المرور.',
        next: 'سجّل الدخول بعنوانك وكلمة المرور.',
      },
    },
    password: 'كلمة المرور الجديدة',
    passwordAgain: 'كلمة المرور الجديدة مرة أخرى',
    hint: '{least} حرفًا على الأقل. من السهل تذكّر عدة كلمات ومن الصعب تخمينها.',
    hintMixed:
      '{least} أحرف على الأقل، منها رقم وحرف لاتيني كبير وحرف صغير، دون تكرار العلامة نفسها ثلاث مرات متتالية.',
    problem: 'هناك مشكلة',
    required: 'اكتب كلمة المرور الجديدة.',
    differ: 'الكلمتان غير متطابقتين. اكتب كلمة المرور الجديدة مرتين.',
    busy: 'الخادم مشغول. حاول مرة أخرى بعد لحظات.',
    weak: {
      too_short: 'قصيرة جدًا: يجب ألا تقل عن {least} حرفًا.',
      too_long: 'طويلة جدًا: يجب ألا تزيد على 256 حرفًا.',
      repeats: 'تكرر بضعة أحرف أو تتبع ترتيب لوحة المفاتيح. اختر غيرها.',
      common: 'هذه من كلمات المرور التي يجرّبها الجميع أولًا. اختر غيرها.',
      about_you: 'مأخوذة من عنوانك أو من اسم هذه الخدمة. اختر غيرها.',
      not_mixed: 'يجب أن تحتوي على رقم وحرف كبير وحرف صغير.',
      same_signs: 'فيها العلامة نفسها ثلاث مرات متتالية.',
    },
    signIn: 'تسجيل الدخول',
    gone: 'استُخدم من قبل، أو أُرسل رابط أحدث، أو انتهت مدته.',
    taken: {
      title: 'لهذا العنوان حساب',
      why: 'ينتمي العنوان إلى حساب واحد. لم يتغير شيء.',
      next: 'سجّل الدخول به أو أعد تعيين كلمة مروره.',
    },
  },
}
