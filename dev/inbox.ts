import type { IncomingHttpHeaders } from 'node:http';

/** A mail as it was handed over, with the names of Resend's API. */
export type InboxMail = {
  id: string;
  /** ISO 8601. */
  at: string;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  reply_to: string | null;
  headers: Record<string, string>;
  idempotency_key: string | null;
};

/** What Resend would answer. */
export type InboxAnswer = { status: number; body: { id: string } | { name: string } };

/** Where mails are kept, newest first. */
export type Inbox = {
  mails: InboxMail[];
  /** Takes one as `POST /emails` does: the headers and the body of the request. */
  take(headers: IncomingHttpHeaders, body: string): InboxAnswer;
};

const maxMails = 500;

/**
 * Opens an inbox that speaks as Resend does: https://resend.com/docs/api-reference/emails/send-email, the errors of
 * https://resend.com/docs/api-reference/errors, and one mail for each `Idempotency-Key`. Keeps the last 500 mails.
 */
export function openInbox(): Inbox {
  const mails: InboxMail[] = [];
  /** What came with the mail that a key belongs to. */
  const bodies = new WeakMap<InboxMail, string>();
  return {
    mails,
    take(headers, body) {
      if (!/^Bearer \S+$/.test(headers.authorization ?? '')) return refusal(401, 'missing_api_key');
      if (headers['user-agent'] === undefined) return refusal(403, 'missing_user_agent');
      const key = String(headers['idempotency-key'] ?? '') || null;
      if (key !== null && key.length > 256) return refusal(400, 'invalid_idempotency_key');
      const first = mails.find((mail) => key !== null && mail.idempotency_key === key);
      if (first !== undefined) {
        if (bodies.get(first) !== body) return refusal(409, 'invalid_idempotent_request');
        return { status: 200, body: { id: first.id } };
      }
      const mail = readMail(body, key);
      if (mail === null) return refusal(422, 'validation_error');
      bodies.set(mail, body);
      mails.unshift(mail);
      mails.length = Math.min(mails.length, maxMails);
      return { status: 200, body: { id: mail.id } };
    },
  };
}

function refusal(statusCode: number, name: string): InboxAnswer {
  const body = { statusCode, name, message: 'Resend would not take this mail.' };
  return { status: statusCode, body };
}

/** Null where something is missing that Resend asks for. */
function readMail(body: string, idempotencyKey: string | null): InboxMail | null {
  try {
    const mail = JSON.parse(body) as Record<string, unknown>;
    const to = [mail['to']].flat().filter((address) => typeof address === 'string');
    const { from, subject, text, html, reply_to: replyTo, headers } = mail;
    if (to.length === 0 || typeof from !== 'string' || typeof subject !== 'string') return null;
    if (typeof text !== 'string' && typeof html !== 'string') return null;
    return {
      id: crypto.randomUUID(),
      at: new Date().toISOString(),
      from,
      to: to.join(', '),
      subject,
      text: typeof text === 'string' ? text : '',
      html: typeof html === 'string' ? html : '',
      reply_to: typeof replyTo === 'string' ? replyTo : null,
      headers: (headers ?? {}) as Record<string, string>,
      idempotency_key: idempotencyKey,
    };
  } catch {
    return null;
  }
}
