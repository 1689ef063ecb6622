import { inject } from 'vitest';
import type { InboxMail } from '../../dev/inbox.ts';

/** The mails that the provider has taken for an address, newest first. */
export async function mailsTo(address: string): Promise<InboxMail[]> {
  const url = `${inject('bindings')['RESEND_URL']}/seen/${encodeURIComponent(address)}`;
  return (await fetch(url)).json();
}
