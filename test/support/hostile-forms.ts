import * as fc from 'fast-check';
import { asJson, asMultipart, asType, asUrlencoded, textPart, type Sent } from './form-bodies.ts';

const halves = fc
  .array(fc.integer({ min: 0xd7f0, max: 0xe00f }), { maxLength: 4 })
  .map((units) => String.fromCharCode(...units));

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  halves,
  fc.constantFrom('', 'ada@example.org', 'Ada Lovelace', '+49 30 123456', 'false', 'e\u0301\u0000'),
);

const asked = fc.constantFrom(
  'name',
  'email',
  'E-Mail',
  'phone',
  'message',
  'company',
  'utm_source',
);
const assigned = fc.constantFrom(
  ...['id', 'status', 'form_id', 'formId', 'created_at', 'verdict', 'email_key', 'version'],
);
const control = fc.constantFrom(
  ...[
    '_next',
    '_gotcha',
    '_cc',
    'webhook',
    '_to',
    '_captcha',
    '_charset_',
    '_dry_run',
    '_feedback',
  ],
);
const dangerous = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', '');
const word = fc.oneof(asked, assigned, control, dangerous, text);
const places = fc.array(
  fc.oneof(
    word.map((inner) => `[${inner}]`),
    word.map((inner) => `.${inner}`),
    fc.constantFrom('[]', '[0]', '[1]', '[999]', '[', ']', '.'),
  ),
  { maxLength: 10 },
);
const name = fc.oneof(
  { weight: 3, arbitrary: word },
  fc.tuple(word, places).map(([head, rest]) => head + rest.join('')),
);

const { json } = fc.letrec((tie) => ({
  leaf: fc.oneof(text, fc.double(), fc.bigInt().map(Number), fc.boolean(), fc.constant(null)),
  list: fc.array(tie('json'), { maxLength: 4 }),
  object: fc.dictionary(name, tie('json'), { maxKeys: 5, noNullPrototype: false }),
  json: fc.oneof({ maxDepth: 10 }, tie('leaf'), tie('object'), tie('list')),
}));

const tokens = fc.string({
  unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1e400', '\\', 'u', 'd8', ' '),
});

/** What most forms hold beside the rest, so that there is a lead in it. */
const person = fc.constantFrom<[string, string][]>(
  [],
  [
    ['name', 'Ada Lovelace'],
    ['email', 'ada@example.org'],
  ],
);

/** JSON bodies: most of them forms, some broken. */
export const jsonForms: fc.Arbitrary<Sent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.dictionary(name, json, { maxKeys: 8 }), person)
      .map(([value, more]) => asJson({ ...value, ...Object.fromEntries(more) })),
  },
  json.map((value) => asJson(JSON.stringify(value))),
  tokens.map((body) => asJson(body)),
  fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => asType('application/json', Uint8Array.from(bytes))),
);

const pairs = fc
  .tuple(person, fc.array(fc.tuple(name, text), { maxLength: 12 }))
  .map((entries) => entries.flat() as [string, string][]);

/** Urlencoded bodies: most of them forms, some with escapes of anything. */
export const urlencodedForms: fc.Arbitrary<Sent> = fc.oneof(
  { weight: 4, arbitrary: pairs.map((entries) => asUrlencoded(entries)) },
  fc
    .string({
      unit: fc.constantFrom('a', '=', '&', '%', '%E9', '%C3%A9', '+', '[', ']', '.', '%00'),
    })
    .map((body) => asUrlencoded(body)),
  fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => asType('application/x-www-form-urlencoded', Uint8Array.from(bytes))),
);

const header = fc.oneof(
  {
    weight: 6,
    arbitrary: name.map((field) => `Content-Disposition: form-data; name="${field}"`),
  },
  fc
    .tuple(name, text)
    .map(([field, file]) => `Content-Disposition: form-data; name="${field}"; filename="${file}"`),
  text.map((given) => `Content-Disposition: form-data; name=${given}`),
  text,
);
const part = fc.record({
  headers: header,
  content: fc.oneof({ weight: 6, arbitrary: text }, fc.uint8Array({ maxLength: 30 })),
});
const parts = fc
  .tuple(person, fc.array(part, { maxLength: 8 }))
  .map(([more, sent]) => asMultipart([...more.map((entry) => textPart(...entry)), ...sent]));

/** Multipart bodies: most of them forms, some with bytes taken out or put in. */
export const multipartForms: fc.Arbitrary<Sent> = fc.oneof(
  { weight: 3, arbitrary: parts },
  fc
    .tuple(parts, fc.nat(400), fc.nat(20), fc.uint8Array({ maxLength: 8 }))
    .map(([{ body, headers }, at, gone, put]) => {
      const bytes = Array.from(body as Uint8Array);
      bytes.splice(Math.min(at, bytes.length), gone, ...put);
      return { headers, body: Uint8Array.from(bytes) };
    }),
);
