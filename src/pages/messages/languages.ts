/** The languages that we speak to visitors: English in en.ts, each other in a file of public/messages/. */
export const languages = ['en', 'de', 'fr', 'es', 'nl', 'pt', 'it'] as const;

export type Language = (typeof languages)[number];
