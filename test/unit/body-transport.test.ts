import { describe, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { readJson } from '../../src/http/body.ts';
import { tinyApp, type Problem } from './tiny-app.ts';

const app = tinyApp(async (c) => c.json(await readJson(c, z.looseObject({}))));

const post = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  app.request('/', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });

const bytes = (text: string) => new TextEncoder().encode(text);

/** A body that arrives in these pieces, without a Content-Length. */
function inPieces(pieces: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const rest = pieces[Symbol.iterator]();
  const source: UnderlyingSource<Uint8Array> = {
    pull(controller) {
      const { done, value } = rest.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

const sizeLimit = 32 * 1_024;
const ofSize = (size: number) => JSON.stringify({ text: 'x'.repeat(size - '{"text":""}'.length) });

const inTwo = (text: string) => inPieces([bytes(text.slice(0, 9)), bytes(text.slice(9))]);

describe('the media type of a JSON body', () => {
  it.for([
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json; charset="UTF-8"',
    ' application/json ; profile=x ; charset=utf-8',
    'application/json;',
  ])('may be %s', async (type, { expect }) => {
    expect((await post('{}', { 'Content-Type': type })).status).toBe(200);
  });

  it.for([
    '',
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/ld+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=json',
    'text/plain; application/json',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf8',
  ])('is refused when it is %j', async (type, { expect }) => {
    const response = await post('{}', { 'Content-Type': type });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'unsupported_media_type' });
  });

  it('is needed: a body without one is refused', async ({ expect }) => {
    const response = await app.request('/', { method: 'POST', body: bytes('{}') });
    expect(response.status).toBe(415);
  });

  it.for(['gzip', 'br', 'gzip, identity'])(
    'does not help a body in %s',
    async (coding, { expect }) => {
      const response = await post('{}', { 'Content-Encoding': coding });
      expect(response.status).toBe(415);
      const { detail } = await response.json<Problem>();
      expect(detail).toContain('content encoding');
    },
  );

  it.for(['identity', 'Identity'])(
    'goes with the content encoding %s',
    async (coding, { expect }) => {
      expect((await post('{}', { 'Content-Encoding': coding })).status).toBe(200);
    },
  );
});

describe('the size of a body', () => {
  it('may be 32 KiB and no byte more', async ({ expect }) => {
    expect((await post(ofSize(sizeLimit))).status).toBe(200);
    const response = await post(ofSize(sizeLimit + 1));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'body_too_large' });
  });

  it('is counted in bytes, not characters', async ({ expect }) => {
    expect((await post(JSON.stringify({ text: '😀'.repeat(8_180) }))).status).toBe(200);
    expect((await post(JSON.stringify({ text: '😀'.repeat(8_192) }))).status).toBe(413);
  });

  it('is counted when no Content-Length announces it', async ({ expect }) => {
    expect((await post(inTwo(ofSize(sizeLimit)))).status).toBe(200);
    expect((await post(inTwo(ofSize(sizeLimit + 1)))).status).toBe(413);
  });

  it('ends the reading: an endless body is not waited for', async ({ expect }) => {
    let sent = 0;
    const endless = function* () {
      for (;;) {
        sent += 1;
        yield bytes('x'.repeat(1_024));
      }
    };
    expect((await post(inPieces(endless()))).status).toBe(413);
    expect(sent).toBeLessThan(50);
  });

  it('is what arrives, whatever a Content-Length says', async ({ expect }) => {
    const stream = () => inPieces([bytes(ofSize(sizeLimit + 1))]);
    expect((await post(stream(), { 'Content-Length': '5' })).status).toBe(413);
    expect((await post(stream(), { 'Content-Length': 'many' })).status).toBe(413);
    expect((await post(inPieces([bytes('{}')]), { 'Content-Length': '-1' })).status).toBe(200);
  });

  it('is refused by its Content-Length before a byte is read', async ({ expect }) => {
    let read = false;
    const untouched = function* () {
      read = true;
      yield bytes('{}');
    };
    const response = await post(inPieces(untouched()), { 'Content-Length': '32769' });
    expect(response.status).toBe(413);
    expect(read).toBe(false);
  });
});

describe('the bytes of a body', () => {
  it('are put together, however a character is cut', async ({ expect }) => {
    const all = bytes('{"name":"Zoë 😀"}');
    const response = await post(inPieces(Array.from(all, (byte) => Uint8Array.of(byte))));
    expect(await response.json()).toMatchObject({ json: { name: 'Zoë 😀' } });
  });

  it('may begin with a byte order mark, which is no part of the text', async ({ expect }) => {
    const response = await post(bytes('\ufeff{"a":"b"}'));
    expect(await response.json()).toEqual({
      text: '{"a":"b"}',
      json: { a: 'b' },
      value: { a: 'b' },
    });
  });

  it.for([
    ['a byte that UTF-8 never has', [0xff]],
    ['a character cut short', [0xe2, 0x82]],
    ['an overlong form', [0xc0, 0x80]],
    ['half a character', [0xed, 0xa0, 0x80]],
    ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['Latin-1', [0x5a, 0x6f, 0xeb]],
  ] as const)('are refused with %s', async ([, wrong], { expect }) => {
    const body = Uint8Array.of(...bytes('{"name":"'), ...wrong, ...bytes('"}'));
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'unreadable_body' });
  });

  it.for([
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0)],
    ['nothing', new Uint8Array()],
    ['blanks', bytes(' \n ')],
  ] as const)('are refused when they are %s', async ([, body], { expect }) => {
    expect((await post(body)).status).toBe(400);
    expect((await post(null)).status).toBe(400);
  });

  it('are refused when they do not arrive within 10 s', async ({ expect }) => {
    vi.useFakeTimers();
    try {
      const never = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(bytes('{"a":')),
      });
      const answer = Promise.resolve(post(never));
      const answered = vi.fn<() => void>();
      void answer.then(answered);
      await vi.advanceTimersByTimeAsync(9_999);
      expect(answered).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      const response = await answer;
      expect(response.status).toBe(400);
      expect((await response.json<Problem>()).detail).toContain('within 10 s');
    } finally {
      vi.useRealTimers();
    }
  });

  it('may arrive slowly, which takes none of the time for the work', async ({ expect }) => {
    vi.useFakeTimers();
    try {
      const timed = tinyApp(async (c) => {
        const { deps } = c.var;
        deps.deadline.at = deps.now() + 2_600;
        const { json } = await readJson(c, z.looseObject({}));
        return c.json({ json, left: deps.deadline.at - deps.now() });
      });
      const slow = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(bytes('{"a":'));
          setTimeout(() => {
            controller.enqueue(bytes('"b"}'));
            controller.close();
          }, 9_000);
        },
      });
      const headers = { 'Content-Type': 'application/json' };
      const answer = Promise.resolve(timed.request('/', { method: 'POST', headers, body: slow }));
      await vi.advanceTimersByTimeAsync(9_000);
      expect(await (await answer).json()).toEqual({ json: { a: 'b' }, left: 2_600 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('are refused when the connection breaks', async ({ expect }) => {
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes('{"a":'));
        controller.error(new Error('connection lost'));
      },
    });
    const response = await post(broken);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'unreadable_body' });
  });
});
