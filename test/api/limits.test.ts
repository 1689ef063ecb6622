import { describe, it } from 'vitest';
import {
  call,
  callWith,
  makeForm,
  makeSecretKey,
  operator,
  randomIp,
  type Call,
} from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { countLeads } from '../support/rows.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { expectProblem } from './answers.ts';

// Windows of a day, so that none ends in the middle of a test.
const perDay = {
  LIMIT_INTAKE_PER_IP: '10/1d',
  LIMIT_AUTH_FAILURES: '10/1d',
  LIMIT_ANONYMOUS_PER_IP: '3/1d',
};

const ask = (path: string, options: Call) => callWith(perDay, path, options);

const capture = (key: string, ip: string) => ask('/v1/leads', { key, ip, json: makePerson() });

async function exhaustIntake(key: string, ip: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let count = 0; count < 10; count += 1) statuses.push((await capture(key, ip)).status);
  return statuses;
}

describe('what a visitor may send to one form', () => {
  it('is 10 in an hour by default, and every answer says how many are left', async ({ expect }) => {
    const { key } = await makeForm();
    const response = await call('/v1/leads', { key, json: makePerson() });
    expect(response.headers.get('RateLimit-Policy')).toBe('"intake";q=10;w=3600');
    expect(response.headers.get('RateLimit')).toMatch(/^"intake";r=9;t=\d+$/);
  });

  it('ends with the limit: the eleventh is refused and not stored', async ({ expect }) => {
    const [{ formId, key }, ip] = [await makeForm(), randomIp()];
    expect(await exhaustIntake(key, ip)).toEqual(Array<number>(10).fill(201));

    const response = await capture(key, ip);
    const problem = await expectProblem(expect, response, 429, 'rate_limited');
    expect(problem.type).toBe('https://iana.org/assignments/http-problem-types#quota-exceeded');
    const seconds = Number(response.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(0);
    expect(response.headers.get('RateLimit-Policy')).toContain('"intake";q=10;w=86400');
    expect(response.headers.get('RateLimit')).toContain(`"intake";r=0;t=${seconds}`);
    expect(await countLeads(operator, formId)).toBe(10);
    expect(loggedOfKind('security')).toMatchObject([
      {
        event: 'limit_exceeded',
        reason: 'intake',
        route: '/v1/leads',
        ip_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  it('counts for a whole /64, whatever forwarding headers say', async ({ expect }) => {
    const [{ key }, ip] = [await makeForm(), randomIp()];
    await exhaustIntake(key, ip);
    const network = ip.split(':').slice(0, 4).join(':');
    const headers = { 'X-Forwarded-For': '203.0.113.9', 'True-Client-IP': '203.0.113.9' };
    const neighbour = { key, ip: `${network}:ffff::7`, json: makePerson(), headers };
    await expectProblem(expect, await ask('/v1/leads', neighbour), 429, 'rate_limited');
    expect((await capture(key, randomIp())).status).toBe(201);
  });

  it('counts for one form: another takes more, and sign-ups count with leads', async ({
    expect,
  }) => {
    const [{ key }, other, ip] = [await makeForm(), await makeForm(), randomIp()];
    await exhaustIntake(key, ip);
    expect((await capture(other.key, ip)).status).toBe(201);
    const signUp = await ask('/v1/subscribers', { key, ip, json: { email: makePerson().email } });
    await expectProblem(expect, signUp, 429, 'rate_limited');
  });

  it('is no limit for a secret key', async ({ expect }) => {
    const [{ key }, ip] = [await makeSecretKey(), randomIp()];
    await exhaustIntake(key, ip);
    const response = await capture(key, ip);
    expect(response.status).toBe(201);
    expect(response.headers.get('RateLimit-Policy')).toBe('"api";q=1000;w=3600');
  });
});

describe('guessing at keys', () => {
  it('ends with the eleventh wrong key, of whatever kind', async ({ expect }) => {
    const ip = randomIp();
    const wrong = ['guess', `inlet_sk_test_${'a'.repeat(38)}`, `inlet_pk_live_${'b'.repeat(38)}`];
    for (let count = 0; count < 10; count += 1) {
      const response = await ask('/v1/leads', { ip, key: wrong[count % 3] ?? '' });
      await expectProblem(expect, response, 401, 'invalid_key');
    }
    const response = await ask('/v1/leads', { ip, key: 'guess' });
    await expectProblem(expect, response, 429, 'rate_limited');
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(loggedOfKind('security').slice(-2)).toMatchObject([
      { event: 'key_refused', reason: 'invalid_key' },
      { event: 'limit_exceeded', reason: 'auth-failures' },
    ]);
  });

  it('costs nobody else anything', async ({ expect }) => {
    const ip = randomIp();
    for (let count = 0; count < 11; count += 1) await ask('/v1/leads', { ip, key: 'guess' });
    const elsewhere = await ask('/v1/leads', { ip: randomIp(), key: 'guess' });
    await expectProblem(expect, elsewhere, 401, 'invalid_key');
  });
});

describe('asking without a key', () => {
  it('is counted, for what is not there and for what needs a key', async ({ expect }) => {
    const ip = randomIp();
    const policy = '"anonymous";q=3;w=86400';
    for (const [path, status] of [
      ['/nothing', 404],
      ['/v1/leads', 401],
      ['/v1/nothing', 404],
    ] as const) {
      const response = await ask(path, { ip });
      expect(response.status).toBe(status);
      expect(response.headers.get('RateLimit-Policy')).toBe(policy);
    }
    for (const path of ['/nothing', '/v1/leads']) {
      await expectProblem(expect, await ask(path, { ip }), 429, 'rate_limited');
    }
    expect(loggedOfKind('security').at(-1)).toMatchObject({
      event: 'limit_exceeded',
      reason: 'anonymous',
    });
  });

  it('is counted at the door, for addresses where no form is', async ({ expect }) => {
    const ip = randomIp();
    const asPage = { Accept: 'application/json' };
    for (const [status, code] of [
      ...Array.from({ length: 3 }, () => [404, 'FORM_NOT_FOUND'] as const),
      ...[[429, 'RATE_LIMITED'] as const],
    ]) {
      const address = `form_of_nobody_${crypto.randomUUID().slice(0, 8)}`;
      const response = await ask(`/f/${address}`, { ip, json: makePerson(), headers: asPage });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ code });
    }
  });

  it('is never refused for /health', async ({ expect }) => {
    const ip = randomIp();
    for (let count = 0; count < 5; count += 1) {
      const response = await ask('/health', { ip });
      expect(response.status).toBe(200);
      expect(response.headers.get('RateLimit')).toBeNull();
    }
  });
});

describe('a burst', () => {
  it('is refused at the door, by a hash of the network it comes from', async ({ expect }) => {
    const seen: string[] = [];
    const BURST = {
      limit: ({ key }: { key: string }) => {
        seen.push(key);
        return Promise.resolve({ success: false });
      },
    };
    const { formId, key } = await makeForm();
    const ip = randomIp();
    for (const from of [ip, ip.replace('::1', '::2'), randomIp()]) {
      const response = await callWith({ BURST }, '/v1/leads', {
        key,
        ip: from,
        json: makePerson(),
      });
      await expectProblem(expect, response, 429, 'rate_limited');
      expect(response.headers.get('Retry-After')).toBe('10');
    }
    expect(await countLeads(operator, formId)).toBe(0);
    expect(seen[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).not.toBe(seen[0]);
    expect(loggedOfKind('security')[0]).toMatchObject({ event: 'limit_exceeded', reason: 'burst' });
  });
});
