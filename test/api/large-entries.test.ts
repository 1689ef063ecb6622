import { describe, it } from 'vitest';
import { asMultipart, filePart, textPart } from '../support/form-bodies.ts';
import { call, makeBareForm, randomIp } from '../support/harness.ts';
import { sendForm } from './door.ts';

const mebibyte = 1_048_576;

function withFile(bytes: number) {
  return asMultipart([textPart('name', 'Ada'), filePart('photo', 'a.png', 'x'.repeat(bytes))]);
}

describe('an entry with large files', () => {
  const uploads = { max_files: 1, max_bytes: 1_000, kinds: ['image' as const] };

  it('is read no further than its form has room for', async ({ expect }) => {
    const form = await makeBareForm({ uploads });
    expect((await sendForm(`/f/${form}`, withFile(3 * mebibyte))).status).toBe(413);
    // A little too big is a mistake that has a name.
    const { status, answer } = await sendForm(`/f/${form}`, withFile(2_000));
    expect([status, answer.errors?.map(({ field }) => field)]).toEqual([422, ['email', 'photo']]);
  });

  it('is counted before it is read', async ({ expect }) => {
    const form = await makeBareForm({ uploads, rate_limit: '1/1h' });
    const ip = randomIp();
    const sent = { ip, ...withFile(3 * mebibyte) };
    expect((await sendForm(`/f/${form}`, sent)).status).toBe(413);
    expect((await sendForm(`/f/${form}`, { ip, ...withFile(3 * mebibyte) })).status).toBe(429);
  });

  it('is not read where nobody knows yet which form it is for', async ({ expect }) => {
    expect((await sendForm('/submit', withFile(2 * mebibyte))).status).toBe(413);
  });

  it('with more fields than any form has is refused, in JSON too', async ({ expect }) => {
    const form = await makeBareForm();
    const json = Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`field${at}`, 'x']));
    expect((await sendForm(`/f/${form}`, { json })).status).toBe(413);
  });
});

describe('an address without a form', () => {
  it('is counted', async ({ expect }) => {
    const answer = await call('/f/no_such_form_here', { json: { name: 'Ada' } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('RateLimit')).toMatch(/^"anonymous";/);
  });
});
