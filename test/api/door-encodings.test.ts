import { describe, it } from 'vitest';
import { makePerson } from '../support/people.ts';
import {
  asJson,
  asMultipart,
  asType,
  asUrlencoded,
  filePart,
  textPart,
} from '../support/form-bodies.ts';
import { makeBusyForm, readKept, sendForm } from './door.ts';

describe('a form in each of the three encodings', () => {
  it.for(['JSON', 'urlencoded', 'multipart'])('is kept from %s', async (encoding, { expect }) => {
    const form = await makeBusyForm();
    const { full_name, email, phone_number, notes } = makePerson();
    const entries: [string, string][] = [
      ['First Name', full_name],
      ['last_name', 'Łódź'],
      ['E-Mail', email],
      ['tel', phone_number],
      ['message', notes],
      ['subject', 'Prices'],
      ['website', 'https://example.org'],
      ['interests[]', 'a'],
      ['interests[]', 'b'],
      ['address.city', 'Zürich'],
      ['_next', '/thanks'],
      ['_cc', 'everybody@example.org'],
      ['webhook', 'https://evil.example'],
      ['status', 'converted'],
      ['utm_source', 'news'],
    ];
    const nested = {
      ...Object.fromEntries(entries.filter(([name]) => !/[.[]/.test(name))),
      interests: ['a', 'b'],
      address: { city: 'Zürich' },
    };
    const sent =
      encoding === 'JSON'
        ? asJson(nested)
        : encoding === 'urlencoded'
          ? asUrlencoded(entries)
          : asMultipart(entries.map((entry) => textPart(...entry)));
    const headers = { ...sent.headers, Referer: 'https://shop.example/contact?token=x' };
    const { status, answer } = await sendForm(`/f/${form}`, { ...sent, headers });
    expect({ status, answer }).toMatchObject({ status: 200, answer: { ok: true } });
    const { payload, verdict, lead } = await readKept(answer.id);
    const { _next, _cc, webhook: _webhook, ...content } = nested as Record<string, unknown>;
    expect(payload).toEqual(content);
    expect(verdict).toBe('accepted');
    expect(lead).toMatchObject({
      full_name: `${full_name} Łódź`,
      email,
      phone_number,
      notes,
      source: 'news',
      status: 'new',
      form_id: form,
      attribution: JSON.stringify({ utm_source: 'news', page: 'https://shop.example/contact' }),
    });
  });

  it('names the inputs that are wrong as the form has them', async ({ expect }) => {
    const form = await makeBusyForm();
    const entries: [string, string][] = [
      ['contact[Your Name]', ''],
      ['contact[E-Mail]', 'nobody'],
      ['contact[Tel.]', '1'],
    ];
    const { status, answer } = await sendForm(`/f/${form}`, asUrlencoded(entries));
    expect(status).toBe(422);
    expect(answer.errors?.map(({ field }) => field).toSorted()).toEqual(
      entries.map(([name]) => name).toSorted(),
    );
  });

  it.for([
    ['text/plain', 415, asType('text/plain', 'name=Ada')],
    ['an unknown type', 415, asType('application/x-ndjson', '{}')],
    ['no JSON', 400, asJson('{')],
    ['Latin-1', 400, asUrlencoded('name=Zo%EB')],
    ['another charset', 400, asType('application/x-www-form-urlencoded;charset=latin1', 'a=1')],
    ['half a form', 400, asMultipart([textPart('name', 'Ada')], '')],
    ['too much text', 413, asUrlencoded(`name=${'x'.repeat(40_000)}`)],
    [
      'a file for a form that takes none',
      413,
      asMultipart([filePart('f', 'f', 'x'.repeat(400_000))]),
    ],
  ] as const)('is refused clearly: %s', async ([, expected, sent], { expect }) => {
    const form = await makeBusyForm();
    const { status, answer } = await sendForm(`/f/${form}`, sent);
    expect(status).toBe(expected);
    expect(answer).toMatchObject({
      ok: false,
      code: expect.stringMatching(/^[A-Z_]+$/i),
      message: expect.stringMatching(/\S/),
    });
  });
});
