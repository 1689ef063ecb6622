import type { AppContext } from '../../http/context.ts';
import { chooseLanguage } from '../../pages/choose-language.ts';
import type { Translation } from '../../pages/messages/translations.ts';

/** What the door says to a visitor: in the language that the form or the address names, else in the browser's. */
export function readTranslation(c: AppContext): Promise<Translation> {
  const language = c.var.visit?.entry?.language;
  return c.var.deps.translations.read(language ?? chooseLanguage(c, c.req.query('lang') ?? null));
}
