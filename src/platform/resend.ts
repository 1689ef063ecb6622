import { writeMailAddress, type MailAddress } from '../lib/mail-address.ts';
import { parseRetryAfter } from '../lib/retry-after.ts';
import { hourMs } from '../lib/units.ts';
import type { Outcome } from '../lib/delivery-outcome.ts';
import type { Mail, Mailer } from './mailer.ts';

/** Where to send to, and as whom. */
type Account = { from: MailAddress; url: string; apiKey: string };

/**
 * The statuses that are about the mail itself. All others are about us, such as a key that was mistyped or a domain
 * that is not verified yet (401, 403), or about the moment: a mail outlives both.
 */
const aboutTheMail = new Set([400, 413, 422, 451]);

/** What Resend calls a sender that it does not take (422): the same in each mail, and ours to put right. */
const wrongSender = 'invalid_from_address';

/**
 * 409 for a key that came with another mail in the last 24 hours. A key is that of one mail, whose words may have changed
 * since, such as a name that somebody has corrected: Resend has the first one.
 */
const keyOfAnotherMail = 'invalid_idempotent_request';

/** What we may send is used up (429): so is every try until the day or the month is over. */
const quotas = new Set(['daily_quota_exceeded', 'monthly_quota_exceeded']);

/**
 * Opens Resend: https://resend.com/docs/api-reference/emails/send-email and, for what it answers,
 * https://resend.com/docs/api-reference/errors.
 */
export function openResend(account: Account, withinMs: number): Mailer {
  return {
    async send(mail, idempotencyKey) {
      try {
        const response = await fetch(`${account.url.replace(/\/$/, '')}/emails`, {
          method: 'POST',
          headers: {
            Authorization: `Bearer ${account.apiKey}`,
            'Content-Type': 'application/json',
            'Idempotency-Key': idempotencyKey,
            // It answers 403 without one, and the platform adds none.
            'User-Agent': 'inlet',
          },
          body: JSON.stringify(toBody(account.from, mail)),
          // Following one would turn this into a GET, whose answer says nothing of the mail.
          redirect: 'manual',
          signal: AbortSignal.timeout(withinMs),
        });
        return read(response, await response.json().catch(() => null));
      } catch (error) {
        return failed(error instanceof Error ? error.name : 'unknown');
      }
    },
  };
}

function toBody(from: MailAddress, { to, subject, text, html, replyTo, headers }: Mail): object {
  return {
    from: writeMailAddress(from),
    to: [to],
    subject,
    text,
    html,
    ...(replyTo === null ? {} : { reply_to: replyTo }),
    headers,
  };
}

function read(response: Response, answer: unknown): Outcome {
  // The id is what says that it is Resend who answered.
  if (response.ok) {
    return textIn(answer, 'id') === null ? failed('not_an_answer') : { kind: 'done' };
  }
  const name = textIn(answer, 'name');
  const known = name !== null && /^[a-z_]{1,60}$/.test(name);
  const reason = known ? name : `status_${response.status}`;
  if (reason === keyOfAnotherMail) return { kind: 'done' };
  const isRefusal = aboutTheMail.has(response.status) && reason !== wrongSender;
  if (isRefusal) return { kind: 'refused', reason };
  const afterMs = parseRetryAfter(response.headers.get('Retry-After'), Date.now());
  if (quotas.has(reason)) return { kind: 'postponed', reason, afterMs: afterMs ?? hourMs };
  return failed(reason, afterMs);
}

function failed(reason: string, retryAfterMs: number | null = null): Outcome {
  return { kind: 'failed', reason, retryAfterMs };
}

function textIn(answer: unknown, field: 'id' | 'name'): string | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const value = (answer as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : null;
}
