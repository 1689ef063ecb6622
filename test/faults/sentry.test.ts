import { describe, it } from 'vitest';
import { faulty, type Faulty } from '../support/faults.ts';
import { callWith, makeForm, randomIp } from '../support/harness.ts';
import { makePerson, personalData } from '../support/people.ts';

/** The DSN of a Sentry on this machine. */
function dsnOf(sentry: Faulty): string {
  return `${sentry.url.replace('http://', 'http://0123456789abcdef@')}/1`;
}

/** A database that refuses what we send: the one way to a 500. */
function brokenDatabase(): string {
  return `${faulty('database', 'write-error-SQLITE_ERROR').url}/`;
}

describe('error reports', () => {
  it('say what failed and where, and nothing about the visitor', async ({ expect }) => {
    const { key } = await makeForm();
    const person = makePerson();
    const sentry = faulty('sink', 'none');
    const answer = await callWith(
      {
        TURSO_DATABASE_URL: brokenDatabase(),
        SENTRY_DSN: dsnOf(sentry),
        SENTRY_TRACES_SAMPLE_RATE: '0',
      },
      '/v1/leads?secret=parameter',
      { key, json: person, ip: randomIp(), headers: { 'X-Request-Id': 'request-0001' } },
    );
    expect(answer.status).toBe(500);

    const [envelope, ...more] = await sentry.seen();
    expect(more).toEqual([]);
    const body = envelope?.body ?? '';
    const event = JSON.parse(body.split('\n')[2] ?? '') as Record<string, unknown>;
    expect(event).toMatchObject({
      environment: 'development',
      tags: { request_id: 'request-0001', route: 'POST /v1/leads' },
      exception: { values: [{ type: 'DatabaseBug', value: 'DatabaseBug' }] },
    });
    for (const text of [...personalData(), 'secret=parameter', 'upstream text', '2001:db8', '@']) {
      expect(body).not.toContain(text);
    }
    expect(Object.keys(event)).not.toContain('request');
    expect(Object.keys(event)).not.toContain('user');
  });

  it('trace the share of requests that the configuration asks for', async ({ expect }) => {
    const { key } = await makeForm();
    const [all, none] = [faulty('sink', 'none'), faulty('sink', 'none')];
    await callWith({ SENTRY_DSN: dsnOf(all), SENTRY_TRACES_SAMPLE_RATE: '1' }, '/v1/leads', {
      key,
      json: makePerson(),
    });
    await callWith({ SENTRY_DSN: dsnOf(none), SENTRY_TRACES_SAMPLE_RATE: '0' }, '/v1/leads', {
      key,
      json: makePerson(),
    });
    const traces = await all.seen();
    expect(traces).toHaveLength(1);
    expect(traces[0]?.body).toContain('"transaction":"POST /v1/leads"');
    for (const text of personalData()) expect(traces[0]?.body).not.toContain(text);
    expect(await none.seen()).toEqual([]);
  });

  for (const fault of ['hang', 'status-429', 'drop']) {
    it(`change nothing for the visitor when Sentry is in trouble (${fault})`, async ({
      expect,
    }) => {
      const { key } = await makeForm();
      const bindings = {
        SENTRY_DSN: dsnOf(faulty('redis', fault)),
        SENTRY_TRACES_SAMPLE_RATE: '1',
      };
      const answer = await callWith(bindings, '/v1/leads', { key, json: makePerson() });
      expect(answer.status).toBe(201);
    });
  }
});
