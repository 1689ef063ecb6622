import { describe, it } from 'vitest';
import { callWith, makeBareForm } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { expectProblem } from './answers.ts';

const page = 'https://shop.example';
const full = { BURST: { limit: () => Promise.resolve({ success: false }) } };

const turnedAway = [
  ['a burst', full, 'http://localhost', 429, 'RATE_LIMITED'],
  ['another host', {}, 'http://evil.example', 421, 'MISDIRECTED_REQUEST'],
] as const;

describe('what the front door turns away at a form', () => {
  it.for(turnedAway)(
    'is told to a script of the page: %s',
    async ([, bindings, host, status, code], { expect }) => {
      for (const path of [`/f/${await makeBareForm()}`, '/submit', '/s/x/config']) {
        const headers = { Origin: page, Accept: 'application/json' };
        const answer = await callWith(bindings, host + path, { json: makePerson(), headers });
        expect(answer.status).toBe(status);
        expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(page);
        expect(answer.headers.get('Content-Type')).toBe('application/json');
        expect(await answer.json()).toMatchObject({ ok: false, code, status });
      }
    },
  );

  it.for(turnedAway)(
    'is told to a visitor in a page: %s',
    async ([, bindings, host, status], { expect }) => {
      const headers = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' };
      const body = new URLSearchParams({ name: 'Ada' });
      const options = { body, headers };
      const answer = await callWith(bindings, `${host}/f/${await makeBareForm()}`, options);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('Content-Type')).toMatch(/^text\/html/);
      expect(await answer.text()).toContain('<div role="alert">');
    },
  );

  it('is a problem document elsewhere, for no page', async ({ expect }) => {
    const headers = { Origin: page };
    const answer = await callWith(full, '/nothing', { headers });
    await expectProblem(expect, answer, 429, 'rate_limited');
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});
