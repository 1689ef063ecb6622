import type { AppContext } from '../../http/context.ts';
import { describeProblem, exposeError } from '../../http/problem.ts';
import { wantedAnswer } from '../../http/wanted-answer.ts';
import type { Translation } from '../../pages/messages/translations.ts';
import { sendPage } from '../../pages/send-page.ts';
import { sendOn } from './answer-taken.ts';
import { errorRedirect, backUrl } from './destinations.ts';
import { errorBody } from './pages/error-page.ts';
import { explainRefusal, type Refusal } from './refusal.ts';
import { offerSecondTry } from './second-try.ts';
import { readTranslation } from './translation.ts';

type ProblemParts = ReturnType<typeof describeProblem>;

/** `onError` at the door: tells the sender why, in the form that it can use and in the visitor's language. */
export async function answerRefused(error: Error, c: AppContext): Promise<Response> {
  const known = exposeError(error, c);
  const described = describeProblem(c, known);
  const { visit } = c.var;
  const translation = await readTranslation(c);
  const refusal = explainRefusal(known, visit, translation.messages);
  for (const [name, value] of Object.entries(described.headers)) c.header(name, value);
  const wanted = wantedAnswer(c);
  if (wanted === 'json') return answerJson(c, described, refusal);
  const elsewhere =
    visit === undefined || wanted === 'page' || c.req.method !== 'POST'
      ? null
      : errorRedirect(c, visit.form, visit.entry?.control, refusal.code);
  return elsewhere === null ? answerPage(c, described, refusal, translation) : sendOn(c, elsewhere);
}

/** What the libraries of form services read, and RFC 9457. `status` is the number: none of them reads it as a word. */
function answerJson(c: AppContext, { status, members }: ProblemParts, refusal: Refusal): Response {
  const { code, title, text, mistakes } = refusal;
  const message = mistakes.length === 0 ? text : mistakes.map((one) => one.message).join(' ');
  const errors = mistakes.map(({ field, code, message }) => ({ field, code, message }));
  const body = {
    ...members,
    ...{ ok: false, success: false, title, error: message, message, code },
    errors: errors.length > 0 ? errors : [{ code, message }],
  };
  const problem = /application\/problem\+json/i.test(c.req.header('Accept') ?? '');
  const type = problem ? 'application/problem+json' : 'application/json';
  return c.body(JSON.stringify(body), status, { 'Content-Type': type });
}

function answerPage(
  c: AppContext,
  { status }: ProblemParts,
  refusal: Refusal,
  { language, messages }: Translation,
): Response | Promise<Response> {
  const { visit } = c.var;
  const control = visit?.entry?.control;
  const secondTry = offerSecondTry(c, refusal);
  // The widget is on the site's page, and its input has a name that nobody reads.
  const shown = refusal.failure === 'captcha' ? { ...refusal, mistakes: [] } : refusal;
  const body = errorBody(shown, messages, {
    secondTry,
    backUrl: visit === undefined ? null : backUrl(c, visit.form, control),
    sent: c.req.method === 'POST',
  });
  return sendPage(
    c,
    {
      ...{ language, title: refusal.title, owner: visit?.form, body },
      ...(secondTry === null ? {} : { formTargets: secondTry.targets }),
    },
    status,
  );
}
