import type { AppContext } from '../../http/context.ts';
import { wantedAnswer } from '../../http/wanted-answer.ts';
import { pageOrigin } from './read-entry.ts';
import type { FormWithAddress } from '../queries.ts';
import { redirectTarget } from '../redirect-target.ts';

/** Tells the sender that an entry was taken: JSON in the shape that form libraries read, or where to go. */
export function answerTaken(
  c: AppContext,
  form: FormWithAddress,
  taken: { id: string; date: string; redirectTo: string | null },
): Response {
  const thanks = `${c.var.deps.config.publicUrl}/f/${form.address}/thanks`;
  const next = redirectTarget(taken.redirectTo, form, pageOrigin(c)) ?? form.redirectUrl ?? thanks;
  if (wantedAnswer(c) === 'redirect') return c.redirect(next, 303);
  return c.json({
    ok: true,
    success: true,
    status: 'success',
    code: 200,
    title: 'Thank you',
    message: 'Your entry has arrived.',
    next,
    id: taken.id,
    submission: { hashId: taken.id, date: taken.date },
  });
}
