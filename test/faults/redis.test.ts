import { describe, it } from 'vitest';
import { closedPort, encoded, faulty } from '../support/faults.ts';
import { call, callWith, makeForm, makeSecretKey } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { loggedOfKind } from '../support/watch-logs.ts';

const away: [name: string, url: () => string][] = [
  ['never answers', () => faulty('redis', 'hang').url],
  ['closes the connection', () => faulty('redis', 'drop').url],
  ['answers 500', () => faulty('redis', 'status-500').url],
  ['answers HTML', () => faulty('redis', 'html').url],
  ['answers null', () => faulty('redis', `body-${encoded({ result: null })}`).url],
  ['answers an error', () => faulty('redis', `body-${encoded({ error: 'ERR full' })}`).url],
  ['answers for other windows', () => faulty('redis', `body-${encoded({ result: '9 9 9' })}`).url],
  ['is not there at all', () => closedPort],
];

describe('Redis in trouble', () => {
  for (const [name, url] of away) {
    it(`that ${name}: a lead is taken all the same, and the log says so`, async ({ expect }) => {
      const { key } = await makeForm();
      const answer = await callWith({ UPSTASH_REDIS_REST_URL: url() }, '/v1/leads', {
        key,
        json: makePerson(),
      });
      expect(answer.status).toBe(201);
      expect(answer.headers.has('RateLimit')).toBe(false);
      expect(loggedOfKind('request')).toMatchObject([{ status: 201, limits_skipped: true }]);
    });

    it(`that ${name}: keys cannot be managed, 503`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const answer = await callWith({ UPSTASH_REDIS_REST_URL: url() }, '/v1/keys', { key });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('Retry-After')).toBe('5');
      expect(await answer.json()).toMatchObject({ code: 'unavailable' });
    });
  }

  it('adds at most its deadline to a request', async ({ expect }) => {
    const { key } = await makeForm();
    expect((await call('/v1/leads', { key, json: makePerson() })).status).toBe(201);
    const startedAt = Date.now();
    const answer = await callWith(
      { UPSTASH_REDIS_REST_URL: faulty('redis', 'hang').url },
      '/v1/leads',
      {
        key,
        json: makePerson(),
      },
    );
    expect(answer.status).toBe(201);
    expect(Date.now() - startedAt).toBeLessThan(1_500);
  });
});
