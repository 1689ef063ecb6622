import type { MailAddress } from '../lib/mail-address.ts';
import { within } from '../lib/within.ts';
import type { Outcome } from '../lib/delivery-outcome.ts';
import type { Mail, Mailer } from './mailer.ts';

/** The platform's binding: https://developers.cloudflare.com/email-service/api/send-emails/workers-api/. */
export type EmailBinding = { send(mail: EmailMessageBuilder): Promise<unknown> };

/** The error for an address that has bounced or complained before, at any sender of the account. */
export const recipientSuppressed = 'E_RECIPIENT_SUPPRESSED';

/**
 * The errors that are about the mail itself, as the page above lists them. The others are about the moment, or about
 * us: a sender, domain or recipient that the binding is not set up for. A mail outlives both.
 */
const aboutTheMail =
  /^E_(RECIPIENT_SUPPRESSED|VALIDATION_ERROR|FIELD_MISSING|CONTENT_TOO_LARGE|HEADERS?_[A-Z_]+)$/;

/** Opens Cloudflare's Email Service. It knows no idempotency keys: a mail whose answer was lost may be sent twice. */
export function openCloudflareEmail(
  { from, binding }: { from: MailAddress; binding: EmailBinding },
  withinMs: number,
): Mailer {
  return {
    async send(mail) {
      try {
        const late = new DOMException('The deadline has passed.', 'TimeoutError');
        await within(withinMs, late, binding.send(toMessage(from, mail)));
        return { kind: 'done' };
      } catch (error) {
        return read(error);
      }
    },
  };
}

function toMessage({ name, address }: MailAddress, mail: Mail): EmailMessageBuilder {
  const { to, subject, text, html, replyTo, headers } = mail;
  return {
    from: name === null ? address : { name, email: address },
    to,
    subject,
    text,
    html,
    ...(replyTo === null ? {} : { replyTo }),
    headers,
  };
}

function read(error: unknown): Outcome {
  if (!(error instanceof Error)) return { kind: 'failed', reason: 'unknown', retryAfterMs: null };
  const code = 'code' in error ? String(error.code) : '';
  if (aboutTheMail.test(code)) return { kind: 'refused', reason: code };
  const reason = /^E_[A-Z_]{1,60}$/.test(code) ? code : error.name;
  return { kind: 'failed', reason, retryAfterMs: null };
}
