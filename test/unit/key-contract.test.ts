import { describe, it } from 'vitest';
import { issueKeyBody, scopes, verifyKeyBody } from '../../src/keys/contract.ts';
import { problemsWith } from './problems-with.ts';

const secret = { kind: 'secret', name: 'CRM', scopes: ['leads:read'] };
const publishable = { kind: 'publishable', name: 'Website', form_id: 'form_1' };

const origins = (count: number) => Array.from({ length: count }, (_, i) => `https://${i}.test`);

describe('a new key', () => {
  it('needs a kind, a name, and scopes or a form', ({ expect }) => {
    const rest = { origins: [], rate_limit: null, expires_at: null };
    expect(issueKeyBody.parse(secret)).toEqual({ ...secret, ...rest });
    expect(issueKeyBody.parse(publishable)).toEqual({ ...publishable, ...rest });
  });

  it.for([
    ['no name', { ...secret, name: ' ' }, 'name too_short'],
    ['no scopes', { ...secret, scopes: [] }, 'scopes too_small'],
    ['a scope that is none', { ...secret, scopes: ['everything'] }, 'scopes.0 invalid_value'],
    ['a form', { ...secret, form_id: 'form_1' }, ' unrecognized_keys'],
    ['a mode', { ...secret, mode: 'live' }, ' unrecognized_keys'],
    ['another kind', { ...secret, kind: 'root' }, 'kind invalid_union'],
    ['a rate in words', { ...secret, rate_limit: 'much' }, 'rate_limit invalid_rate'],
    ['a rate of nothing', { ...secret, rate_limit: '0/1h' }, 'rate_limit invalid_rate'],
    ['an end without a time', { ...secret, expires_at: '2030-01-01' }, 'expires_at invalid_format'],
  ] as const)('with secret rights is refused with %s', ([, body, problem], { expect }) => {
    expect(problemsWith(issueKeyBody, body)).toEqual([problem]);
  });

  it('for a page cannot have scopes', ({ expect }) => {
    const body = { ...publishable, scopes: ['leads:read'] };
    expect(problemsWith(issueKeyBody, body)).toEqual([' unrecognized_keys']);
  });

  it('may have every scope', ({ expect }) => {
    expect(problemsWith(issueKeyBody, { ...secret, scopes })).toEqual([]);
    expect(problemsWith(issueKeyBody, { ...secret, scopes: [...scopes, scopes[0]] })).toEqual([
      'scopes too_big',
    ]);
  });

  it.for(['https://example.com', 'https://example.com:8443', 'http://localhost:3000'])(
    'may be bound to the origin %s',
    (origin, { expect }) => {
      expect(problemsWith(issueKeyBody, { ...publishable, origins: [origin] })).toEqual([]);
    },
  );

  it.for([
    '*',
    'null',
    '',
    'example.com',
    'https://example.com/',
    'https://example.com/form',
    'https://example.com:443',
    'https://Example.com',
    'https://user@example.com',
    'https://*.example.com',
    'file:///etc',
    'javascript:alert(1)',
  ])('cannot be bound to the origin %j, which no browser sends', (origin, { expect }) => {
    expect(problemsWith(issueKeyBody, { ...publishable, origins: [origin] })).toEqual([
      'origins.0 invalid_origin',
    ]);
  });

  it('may be bound to 20 origins', ({ expect }) => {
    expect(problemsWith(issueKeyBody, { ...publishable, origins: origins(20) })).toEqual([]);
    expect(problemsWith(issueKeyBody, { ...publishable, origins: origins(21) })).toEqual([
      'origins too_big',
    ]);
  });
});

describe('a key to verify', () => {
  it('is a text of reasonable length', ({ expect }) => {
    expect(problemsWith(verifyKeyBody, { key: 'x' })).toEqual([]);
    expect(problemsWith(verifyKeyBody, { key: 'x'.repeat(201) })).toEqual(['key too_long']);
    expect(problemsWith(verifyKeyBody, { key: '' })).toEqual(['key too_short']);
    expect(problemsWith(verifyKeyBody, {})).toEqual(['key invalid_type']);
  });
});
