import { sql } from 'drizzle-orm';
import { describe, it, onTestFinished, vi } from 'vitest';
import { outbox } from '../../drizzle/outbox.ts';
import type { NewForm } from '../../src/forms/contract.ts';
import { newId } from '../../src/lib/ids.ts';
import { call, callWith, makeBareForm, makeSecretKey, operator } from '../support/harness.ts';
import { asMultipart, filePart, textPart } from '../support/form-bodies.ts';
import { mailsOnce } from '../support/mails.ts';
import { makePerson, rememberAsPersonal } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { makePdf } from '../support/sample-files.ts';
import { expectProblem, type List } from './answers.ts';
import { runSql } from './data.ts';
import { sendForm } from './door.ts';
import { ask, read, sendSpam } from './submissions.ts';

/** An address at which this test alone gets mail; what goes wrong with it is written before the sign. */
function newInbox(local = 'team'): string {
  const address = `${local}.${crypto.randomUUID()}@shop.example`;
  rememberAsPersonal(address);
  return address;
}

type Row = { id: string; state: string; lastError: string | null };

const rowOf = async (submissionId: string | undefined): Promise<Row | undefined> => {
  const [row] = await rowsOf<Row>(
    operator,
    sql`SELECT id, state, last_error AS lastError FROM outbox WHERE resource_id = ${submissionId}`,
  );
  return row;
};

const makeTold = (notify: string[], more: Partial<NewForm> = {}) =>
  makeBareForm({ notify_emails: notify, site_name: 'Shop & Co', ...more });

describe('the people of a form', () => {
  it('are told of a lead at once, each in a mail of their own, and can answer it', async ({
    expect,
  }) => {
    const team = [newInbox(), newInbox()];
    const form = await makeTold(team, {
      uploads: { kinds: ['document'], max_files: 1, max_bytes: 100_000 },
    });
    const { full_name, email } = makePerson();
    const parts = [
      textPart('name', full_name),
      textPart('email', email),
      textPart('message', 'Two\r\nlines <b>& more'),
      filePart('cv', 'cv.pdf', makePdf()),
    ];
    const { answer } = await sendForm(`/f/${form}`, asMultipart(parts));
    for (const to of team) {
      const [mail] = await mailsOnce(expect, to);
      expect(mail).toMatchObject({
        to,
        reply_to: email,
        subject: `New lead: ${full_name} (Shop & Co)`,
      });
      expect(mail?.text).toContain(
        `name: ${full_name}\nemail: ${email}\nmessage:\nTwo\nlines <b>& more`,
      );
      expect(mail?.html).toContain('lines &lt;b&gt;&amp; more');
      for (const address of team) if (address !== to) expect(mail?.text).not.toContain(address);
    }
    await vi.waitFor(async () => expect(await rowOf(answer.id)).toMatchObject({ state: 'done' }));
  });

  it('are told, each of them, whatever becomes of the mail to another', async ({ expect }) => {
    const [good, bad] = [newInbox(), newInbox('fault-422')];
    const { answer } = await sendForm(`/f/${await makeTold([bad, good])}`, { json: makePerson() });
    await mailsOnce(expect, good);
    await vi.waitFor(async () => {
      const rows = await rowsOf<Row>(
        operator,
        sql`SELECT state FROM outbox WHERE resource_id = ${answer.id} ORDER BY state`,
      );
      expect(rows).toEqual([{ state: 'dead' }, { state: 'done' }]);
    });
  });

  it('are answered at an address that every mail server takes, or at none', async ({ expect }) => {
    for (const [typed, replyTo] of [
      ['ada@müller.example', 'ada@xn--mller-kva.example'],
      ['jörg@shop.example', null],
    ] as const) {
      const to = newInbox();
      await sendForm(`/f/${await makeTold([to])}`, { json: { name: 'Ada L', email: typed } });
      expect((await mailsOnce(expect, to))[0]?.reply_to).toBe(replyTo);
    }
  });

  it('can trust what stands in the subject, whatever a visitor calls themselves', async ({
    expect,
  }) => {
    const to = newInbox();
    const form = await makeTold([to]);
    const name = `Ada\r\nBcc: ${'x'.repeat(200)}`;
    await sendForm(`/f/${form}`, { json: { name, email: makePerson().email } });
    const [mail] = await mailsOnce(expect, to);
    expect(mail?.subject).toMatch(/^New lead: Ada Bcc: x{71}… \(Shop & Co\)$/);
  });

  it('hear of an entry from the spam folder once it is taken out, and of none before', async ({
    expect,
  }) => {
    const to = newInbox();
    const form = await makeTold([to]);
    const { key } = await makeSecretKey();
    const id = await sendSpam(form);
    await mailsOnce(expect, to, 0);
    expect((await ask(key, id, 'not-spam')).status).toBe(200);
    await mailsOnce(expect, to);
  });

  it('are told again and again until the mail is taken, and then once', async ({ expect }) => {
    const to = newInbox('once-lost');
    const form = await makeTold([to]);
    const { key } = await makeSecretKey();
    const { answer } = await sendForm(`/f/${form}`, { json: makePerson() });
    // The provider has it, but its answer was lost.
    await mailsOnce(expect, to);
    await vi.waitFor(async () =>
      expect(await rowOf(answer.id)).toMatchObject({
        state: 'pending',
        lastError: expect.any(String),
      }),
    );
    const { id = '' } = (await rowOf(answer.id)) ?? {};
    expect((await call(`/v1/outbox/${id}/retry`, { method: 'POST', key })).status).toBe(202);
    await vi.waitFor(async () => expect(await rowOf(answer.id)).toMatchObject({ state: 'done' }));
    await mailsOnce(expect, to);
  });

  it('are told of what waited while the secret was rotated', async ({ expect }) => {
    const to = newInbox('once-503');
    const { key } = await makeSecretKey();
    const { answer } = await sendForm(`/f/${await makeTold([to])}`, { json: makePerson() });
    await vi.waitFor(async () =>
      expect(await rowOf(answer.id)).toMatchObject({ lastError: 'status_503' }),
    );
    const { id = '' } = (await rowOf(answer.id)) ?? {};
    const [previous] = operator.config.secrets;
    const rotated = {
      ...{ APP_SECRET: crypto.randomUUID().repeat(2), APP_SECRET_PREVIOUS: previous },
      SUBJECT_SECRET: previous,
    };
    const again = await callWith(rotated, `/v1/outbox/${id}/retry`, { method: 'POST', key });
    expect(again.status).toBe(202);
    await mailsOnce(expect, to);
  });

  it('are told nothing of a lead that is gone by then', async ({ expect }) => {
    const to = newInbox('once-503');
    const form = await makeTold([to]);
    const { key } = await makeSecretKey();
    const { answer } = await sendForm(`/f/${form}`, { json: makePerson() });
    await vi.waitFor(async () =>
      expect(await rowOf(answer.id)).toMatchObject({ lastError: 'status_503' }),
    );
    const { lead_id: lead } = await read(key, answer.id ?? '');
    expect((await call(`/v1/leads/${lead}`, { method: 'DELETE', key })).status).toBe(204);
    expect(await rowOf(answer.id)).toBeUndefined();
  });
});

describe('/v1/outbox', () => {
  it('shows what was refused, tries it again, and drops it', async ({ expect }) => {
    const to = newInbox('fault-422');
    const form = await makeTold([to]);
    const { key } = await makeSecretKey();
    const { answer } = await sendForm(`/f/${form}`, { json: makePerson() });
    await vi.waitFor(async () => expect(await rowOf(answer.id)).toMatchObject({ state: 'dead' }));
    const { id = '' } = (await rowOf(answer.id)) ?? {};
    const listed = await call('/v1/outbox?state=dead&limit=200', { key });
    const { data } = await listed.json<List<{ id: string }>>();
    expect(data.map((row) => row.id)).toContain(id);
    const shown = await call(`/v1/outbox/${id}`, { key });
    expect(await shown.json()).toEqual({
      ...{ id, topic: 'lead_notification', resource_id: answer.id, state: 'dead', attempts: 1 },
      ...{ last_error: expect.stringMatching(/^[a-z_\d]+$/), due_at: null },
      ...{ ended_at: expect.any(String), created_at: expect.any(String) },
    });
    const again = await call(`/v1/outbox/${id}/retry`, { method: 'POST', key });
    expect(again.status).toBe(202);
    await vi.waitFor(async () => expect(await rowOf(answer.id)).toMatchObject({ state: 'dead' }));
    expect((await call(`/v1/outbox/${id}`, { method: 'DELETE', key })).status).toBe(204);
    await expectProblem(expect, await call(`/v1/outbox/${id}`, { key }), 404, 'not_found');
  });

  it('tries again all that ended for a reason, and keeps a record of it', async ({ expect }) => {
    const { id: actor, key } = await makeSecretKey();
    const reason = `reason_${crypto.randomUUID()}`;
    const at = Date.now();
    // Nobody sends this topic, and the last one is for another reason.
    const row = (lastError: string) => ({
      ...{ id: newId('out', at), topic: 'test', resourceId: reason, payload: {}, lastError },
      ...{ state: 'dead' as const, dueAt: at, endedAt: at, createdAt: at },
    });
    const rows = [row(reason), row(reason), row(`${reason}_`)];
    onTestFinished(() => runSql(sql`DELETE FROM outbox WHERE resource_id = ${reason}`));
    await operator.database.write((orm) => [orm.insert(outbox).values(rows)]);
    const again = await call('/v1/outbox/retry', { key, json: { reason } });
    expect([again.status, await again.json()]).toEqual([202, { count: 2 }]);
    const states = sql`SELECT state FROM outbox WHERE resource_id = ${reason} ORDER BY last_error`;
    expect(await rowsOf(operator, states)).toEqual([
      ...[{ state: 'pending' }, { state: 'pending' }, { state: 'dead' }],
    ]);
    const acts = sql`SELECT action, target_id, detail FROM audit_log WHERE actor = ${actor}`;
    expect(await rowsOf(operator, acts)).toEqual([
      { action: 'outbox.retried', target_id: 'dead', detail: JSON.stringify({ reason }) },
    ]);
  });

  it('does not send what was sent', async ({ expect }) => {
    const to = newInbox();
    const { key } = await makeSecretKey();
    const { answer } = await sendForm(`/f/${await makeTold([to])}`, { json: makePerson() });
    await vi.waitFor(async () => expect(await rowOf(answer.id)).toMatchObject({ state: 'done' }));
    const { id = '' } = (await rowOf(answer.id)) ?? {};
    const again = await call(`/v1/outbox/${id}/retry`, { method: 'POST', key });
    await expectProblem(expect, again, 409, 'conflict');
    await mailsOnce(expect, to);
  });
});
