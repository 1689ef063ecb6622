import { describe, it } from 'vitest';
import * as z from 'zod/mini';
import { readJson } from '../../src/http/body.ts';
import { tinyApp, type Problem } from './tiny-app.ts';

const app = tinyApp(async (c) => c.json(await readJson(c, z.looseObject({}))));

const post = (body: string) =>
  app.request('/', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const wide = (keys: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, i) => [`key${i}`, i])));

describe('a JSON body', () => {
  it('comes out as it was sent', async ({ expect }) => {
    const sent = { a: 'b', list: [1, null, true, { c: '' }], 'Ключ 😀': 'line\nline\r\n\ttab' };
    const response = await post(JSON.stringify(sent));
    expect(await response.json()).toEqual({ text: JSON.stringify(sent), json: sent, value: sent });
  });

  it('comes out in one form of Unicode, keys too, with its exact text beside', async ({
    expect,
  }) => {
    const decomposed = '{"Zoe\u0308":"A\u030angstro\u0308m \u212b"}';
    const response = await post(decomposed);
    expect(await response.json()).toMatchObject({
      text: decomposed,
      json: { 'Zo\u00eb': '\u00c5ngstr\u00f6m \u00c5' },
    });
  });

  it.for([
    '{',
    '{"a":1,}',
    "{'a':1}",
    '{"a":1}{"b":2}',
    'undefined',
    'NaN',
    '{"a":01}',
    '{a:1}',
    '\u0000',
  ])('is refused when it is no JSON: %j', async (text, { expect }) => {
    const response = await post(text);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'unreadable_body' });
  });

  it.for(['null', '[]', '[{"a":1}]', '"text"', '5', 'true'])(
    'is refused when it is %s and not an object',
    async (text, { expect }) => {
      const response = await post(text);
      expect(response.status).toBe(422);
      const { errors } = await response.json<Problem>();
      expect(errors).toEqual([
        { field: '', code: 'invalid_type', message: 'must be of type object' },
      ]);
    },
  );

  it('may be 4 levels deep', async ({ expect }) => {
    expect((await post(nested(4))).status).toBe(200);
    for (const depth of [5, 100, 5_000]) {
      const response = await post(nested(depth));
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'unreadable_body' });
    }
    expect((await post(`${'['.repeat(16_000)}${']'.repeat(16_000)}`)).status).toBe(400);
  });

  it('may hold 100 values, wherever they are', async ({ expect }) => {
    expect((await post(wide(100))).status).toBe(200);
    expect((await post(wide(101))).status).toBe(400);
    expect((await post(JSON.stringify({ list: Array(99).fill(0) }))).status).toBe(200);
    expect((await post(JSON.stringify({ list: Array(100).fill(0) }))).status).toBe(400);
    const scattered = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [i, [1, 2, 3, 4]]));
    expect((await post(JSON.stringify(scattered))).status).toBe(400);
  });

  it.for(['__proto__', 'constructor', 'prototype'])(
    'is refused with the key %s, at any depth',
    async (key, { expect }) => {
      for (const [text, field] of [
        [`{"${key}":{"admin":true}}`, key],
        [`{"a":[{"${key}":1}]}`, `a.0.${key}`],
      ] as const) {
        const response = await post(text);
        expect(response.status).toBe(422);
        const { errors } = await response.json<Problem>();
        expect(errors).toMatchObject([{ field, code: 'unknown_field' }]);
      }
      expect({}).not.toHaveProperty('admin');
    },
  );

  it.for([
    ['NUL', '\\u0000'],
    ['a bell', '\\u0007'],
    ['an escape', '\\u001b[31m'],
    ['a vertical tab', '\\u000b'],
    ['a high half of a character', '\\ud83d'],
    ['a low half of a character', '\\ude00'],
    ['halves in the wrong order', '\\ude00\\ud83d'],
  ] as const)('is refused with %s in a text or a key', async ([, escape], { expect }) => {
    const inText = await post(`{"a":{"b":"x${escape}y"}}`);
    expect(inText.status).toBe(422);
    const { errors } = await inText.json<Problem>();
    expect(errors).toMatchObject([{ field: 'a.b', code: 'invalid_text' }]);
    expect((await post(`{"a":{"x${escape}y":1}}`)).status).toBe(422);
  });

  it('names every field that is wrong, at once', async ({ expect }) => {
    const response = await post('{"a":"\\u0000","b":"fine","c":["\\ud800"],"__proto__":1}');
    const { errors = [] } = await response.json<Problem>();
    expect(errors.map(({ field }) => field)).toEqual(['a', 'c.0', '__proto__']);
  });

  it.for([
    '👩‍👩‍👧‍👦',
    'z̷̡̛͖a̸l̴g̶o̵',
    '\u202emoc.elpmaxe',
    'مرحبا',
    '\ud83d\ude00',
    '\u2028',
    '\ufffe',
    '\u007f',
  ])('may hold what people write: %j', async (text, { expect }) => {
    const response = await post(JSON.stringify({ text }));
    expect(await response.json()).toMatchObject({ json: { text: text.normalize('NFC') } });
  });
});
