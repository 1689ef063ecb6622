import type { Messages } from './messages.ts';

/** What we say in English. */
export const en: Messages = {
  thanks: ['Thank you!', 'Your message has arrived.'],
  back: 'Back to',
  again: 'Send again',
  kept: 'You can also use your browser’s Back button: what you typed is still there.',
  files: 'Please choose your files again.',
  failures: {
    invalid: ['Please check your entries', 'Something is missing or not quite right yet.'],
    empty: ['Nothing was filled in', 'Please fill in the form before you send it.'],
    unknown: ['There is no form here', 'The address is wrong or no longer in use.'],
    inactive: ['This form is closed', 'It takes no more messages.'],
    blocked: ['This was not accepted', 'The form takes no messages from this page.'],
    captcha: ['Are you human?', 'Please go back, confirm it there and send the form again.'],
    large: ['That is too much', 'Please shorten your text or choose smaller files.'],
    unreadable: ['This could not be read', 'Please tell the owner of the site.'],
    busy: ['One moment, please', 'Too much was sent at once. Please try again later.'],
    method: [
      'This is the address of a form',
      'Forms send to it with method="POST". There is nothing to read here.',
    ],
    failed: ['That did not work', 'The fault is ours. Please try again in a few minutes.'],
  },
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
    invalid: 'Please check this.',
  },
  labels: {
    full_name: 'Name',
    email: 'Email',
    phone_number: 'Phone',
    company_name: 'Company',
    position: 'Position',
    notes: 'Message',
  },
};
