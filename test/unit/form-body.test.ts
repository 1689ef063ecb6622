import { describe, it, vi } from 'vitest';
import { readFormBody } from '../../src/http/form-body.ts';
import {
  asJson,
  asMultipart,
  asType,
  asUrlencoded,
  filePart,
  inPieces,
  textPart,
  type Sent,
  type SentPart,
} from '../support/form-bodies.ts';
import { tinyApp, type Problem } from './tiny-app.ts';

const mebibyte = 1_048_576;

const app = tinyApp(async (c) => {
  const { content, inputs, files } = await readFormBody(
    c,
    Number(c.req.query('files') ?? 0) || null,
  );
  const decoder = new TextDecoder();
  const texts = files.map(({ field, filename, bytes }) => ({
    field,
    filename,
    text: decoder.decode(bytes),
  }));
  return c.json({ content, inputs: Object.fromEntries(inputs), files: texts });
});

type Read = { content: Record<string, unknown>; files: object[] };

const post = (sent: Sent, files = 0) =>
  app.request(`/?files=${files}`, { method: 'POST', ...sent });

async function read(sent: Sent, files = 0): Promise<Read> {
  const response = await post(sent, files);
  if (response.status !== 200) throw new Error(await response.text());
  return response.json<Read>();
}

async function refusal(sent: Sent, files = 0): Promise<[number, string, string]> {
  const response = await post(sent, files);
  const { code, detail } = await response.json<Problem>();
  return [response.status, code, detail];
}

const bytes = (text: string) => new TextEncoder().encode(text);
const multipart = (...parts: SentPart[]) => asMultipart(parts);
/** A form with a file, of which so many pieces arrive, each after some milliseconds. */
function slowly(everyMs: number, pieces: number): ReadableStream<Uint8Array> {
  const all = multipart(filePart('f', 'f.png', 'x'.repeat(pieces))).body as Uint8Array;
  const size = Math.ceil(all.length / pieces);
  let at = 0;
  let wanted = true;
  const source: UnderlyingSource<Uint8Array> = {
    async pull(controller) {
      if (at >= all.length) return controller.close();
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (wanted) controller.enqueue(all.slice(at, (at += size)));
    },
    cancel: () => void (wanted = false),
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

function deepJson(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
}

const latin1 = Uint8Array.of(0x5a, 0x6f, 0xeb);

describe('the three encodings', () => {
  it('say the same', async ({ expect }) => {
    const content = {
      name: 'Zoë 😀',
      tags: ['a', 'b'],
      address: { city: 'Łódź' },
      note: 'a+b=c&d\n\n\n',
    };
    const entries: [string, string][] = [
      ['name', 'Zoë 😀'],
      ['tags[]', 'a'],
      ['tags[]', 'b'],
      ['address[city]', 'Łódź'],
      ['note', 'a+b=c&d\r\n\n\r'],
    ];
    const form = new FormData();
    for (const [name, value] of entries) form.append(name, value);
    const asSent = asJson({ ...content, note: 'a+b=c&d\r\n\n\r' });
    expect((await read(asSent)).content).toEqual(content);
    expect((await read(asUrlencoded(entries))).content).toEqual(content);
    expect((await read({ body: form, headers: {} })).content).toEqual(content);
  });

  it('keep the names of inputs as the form has them', async ({ expect }) => {
    const { inputs } = (await read(asUrlencoded('contact[email]=a&b.c=d&x=1'))) as never;
    expect(inputs).toEqual({ 'contact.email': 'contact[email]', 'b.c': 'b.c', x: 'x' });
  });

  it.for([
    ['JSON', asJson('{"te\\u0000xt":"e\\u0301 \\ud83d\\u0007\\u000b."}')],
    ['urlencoded', asUrlencoded('te%00xt=e%CC%81+%EF%BF%BD%07%0B.')],
    ['multipart', multipart(textPart('te\u0000xt', 'e\u0301 \ufffd\u0007\u000b.'))],
  ] as const)(
    '%s comes out well-formed, in NFC, without control characters',
    async ([, sent], { expect }) => {
      expect((await read(sent)).content).toEqual({ 'te xt': 'é \ufffd  .' });
    },
  );

  it.for([
    ['application/json;charset=UTF-8', '{"a":"1"}'],
    ['Application/JSON; charset="utf-8"', '{"a":"1"}'],
    ['application/x-www-form-urlencoded; charset=utf8', 'a=1'],
    ['application/x-www-form-urlencoded;charset=US-ASCII', 'a=1'],
    ['APPLICATION/X-WWW-FORM-URLENCODED;', '\ufeffa=1'],
  ] as const)('may be sent as %s', async ([type, body], { expect }) => {
    expect((await read(asType(type, body))).content).toEqual({ a: '1' });
  });

  it.for([
    'text/plain',
    'text/plain;charset=UTF-8',
    'text/json',
    'application/xml',
    'application/json, text/plain',
    'multipart/mixed; boundary=x',
    'multipart',
    ';',
    '',
  ])('are not %j', async (type, { expect }) => {
    const [status, code, detail] = await refusal(asType(type, '{"a":"1"}'));
    expect([status, code]).toEqual([415, 'unsupported_media_type']);
    expect(detail).toContain('multipart/form-data');
  });

  it('are not guessed: a body without a type is refused', async ({ expect }) => {
    expect(await refusal({ body: bytes('a=1'), headers: {} })).toContain('unsupported_media_type');
  });

  it('are not compressed', async ({ expect }) => {
    const { body, headers } = asUrlencoded('a=1');
    const [status] = await refusal({ body, headers: { ...headers, 'Content-Encoding': 'gzip' } });
    expect(status).toBe(415);
  });

  it.for([
    ['a charset of JSON', asType('application/json; charset=utf-16', '{}')],
    ['a charset of a form', asType('application/x-www-form-urlencoded; charset=ISO-8859-1', 'a=1')],
    ['_charset_', asUrlencoded('a=1&_charset_=windows-1252')],
    ['_charset_ in parts', multipart(textPart('_charset_', 'iso-8859-1'))],
    ['bytes of JSON', asType('application/json', latin1)],
    ['bytes of a form', asType('application/x-www-form-urlencoded', latin1)],
    ['bytes of a part', multipart(textPart('a', latin1))],
    ['escapes of a form', asUrlencoded('a=Zo%EB')],
    [
      'a charset of a part',
      multipart({
        headers:
          'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=latin1',
        content: 'x',
      }),
    ],
  ] as const)('are UTF-8: 400 for another in %s', async ([, sent], { expect }) => {
    const [status, code, detail] = await refusal(sent);
    expect([status, code]).toEqual([400, 'unreadable_body']);
    expect(detail).toContain('UTF-8');
  });
});

describe('a JSON form', () => {
  it('comes out as the text that other encodings would send', async ({ expect }) => {
    const { content } = await read(
      asJson(
        '{"n":12345678901234567890,"big":1e400,"p":1.10,"yes":true,"no":false,"none":null,' +
          '"list":[1,null,{"a":null,"b":""}],"twice":"a","twice":"b","empty":[],"o":{}}',
      ),
    );
    expect(content).toEqual({
      n: '12345678901234567890',
      big: '1e400',
      p: '1.10',
      yes: 'true',
      no: 'false',
      list: ['1', { b: '' }],
      twice: 'b',
      empty: [],
      o: {},
    });
  });

  it('loses dangerous names, at any depth', async ({ expect }) => {
    const { content } = await read(
      asJson('{"__proto__":{"admin":true},"a":[{"constructor":{"prototype":1},"b":2}]}'),
    );
    expect(content).toEqual({ a: [{ b: '2' }] });
    expect({}).not.toHaveProperty('admin');
  });

  it.for(['', ' ', '{', '[]', '"a"', 'null', '1', '{"a":1,}', "{'a':1}", 'a=1', '{}{}'])(
    'is not %j',
    async (text, { expect }) => {
      const [status, code] = await refusal(asJson(text));
      expect([status, code]).toEqual([400, 'unreadable_body']);
    },
  );

  it('is 8 levels deep at most', async ({ expect }) => {
    expect((await post(asJson(deepJson(8)))).status).toBe(200);
    expect((await post(asJson(deepJson(9)))).status).toBe(400);
    expect((await post(asJson(`{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}`))).status).toBe(
      400,
    );
  });
});

describe('a multipart form', () => {
  it.for([
    ['a quoted name', 'form-data; name="a;b=c"', 'a;b=c'],
    ['a bare name', 'form-data; name=abc', 'abc'],
    ['UTF-8', 'form-data; name="größe"', 'größe'],
    ['what browsers escape', 'form-data; name="say %22hi%22%0D%0A"', 'say "hi"\n'],
    ['what others escape', String.raw`form-data; name="say \"hi\""`, 'say "hi"'],
    ['a backslash', String.raw`form-data; name="a\b"`, String.raw`a\b`],
    ['other case and blanks', 'Form-Data ;  NAME = "a"', 'a'],
    ['a word that ends in name', 'form-data; x-name="b"; name="a"', 'a'],
    ['two names', 'form-data; name="a"; name="b"', 'a'],
    ['no name at all', 'form-data; name=""', ''],
  ] as const)('may have %s', async ([, disposition, name], { expect }) => {
    const sent = multipart({ headers: `content-disposition: ${disposition}`, content: 'x' });
    expect((await read(sent)).content).toEqual({ [name]: 'x' });
  });

  it('may have files', async ({ expect }) => {
    const sent = multipart(
      filePart('cv', 'größe %22a%22.pdf', '%PDF'),
      filePart('cv', 'empty.txt', ''),
      filePart('photo', '', ''),
      textPart('note', 'x'),
    );
    expect(await read(sent, mebibyte)).toMatchObject({
      content: { note: 'x' },
      files: [
        { field: 'cv', filename: 'größe "a".pdf', text: '%PDF' },
        { field: 'cv', filename: 'empty.txt', text: '' },
      ],
    });
  });

  it('may be empty', async ({ expect }) => {
    expect((await read(multipart())).content).toEqual({});
    expect((await read({ body: new FormData(), headers: {} })).content).toEqual({});
  });

  it('is read however it is cut, with whatever follows its end', async ({ expect }) => {
    const { body, headers } = asMultipart(
      [
        textPart('a', 'Zoë\r\n--\r\n----a bound'),
        filePart('f', 'f', '\r\n\r\n--'),
        textPart('b', ''),
      ],
      '------a boundary:/--\r\nand so on, and so on',
    );
    for (let size = 1; size < 90; size += 1) {
      const pieces = inPieces(body as Uint8Array, size);
      expect(await read({ body: pieces, headers }, mebibyte), `pieces of ${size}`).toMatchObject({
        content: { a: 'Zoë\n--\n----a bound', b: '' },
        files: [{ text: '\r\n\r\n--' }],
      });
    }
  });

  it.for([
    ['nothing', asType('multipart/form-data; boundary=x', ' ')],
    ['no boundary', asType('multipart/form-data', '--x--')],
    ['an empty boundary', asType('multipart/form-data; boundary=""', '----')],
    [
      'a long boundary',
      asType(`multipart/form-data; boundary=${'x'.repeat(71)}`, `--${'x'.repeat(71)}--`),
    ],
    ['another boundary', asType('multipart/form-data; boundary=x', '--y--\r\n')],
    ['text before its first part', asType('multipart/form-data; boundary=x', 'hello\r\n--x--\r\n')],
    ['no end', asMultipart([textPart('a', '1')], '')],
    ['half an end', asMultipart([textPart('a', '1')], '------a boundary:/-')],
    ['an endless header', asMultipart([{ headers: `x: ${'x'.repeat(9_000)}`, content: '' }])],
    ['a part without headers', multipart({ headers: '', content: '1' })],
    [
      'a part without a name',
      multipart({ headers: 'Content-Disposition: form-data', content: '1' }),
    ],
    [
      'a part in base64',
      multipart({
        headers: 'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64',
        content: 'YQ==',
      }),
    ],
    [
      'a name in Latin-1',
      asType(
        'multipart/form-data; boundary=x',
        Uint8Array.of(
          ...bytes('--x\r\nContent-Disposition: form-data; name="'),
          0xeb,
          ...bytes('"\r\n\r\n1\r\n--x--'),
        ),
      ),
    ],
  ] as const)('is broken with %s', async ([, sent], { expect }) => {
    const [status, code] = await refusal(sent, mebibyte);
    expect([status, code]).toEqual([400, 'unreadable_body']);
  });
});

describe('the size of a form', () => {
  const most = 32 * 1_024;
  const emoji = '😀'.repeat(5_000);

  it('is that of its text, however many bytes an encoding makes of it', async ({ expect }) => {
    const escaped = String.raw`\ud83d\ude00`.repeat(5_000);
    for (const sent of [
      asUrlencoded([['message', emoji]]),
      asJson(`{"message":"${escaped}"}`),
      multipart(textPart('message', emoji)),
    ]) {
      expect((await read(sent)).content).toEqual({ message: emoji });
    }
  });

  it.for([
    ['JSON', asJson({ a: 'x'.repeat(most) })],
    ['urlencoded', asUrlencoded(`a=${'x'.repeat(most)}`)],
    ['urlencoded beyond reading', asUrlencoded(`a=${'x'.repeat(3 * most)}`)],
    ['multipart', multipart(textPart('a', 'x'.repeat(most)))],
    [
      'multipart in many parts',
      multipart(...Array.from({ length: 40 }, (_, i) => textPart(`a${i}`, 'x'.repeat(1_000)))),
    ],
    ['a name', asJson({ ['x'.repeat(most)]: '1' })],
    ['201 fields', asUrlencoded('a=1&'.repeat(201))],
    ['201 fields in JSON', asJson({ a: Array.from({ length: 200 }, () => ({ b: 1 })), c: [] })],
    ['201 parts', multipart(...Array.from({ length: 201 }, () => textPart('a', '1')))],
    ['300 parts', multipart(...Array.from({ length: 300 }, () => textPart('a', '1')))],
    ['a file where none is taken', multipart(filePart('f', 'f.png', new Uint8Array(mebibyte)))],
  ] as const)('is too large: %s', async ([, sent], { expect }) => {
    const [status, code] = await refusal(sent);
    expect([status, code]).toEqual([413, 'body_too_large']);
  });

  it('leaves room for files where they are taken, and for no more text', async ({ expect }) => {
    const file = filePart('f', 'f.png', new Uint8Array(mebibyte));
    expect((await post(multipart(file), 2 * mebibyte)).status).toBe(200);
    const [status, code] = await refusal(multipart(file, file), 2 * mebibyte);
    expect([status, code]).toEqual([413, 'files_too_big']);
    const text = textPart('a', 'x'.repeat(most + 1));
    expect((await refusal(multipart(text), mebibyte))[1]).toBe('body_too_large');
  });
});

describe('a form that takes its time', () => {
  it.for([
    ['a file, for 100 s', mebibyte, 5_000, 20, 200],
    ['a file, for longer than 120 s', mebibyte, 9_000, 20, 400],
    ['a file, with a pause of 10 s', mebibyte, 10_001, 2, 400],
    ['no file, for longer than 10 s', 0, 5_000, 3, 400],
  ] as const)('%s', async ([, files, everyMs, pieces, status], { expect }) => {
    vi.useFakeTimers();
    try {
      const { headers } = multipart();
      const answer = Promise.resolve(post({ body: slowly(everyMs, pieces), headers }, files));
      await vi.advanceTimersByTimeAsync(everyMs * (pieces + 1));
      expect((await answer).status).toBe(status);
    } finally {
      vi.useRealTimers();
    }
  });
});
