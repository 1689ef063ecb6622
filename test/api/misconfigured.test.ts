import { describe, it } from 'vitest';
import { callWith } from '../support/harness.ts';
import { loggedLines, loggedOfKind } from '../support/watch-logs.ts';
import { productionEnv } from '../unit/production-env.ts';
import { expectProblem, expectSecurityHeaders } from './answers.ts';

const broken = {
  APP_SECRET: 'hunter2hunter2',
  UPSTASH_REDIS_REST_URL: 'redis.internal.example',
  LIMIT_INTAKE_PER_IP: 'frequently',
  TURSO_DATABASE_URL: undefined,
};

describe('a deployment with an unusable configuration', () => {
  for (const path of ['/', '/v1/leads', '/v1/keys', '/.well-known/security.txt', '/nothing']) {
    it(`serves nobody: 503 for ${path}`, async ({ expect }) => {
      const response = await callWith(broken, path, { method: 'POST', json: {}, key: 'a' });
      const problem = await expectProblem(expect, response, 503, 'misconfigured');
      expect(response.headers.get('Retry-After')).toBe('60');
      expect(JSON.stringify(problem)).not.toMatch(/APP_SECRET|hunter2/);
    });
  }

  it('names the fields in its log, and never their values', async ({ expect }) => {
    await callWith(broken, '/v1/leads');
    const [line] = loggedOfKind('fault');
    expect(line).toMatchObject({ fault: 'misconfigured' });
    const names = line?.['names'] as string[];
    expect(new Set(names.map((name) => name.split(' ')[0]))).toEqual(new Set(Object.keys(broken)));
    expect(names).toContain('TURSO_DATABASE_URL is missing');
    const logged = loggedLines().join('\n');
    for (const value of ['hunter2', 'redis.internal', 'frequently']) {
      expect(logged).not.toContain(value);
    }
  });

  for (const method of ['GET', 'HEAD']) {
    it(`is down for ${method} /health, which says why`, async ({ expect }) => {
      const response = await callWith(broken, '/health/', { method });
      expect(response.status).toBe(503);
      expect(response.headers.get('Retry-After')).toBe('60');
      expectSecurityHeaders(expect, response);
      const body = { status: 'down', checks: { configuration: 'failed' } };
      expect(await response.text()).toBe(method === 'GET' ? JSON.stringify(body) : '');
    });
  }

  it('still runs, says /health/live', async ({ expect }) => {
    expect((await callWith(broken, '/health/live')).status).toBe(200);
  });

  it('serves nobody in production before the hosts of the example are edited', async ({
    expect,
  }) => {
    const hosts = { PUBLIC_URL: 'https://inlet.example.com', ALLOWED_HOSTS: 'inlet.example.com' };
    const path = 'https://inlet.example.com/v1/leads';
    const response = await callWith({ ...productionEnv, ...hosts }, path);
    await expectProblem(expect, response, 503, 'misconfigured');
  });

  it('serves nobody in production whose suppressions would be lost with the next secret', async ({
    expect,
  }) => {
    const rotated = {
      APP_SECRET_PREVIOUS: productionEnv.APP_SECRET.split('').toReversed().join(''),
    };
    const ask = (more: object) =>
      callWith(
        { ...productionEnv, ...rotated, ...more },
        'https://inlet.acme.alt/.well-known/security.txt',
      );
    await expectProblem(expect, await ask({}), 503, 'misconfigured');
    const [line] = loggedOfKind('fault');
    expect(line?.['names']).toEqual([expect.stringMatching(/^SUBJECT_SECRET is missing/)]);
    const kept = await ask({ SUBJECT_SECRET: rotated.APP_SECRET_PREVIOUS });
    await expectProblem(expect, kept, 404, 'not_found');
  });

  for (const [name, value] of [
    ['TURSO_DATABASE_URL', 'wss://database.acme.alt'],
    ['TURSO_DATABASE_URL', 'libsql://database.acme.alt?syncUrl=a'],
    ['UPSTASH_REDIS_REST_URL', 'rediss://redis.acme.alt'],
  ] as const) {
    it(`says so, rather than fail at each request, with ${name} ${value}`, async ({ expect }) => {
      const response = await callWith({ [name]: value }, '/v1/leads');
      await expectProblem(expect, response, 503, 'misconfigured');
    });
  }
});
