import type { Outcome } from '../lib/delivery-outcome.ts';
import type { MailAddress } from '../lib/mail-address.ts';
import { openCloudflareEmail, type EmailBinding } from './cloudflare-email.ts';
import type { Logger } from './logger.ts';
import { openResend } from './resend.ts';

/** A mail to one address. */
export type Mail = {
  to: string;
  subject: string;
  text: string;
  html: string;
  replyTo: string | null;
  headers: Record<string, string>;
};

/** Hands mails to a provider. */
export type Mailer = {
  /**
   * Takes 10 s at most, and never throws. The key, of 1 to 256 characters, is that of the mail: the same one with the
   * same mail is sent once by a provider that knows such keys, for 24 hours.
   */
  send(mail: Mail, idempotencyKey: string): Promise<Outcome>;
};

/** Who takes our mails. */
export type MailService =
  | { provider: 'resend'; from: MailAddress; url: string; apiKey: string }
  | { provider: 'cloudflare'; from: MailAddress; binding: EmailBinding }
  /** Nobody: a line in the log stands for each mail, and it can be sent once there is somebody. */
  | { provider: 'log' };

/** How long one call may take, in milliseconds. */
const withinMs = 10_000;

/** Opens the mailer for one request. */
export function openMailer(service: MailService, logger: Pick<Logger, 'mail'>): Mailer {
  if (service.provider === 'resend') return openResend(service, withinMs);
  if (service.provider === 'cloudflare') return openCloudflareEmail(service, withinMs);
  return {
    send() {
      logger.mail({ sent: false, provider: 'log' });
      return Promise.resolve({ kind: 'refused', reason: 'no_mail_provider' });
    },
  };
}
