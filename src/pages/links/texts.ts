// The words of the pages behind mailed links, in each language.

import type { LinkPurpose } from '#actions/mailed-links.ts'
import type { Language } from '../language.ts'

/** What one kind of link says: before, on the button, and after. */
export type LinkWords = {
  readonly title: string
  readonly happens: string
  readonly confirm: string
  /** Said under the button: what to do when one did not ask for this. */
  readonly notAsked: string
  readonly done: string
  /** What is so now. */
  readonly result: string
  readonly next: string
}

export type LinkTexts = {
  readonly purposes: Readonly<Record<LinkPurpose, LinkWords>>
  readonly number: string
  readonly until: string
  readonly gone: { readonly title: string; readonly why: string; readonly next: string }
  readonly later: { readonly title: string; readonly next: string }
}

export const textsIn: Readonly<Record<Language, LinkTexts>> = {
  en: {
    purposes: {
      recovery: {
        title: 'Turn off two-step verification?',
        happens:
          'This removes the PIN of the number below. After that, a code sent to the number is enough to register it, until a new PIN is set. It does not sign anybody in.',
        confirm: 'Turn off two-step verification',
        notAsked:
          'Did you not ask for this? Then do not press the button, and give the link to nobody. Somebody else can read the codes that are sent to your number: ask your mobile operator whether your SIM card was replaced.',
        done: 'Two-step verification is off',
        result: 'The PIN was removed.',
        next: 'Go back to the app where you register the number and carry on there. Then set a new PIN.',
      },
      turn_off: {
        title: 'Turn off two-step verification?',
        happens:
          'This removes the PIN of the business number below. After that, a code sent to the number is enough to register it, until a new PIN is set. It does not sign anybody in.',
        confirm: 'Turn off two-step verification',
        notAsked:
          'Did you not ask for this? An admin of your business account did. Do not press the button until you know who and why, and give the link to nobody.',
        done: 'Two-step verification is off',
        result: 'The PIN was removed.',
        next: 'Set a new PIN on the number’s page, or when you register the number next.',
      },
      address: {
        title: 'Is this your address?',
        happens:
          'Somebody gave this e-mail address as the recovery address of this number. Once you confirm, a link that removes a forgotten PIN can be sent here.',
        confirm: 'Yes, use this address',
        notAsked: 'Did you not give it? Then close this page. The address is used only if the button is pressed.',
        done: 'The address is confirmed',
        result: 'If you forget your PIN, a link to remove it can be sent to this address.',
        next: 'You can close this page.',
      },
    },
    number: 'Number',
    until: 'The link works until',
    gone: {
      title: 'This link does not work any more',
      why: 'It was used, a newer one was sent, the PIN was changed in between, or it is older than 24 hours.',
      next: 'If you still need it, ask for a new link where you asked for this one.',
    },
    later: {
      title: 'Not right now',
      next: 'The server cannot do this at the moment. The link still works: try again in a minute.',
    },
  },
  ar: {
    purposes: {
      recovery: {
        title: 'هل تريد إيقاف التحقق بخطوتين؟',
        happens:
          'يزيل هذا رمز PIN من الرقم أدناه. بعد ذلك يكفي رمز يُرسل إلى الرقم لتسجيله، إلى أن يُعيَّن رمز PIN جديد. هذا لا يُدخل أحدًا إلى حسابه.',
        confirm: 'إيقاف التحقق بخطوتين',
        notAsked:
          'ألم تطلب ذلك؟ لا تضغط الزر ولا تُعطِ الرابط لأحد. يستطيع شخص آخر قراءة الرموز المرسلة إلى رقمك: اسأل شركة الهاتف المحمول هل استُبدلت شريحة SIM.',
        done: 'تم إيقاف التحقق بخطوتين',
        result: 'أُزيل رمز PIN.',
        next: 'عُد إلى التطبيق الذي تسجّل فيه الرقم وتابع هناك، ثم عيّن رمز PIN جديدًا.',
      },
      turn_off: {
        title: 'هل تريد إيقاف التحقق بخطوتين؟',
        happens:
          'يزيل هذا رمز PIN من رقم العمل أدناه. بعد ذلك يكفي رمز يُرسل إلى الرقم لتسجيله، إلى أن يُعيَّن رمز PIN جديد. هذا لا يُدخل أحدًا إلى حسابه.',
        confirm: 'إيقاف التحقق بخطوتين',
        notAsked:
          'ألم تطلب ذلك؟ طلبه أحد مسؤولي حساب الأعمال. لا تضغط الزر حتى تعرف من طلبه ولماذا، ولا تُعطِ الرابط لأحد.',
        done: 'تم إيقاف التحقق بخطوتين',
        result: 'أُزيل رمز PIN.',
        next: 'عيّن رمز PIN جديدًا في صفحة الرقم، أو عندما تسجّل الرقم في المرة القادمة.',
      },
      address: {
        title: 'هل هذا عنوانك؟',
        happens:
          'أُعطي عنوان البريد الإلكتروني هذا ليكون عنوان الاسترداد لهذا الرقم. بعد التأكيد يمكن أن يُرسل إليه رابط يزيل رمز PIN المنسي.',
        confirm: 'نعم، استخدم هذا العنوان',
        notAsked: 'ألم تعطه أنت؟ أغلق هذه الصفحة. لا يُستخدم العنوان ما لم يُضغط الزر.',
        done: 'تم تأكيد العنوان',
        result: 'إذا نسيت رمز PIN فيمكن إرسال رابط إزالته إلى هذا العنوان.',
        next: 'يمكنك إغلاق هذه الصفحة.',
      },
    },
    number: 'الرقم',
    until: 'يعمل الرابط حتى',
    gone: {
      title: 'لم يعد هذا الرابط يعمل',
      why: 'استُخدم من قبل، أو أُرسل رابط أحدث، أو تغيّر رمز PIN في هذه الأثناء، أو مضى عليه أكثر من 24 ساعة.',
      next: 'إذا كنت ما زلت بحاجة إليه فاطلب رابطًا جديدًا من المكان الذي طلبت منه هذا الرابط.',
    },
    later: {
      title: 'ليس الآن',
      next: 'لا يستطيع الخادم فعل ذلك في هذه اللحظة. ما زال الرابط يعمل: حاول مرة أخرى بعد دقيقة.',
    },
  },
}
