import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import { Hono } from 'hono/tiny';
import type { OpenDeps } from './deps.ts';
import { AppError } from './errors.ts';
import { fileRoutes } from './files/routes.ts';
import { answerRefused } from './forms/door/answer-refused.ts';
import { formCors } from './forms/door/cors.ts';
import { doorPaths, doorRoutes } from './forms/door/routes.ts';
import { formRoutes } from './forms/routes.ts';
import { healthRoutes } from './health/routes.ts';
import { accessLog } from './http/access-log.ts';
import type { AppContext, AppEnv } from './http/context.ts';
import { cors } from './http/cors.ts';
import { frontDoor } from './http/front-door.ts';
import { declareMiddleware, denyUnguarded } from './http/guard.ts';
import { answerNotFound } from './http/not-found.ts';
import { answerError, problem } from './http/problem.ts';
import { requestContext } from './http/request-context.ts';
import { requestId } from './http/request-id.ts';
import { securityHeaders } from './http/security-headers.ts';
import { securityTxt } from './http/security-txt.ts';
import { importRoutes } from './imports/routes.ts';
import { keyRoutes } from './keys/routes.ts';
import { leadRoutes } from './leads/routes.ts';
import { mailEventRoutes } from './mail-events/routes.ts';
import { listRoutes } from './lists/routes.ts';
import { subscriberRoutes } from './subscribers/routes.ts';
import { linkRoutes } from './newsletter/link-routes.ts';
import { outboxRoutes } from './outbox/routes.ts';
import { subjectRoutes } from './subjects/routes.ts';
import { submissionRoutes } from './submissions/routes.ts';
import { suppressionRoutes } from './suppressions/routes.ts';

/** The service: middleware in their order, then the features. */
export function createApp(openDeps: OpenDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ strict: false });
  app.onError((error, c) => (isAtDoor(c) ? answerRefused(error, c) : answerError(error, c)));
  app.notFound(answerNotFound(app));

  app.use(...declareMiddleware(requestId, requestContext(openDeps), accessLog, securityHeaders));
  // A script on a site's page has to read what the front door says, too.
  for (const path of doorPaths) app.use(path, ...declareMiddleware(formCors));
  app.use(...declareMiddleware(frontDoor));
  app.use('/v1/*', ...declareMiddleware(cors(app), denyUnguarded));

  app.route('/', healthRoutes);
  app.get('/.well-known/security.txt', securityTxt);
  app.route('/', doorRoutes);
  app.route('/v1/leads', leadRoutes);
  app.route('/v1/forms', formRoutes);
  app.route('/v1/submissions', submissionRoutes);
  app.route('/v1/outbox', outboxRoutes);
  app.route('/n', linkRoutes);
  app.route('/in/mail', mailEventRoutes);
  app.route('/v1/files', fileRoutes);
  app.route('/v1/subscribers', subscriberRoutes);
  app.route('/v1/suppressions', suppressionRoutes);
  app.route('/v1/imports', importRoutes);
  app.route('/v1/subjects', subjectRoutes);
  app.route('/v1/lists', listRoutes);
  app.route('/v1/keys', keyRoutes);
  return app;
}

/** Whether the sender of a form waits for the answer, whoever turns the request away. */
function isAtDoor(c: AppContext): boolean {
  return matchedRoutes(c as Context).some(({ handler }) => handler === formCors);
}

/** What runs in place of the service while its configuration is not usable: the log names the fields. */
export function createMisconfiguredApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ strict: false });
  const checks = { configuration: 'failed' };
  app.use(requestId, securityHeaders);
  app.get('/health/live', (c) => c.json({ status: 'ok' }));
  app.get('/health', (c) => c.json({ status: 'down', checks }, 503, { 'Retry-After': '60' }));
  app.all('*', (c) => problem(c, misconfigured));
  return app;
}

const misconfigured = new AppError(
  'misconfigured',
  'The service is not configured. Its log names the fields.',
  { retryAfter: 60 },
);
