import { describe, it } from 'vitest';
import { call, makeSecretKey } from '../support/harness.ts';
import { expectProblem, expectSecurityHeaders } from './answers.ts';
import { makeLead } from './data.ts';

describe('GET /v1/leads/{id}', () => {
  it('shows the lead with its version as ETag', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const lead = await makeLead(key);
    const response = await call(`/v1/leads/${lead.id}`, { key });
    expect(response.status).toBe(200);
    expect(response.headers.get('ETag')).toBe('"1"');
    expectSecurityHeaders(expect, response);
    expect(await response.json()).toEqual(lead);
  });

  for (const tag of ['"1"', 'W/"1"', '"7", "1"', '*']) {
    it(`answers 304 without a body to a reader that has it: ${tag}`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const { id } = await makeLead(key);
      const headers = { 'If-None-Match': tag };
      const response = await call(`/v1/leads/${id}`, { key, headers });
      expect(response.status).toBe(304);
      expect(response.headers.get('ETag')).toBe('"1"');
      expect(await response.text()).toBe('');
    });
  }

  it('shows it again once it has changed', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    await call(`/v1/leads/${id}`, { method: 'PATCH', key, json: { status: 'contacted' } });
    const response = await call(`/v1/leads/${id}`, { key, headers: { 'If-None-Match': '"1"' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('ETag')).toBe('"2"');
    expect(await response.json()).toMatchObject({ status: 'contacted', version: 2 });
  });

  it('answers HEAD with the headers alone', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    const response = await call(`/v1/leads/${id}`, { method: 'HEAD', key });
    expect(response.status).toBe(200);
    expect(response.headers.get('ETag')).toBe('"1"');
    expect(await response.text()).toBe('');
  });

  for (const id of ['lead_none', 'x', '%00', '%ff', '%F0%9F%A6%8A', 'a'.repeat(1_000)]) {
    it(`knows no lead ${id.slice(0, 20)}`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      await expectProblem(expect, await call(`/v1/leads/${id}`, { key }), 404, 'not_found');
    });
  }
});
