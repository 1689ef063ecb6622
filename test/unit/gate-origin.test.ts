import { describe, it } from 'vitest';
import { checkOrigin } from '../../src/forms/gates/origin.ts';
import { makeEntry } from './gate-entry.ts';

const own = 'https://inlet.acme.alt';
const bound = { form: { allowed_origins: ['https://www.acme.alt', 'https://acme.alt:8443'] } };
const judge = (origin: string | null, more: Parameters<typeof makeEntry>[1] = bound) =>
  checkOrigin(makeEntry({}, { ...more, origin }), { config: { publicUrl: own } });

describe('the gate of origins', () => {
  it.for(['https://www.acme.alt', 'https://acme.alt:8443', own])('passes %s', (origin, context) => {
    context.expect(judge(origin)).toEqual({ pass: true });
  });

  const others = ['https://acme.alt', 'http://www.acme.alt', 'https://www.acme.alt.evil.alt', null];
  it.for(others)('refuses %s', (origin, { expect }) => {
    expect(judge(origin)).toMatchObject({ refuse: { code: 'origin_not_allowed' } });
  });

  it('tells the author of a page that hides itself why', ({ expect }) => {
    const verdict = judge(null);
    expect('refuse' in verdict && verdict.refuse.message).toContain('Referrer-Policy');
  });

  it('passes every page where the form names none', ({ expect }) => {
    for (const origin of [...others, own]) expect(judge(origin, {})).toEqual({ pass: true });
  });
});
