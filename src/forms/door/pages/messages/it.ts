import type { Messages } from './messages.ts';

/** What we say in Italian. */
export const it: Messages = {
  thanks: ['Grazie!', 'Il tuo messaggio è arrivato.'],
  back: 'Torna a',
  again: 'Invia di nuovo',
  kept: 'Puoi anche tornare indietro nel browser: quello che hai scritto è ancora lì.',
  files: 'Scegli di nuovo i tuoi file.',
  failures: {
    invalid: ['Controlla i tuoi dati', 'Manca qualcosa o non è ancora del tutto corretto.'],
    empty: ['Non è stato compilato nulla', 'Compila il modulo prima di inviarlo.'],
    unknown: ['Qui non c’è nessun modulo', 'L’indirizzo è sbagliato o non è più in uso.'],
    inactive: ['Questo modulo è chiuso', 'Non accetta più messaggi.'],
    blocked: ['L’invio non è stato accettato', 'Il modulo non accetta messaggi da questa pagina.'],
    captcha: ['Sei una persona?', 'Torna indietro, confermalo lì e invia di nuovo il modulo.'],
    large: ['È troppo', 'Accorcia il testo o scegli file più piccoli.'],
    unreadable: ['Non è stato possibile leggere l’invio', 'Avvisa il responsabile del sito.'],
    busy: ['Un momento, per favore', 'Troppi invii in una volta. Riprova più tardi.'],
    method: [
      'Questo è l’indirizzo di un modulo',
      'I moduli inviano qui i dati con method="POST". Non c’è nulla da leggere.',
    ],
    failed: ['Non ha funzionato', 'L’errore è nostro. Riprova tra qualche minuto.'],
  },
  mistakes: {
    required: 'Compila questo campo.',
    name: 'Inserisci il tuo nome.',
    email: 'Inserisci il tuo indirizzo email.',
    phone: 'Inserisci il tuo numero di telefono.',
    not_email: 'Inserisci un indirizzo email, ad esempio nome@example.com.',
    not_phone: 'Inserisci un numero di telefono, ad esempio +39 06 1234 5678.',
    not_name: 'Scrivi il tuo nome in lettere.',
    too_long: 'Accorcia questo testo.',
    too_short: 'Scrivi qualcosa in più.',
    file_large: 'Questo file è troppo grande.',
    file_many: 'Sono troppi file.',
    file_kind: 'Questo tipo di file non è accettato.',
    invalid: 'Controlla questo campo.',
  },
  labels: {
    full_name: 'Nome',
    email: 'Email',
    phone_number: 'Telefono',
    company_name: 'Azienda',
    position: 'Ruolo',
    notes: 'Messaggio',
  },
};
