import { holdNothing, readAsset, type AssetReader, type HeldAsset } from '../../platform/assets.ts';
import { en, type Messages } from './en.ts';
import type { Language } from './languages.ts';

/** What we say to visitors, and the language that it is in. */
export type Translation = { language: Language; messages: Messages };

/** What we say to visitors, in their languages. */
export type Translations = {
  /** What we say in a language; in English where that cannot be read. Never throws; takes 300 ms at most. */
  read(language: Language): Promise<Translation>;
};

/** The languages that an isolate has read, or tried to. */
export type HeldTranslations = Map<Language, HeldAsset<Messages>>;

/** Opens the translations for one request. What it reads is kept in `held`. */
export function openTranslations({
  held,
  ...reader
}: AssetReader & { held: HeldTranslations }): Translations {
  // A request may await a promise of its own more than once.
  const begun = new Map<Language, Promise<Translation>>();
  return {
    read(language) {
      const reading = begun.get(language) ?? readOnce(language, reader, held);
      begun.set(language, reading);
      return reading;
    },
  };
}

async function readOnce(
  language: Language,
  reader: AssetReader,
  held: HeldTranslations,
): Promise<Translation> {
  const english: Translation = { language: 'en', messages: en };
  if (language === 'en') return english;
  const asset = held.get(language) ?? holdNothing<Messages>();
  held.set(language, asset);
  const file = `messages/${language}.json`;
  const messages = await readAsset(reader, { file, parse }, asset);
  return messages === null ? english : { language, messages };
}

function parse(bytes: ArrayBuffer): Messages {
  return complete(en, JSON.parse(new TextDecoder().decode(bytes)));
}

/** A translation with the English for what it lacks: a file may be older than the Worker. Throws for anything else. */
function complete<T extends string | object>(english: T, given: unknown): T {
  if (given === undefined) return english;
  if (kindOf(given) !== kindOf(english)) throw new TypeError('This is no translation.');
  if (typeof english === 'string') return given as T;
  const parts = Object.entries(english).map(([key, part]) => [
    key,
    complete(part as string | object, (given as Record<string, unknown>)[key]),
  ]);
  const texts = Array.isArray(english) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
  return texts as T;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
