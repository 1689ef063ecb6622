import { sql } from 'drizzle-orm';
import { describe, it, type ExpectStatic } from 'vitest';
import type { ErrorCode } from '../../src/errors.ts';
import type { Access } from '../../src/http/guard.ts';
import { scopes } from '../../src/keys/contract.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import { mintKey } from '../../src/keys/key-format.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { expectProblem } from '../api/answers.ts';
import { runSql } from '../api/data.ts';
import { call, makeForm, makeSecretKey, operator, type Call } from '../support/harness.ts';
import { rememberAsPersonal } from '../support/people.ts';
import { loggedOfKind } from '../support/watch-logs.ts';
import { buildApp, listRoutes, type Route } from './routes.ts';

const shop = 'https://shop.example';

for (const route of listRoutes(buildApp()).filter(({ path }) => path.startsWith('/v1'))) {
  const { method, path, access } = route;
  describe(`${method} ${path}`, () => {
    it('has a guard', ({ expect }) => {
      expect(access).toBeDefined();
    });
    if (access !== undefined) describeGuard(route, access);
  });
}

function describeGuard({ method, path }: Route, access: Access): void {
  const ask = (options: Call): Promise<Response> =>
    call(path.replace(':id', 'nothing'), {
      method,
      ...(['POST', 'PATCH'].includes(method) ? { json: {} } : {}),
      ...options,
    });

  /** Checks that a request is refused, and that the security log says why, without saying of whom. */
  async function expectRefusal(
    expect: ExpectStatic,
    options: Call,
    [status, code]: [401 | 403, ErrorCode],
    keyId?: string,
  ): Promise<void> {
    const response = await ask(options);
    const problem = await expectProblem(expect, response, status, code);
    expect(response.headers.get('WWW-Authenticate')).toBe(
      status === 401 ? 'Bearer realm="inlet"' : null,
    );
    expect(loggedOfKind('security')).toEqual([
      {
        kind: 'security',
        at: expect.any(String),
        event: code === 'origin_not_allowed' ? 'origin_refused' : 'key_refused',
        reason: code,
        request_id: problem.request_id,
        route: path,
        ip_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        ...(keyId === undefined ? {} : { key_id: keyId }),
      },
    ]);
  }

  it('refuses a request without a key', async ({ expect }) => {
    await expectRefusal(expect, {}, [401, 'missing_key']);
  });

  it('refuses a key with a wrong checksum', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const mistyped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    await expectRefusal(expect, { key: mistyped }, [401, 'invalid_key']);
  });

  it('refuses a well-formed key that was never issued', async ({ expect }) => {
    await expectRefusal(expect, { key: mintKey('secret', 'test') }, [401, 'invalid_key']);
  });

  it('refuses a revoked key', async ({ expect }) => {
    const { id, key } = await makeSecretKey();
    await revokeKey(operator, id, { actor: 'test', requestId: null });
    await expectRefusal(expect, { key }, [401, 'revoked_key'], id);
  });

  it('refuses an expired key', async ({ expect }) => {
    const { id, key } = await makeSecretKey();
    await runSql(sql`UPDATE api_keys SET expires_at = ${Date.now() - 1} WHERE id = ${id}`);
    await expectRefusal(expect, { key }, [401, 'expired_key'], id);
  });

  it('refuses a live key on a test deployment', async ({ expect }) => {
    await expectRefusal(expect, { key: await makeLiveKey() }, [401, 'invalid_key']);
  });

  it('refuses a key with every scope but its own', async ({ expect }) => {
    const { id, key } = await makeSecretKey(scopes.filter((scope) => scope !== access.scope));
    await expectRefusal(expect, { key }, [403, 'insufficient_scope'], id);
  });

  it('refuses a key bound to an origin from another, and from none', async ({ expect }) => {
    const { id, key } = await makeSecretKey(scopes, { origins: [shop] });
    const wrong = await ask({ key, headers: { Origin: `${shop}.evil.example` } });
    await expectProblem(expect, wrong, 403, 'origin_not_allowed');
    expect(loggedOfKind('security').map((line) => line['event'])).toEqual(['origin_refused']);
    const missing = await ask({ key });
    await expectProblem(expect, missing, 403, 'origin_not_allowed');
    expect(loggedOfKind('security').map((line) => line['key_id'])).toEqual([id, id]);
  });

  it('lets a key with its scope alone pass, from its own origin', async ({ expect }) => {
    const { key } = await makeSecretKey([access.scope], { origins: [shop] });
    const response = await ask({ key, headers: { Origin: shop } });
    expect([200, 404, 422]).toContain(response.status);
    expect(loggedOfKind('security')).toEqual([]);
  });

  if (access.publishable === true) {
    it('lets the publishable key of a form pass', async ({ expect }) => {
      const { key } = await makeForm();
      expect((await ask({ key })).status).toBe(422);
      expect(loggedOfKind('security')).toEqual([]);
    });

    it('refuses the publishable key of a form that names origins from another, and from none', async ({
      expect,
    }) => {
      const { formId, id, key } = await makeForm();
      await runSql(
        sql`UPDATE forms SET allowed_origins = json_array(${shop}) WHERE id = ${formId}`,
      );
      await expectRefusal(expect, { key }, [403, 'origin_not_allowed'], id);
      const wrong = await ask({ key, headers: { Origin: `${shop}.evil.example` } });
      await expectProblem(expect, wrong, 403, 'origin_not_allowed');
      expect((await ask({ key, headers: { Origin: shop } })).status).toBe(422);
    });

    it('lets a publishable key with origins of its own pass there, whatever its form names', async ({
      expect,
    }) => {
      const own = 'https://partner.example';
      const { formId, id, key } = await makeForm({ origins: [own] });
      await runSql(
        sql`UPDATE forms SET allowed_origins = json_array(${shop}) WHERE id = ${formId}`,
      );
      expect((await ask({ key, headers: { Origin: own } })).status).toBe(422);
      const options = { key, headers: { Origin: shop } };
      await expectRefusal(expect, options, [403, 'origin_not_allowed'], id);
    });

    it('refuses the publishable key of a form that is switched off', async ({ expect }) => {
      const { formId, id, key } = await makeForm();
      await runSql(sql`UPDATE forms SET active = 0 WHERE id = ${formId}`);
      await expectRefusal(expect, { key }, [403, 'form_inactive'], id);
    });
  } else {
    it('refuses a publishable key', async ({ expect }) => {
      const { id, key } = await makeForm();
      await expectRefusal(expect, { key }, [403, 'key_kind_not_allowed'], id);
    });
  }
}

/** A key with every scope, issued by a production deployment on the same database. */
async function makeLiveKey(): Promise<string> {
  const production = { ...operator, config: { ...operator.config, environment: 'production' } };
  const { plaintext } = await issueKey(
    production as typeof operator,
    {
      kind: 'secret',
      name: 'Key of a test',
      scopes: [...scopes],
      origins: [],
      rate_limit: null,
      expires_at: null,
    },
    { actor: 'test', scopes: null, requestId: null },
    [],
  );
  rememberAsPersonal(plaintext);
  return plaintext;
}
