import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { answerOnce } from '../../src/idempotency/answer-once.ts';
import { firstListId } from '../../src/newsletter/contract.ts';
import { call, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson, randomWord } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { buildApp, listRoutes } from '../guards/routes.ts';
import { expectProblem, refusedFields } from './answers.ts';
import { runSql } from './data.ts';

type Body = Record<string, unknown>;

/** A POST that creates, and how many times it did so for a body. */
type Creator = {
  path: string;
  makeBody: () => Body;
  count: (body: Body) => Promise<number>;
  /** What two requests come to that are no repeats; 2 unless told. */
  twoAre?: number;
};

const creators: Creator[] = [
  {
    path: '/v1/leads',
    makeBody: makePerson,
    count: ({ email }) => countRows(sql`SELECT id FROM leads WHERE email = ${email}`),
  },
  {
    path: '/v1/subscribers',
    makeBody: () => ({ email: makePerson().email }),
    count: ({ email }) =>
      countRows(sql`SELECT consents.id FROM consents
        JOIN subscribers ON subscribers.id = subscriber_id WHERE email = ${email}`),
    // A wish that was noted a moment ago.
    twoAre: 1,
  },
  {
    path: '/v1/forms',
    makeBody: () => ({ name: randomWord() }),
    count: ({ name }) => countRows(sql`SELECT id FROM forms WHERE name = ${name}`),
  },
  {
    path: '/v1/lists',
    makeBody: () => ({ name: randomWord() }),
    count: ({ name }) => countRows(sql`SELECT id FROM lists WHERE name = ${name}`),
  },
  {
    path: '/v1/imports',
    makeBody: () => ({ list_id: firstListId, consent: randomWord() }),
    count: ({ consent }) => countRows(sql`SELECT id FROM imports WHERE consent = ${consent}`),
  },
];

/** What is tested elsewhere, since a row of its own is not what it makes. */
const others = [
  ...['/v1/keys', '/v1/keys/verify', '/v1/forms/:id/address'],
  ...['/v1/submissions/:id/not-spam', '/v1/submissions/:id/spam', '/v1/subjects/erase'],
  ...['/v1/imports/:id/rows', '/v1/imports/:id/finish', '/v1/subjects/export'],
  // A repeat finds what it wants done.
  ...['/v1/subscribers/:id/unsubscribe', '/v1/suppressions'],
  ...['/v1/outbox/:id/retry', '/v1/outbox/retry'],
];

async function countRows(query: ReturnType<typeof sql>): Promise<number> {
  return (await rowsOf(operator, query)).length;
}

function post(path: string, key: string, word: string, json: unknown): Promise<Response> {
  return call(path, { key, json, headers: { 'Idempotency-Key': word } });
}

describe('an answer that is erased while its repeat looks for it', () => {
  it('leaves the way free for the repeat', async ({ expect }) => {
    const token = { sender: 'form_1', key: crypto.randomUUID(), fingerprint: 'f', keptMs: 60_000 };
    const first = { resourceId: crypto.randomUUID(), status: 201 as const, body: {} };
    const second = { ...first, resourceId: crypto.randomUUID() };
    await answerOnce(operator, [token], first, () => []);
    const database = {
      ...operator.database,
      async write(statements: Parameters<typeof operator.database.write>[0]) {
        try {
          return await operator.database.write(statements);
        } catch (error) {
          await runSql(sql`DELETE FROM idempotency_keys WHERE resource_id = ${first.resourceId}`);
          throw error;
        }
      },
    };
    const outcome = await answerOnce({ ...operator, database }, [token], second, () => []);
    expect(outcome).toEqual({ answer: second, replayed: false });
  });
});

describe('Idempotency-Key', () => {
  it('is tested for every POST that creates', ({ expect }) => {
    const posts = listRoutes(buildApp()).filter(({ method }) => method === 'POST');
    const ofTheApi = posts.map(({ path }) => path).filter((path) => path.startsWith('/v1'));
    const known = [...creators.map((creator) => creator.path), ...others];
    expect(ofTheApi.toSorted()).toEqual(known.toSorted());
  });

  it('means something only on the path where it was used', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { full_name, email } = makePerson();
    expect((await post('/v1/leads', key, 'once', { full_name, email })).status).toBe(201);
    const other = await post('/v1/subscribers', key, 'once', { full_name, email });
    await expectProblem(expect, other, 422, 'idempotency_key_reused');
  });

  it('does not repeat the answer about a lead that was deleted since', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const person = makePerson();
    const created = await post('/v1/leads', key, 'once', person);
    const { id } = await created.json<{ id: string }>();
    await call(`/v1/leads/${id}`, { method: 'DELETE', key });
    const repeated = await post('/v1/leads', key, 'once', person);
    const problem = await expectProblem(expect, repeated, 409, 'conflict');
    expect(problem.detail).toContain(id);
    expect(JSON.stringify(problem)).not.toContain(person.full_name);
    expect(await creators[0]?.count(person)).toBe(0);
  });

  it('shows a publishable key nothing but the id in a repeated answer, too', async ({ expect }) => {
    const { key } = await makeForm();
    const person = makePerson();
    const first = await post('/v1/leads', key, 'once', person);
    const second = await post('/v1/leads', key, 'once', person);
    expect(second.headers.get('Location')).toBe(first.headers.get('Location'));
    expect(await second.json()).toEqual({ id: expect.stringMatching(/^lead_/) });
  });
});

for (const { path, makeBody, count, twoAre = 2 } of creators) {
  describe(`Idempotency-Key on POST ${path}`, () => {
    it('repeats the answer to the same request, and creates nothing more', async ({ expect }) => {
      const { key } = await makeSecretKey();
      const body = makeBody();
      const first = await post(path, key, 'once', body);
      const second = await post(path, key, 'once', body);
      expect(first.headers.get('Idempotency-Replayed')).toBeNull();
      expect(second.headers.get('Idempotency-Replayed')).toBe('true');
      expect(second.status).toBe(first.status);
      expect(second.headers.get('Location')).toBe(first.headers.get('Location'));
      expect(await second.json()).toEqual(await first.json());
      expect(await count(body)).toBe(1);
    });

    it('is the same word, quoted or bare', async ({ expect }) => {
      const { key } = await makeSecretKey();
      const body = makeBody();
      await post(path, key, '"8e03978e-40d5"', body);
      const second = await post(path, key, '8e03978e-40d5', body);
      expect(second.headers.get('Idempotency-Replayed')).toBe('true');
      expect(await count(body)).toBe(1);
    });

    it('is refused with another body, of which nothing is kept', async ({ expect }) => {
      const { key } = await makeSecretKey();
      const other = makeBody();
      await post(path, key, 'once', makeBody());
      const response = await post(path, key, 'once', other);
      await expectProblem(expect, response, 422, 'idempotency_key_reused');
      expect(await count(other)).toBe(0);
    });

    it('creates once when ten come at the same moment', async ({ expect }) => {
      const { key } = await makeSecretKey();
      const body = makeBody();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => post(path, key, 'once', body)),
      );
      const texts = await Promise.all(answers.map((answer) => answer.text()));
      expect(new Set(answers.map((answer) => answer.status)).size).toBe(1);
      expect(new Set(texts).size).toBe(1);
      const fresh = answers.filter((answer) => answer.headers.get('Idempotency-Replayed') === null);
      expect(fresh).toHaveLength(1);
      expect(await count(body)).toBe(1);
    });

    it('is each API key’s own: two may choose the same word', async ({ expect }) => {
      const [one, other] = [await makeSecretKey(), await makeSecretKey()];
      const body = makeBody();
      await post(path, one.key, 'once', body);
      const second = await post(path, other.key, 'once', body);
      expect(second.headers.get('Idempotency-Replayed')).toBeNull();
      expect(await count(body)).toBe(twoAre);
    });

    it('can be used again after its day', async ({ expect }) => {
      const { id, key } = await makeSecretKey();
      await post(path, key, 'once', makeBody());
      const rows = await rowsOf<{ left: number }>(
        operator,
        sql`SELECT expires_at - ${Date.now()} AS left FROM idempotency_keys WHERE sender = ${id}`,
      );
      expect(rows[0]?.left).toBeGreaterThan(86_340_000);
      expect(rows[0]?.left).toBeLessThanOrEqual(86_400_000);

      await runSql(
        sql`UPDATE idempotency_keys SET expires_at = ${Date.now()} WHERE sender = ${id}`,
      );
      const body = makeBody();
      const again = await post(path, key, 'once', body);
      expect(again.ok).toBe(true);
      expect(again.headers.get('Idempotency-Replayed')).toBeNull();
      expect(await count(body)).toBe(1);
    });

    it('is not used up by a request that was refused', async ({ expect }) => {
      const { key } = await makeSecretKey();
      const body = makeBody();
      await refusedFields(expect, await post(path, key, 'once', { ...body, email: 'x' }));
      expect((await post(path, key, 'once', body)).ok).toBe(true);
      expect(await count(body)).toBe(1);
    });

    for (const word of ['two words', 'tab\tbed', '""', 'a'.repeat(256), 'a"b', 'a\\b']) {
      it(`is refused when it is no key: ${word.slice(0, 10)}`, async ({ expect }) => {
        const { key } = await makeSecretKey();
        const body = makeBody();
        const response = await post(path, key, word, body);
        const fields = await refusedFields(expect, response);
        expect(fields).toEqual({ 'Idempotency-Key': 'invalid_header' });
        expect(await count(body)).toBe(0);
      });
    }

    it('is not needed: without it each request counts', async ({ expect }) => {
      const { key } = await makeSecretKey();
      const body = makeBody();
      await call(path, { key, json: body });
      await call(path, { key, json: body });
      expect(await count(body)).toBe(twoAre);
    });
  });
}
