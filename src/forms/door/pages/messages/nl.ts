import type { Messages } from './messages.ts';

/** What we say in Dutch. */
export const nl: Messages = {
  thanks: ['Bedankt!', 'Je bericht is aangekomen.'],
  back: 'Terug naar',
  again: 'Opnieuw versturen',
  kept: 'Je kunt ook teruggaan in je browser: wat je hebt ingevuld, staat er nog.',
  files: 'Kies je bestanden opnieuw.',
  failures: {
    invalid: [
      'Controleer wat je hebt ingevuld',
      'Er ontbreekt iets of het klopt nog niet helemaal.',
    ],
    empty: ['Er is niets ingevuld', 'Vul het formulier in voordat je het verstuurt.'],
    unknown: ['Hier is geen formulier', 'Het adres klopt niet of is niet meer in gebruik.'],
    inactive: ['Dit formulier is gesloten', 'Het neemt geen berichten meer aan.'],
    blocked: ['Dit is niet aangenomen', 'Het formulier neemt niets aan vanaf deze pagina.'],
    captcha: ['Ben je een mens?', 'Ga terug, bevestig het daar en verstuur het formulier opnieuw.'],
    large: ['Dat is te veel', 'Maak je tekst korter of kies kleinere bestanden.'],
    files: [
      'Dat is te veel',
      'Tekst en bestanden mogen samen {most} MB zijn. Kies kleinere bestanden.',
    ],
    unreadable: ['Dit kon niet worden gelezen', 'Laat het de beheerder van de site weten.'],
    busy: ['Een ogenblik', 'Er kwam te veel tegelijk binnen. Probeer het later opnieuw.'],
    method: [
      'Dit is het adres van een formulier',
      'Formulieren sturen hierheen met method="POST". Er is hier niets te lezen.',
    ],
    failed: [
      'Dat is niet gelukt',
      'De fout ligt bij ons. Probeer het over een paar minuten opnieuw.',
    ],
  },
  mistakes: {
    required: 'Vul dit in.',
    name: 'Vul je naam in.',
    email: 'Vul je e-mailadres in.',
    phone: 'Vul je telefoonnummer in.',
    not_email: 'Vul een e-mailadres in, zoals naam@example.com.',
    not_phone: 'Vul een telefoonnummer in, zoals +31 20 123 4567.',
    not_name: 'Schrijf je naam in letters.',
    too_long: 'Maak dit korter.',
    too_short: 'Schrijf iets meer.',
    file_large: 'Dit bestand is te groot.',
    file_many: 'Dit zijn te veel bestanden.',
    file_kind: 'Dit soort bestand wordt niet aangenomen.',
    disposable: 'Vul een adres in dat je blijft gebruiken.',
    captcha: 'Bevestig dat je een mens bent.',
    invalid: 'Controleer dit.',
  },
  labels: {
    full_name: 'Naam',
    email: 'E-mail',
    phone_number: 'Telefoon',
    company_name: 'Bedrijf',
    position: 'Functie',
    notes: 'Bericht',
  },
};
