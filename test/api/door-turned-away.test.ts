import { describe, it } from 'vitest';
import { callWith, makeBareForm } from '../support/harness.ts';

const shop = 'https://shop.alt';
const full = { BURST: { limit: () => Promise.resolve({ success: false }) } };

describe('who is turned away before the door', () => {
  it('by the burst limit is answered as at the door: a script in JSON, with CORS', async ({
    expect,
  }) => {
    const path = `/f/${await makeBareForm()}`;
    const headers = { Accept: 'application/json', Origin: shop };
    const answer = await callWith(full, path, { json: { name: 'Ada' }, headers });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(shop);
    expect(await answer.json()).toMatchObject({ ok: false, code: 'RATE_LIMITED' });
  });

  it('by the burst limit is answered with a page, where a browser leaves one', async ({
    expect,
  }) => {
    const path = `/f/${await makeBareForm()}`;
    const headers = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' };
    const answer = await callWith(full, path, { json: { name: 'Ada' }, headers });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('Content-Type')).toMatch(/^text\/html/);
  });
});
