import { describe, it, type ExpectStatic } from 'vitest';
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

/** Where Sentry takes envelopes: https://develop.sentry.dev/sdk/data-model/envelopes/. */
const endpoint =
  'api/1/envelope/?sentry_key=0123456789abcdef&sentry_version=7&sentry_client=toucan-js%2F4.1.1';

/** The lines of an envelope: its header, the item's header, and the event. */
function readEnvelope(body: string) {
  const [header = '', item = '', event = ''] = body.split('\n');
  return {
    header: JSON.parse(header) as { event_id: string; trace?: { trace_id: string } },
    item: JSON.parse(item) as unknown,
    event: JSON.parse(event) as unknown,
  };
}

const hex = (expect: ExpectStatic, length: number): unknown =>
  expect.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

/** What every event says. */
const common = (expect: ExpectStatic, header: { event_id: string }) => ({
  event_id: header.event_id,
  platform: 'javascript',
  timestamp: expect.any(Number) as unknown,
  environment: 'development',
  release: expect.any(String) as unknown,
  sdk: {
    name: 'toucan-js',
    version: '4.1.1',
    integrations: [],
    packages: [{ name: 'npm:toucan-js', version: '4.1.1' }],
  },
});

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
    expect(envelope?.path).toBe(endpoint);
    const { header, item, event } = readEnvelope(body);
    expect(header).toEqual({
      event_id: hex(expect, 32),
      sent_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
      sdk: { name: 'toucan-js', version: '4.1.1' },
      trace: {
        environment: 'development',
        release: expect.any(String) as unknown,
        public_key: '0123456789abcdef',
        trace_id: hex(expect, 32),
      },
    });
    expect(item).toEqual({ type: 'event' });
    expect(event).toEqual({
      ...common(expect, header),
      tags: { request_id: 'request-0001', route: 'POST /v1/leads' },
      contexts: {
        trace: { trace_id: header.trace?.trace_id, span_id: hex(expect, 16) },
      },
      exception: {
        values: [
          {
            type: 'DatabaseBug',
            value: 'DatabaseBug',
            mechanism: { type: 'generic', handled: true },
            stacktrace: { frames: expect.arrayContaining([expect.anything()]) as unknown },
          },
        ],
      },
    });
    for (const text of [...personalData(), 'secret=parameter', 'upstream text', '2001:db8', '@']) {
      expect(body).not.toContain(text);
    }
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
    expect(traces[0]?.path).toBe(endpoint);
    const { header, item, event } = readEnvelope(traces[0]?.body ?? '');
    expect(item).toEqual({ type: 'transaction' });
    expect(event).toEqual({
      ...common(expect, header),
      type: 'transaction',
      transaction: 'POST /v1/leads',
      start_timestamp: expect.any(Number) as unknown,
      tags: { request_id: expect.any(String) as unknown, route: 'POST /v1/leads' },
      contexts: {
        trace: {
          trace_id: hex(expect, 32),
          span_id: hex(expect, 16),
          op: 'http.server',
          status: 'ok',
        },
      },
    });
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
