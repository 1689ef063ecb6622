import { describe, it } from 'vitest';
import { expectProblem } from '../api/answers.ts';
import { call, makeForm, makeSecretKey } from '../support/harness.ts';

describe('how a key is presented', () => {
  it('is read from X-API-Key as well as from Authorization', async ({ expect }) => {
    const { key } = await makeSecretKey(['leads:read']);
    const response = await call('/v1/leads?limit=1', { headers: { 'X-API-Key': key } });
    expect(response.status).toBe(200);
  });

  it('is a bearer token in any case of letters', async ({ expect }) => {
    const { key } = await makeSecretKey(['leads:read']);
    const headers = { Authorization: `bearer ${key}` };
    expect((await call('/v1/leads?limit=1', { headers })).status).toBe(200);
  });

  it('is never taken from the address, nor from another scheme', async ({ expect }) => {
    const { key } = await makeSecretKey(['leads:read']);
    const inQuery = await call(`/v1/leads?key=${key}&api_key=${key}`);
    await expectProblem(expect, inQuery, 401, 'missing_key');
    const basic = await call('/v1/leads', { headers: { Authorization: `Basic ${btoa(key)}` } });
    await expectProblem(expect, basic, 401, 'missing_key');
  });

  it('is demanded for HEAD as for GET', async ({ expect }) => {
    const response = await call('/v1/leads', { method: 'HEAD' });
    expect(response.status).toBe(401);
    const { key } = await makeForm();
    expect((await call('/v1/leads', { method: 'HEAD', key })).status).toBe(403);
  });
});
