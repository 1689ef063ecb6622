import type { AppContext } from '../../http/context.ts';
import { admit } from '../../http/guard.ts';
import { answerError } from '../../http/problem.ts';
import { hasDryRunHeader } from '../../http/wanted-answer.ts';
import { foretellEntry } from '../foretell-entry.ts';
import { successRedirect } from './destinations.ts';
import type { ReadEntry } from './read-entry.ts';

/** Whether a request only asks what would become of an entry, by its header or by its field. */
export function asksForDryRun(c: AppContext, { control }: ReadEntry['entry']): boolean {
  return control.dryRun || hasDryRunHeader(c);
}

/**
 * Tells the holder of a secret key what would become of an entry, in JSON; 401 and 403 for anybody else, so that no
 * visitor learns what the gates think.
 */
export async function answerDryRun(c: AppContext, read: ReadEntry): Promise<Response> {
  try {
    await admit(c, { scope: 'leads:write' });
    const { form, control } = read.entry;
    return c.json({
      ...(await foretellEntry(c.var.deps, read)),
      redirect_to: successRedirect(c, form, control),
    });
  } catch (error) {
    return answerError(error as Error, c);
  }
}
