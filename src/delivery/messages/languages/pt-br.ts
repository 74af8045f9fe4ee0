// Brazilian Portuguese.

import type { Words } from '../words.ts'

export const ptBr: Words = {
  tag: 'pt-BR',
  direction: 'ltr',
  sms: (code, product) => `${code}: seu código ${product}. Não repasse.`,
  voice: {
    pause: ', ',
    prompt: product => `Para ouvir seu código ${product}, pressione qualquer tecla.`,
    say: (digits, product) => `Seu código ${product} é: ${digits}. Mais uma vez: ${digits}. Não repasse a ninguém.`,
  },
  mails: {
    pin_set: {
      subject: 'A confirmação em duas etapas foi ativada',
      happened: 'Agora um PIN protege este número. Quem quiser registrar o número precisa saber o PIN.',
    },
    pin_changed: { subject: 'O PIN foi alterado', happened: 'O PIN que protege este número foi alterado.' },
    pin_removed: {
      subject: 'A confirmação em duas etapas foi desativada',
      happened: 'Este número não tem mais PIN. Quem puder ler um código enviado ao número poderá registrá-lo.',
    },
    registration_contested: {
      subject: 'Alguém está tentando registrar seu número',
      happened: 'Alguém digitou o código enviado a este número, mas não o PIN. O PIN continua protegendo o número.',
    },
    registration_taken_over: {
      subject: 'Seu número foi registrado em outro lugar',
      happened: 'Outra pessoa registrou este número. Seu registro terminou.',
    },
    recovery_address_changed: {
      subject: 'O e-mail de recuperação foi alterado',
      happened: 'Este endereço de e-mail não é mais o endereço de recuperação deste número.',
    },
    recovery_link: {
      subject: 'Desativar a confirmação em duas etapas',
      happened:
        'Você pediu para desativar a confirmação em duas etapas porque o PIN foi esquecido. Abra esta página e confirme.',
      action: 'Desativar a confirmação em duas etapas',
    },
    turn_off_link: {
      subject: 'Confirme a desativação da confirmação em duas etapas',
      happened:
        'Uma pessoa que administra esta conta comercial pediu para desativar a confirmação em duas etapas deste número. Abra esta página e confirme.',
      action: 'Desativar a confirmação em duas etapas',
    },
    recovery_confirmation: {
      subject: 'Confirme seu e-mail de recuperação',
      happened:
        'Este endereço foi informado como e-mail de recuperação deste número. Abra esta página e confirme que ele é seu.',
      action: 'Confirmar o endereço',
    },
  },
  facts: { number: 'Número', when: 'Quando', door: 'Onde' },
  doors: {
    rest: 'um aplicativo',
    graph: 'Graph API',
    'on-premises': 'On-Premises API',
    manager: 'páginas de administração',
    mail: 'um link em um e-mail',
    sandbox: 'ambiente de testes',
    operator: 'operador do serviço',
  },
  notYou: 'Não foi você? Aja agora: crie um novo PIN e pergunte à sua operadora se o seu chip foi trocado.',
  notAsked:
    'Não foi você que pediu? Então não faça nada e não repasse o link. Alguém pode estar lendo os códigos enviados ao seu número.',
  notMe: 'Não fui eu',
  linkTerms: 'O link funciona uma única vez, por 24 horas. Ele não faz login de ninguém.',
}
