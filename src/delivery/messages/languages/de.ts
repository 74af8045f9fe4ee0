// German.

import type { Words } from '../words.ts'

export const de: Words = {
  tag: 'de',
  direction: 'ltr',
  sms: (code, product) => `${code} ist Ihr Code für ${product}. Geben Sie ihn an niemanden weiter.`,
  voice: {
    pause: ', ',
    prompt: product => `Um Ihren Code für ${product} zu hören, drücken Sie eine beliebige Taste.`,
    say: (digits, product) =>
      `Ihr Code für ${product} lautet: ${digits}. Noch einmal: ${digits}. Geben Sie ihn an niemanden weiter.`,
  },
  mails: {
    pin_set: {
      subject: 'Die Verifizierung in zwei Schritten wurde eingeschaltet',
      happened: 'Eine PIN schützt jetzt diese Nummer. Wer die Nummer registrieren will, muss sie kennen.',
    },
    pin_changed: {
      subject: 'Die PIN wurde geändert',
      happened: 'Die PIN, die diese Nummer schützt, wurde geändert.',
    },
    pin_removed: {
      subject: 'Die Verifizierung in zwei Schritten wurde ausgeschaltet',
      happened:
        'Diese Nummer hat keine PIN mehr. Wer einen Code lesen kann, der an die Nummer geht, kann sie registrieren.',
    },
    registration_contested: {
      subject: 'Jemand versucht, Ihre Nummer zu registrieren',
      happened:
        'Jemand hat den Code eingegeben, der an diese Nummer ging, aber nicht die PIN. Die PIN schützt die Nummer weiter.',
    },
    registration_taken_over: {
      subject: 'Ihre Nummer wurde anderswo registriert',
      happened: 'Diese Nummer wurde von jemand anderem registriert. Ihre Registrierung ist beendet.',
    },
    recovery_address_changed: {
      subject: 'Die Adresse zur Wiederherstellung wurde geändert',
      happened: 'Diese E-Mail-Adresse ist nicht mehr die Adresse zur Wiederherstellung dieser Nummer.',
    },
    recovery_link: {
      subject: 'Verifizierung in zwei Schritten ausschalten',
      happened:
        'Sie wollen die Verifizierung in zwei Schritten ausschalten, weil die PIN vergessen wurde. Öffnen Sie diese Seite und bestätigen Sie.',
      action: 'Verifizierung in zwei Schritten ausschalten',
    },
    turn_off_link: {
      subject: 'Ausschalten der Verifizierung in zwei Schritten bestätigen',
      happened:
        'Jemand aus der Verwaltung dieses Unternehmenskontos möchte die Verifizierung in zwei Schritten für diese Nummer ausschalten. Öffnen Sie diese Seite und bestätigen Sie.',
      action: 'Verifizierung in zwei Schritten ausschalten',
    },
    recovery_confirmation: {
      subject: 'Bestätigen Sie Ihre Adresse zur Wiederherstellung',
      happened:
        'Diese Adresse wurde zur Wiederherstellung dieser Nummer angegeben. Öffnen Sie diese Seite und bestätigen Sie, dass sie Ihnen gehört.',
      action: 'Adresse bestätigen',
    },
  },
  facts: { number: 'Nummer', when: 'Wann', door: 'Wo' },
  doors: {
    rest: 'eine App',
    graph: 'Graph API',
    'on-premises': 'On-Premises API',
    manager: 'Verwaltungsseiten',
    mail: 'ein Link aus einer E-Mail',
    sandbox: 'Testumgebung',
    operator: 'Betreiber',
  },
  notYou:
    'Waren Sie das nicht? Handeln Sie jetzt: Setzen Sie eine neue PIN und fragen Sie Ihren Mobilfunkanbieter, ob Ihre SIM-Karte ersetzt wurde.',
  notAsked:
    'Haben Sie das nicht angefordert? Dann tun Sie nichts und geben Sie den Link nicht weiter. Vielleicht kann jemand die Codes lesen, die an Ihre Nummer gehen.',
  notMe: 'Das war ich nicht',
  linkTerms: 'Der Link gilt einmal und 24 Stunden lang. Er meldet niemanden an.',
}
