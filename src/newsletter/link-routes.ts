import { Hono } from 'hono/tiny';
import { AppError } from '../errors.ts';
import { readText } from '../http/body.ts';
import { parseHeader } from '../http/media-type.ts';
import { circumstancesOf } from '../http/circumstances.ts';
import type { AppContext, AppEnv } from '../http/context.ts';
import { anonymousLimit, enforceLimits } from '../http/limits.ts';
import { decodeUrlencoded } from '../lib/decode-urlencoded.ts';
import { chooseLanguage } from '../pages/choose-language.ts';
import type { Messages } from '../pages/messages/en.ts';
import { sendPage, type Html } from '../pages/send-page.ts';
import { confirm, findConfirmation, type Confirmation } from './confirm.ts';
import { linkFor } from './links.ts';
import { preferencesBody, preferencesLink, questionBody, resultBody } from './pages/link-pages.ts';
import { findPreferences, savePreferences } from './preferences.ts';
import type { Leaving } from './queries.ts';
import { findByUnsubscribeLink, unsubscribe } from './unsubscribe.ts';

type Words = Messages['newsletter'];

const urlencoded = 'application/x-www-form-urlencoded';

/**
 * `/n/…`: where the links in our mails lead. GET and HEAD show, and only POST acts: scanners follow every link of a
 * mail. No cookie, no script, and no redirect (RFC 8058, section 3.1).
 */
export const linkRoutes = new Hono<AppEnv>()
  .get('/confirm/:token', async (c) =>
    showConfirmation(c, await findConfirmation(c.var.deps, c.req.param('token'))),
  )
  .post('/confirm/:token', async (c) =>
    showConfirmation(c, await confirm(c.var.deps, c.req.param('token'), circumstances(c))),
  )
  .get('/unsubscribe/:token', async (c) =>
    askToUnsubscribe(c, await findByUnsubscribeLink(c.var.deps, c.req.param('token'))),
  )
  .post('/unsubscribe/:token', async (c) => {
    const found = await unsubscribe(c.var.deps, c.req.param('token'), circumstances(c));
    return found === null ? refuseLink(c) : sayUnsubscribed(c, found);
  })
  .get('/preferences/:token', (c) => showPreferences(c, c.req.param('token'), false))
  .post('/preferences/:token', async (c) => {
    const { type } = parseHeader(c.req.header('Content-Type') ?? '');
    const fields = type === urlencoded ? decodeUrlencoded(await readText(c.req.raw)) : null;
    if (fields === null) throw new AppError('unreadable_body', 'Send the form of this page.');
    const valuesOf = (name: string) =>
      fields.filter(([field]) => field === name).map(([, value]) => value);
    const choice = { shown: valuesOf('shown'), wanted: valuesOf('list') };
    const token = c.req.param('token');
    await savePreferences(c.var.deps, token, choice, circumstances(c));
    return showPreferences(c, token, true);
  });

function circumstances(c: AppContext) {
  return { ...circumstancesOf(c), page: null };
}

async function showConfirmation(c: AppContext, found: Confirmation): Promise<Response> {
  if (found.kind === 'unknown') return refuseLink(c);
  const { subscriber, list } = found.of;
  const about = { list: list.name, email: subscriber.email };
  const { kind } = found;
  const url = await preferencesUrl(c, subscriber.id);
  return answer(c, subscriber.language, (words) => {
    if (kind === 'open') return [words.confirm.title, questionBody(words.confirm, about)];
    const more = kind === 'confirmed' ? preferencesLink(words, url) : '';
    return [words[kind][0], resultBody(words[kind], about, more)];
  });
}

async function askToUnsubscribe(c: AppContext, found: Leaving | null): Promise<Response> {
  if (found === null) return refuseLink(c);
  if (found.state === 'unsubscribed') return sayUnsubscribed(c, found);
  return answer(c, found.subscriber?.language ?? null, ({ unsubscribe: words }) => {
    const text = textFor(found, words.text);
    return [words.title, questionBody({ ...words, text }, aboutLeaving(found))];
  });
}

/** Without a link to the preferences: whoever holds the link of one list may leave that one. */
function sayUnsubscribed(c: AppContext, found: Leaving): Promise<Response> {
  return answer(c, found.subscriber?.language ?? null, ({ unsubscribed: [title, text] }) => [
    title,
    resultBody([title, textFor(found, text)], aboutLeaving(found)),
  ]);
}

function aboutLeaving({ subscriber, list }: Leaving) {
  return { list: list?.name ?? '', email: subscriber?.email ?? '' };
}

/** Of somebody who is gone there is no address to be told: the list alone. */
function textFor({ subscriber }: Leaving, text: string): string {
  return subscriber === null ? '{list}' : text;
}

async function showPreferences(c: AppContext, token: string, saved: boolean): Promise<Response> {
  const found = await findPreferences(c.var.deps, token);
  if (found === null) return refuseLink(c);
  const { subscriber, preferences } = found;
  return answer(c, subscriber.language, (words) => [
    words.preferences.title,
    preferencesBody(words, subscriber.email, preferences, saved),
  ]);
}

/** A link that is not ours: counted, since whoever tries them costs the database a read for each. */
async function refuseLink(c: AppContext): Promise<Response> {
  await enforceLimits(c, [anonymousLimit(c)]);
  const about = { list: '', email: '' };
  const page = (words: Words): [string, Html] => [
    words.unknown[0],
    resultBody(words.unknown, about),
  ];
  return answer(c, null, page, 404);
}

function preferencesUrl(c: AppContext, subscriberId: string): Promise<string> {
  return linkFor(c.var.deps.config, 'preferences', { person: subscriberId, listId: '' });
}

async function answer(
  c: AppContext,
  known: string | null,
  write: (words: Words) => [title: string, body: Html],
  status: 200 | 404 = 200,
): Promise<Response> {
  const { language, messages } = await c.var.deps.translations.read(chooseLanguage(c, known));
  const [title, body] = write(messages.newsletter);
  const formTargets = ["'self'"];
  return sendPage(c, { language, title, owner: undefined, body, formTargets }, status);
}
