import type { AppContext } from '../http/context.ts';
import { languages, type Language } from './messages/languages.ts';

/** The language to answer in: the one that the form names, else the visitor's best one of ours, else English. */
export function chooseLanguage(c: AppContext, wish: string | null): Language {
  const accepted = (c.req.header('Accept-Language') ?? '').split(',').map((range) => {
    const [tag = '', quality = ''] = range.split(';');
    return { tag, weight: Number(/^\s*q=([\d.]{1,5})\s*$/i.exec(quality)?.[1] ?? 1) };
  });
  const ranked = accepted
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight);
  return chooseOurs([wish, ...ranked.map(({ tag }) => tag)]);
}

/** The first language of ours among those that are wished for, else English. */
export function chooseOurs(wishes: (string | null)[]): Language {
  return wishes.map((wish) => ours(wish ?? '')).find((language) => language !== undefined) ?? 'en';
}

/** `de-AT` is German. */
function ours(tag: string): Language | undefined {
  const [primary] = tag.trim().toLowerCase().split(/[-_]/);
  return languages.find((language) => language === primary);
}
