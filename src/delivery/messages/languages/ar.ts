// Arabic. The code stands first and is all digits, so it reads left to right without marks that telephones may not know.

import type { Words } from '../words.ts'

export const ar: Words = {
  tag: 'ar',
  direction: 'rtl',
  sms: (code, product) => `${code} رمز ${product} الخاص بك. لا تشاركه.`,
  voice: {
    pause: '، ',
    prompt: product => `لسماع رمز ${product}، اضغط أي مفتاح.`,
    say: (digits, product) => `رمز ${product} الخاص بك هو: ${digits}. مرة أخرى: ${digits}. لا تشاركه مع أحد.`,
  },
  mails: {
    pin_set: {
      subject: 'تم تفعيل التحقق بخطوتين',
      happened: 'أصبح هذا الرقم محميًا برمز PIN. من يريد تسجيل الرقم يجب أن يعرفه.',
    },
    pin_changed: { subject: 'تم تغيير رمز PIN', happened: 'تم تغيير رمز PIN الذي يحمي هذا الرقم.' },
    pin_removed: {
      subject: 'تم إيقاف التحقق بخطوتين',
      happened: 'لم يعد لهذا الرقم رمز PIN. كل من يستطيع قراءة رمز يُرسل إلى هذا الرقم يستطيع تسجيله.',
    },
    registration_contested: {
      subject: 'هناك من يحاول تسجيل رقمك',
      happened: 'أدخل شخص ما الرمز المرسل إلى هذا الرقم، لكنه لم يُدخل رمز PIN. ما زال رمز PIN يحمي الرقم.',
    },
    registration_taken_over: {
      subject: 'تم تسجيل رقمك في مكان آخر',
      happened: 'سجّل شخص آخر هذا الرقم. انتهى تسجيلك.',
    },
    recovery_address_changed: {
      subject: 'تم تغيير عنوان الاسترداد',
      happened: 'لم يعد عنوان البريد الإلكتروني هذا عنوان الاسترداد لهذا الرقم.',
    },
    recovery_link: {
      subject: 'إيقاف التحقق بخطوتين',
      happened: 'طلبت إيقاف التحقق بخطوتين بسبب نسيان رمز PIN. افتح هذه الصفحة وأكّد ذلك.',
      action: 'إيقاف التحقق بخطوتين',
    },
    turn_off_link: {
      subject: 'أكّد إيقاف التحقق بخطوتين',
      happened: 'طلب أحد مديري حساب النشاط التجاري هذا إيقاف التحقق بخطوتين لهذا الرقم. افتح هذه الصفحة وأكّد ذلك.',
      action: 'إيقاف التحقق بخطوتين',
    },
    recovery_confirmation: {
      subject: 'أكّد عنوان الاسترداد',
      happened: 'أُعطي هذا العنوان ليكون عنوان الاسترداد لهذا الرقم. افتح هذه الصفحة وأكّد أنه عنوانك.',
      action: 'تأكيد العنوان',
    },
  },
  facts: { number: 'الرقم', when: 'الوقت', door: 'المصدر' },
  doors: {
    rest: 'تطبيق',
    graph: 'Graph API',
    'on-premises': 'On-Premises API',
    manager: 'صفحات الإدارة',
    mail: 'رابط في رسالة بريد إلكتروني',
    sandbox: 'بيئة الاختبار',
    operator: 'مشغّل الخدمة',
  },
  notYou: 'ألم تكن أنت؟ تصرّف الآن: عيّن رمز PIN جديدًا، واسأل شركة الهاتف المحمول هل استُبدلت شريحة SIM الخاصة بك.',
  notAsked: 'ألم تطلب ذلك؟ لا تفعل شيئًا ولا تُرسل الرابط إلى أحد. ربما يستطيع شخص ما قراءة الرموز المرسلة إلى رقمك.',
  notMe: 'لم أكن أنا',
  linkTerms: 'يعمل الرابط مرة واحدة فقط ولمدة 24 ساعة، ولا يُدخل أحدًا إلى حسابه.',
}
