/** A heading, and the sentence under it. */
type Said = readonly [title: string, text: string];

type Texts = { readonly [key: string]: string | Said | Texts };

/** What we say to visitors, in English. Each translation has the same keys: see docs/forms.md. */
export const en = {
  thanks: ['Thank you!', 'Your message has arrived.'],
  /** Stands before the name of a host. */
  back: 'Back to',
  /** The button that sends an entry again. */
  again: 'Send again',
  /** That the browser's way back keeps what was typed. */
  kept: 'You can also use your browser’s Back button: what you typed is still there.',
  /** That files have to be chosen again. */
  files: 'Please choose your files again.',
  /** Why an entry was not taken, as far as a visitor can do something about it. */
  failures: {
    invalid: ['Please check your entries', 'Something is missing or not quite right yet.'],
    empty: ['Nothing was filled in', 'Please fill in the form before you send it.'],
    unknown: ['There is no form here', 'The address is wrong or no longer in use.'],
    inactive: ['This form is closed', 'It takes no more messages.'],
    blocked: ['This was not accepted', 'The form takes no messages from this page.'],
    captcha: ['Are you human?', 'Please go back, confirm it there and send the form again.'],
    large: ['That is too much', 'Please shorten your text or choose smaller files.'],
    /** `{most}` stands for a number of MB. */
    files: [
      'That is too much',
      'Text and files may have {most} MB in all. Please choose smaller files.',
    ],
    unreadable: ['This could not be read', 'Please tell the owner of the site.'],
    busy: ['One moment, please', 'Too much was sent at once. Please try again later.'],
    method: [
      'This is the address of a form',
      'Forms send to it with method="POST". There is nothing to read here.',
    ],
    failed: ['That did not work', 'The fault is ours. Please try again in a few minutes.'],
  },
  /** What is wrong with one input. `email` and so on: it was left empty. */
  mistakes: {
    required: 'Please fill this in.',
    name: 'Please enter your name.',
    email: 'Please enter your email address.',
    phone: 'Please enter your phone number.',
    not_email: 'Please enter an email address such as name@example.com.',
    not_phone: 'Please enter a phone number such as +44 20 7946 0000.',
    not_name: 'Please write your name in letters.',
    too_long: 'Please shorten this.',
    too_short: 'Please write a little more.',
    file_large: 'This file is too large.',
    file_many: 'These are too many files.',
    file_kind: 'This kind of file is not accepted.',
    disposable: 'Please enter an address that you will keep.',
    captcha: 'Please confirm that you are human.',
    invalid: 'Please check this.',
  },
  /** What inputs are called that every form knows. */
  labels: {
    full_name: 'Name',
    email: 'Email',
    phone_number: 'Phone',
    company_name: 'Company',
    position: 'Position',
    notes: 'Message',
  },
  /** Pages and mails of newsletters. `{list}` and `{email}` stand for a list's name and an address. */
  newsletter: {
    /** After a sign-up, whoever it was: only a mail tells the person more. */
    asked: ['Almost done', 'Please look at your mail, and confirm your sign-up there.'] as [
      string,
      string,
    ],
    confirm: {
      title: 'Confirm your sign-up',
      text: 'Shall {list} be sent to {email}?',
      button: 'Yes, send it',
    },
    confirmed: ['You are signed up', '{list} will be sent to {email}.'] as [string, string],
    expired: ['This link is over', 'It was used before, or is too old. Please sign up again.'] as [
      string,
      string,
    ],
    unknown: ['This link does not work', 'Please check that you copied all of it.'] as [
      string,
      string,
    ],
    unsubscribe: {
      title: 'Unsubscribe',
      text: 'Shall {list} no longer be sent to {email}?',
      button: 'Unsubscribe',
    },
    unsubscribed: ['You are unsubscribed', '{list} is no longer sent to {email}.'] as [
      string,
      string,
    ],
    manage: 'See all your subscriptions',
    preferences: {
      title: 'Your subscriptions',
      text: 'What may be sent to {email}?',
      button: 'Save',
      saved: 'Your choice is saved.',
    },
    mail: {
      subject: 'Please confirm: {list}',
      text: 'Somebody, probably you, asked for {list} to be sent to {email}. Please confirm it:',
      button: 'Confirm',
      ignore: 'If it was not you, do nothing: you will get no more mail about it.',
    },
  },
} satisfies Texts;

/** Everything that we say to visitors, in one language. */
export type Messages = typeof en;

/** Why an entry was not taken. */
export type Failure = keyof Messages['failures'];

/** What is wrong with one input. */
export type Mistake = keyof Messages['mistakes'];

/** An input that every form knows. */
export type Label = keyof Messages['labels'];
