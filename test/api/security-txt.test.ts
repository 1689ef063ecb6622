import { describe, it } from 'vitest';
import { callWith } from '../support/harness.ts';
import { expectProblem } from './answers.ts';

const path = '/.well-known/security.txt';

describe(path, () => {
  it('names whom to tell about a weakness, and is never stale', async ({ expect }) => {
    const bindings = { SECURITY_CONTACT: 'https://inlet.example/report' };
    const response = await callWith(bindings, path);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')?.toLowerCase()).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=86400');
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    const lines = (await response.text()).trimEnd().split('\n');
    const fields = Object.fromEntries(
      lines.map((line): [string, string] => [line.split(': ')[0] ?? '', line.split(': ')[1] ?? '']),
    );
    expect(fields).toEqual({
      Contact: 'https://inlet.example/report',
      Expires: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00\.000Z$/),
      'Preferred-Languages': 'en',
      Canonical: `http://localhost:8787${path}`,
    });
    const days = (Date.parse(fields['Expires'] ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(28);
    expect(days).toBeLessThanOrEqual(30);
  });

  for (const SECURITY_CONTACT of ['', undefined]) {
    it(`is not there while nobody is named (${SECURITY_CONTACT ?? 'not set'})`, async ({
      expect,
    }) => {
      const response = await callWith({ SECURITY_CONTACT }, path);
      await expectProblem(expect, response, 404, 'not_found');
    });
  }
});
