import { describe, it } from 'vitest';
import { parseRetryAfter } from '../../src/lib/retry-after.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

describe('Retry-After', () => {
  it.for([
    ['2', 2_000],
    [' 0 ', 0],
    ['3600', 3_600_000],
    ['Fri, 20 Nov 2026 12:01:30 GMT', 90_000],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
  ] as const)('of %s is %d ms', ([header, ms], { expect }) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });

  it.for([
    null,
    '',
    '-1',
    '1.5',
    '1e3',
    '99999999999',
    'soon',
    '2026-11-20T12:01:30Z',
    'Fri, 99 Nov 2026 12:01:30 GMT',
  ])('of %s says nothing', (header, { expect }) => {
    expect(parseRetryAfter(header, now)).toBeNull();
  });
});
