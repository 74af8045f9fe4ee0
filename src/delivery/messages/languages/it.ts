// Italian.

import type { Words } from '../words.ts'

export const it: Words = {
  tag: 'it',
  direction: 'ltr',
  sms: (code, product) => `${code} è il tuo codice ${product}. Non condividerlo con nessuno.`,
  voice: {
    pause: ', ',
    prompt: product => `Per ascoltare il tuo codice ${product}, premi un tasto qualsiasi.`,
    say: (digits, product) =>
      `Il tuo codice ${product} è: ${digits}. Ancora una volta: ${digits}. Non condividerlo con nessuno.`,
  },
  mails: {
    pin_set: {
      subject: 'La verifica in due passaggi è stata attivata',
      happened: 'Ora un PIN protegge questo numero. Chi vuole registrare il numero deve conoscerlo.',
    },
    pin_changed: {
      subject: 'Il PIN è stato cambiato',
      happened: 'Il PIN che protegge questo numero è stato cambiato.',
    },
    pin_removed: {
      subject: 'La verifica in due passaggi è stata disattivata',
      happened: 'Questo numero non ha più un PIN. Chi può leggere un codice inviato al numero può registrarlo.',
    },
    registration_contested: {
      subject: 'Qualcuno sta cercando di registrare il tuo numero',
      happened: 'Qualcuno ha inserito il codice inviato a questo numero, ma non il PIN. Il PIN lo protegge ancora.',
    },
    registration_taken_over: {
      subject: 'Il tuo numero è stato registrato altrove',
      happened: 'Questo numero è stato registrato da qualcun altro. La tua registrazione è terminata.',
    },
    recovery_address_changed: {
      subject: 'L’indirizzo di recupero è stato cambiato',
      happened: 'Questo indirizzo e-mail non è più l’indirizzo di recupero di questo numero.',
    },
    recovery_link: {
      subject: 'Disattiva la verifica in due passaggi',
      happened:
        'Hai chiesto di disattivare la verifica in due passaggi perché il PIN è stato dimenticato. Apri questa pagina e conferma.',
      action: 'Disattiva la verifica in due passaggi',
    },
    turn_off_link: {
      subject: 'Conferma la disattivazione della verifica in due passaggi',
      happened:
        'Una persona che gestisce questo account aziendale ha chiesto di disattivare la verifica in due passaggi per questo numero. Apri questa pagina e conferma.',
      action: 'Disattiva la verifica in due passaggi',
    },
    recovery_confirmation: {
      subject: 'Conferma il tuo indirizzo di recupero',
      happened:
        'Questo indirizzo è stato indicato come indirizzo di recupero di questo numero. Apri questa pagina e conferma che è tuo.',
      action: 'Conferma l’indirizzo',
    },
  },
  facts: { number: 'Numero', when: 'Quando', door: 'Dove' },
  doors: {
    rest: 'un’app',
    graph: 'Graph API',
    'on-premises': 'On-Premises API',
    manager: 'pagine di gestione',
    mail: 'un link in un’e-mail',
    sandbox: 'ambiente di prova',
    operator: 'gestore del servizio',
  },
  notYou:
    'Non sei stato tu? Agisci subito: imposta un nuovo PIN e chiedi al tuo operatore mobile se la tua scheda SIM è stata sostituita.',
  notAsked:
    'Non l’hai chiesto tu? Allora non fare nulla e non inoltrare il link. Qualcuno potrebbe leggere i codici inviati al tuo numero.',
  notMe: 'Non sono stato io',
  linkTerms: 'Il link funziona una sola volta, per 24 ore. Non fa accedere nessuno.',
}
