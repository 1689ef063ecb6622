import { Hono } from 'hono';
import { describe, it } from 'vitest';
import type { AppEnv } from '../../src/http/context.ts';
import { wantedAnswer } from '../../src/http/wanted-answer.ts';

async function ask(headers: Record<string, string>, path = '/f/abc'): Promise<string> {
  const app = new Hono<AppEnv>().post('*', (c) => c.text(wantedAnswer(c)));
  const response = await app.request(path, { method: 'POST', headers });
  return response.text();
}

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const json = { 'Content-Type': 'application/json; charset=utf-8' };

describe('what a sender can use', () => {
  it('is told in any case of letters', async ({ expect }) => {
    expect(await ask({ ...form, 'X-Requested-With': 'xmlhttprequest' })).toBe('json');
    expect(await ask({ ...form, Accept: 'APPLICATION/JSON' })).toBe('json');
    expect(await ask({ ...json, Accept: 'Text/HTML' })).toBe('page');
    expect(await ask({ ...json, 'Sec-Fetch-Mode': 'Navigate' })).toBe('redirect');
  });

  it('is JSON for a type that is JSON by its ending', async ({ expect }) => {
    expect(await ask({ ...form, Accept: 'application/problem+json' })).toBe('json');
    expect(await ask({ 'Content-Type': 'application/vnd.api+json' })).toBe('json');
  });

  it('is JSON where the address says so', async ({ expect }) => {
    expect(await ask({ ...form, Accept: 'text/html' }, '/f/abc.json')).toBe('json');
    expect(await ask({ ...form, Accept: 'text/html' }, '/f/abcjson')).toBe('redirect');
  });

  it('is no redirect for anything that is not known to be a navigation', async ({ expect }) => {
    for (const mode of ['cors', 'same-origin', 'no-cors', 'websocket', 'something-new']) {
      expect(await ask({ ...form, 'Sec-Fetch-Mode': mode })).toBe('json');
    }
    for (const type of ['', 'text/plain', 'multipart/form-data; boundary=x']) {
      expect(await ask({ 'Content-Type': type, Accept: '*/*' })).toBe('json');
    }
  });
});
