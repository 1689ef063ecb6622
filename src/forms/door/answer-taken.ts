import type { AppContext } from '../../http/context.ts';
import { wantedAnswer } from '../../http/wanted-answer.ts';
import { sendPage } from '../../pages/send-page.ts';
import type { Entry } from '../gates/gate.ts';
import { successRedirect, backUrl } from './destinations.ts';
import { thanksBody, thanksFor } from './pages/thanks-page.ts';
import { readTranslation } from './translation.ts';

/** Tells the sender that an entry was taken: JSON in the shape that form libraries read, where to go, or our page. */
export async function answerTaken(
  c: AppContext,
  { form, control }: Pick<Entry, 'form' | 'control'>,
  taken: { id: string; date: string },
): Promise<Response> {
  const wanted = wantedAnswer(c);
  if (wanted === 'page') return sendThanks(c, form, control);
  const next = successRedirect(c, form, control);
  if (wanted === 'redirect') return sendOn(c, next);
  const { messages } = await readTranslation(c);
  const [title, message] = thanksFor(form, messages);
  return c.json({
    ok: true,
    success: true,
    status: 'success',
    code: 200,
    title,
    message,
    next,
    id: taken.id,
    submission: { hashId: taken.id, date: taken.date },
  });
}

/** Sends a browser on. The page after it may know which site the visitor comes from, to lead back there. */
export function sendOn(c: AppContext, to: string): Response {
  c.header('Referrer-Policy', 'strict-origin-when-cross-origin');
  return c.redirect(to, 303);
}

/** The thank-you page of a form. */
export async function sendThanks(
  c: AppContext,
  form: Entry['form'],
  control?: Entry['control'],
): Promise<Response> {
  const { language, messages } = await readTranslation(c);
  const thanks = thanksFor(form, messages);
  const body = thanksBody(thanks, messages, backUrl(c, form, control));
  return sendPage(c, { language, title: thanks[0], owner: form, body });
}
