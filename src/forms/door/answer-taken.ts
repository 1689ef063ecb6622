import type { AppContext } from '../../http/context.ts';
import { wantedAnswer } from '../../http/wanted-answer.ts';
import type { Entry } from '../gates/gate.ts';
import { successRedirect, backUrl } from './destinations.ts';
import { chooseLanguage } from './language.ts';
import { messagesIn } from './pages/messages/languages.ts';
import { sendPage } from './pages/send-page.ts';
import { thanksBody } from './pages/thanks-page.ts';

/** Tells the sender that an entry was taken: JSON in the shape that form libraries read, where to go, or our page. */
export function answerTaken(
  c: AppContext,
  { form, control }: Pick<Entry, 'form' | 'control'>,
  taken: { id: string; date: string },
): Response | Promise<Response> {
  const wanted = wantedAnswer(c);
  if (wanted === 'page') return sendThanks(c, form, control);
  const next = successRedirect(c, form, control);
  if (wanted === 'redirect') return sendOn(c, next);
  const [title, message] = messagesIn(chooseLanguage(c, control.language)).thanks;
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
export function sendThanks(
  c: AppContext,
  form: Entry['form'],
  control?: Entry['control'],
): Response | Promise<Response> {
  const language = chooseLanguage(c, control?.language ?? c.req.query('lang') ?? null);
  const messages = messagesIn(language);
  const body = thanksBody(messages, backUrl(c, form, control));
  return sendPage(c, { language, title: messages.thanks[0], form, body });
}
