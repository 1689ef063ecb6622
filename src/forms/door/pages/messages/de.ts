import type { Messages } from './messages.ts';

/** What we say in German. */
export const de: Messages = {
  thanks: ['Vielen Dank!', 'Ihre Nachricht ist angekommen.'],
  back: 'Zurück zu',
  again: 'Erneut senden',
  kept: 'Sie können auch im Browser zurückgehen: Ihre Eingaben sind noch da.',
  files: 'Bitte wählen Sie Ihre Dateien noch einmal aus.',
  failures: {
    invalid: ['Bitte prüfen Sie Ihre Eingaben', 'Etwas fehlt oder stimmt noch nicht ganz.'],
    empty: [
      'Es wurde nichts ausgefüllt',
      'Bitte füllen Sie das Formular aus, bevor Sie es senden.',
    ],
    unknown: ['Hier ist kein Formular', 'Die Adresse ist falsch oder gilt nicht mehr.'],
    inactive: ['Dieses Formular ist geschlossen', 'Es nimmt keine Nachrichten mehr an.'],
    blocked: ['Das wurde nicht angenommen', 'Das Formular nimmt von dieser Seite nichts an.'],
    captcha: [
      'Sind Sie ein Mensch?',
      'Bitte gehen Sie zurück, bestätigen Sie es dort und senden Sie erneut.',
    ],
    large: ['Das ist zu viel', 'Bitte kürzen Sie Ihren Text oder wählen Sie kleinere Dateien.'],
    files: [
      'Das ist zu viel',
      'Text und Dateien dürfen zusammen {most} MB haben. Bitte wählen Sie kleinere Dateien.',
    ],
    unreadable: [
      'Das ließ sich nicht lesen',
      'Bitte sagen Sie dem Betreiber der Website Bescheid.',
    ],
    busy: [
      'Einen Moment, bitte',
      'Es kam zu viel auf einmal. Bitte versuchen Sie es später erneut.',
    ],
    method: [
      'Dies ist die Adresse eines Formulars',
      'Formulare senden hierher, mit method="POST". Zu lesen gibt es hier nichts.',
    ],
    failed: [
      'Das hat nicht geklappt',
      'Der Fehler liegt bei uns. Bitte versuchen Sie es in ein paar Minuten erneut.',
    ],
  },
  mistakes: {
    required: 'Bitte füllen Sie dieses Feld aus.',
    name: 'Bitte geben Sie Ihren Namen ein.',
    email: 'Bitte geben Sie Ihre E-Mail-Adresse ein.',
    phone: 'Bitte geben Sie Ihre Telefonnummer ein.',
    not_email: 'Bitte geben Sie eine E-Mail-Adresse ein, etwa name@example.com.',
    not_phone: 'Bitte geben Sie eine Telefonnummer ein, etwa +49 30 123456.',
    not_name: 'Bitte schreiben Sie Ihren Namen in Buchstaben.',
    too_long: 'Bitte kürzen Sie das.',
    too_short: 'Bitte schreiben Sie etwas mehr.',
    file_large: 'Diese Datei ist zu groß.',
    file_many: 'Das sind zu viele Dateien.',
    file_kind: 'Diese Art von Datei wird nicht angenommen.',
    disposable: 'Bitte geben Sie eine Adresse ein, die Sie behalten.',
    captcha: 'Bitte bestätigen Sie, dass Sie ein Mensch sind.',
    invalid: 'Bitte prüfen Sie das.',
  },
  labels: {
    full_name: 'Name',
    email: 'E-Mail',
    phone_number: 'Telefon',
    company_name: 'Firma',
    position: 'Position',
    notes: 'Nachricht',
  },
};
