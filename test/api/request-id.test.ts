import { describe, it } from 'vitest';
import { call, makeSecretKey } from '../support/harness.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { expectProblem } from './answers.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('X-Request-Id', () => {
  for (const id of ['12345678', 'req-A-b-c-9', 'a'.repeat(64)]) {
    it(`is the caller’s when it is well formed: ${id.slice(0, 12)}`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const response = await call('/v1/leads/none', { key, headers: { 'X-Request-Id': id } });
      const problem = await expectProblem(expect, response, 404, 'not_found');
      expect(problem.request_id).toBe(id);
      expect(loggedOfKind('request')).toMatchObject([{ request_id: id }]);
    });
  }

  for (const id of [
    'short',
    'a'.repeat(65),
    'two words',
    'ada.lovelace',
    'key_of_somebody',
    '<script>',
    'a;b=c;d=e',
    'a/b/c/d/e/f',
  ]) {
    it(`is replaced when it is not: ${id.slice(0, 12)}`, async ({ expect }) => {
      const response = await call('/health/live', { headers: { 'X-Request-Id': id } });
      const given = response.headers.get('X-Request-Id');
      expect(given).toMatch(uuid);
      expect(loggedOfKind('request')).toMatchObject([{ request_id: given }]);
    });
  }

  it('is made for a caller that has none, anew for each request', async ({ expect }) => {
    const ids = new Set<string | null>();
    for (const path of ['/health/live', '/health/live', '/nothing']) {
      ids.add((await call(path)).headers.get('X-Request-Id'));
    }
    expect(ids.size).toBe(3);
    for (const id of ids) expect(id).toMatch(uuid);
  });
});
