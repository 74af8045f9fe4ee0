// Spanish. Text messages say "clave", so that no accent makes them half as long.

import type { Words } from '../words.ts'

export const es: Words = {
  tag: 'es',
  direction: 'ltr',
  sms: (code, product) => `${code} es tu clave de ${product}. No la compartas con nadie.`,
  voice: {
    pause: ', ',
    prompt: product => `Para escuchar tu código de ${product}, pulsa cualquier tecla.`,
    say: (digits, product) => `Tu código de ${product} es: ${digits}. Otra vez: ${digits}. No lo compartas con nadie.`,
  },
  mails: {
    pin_set: {
      subject: 'Se activó la verificación en dos pasos',
      happened: 'Un PIN protege ahora este número. Quien quiera registrar el número tiene que conocerlo.',
    },
    pin_changed: { subject: 'Se cambió el PIN', happened: 'Se cambió el PIN que protege este número.' },
    pin_removed: {
      subject: 'Se desactivó la verificación en dos pasos',
      happened: 'Este número ya no tiene PIN. Quien pueda leer un código enviado al número puede registrarlo.',
    },
    registration_contested: {
      subject: 'Alguien intenta registrar tu número',
      happened: 'Alguien introdujo el código enviado a este número, pero no el PIN. El PIN lo sigue protegiendo.',
    },
    registration_taken_over: {
      subject: 'Tu número se registró en otro lugar',
      happened: 'Otra persona registró este número. Tu registro ha terminado.',
    },
    recovery_address_changed: {
      subject: 'Se cambió la dirección de recuperación',
      happened: 'Esta dirección de correo ya no es la dirección de recuperación de este número.',
    },
    recovery_link: {
      subject: 'Desactivar la verificación en dos pasos',
      happened: 'Pediste desactivar la verificación en dos pasos porque se olvidó el PIN. Abre esta página y confirma.',
      action: 'Desactivar la verificación en dos pasos',
    },
    turn_off_link: {
      subject: 'Confirma que se desactive la verificación en dos pasos',
      happened:
        'Una persona que administra esta cuenta de empresa pidió desactivar la verificación en dos pasos de este número. Abre esta página y confirma.',
      action: 'Desactivar la verificación en dos pasos',
    },
    recovery_confirmation: {
      subject: 'Confirma tu dirección de recuperación',
      happened:
        'Esta dirección se indicó como dirección de recuperación de este número. Abre esta página y confirma que es tuya.',
      action: 'Confirmar la dirección',
    },
  },
  facts: { number: 'Número', when: 'Cuándo', door: 'Dónde' },
  doors: {
    rest: 'una aplicación',
    graph: 'Graph API',
    'on-premises': 'On-Premises API',
    manager: 'páginas de administración',
    mail: 'un enlace de un correo',
    sandbox: 'entorno de pruebas',
    operator: 'operador del servicio',
  },
  notYou: '¿No fuiste tú? Actúa ya: pon un PIN nuevo y pregunta a tu operador móvil si han cambiado tu tarjeta SIM.',
  notAsked:
    '¿No lo pediste tú? No hagas nada y no reenvíes el enlace. Puede que alguien lea los códigos que se envían a tu número.',
  notMe: 'No fui yo',
  linkTerms: 'El enlace sirve una sola vez y durante 24 horas. No inicia la sesión de nadie.',
}
