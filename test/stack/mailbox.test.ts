import { afterAll, beforeAll, describe, it } from 'vitest';
import type { HttpServer } from '../../dev/http-server.ts';
import type { InboxMail } from '../../dev/inbox.ts';
import { startMailbox } from '../../dev/mailbox.ts';

const sent = {
  from: 'Inlet <inlet@localhost.example>',
  to: ['ada@example.org'],
  subject: 'Please <confirm>',
  text: 'Confirm: http://localhost:8787/n/confirm/abc?a=1&b=2. <b>Bye</b>',
  html: '<p>Confirm</p><script>alert(1)</script>',
  reply_to: 'sales@example.org',
  headers: { 'List-Unsubscribe': '<https://example.org/n>' },
};

describe('the mailbox', () => {
  let mailbox: HttpServer;

  beforeAll(async () => {
    mailbox = await startMailbox({ port: 0 });
  });
  afterAll(() => mailbox.close());

  async function send(mail: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${mailbox.url}/emails`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', ...headers },
      body: typeof mail === 'string' ? mail : JSON.stringify(mail),
    });
    const answer = (await response.json()) as { id?: string; name?: string };
    return { status: response.status, ...answer };
  }

  async function mails(): Promise<InboxMail[]> {
    const response = await fetch(`${mailbox.url}/emails`);
    return ((await response.json()) as { data: InboxMail[] }).data;
  }

  it('takes a mail as Resend does, and tells scripts everything of it', async ({ expect }) => {
    const { status, id } = await send(sent, { 'idempotency-key': 'key-1' });
    expect(status).toBe(200);
    const expected = {
      ...sent,
      id,
      to: 'ada@example.org',
      at: expect.any(String),
      idempotency_key: 'key-1',
    };
    expect((await mails())[0]).toEqual(expected);
    expect(await (await fetch(`${mailbox.url}/emails/${id}`)).json()).toEqual(expected);
    expect((await fetch(`${mailbox.url}/emails/other`)).status).toBe(404);
  });

  it('keeps one mail for each key', async ({ expect }) => {
    const key = { 'idempotency-key': 'key-2' };
    const first = await send(sent, key);
    const before = await mails();
    expect(await send(sent, key)).toEqual(first);
    expect(await send({ ...sent, subject: 'Other' }, key)).toMatchObject({
      status: 409,
      name: 'invalid_idempotent_request',
    });
    expect(await mails()).toEqual(before);
    await send(sent);
    await send(sent);
    expect(await mails()).toHaveLength(before.length + 2);
  });

  it.for([
    [{ ...sent, to: [] }, {}, 422, 'validation_error'],
    [{ ...sent, from: undefined }, {}, 422, 'validation_error'],
    [{ ...sent, subject: undefined }, {}, 422, 'validation_error'],
    [{ ...sent, text: undefined, html: undefined }, {}, 422, 'validation_error'],
    ['{', {}, 422, 'validation_error'],
    [{ ...sent, text: 'a'.repeat(1024 * 1024) }, {}, 422, 'validation_error'],
    [sent, { authorization: '' }, 401, 'missing_api_key'],
    [sent, { 'idempotency-key': 'k'.repeat(257) }, 400, 'invalid_idempotency_key'],
  ] as const)(
    'refuses what Resend would: case %#',
    async ([mail, headers, status, name], { expect }) => {
      const before = await mails();
      expect(await send(mail, headers)).toMatchObject({ status, name });
      expect(await mails()).toEqual(before);
    },
  );

  it('shows the newest first, with links that work and nothing that runs', async ({ expect }) => {
    await send({ ...sent, subject: 'Older' });
    const { id } = await send({ ...sent, subject: 'Newer <one>' });
    const response = await fetch(mailbox.url);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    const page = await response.text();
    expect(page.indexOf('Newer')).toBeLessThan(page.indexOf('Older'));
    expect(page).toContain('Newer &lt;one&gt;');
    const address = 'http://localhost:8787/n/confirm/abc?a=1&amp;b=2';
    expect(page).toContain(`<a href="${address}">${address}</a>. &lt;b&gt;Bye`);
    expect(page).toContain(`<a href="/emails/${id}">`);
    expect(page).not.toContain('<script');
  });

  it('shows the HTML of a mail to a browser, where none of it runs', async ({ expect }) => {
    const { id } = await send(sent);
    const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const response = await fetch(`${mailbox.url}/emails/${id}`, { headers });
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toBe(sent.html);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'.*; sandbox$/);
    expect(policy).not.toMatch(/script-src|allow-/);
  });
});
