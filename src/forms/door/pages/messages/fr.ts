import type { Messages } from './messages.ts';

/** What we say in French. */
export const fr: Messages = {
  thanks: ['Merci !', 'Votre message est bien arrivé.'],
  back: 'Retour à',
  again: 'Renvoyer',
  kept: 'Vous pouvez aussi revenir en arrière dans votre navigateur : votre saisie est conservée.',
  files: 'Veuillez choisir à nouveau vos fichiers.',
  failures: {
    invalid: [
      'Veuillez vérifier votre saisie',
      'Il manque quelque chose ou tout n’est pas correct.',
    ],
    empty: ['Rien n’a été rempli', 'Veuillez remplir le formulaire avant de l’envoyer.'],
    unknown: ['Il n’y a pas de formulaire ici', 'L’adresse est erronée ou n’est plus valable.'],
    inactive: ['Ce formulaire est fermé', 'Il n’accepte plus de messages.'],
    blocked: ['L’envoi n’a pas été accepté', 'Le formulaire n’accepte rien depuis cette page.'],
    captcha: [
      'Êtes-vous humain ?',
      'Veuillez revenir en arrière, le confirmer puis renvoyer le formulaire.',
    ],
    large: [
      'C’est trop volumineux',
      'Raccourcissez le texte ou choisissez des fichiers plus petits.',
    ],
    files: [
      'C’est trop volumineux',
      'Le texte et les fichiers peuvent faire {most} Mo en tout. Veuillez choisir des fichiers plus petits.',
    ],
    unreadable: ['L’envoi est illisible', 'Veuillez prévenir le responsable du site.'],
    busy: ['Un instant, s’il vous plaît', 'Trop d’envois à la fois. Veuillez réessayer plus tard.'],
    method: [
      'Ceci est l’adresse d’un formulaire',
      'Les formulaires y envoient leurs données avec method="POST". Il n’y a rien à lire ici.',
    ],
    failed: [
      'Cela n’a pas fonctionné',
      'L’erreur vient de nous. Veuillez réessayer dans quelques minutes.',
    ],
  },
  mistakes: {
    required: 'Veuillez remplir ce champ.',
    name: 'Veuillez indiquer votre nom.',
    email: 'Veuillez indiquer votre adresse e-mail.',
    phone: 'Veuillez indiquer votre numéro de téléphone.',
    not_email: 'Veuillez indiquer une adresse e-mail, par exemple nom@example.com.',
    not_phone: 'Veuillez indiquer un numéro de téléphone, par exemple +33 1 23 45 67 89.',
    not_name: 'Veuillez écrire votre nom en lettres.',
    too_long: 'Veuillez raccourcir ce texte.',
    too_short: 'Veuillez en écrire un peu plus.',
    file_large: 'Ce fichier est trop volumineux.',
    file_many: 'Il y a trop de fichiers.',
    file_kind: 'Ce type de fichier n’est pas accepté.',
    disposable: 'Veuillez indiquer une adresse que vous conserverez.',
    captcha: 'Veuillez confirmer que vous êtes humain.',
    invalid: 'Veuillez vérifier ce champ.',
  },
  labels: {
    full_name: 'Nom',
    email: 'E-mail',
    phone_number: 'Téléphone',
    company_name: 'Entreprise',
    position: 'Fonction',
    notes: 'Message',
  },
};
