import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import type { Messages } from './messages.ts';
import { nl } from './nl.ts';
import { pt } from './pt.ts';

const all = { en, de, fr, es, nl, pt, it };

/** A language that our answers to visitors are written in. */
export type Language = keyof typeof all;

/** Every one of them. */
export const languages = Object.keys(all) as Language[];

/** What we say to visitors in a language. */
export function messagesIn(language: Language): Messages {
  return all[language];
}
