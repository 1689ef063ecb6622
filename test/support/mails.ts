import { inject, vi, type ExpectStatic } from 'vitest';
import type { InboxMail } from '../../dev/inbox.ts';

/** The mails that the provider has taken for an address, newest first. */
export async function mailsTo(address: string): Promise<InboxMail[]> {
  const url = `${inject('bindings')['RESEND_URL']}/seen/${encodeURIComponent(address)}`;
  return (await fetch(url)).json();
}

/** The mails that were taken for an address, once there are as many. */
export function mailsOnce(expect: ExpectStatic, address: string, count = 1): Promise<InboxMail[]> {
  return vi.waitFor(
    async () => {
      const mails = await mailsTo(address);
      expect(mails).toHaveLength(count);
      return mails;
    },
    { timeout: 10_000, interval: 20 },
  );
}
