// What the pages of a trusted device say in Arabic.

import type { Plural } from '../../texts/speak.ts'
import type { deviceEn } from './device-en.ts'

export const deviceAr: Readonly<Record<keyof typeof deviceEn, string | Plural>> = {
  'device.title': 'الرموز على هذا الجهاز',
  'device.short': 'الرموز',
  'device.none.title': 'لم يُطلب أي رمز',
  'device.none.text': 'عندما يسجّل أحد الدخول بكلمة مرورك، يظهر هنا الرمز ومن يطلبه تلقائيًا.',
  'device.none.reload': 'تحقق مرة أخرى',
  'device.purpose.enrol': 'رمز لتشغيل التحقق بخطوتين',
  'device.purpose.add-device': 'رمز لجعل هذا الجهاز موثوقًا',
  'device.purpose.sign-in': 'شخص يعرف كلمة مرورك يسجّل الدخول',
  'device.purpose.step-up': 'شخص سجّل الدخول يريد تغيير شيء ما',
  'device.purpose.reset-password': 'شخص لديه مفتاح الاسترداد يختار كلمة مرور جديدة',
  'device.from': 'طُلب بواسطة',
  'device.place': 'من',
  'device.ends': 'ينتهي الرمز',
  'device.unknown': 'غير معروف',
  'device.notMe': 'لست أنا',
  'device.notMe.text': 'لست أنت؟ أبلغنا: ينتهي ما بدأ وتصلك رسالة بذلك. لا تعطِ الرمز لأحد.',
  'done.denied': 'أُنهي ما كان قد بدأ. شخص ما يعرف أحد أسرارك: غيّر كلمة مرورك قريبًا.',
  'done.nothing_open': 'لم يعد هناك ما يُنهى.',

  'device.push.title': 'الإشعارات',
  'device.push.text': 'مع الإشعارات يخبرك هذا الجهاز بالرمز حتى عندما تكون الصفحة مغلقة.',
  'device.push.on': 'الإشعارات مفعّلة.',
  'device.push.button': 'تشغيل الإشعارات',
  'device.push.off': 'إيقاف الإشعارات',
  'device.push.denied': 'لا يسمح متصفحك بإشعارات من هذه الصفحة. اسمح بها في إعداداته ثم أعد تحميل الصفحة.',
  'device.push.failed': 'تعذّر على متصفحك تشغيلها. حاول مرة أخرى، أو اترك الصفحة مفتوحة: تظهر الرموز هنا أيضًا.',
  'device.push.refused': 'لا يمكن استخدام إشعارات هذا المتصفح هنا. اترك الصفحة مفتوحة: تظهر الرموز هنا أيضًا.',
  'device.push.unreachable': 'لم يصل الإشعار الأخير. شغّل الإشعارات مرة أخرى.',
  'device.push.install': 'على الهاتف، أضف هذه الصفحة أولًا إلى الشاشة الرئيسية.',
  'done.push_on': 'الإشعارات مفعّلة. تظهر رموزك حتى عندما تكون هذه الصفحة مغلقة.',
  'done.push_off': 'الإشعارات متوقفة. ما زالت الرموز تظهر في هذه الصفحة.',

  'device.not.title': 'لا يعرض هذا المتصفح أي رموز',
  'device.not.text': 'ليس من أجهزتك الموثوقة، أو لم يعد منها. سجّل الدخول وأضفه.',
  'device.not.button': 'إضافة هذا المتصفح',
  'device.waits': 'يصبح هذا المتصفح جهازًا موثوقًا بعد إدخال رمزه.',
}
