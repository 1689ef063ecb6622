import { toOneLine, toPlainText } from '../lib/plain-text.ts';
import { characters } from '../lib/text.ts';
import { endings, type MediaType } from './contract.ts';

const maxCharacters = 120;
/** Longer than any system allows: more is not looked at. */
const maxUnits = 512;

/**
 * A name under which a file may be saved anywhere: one part of a path, without characters that a system or a shell
 * reads as its own or that nobody sees (but the joiners of Persian and of emoji), and with the ending of what its
 * bytes are: a text called `run.js` becomes `run.js.txt`.
 */
export function safeFilename(name: string, mediaType: MediaType): string {
  const [base = ''] = toOneLine(toPlainText(name.slice(-maxUnits)))
    .split(/[/\\]/)
    .slice(-1);
  const plain = base
    .replaceAll(/[<>:"|?*%]|(?![\u200c\u200d])\p{Cf}/gu, '_')
    .replaceAll(/^[.\s-]+|[.\s]+$/g, '');
  const known: readonly string[] = endings[mediaType];
  const [, stem = plain, given = ''] = /^(.*)\.([^.]*)$/u.exec(plain) ?? [];
  const fits = known.includes(given.toLowerCase());
  const ending = fits ? given : known[0];
  return `${shorten(fits ? stem : plain) || 'file'}.${ending}`;
}

function shorten(text: string): string {
  return characters(text) <= maxCharacters
    ? text
    : Array.from(text).slice(0, maxCharacters).join('').trimEnd();
}
