// French.

import type { Words } from '../words.ts'

export const fr: Words = {
  tag: 'fr',
  direction: 'ltr',
  sms: (code, product) => `${code} est votre code ${product}. Ne le communiquez à personne.`,
  voice: {
    pause: ', ',
    prompt: product => `Pour entendre votre code ${product}, appuyez sur une touche.`,
    say: (digits, product) =>
      `Votre code ${product} est : ${digits}. Je répète : ${digits}. Ne le communiquez à personne.`,
  },
  mails: {
    pin_set: {
      subject: 'La vérification en deux étapes a été activée',
      happened: 'Un code PIN protège désormais ce numéro. Pour enregistrer le numéro, il faut le connaître.',
    },
    pin_changed: {
      subject: 'Le code PIN a été modifié',
      happened: 'Le code PIN qui protège ce numéro a été modifié.',
    },
    pin_removed: {
      subject: 'La vérification en deux étapes a été désactivée',
      happened: 'Ce numéro n’a plus de code PIN. Quiconque peut lire un code envoyé au numéro peut l’enregistrer.',
    },
    registration_contested: {
      subject: 'Quelqu’un tente d’enregistrer votre numéro',
      happened: 'Quelqu’un a saisi le code envoyé à ce numéro, mais pas le code PIN. Le code PIN le protège toujours.',
    },
    registration_taken_over: {
      subject: 'Votre numéro a été enregistré ailleurs',
      happened: 'Ce numéro a été enregistré par quelqu’un d’autre. Votre enregistrement a pris fin.',
    },
    recovery_address_changed: {
      subject: 'L’adresse de récupération a été modifiée',
      happened: 'Cette adresse e-mail n’est plus l’adresse de récupération de ce numéro.',
    },
    recovery_link: {
      subject: 'Désactiver la vérification en deux étapes',
      happened:
        'Vous avez demandé à désactiver la vérification en deux étapes, car le code PIN a été oublié. Ouvrez cette page et confirmez.',
      action: 'Désactiver la vérification en deux étapes',
    },
    turn_off_link: {
      subject: 'Confirmez la désactivation de la vérification en deux étapes',
      happened:
        'Une personne qui gère ce compte professionnel a demandé à désactiver la vérification en deux étapes pour ce numéro. Ouvrez cette page et confirmez.',
      action: 'Désactiver la vérification en deux étapes',
    },
    recovery_confirmation: {
      subject: 'Confirmez votre adresse de récupération',
      happened:
        'Cette adresse a été indiquée comme adresse de récupération de ce numéro. Ouvrez cette page et confirmez qu’elle est à vous.',
      action: 'Confirmer l’adresse',
    },
  },
  facts: { number: 'Numéro', when: 'Quand', door: 'Où' },
  doors: {
    rest: 'une application',
    graph: 'Graph API',
    'on-premises': 'On-Premises API',
    manager: 'pages de gestion',
    mail: 'un lien reçu par e-mail',
    sandbox: 'bac à sable',
    operator: 'exploitant du service',
  },
  notYou:
    'Ce n’était pas vous ? Agissez maintenant : choisissez un nouveau code PIN et demandez à votre opérateur mobile si votre carte SIM a été remplacée.',
  notAsked:
    'Vous n’avez rien demandé ? Ne faites rien et ne transmettez pas le lien. Il se peut que quelqu’un lise les codes envoyés à votre numéro.',
  notMe: 'Ce n’était pas moi',
  linkTerms: 'Le lien fonctionne une seule fois, pendant 24 heures. Il ne connecte personne.',
}
