import { invalidFields } from '../../errors.ts';
import { parseEmail } from '../../lib/email.ts';
import { pass, type Entry, type GateDeps, type GateResult } from './gate.ts';

/** Whether the list of domains is asked about an entry at all. */
export function asksForDomains({ form, lead }: Pick<Entry, 'form' | 'lead'>): boolean {
  return form.disposableEmails !== 'accept' && domainOf(lead.fields['email']) !== null;
}

/**
 * Flags or refuses, as the form says, an address of a provider whose mailboxes last for minutes. Without the list it
 * passes.
 */
export async function checkDisposableEmail(
  entry: Pick<Entry, 'form' | 'lead'>,
  { disposableDomains: domains }: Pick<GateDeps, 'disposableDomains'>,
): Promise<GateResult> {
  const { form, lead } = entry;
  const domain = domainOf(lead.fields['email']);
  if (domain === null || form.disposableEmails === 'accept') return pass;
  // In memory by now, but for a dry run.
  await domains.load();
  if ((await domains.includes(domain)) !== true) return pass;
  if (form.disposableEmails === 'flag') return { flag: 'disposable_email' };
  const field = lead.inputs['email'] ?? 'email';
  const message = 'must be an address that you will still have tomorrow';
  return { refuse: invalidFields([{ field, code: 'disposable_email', message }]) };
}

function domainOf(email: unknown): string | null {
  const key = typeof email === 'string' ? parseEmail(email)?.key : undefined;
  return key === undefined ? null : key.slice(key.lastIndexOf('@') + 1);
}
