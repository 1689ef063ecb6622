import { describe, it } from 'vitest';
import { createKeyCache } from '../../src/keys/key-cache.ts';
import type { ApiKeyWithForm } from '../../src/keys/queries.ts';

const start = 1_000_000;

function keyWithId(id: string): ApiKeyWithForm {
  return {
    id,
    kind: 'secret',
    mode: 'test',
    name: 'Key of a test',
    hash: `hash of ${id}`,
    lastFour: '0000',
    scopes: ['leads:read'],
    origins: [],
    formId: null,
    rateLimit: null,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    createdAt: start,
    createdBy: 'test',
    form: null,
  };
}

describe('the cache of keys', () => {
  it('knows nothing of a key that was not looked up', ({ expect }) => {
    expect(createKeyCache().find('hash', start)).toBeUndefined();
  });

  it('knows a key for 9 s from when its lookup began, so that a revoked one stops in 10', ({
    expect,
  }) => {
    const cache = createKeyCache();
    const key = keyWithId('key_1');
    cache.keep('hash', key, start);
    expect(cache.find('hash', start)).toBe(key);
    expect(cache.find('hash', start + 8_999)).toBe(key);
    expect(cache.find('hash', start + 9_000)).toBeUndefined();
  });

  it('does not know a key for longer because it is used', ({ expect }) => {
    const cache = createKeyCache();
    cache.keep('hash', keyWithId('key_1'), start);
    for (let at = start; at < start + 9_000; at += 500) cache.find('hash', at);
    expect(cache.find('hash', start + 9_000)).toBeUndefined();
  });

  it('remembers for 5 s that there is no such key, so that a new one works soon', ({ expect }) => {
    const cache = createKeyCache();
    cache.keep('hash', null, start);
    expect(cache.find('hash', start)).toBeNull();
    expect(cache.find('hash', start + 4_999)).toBeNull();
    expect(cache.find('hash', start + 5_000)).toBeUndefined();
  });

  it('believes the last lookup', ({ expect }) => {
    const cache = createKeyCache();
    const key = keyWithId('key_1');
    const revoked = { ...key, revokedAt: start };
    cache.keep('hash', null, start);
    cache.keep('hash', key, start + 1);
    expect(cache.find('hash', start + 1)).toBe(key);
    cache.keep('hash', revoked, start + 2);
    expect(cache.find('hash', start + 2)).toBe(revoked);
    cache.keep('hash', null, start + 3);
    expect(cache.find('hash', start + 3)).toBeNull();
  });

  it('forgets that there was no such key once there is one', ({ expect }) => {
    const cache = createKeyCache();
    cache.keep('hash', null, start);
    cache.keep('hash', keyWithId('key_1'), start + 1);
    cache.forget((key) => key.id === 'key_1');
    expect(cache.find('hash', start + 2)).toBeUndefined();
  });

  it('forgets a revoked key under every hash, and no other key', ({ expect }) => {
    const cache = createKeyCache();
    const other = keyWithId('key_2');
    cache.keep('hash under one secret', keyWithId('key_1'), start);
    cache.keep('hash under another', keyWithId('key_1'), start);
    cache.keep('hash of the other key', other, start);
    cache.forget((key) => key.id === 'key_1');
    expect(cache.find('hash under one secret', start)).toBeUndefined();
    expect(cache.find('hash under another', start)).toBeUndefined();
    expect(cache.find('hash of the other key', start)).toBe(other);
  });

  it('keeps the newest 1,000 keys', ({ expect }) => {
    const cache = createKeyCache();
    for (let i = 0; i < 1_500; i += 1) cache.keep(`hash ${i}`, keyWithId(`key_${i}`), start);
    const found = Array.from({ length: 1_500 }, (_, i) => cache.find(`hash ${i}`, start)?.id);
    expect(found.slice(0, 500)).toEqual(Array(500).fill(undefined));
    expect(found.slice(500)).toEqual(Array.from({ length: 1_000 }, (_, i) => `key_${i + 500}`));
  });

  it('keeps a key that was looked up again over those that were not', ({ expect }) => {
    const cache = createKeyCache();
    const key = keyWithId('key_used');
    cache.keep('hash', key, start);
    for (let i = 0; i < 999; i += 1) cache.keep(`hash ${i}`, keyWithId(`key_${i}`), start);
    cache.keep('hash', key, start + 1);
    cache.keep('one more', keyWithId('key_more'), start + 1);
    expect(cache.find('hash', start + 1)).toBe(key);
    expect(cache.find('hash 0', start + 1)).toBeUndefined();
  });

  it('is not emptied of known keys by guesses, and holds at most 1,000 of those', ({ expect }) => {
    const cache = createKeyCache();
    const key = keyWithId('key_1');
    cache.keep('hash', key, start);
    for (let i = 0; i < 10_000; i += 1) cache.keep(`guess ${i}`, null, start);
    expect(cache.find('hash', start)).toBe(key);
    const remembered = Array.from({ length: 10_000 }, (_, i) => cache.find(`guess ${i}`, start));
    expect(remembered.filter((found) => found === null)).toHaveLength(1_000);
    expect(remembered.at(-1)).toBeNull();
    expect(remembered.at(0)).toBeUndefined();
  });
});
