import { sha256 } from '../lib/hashing.ts';
import { newId } from '../lib/ids.ts';
import type { NewConsent } from './statements.ts';

/** Where somebody's word came from. `ipNetwork` is no person's alone. */
export type Circumstances = {
  ipHash: string | null;
  ipNetwork: string | null;
  userAgent: string | null;
  page: string | null;
};

/** Of what an operator does: it says nothing of the person's own. */
export const nowhere: Circumstances = {
  ipHash: null,
  ipNetwork: null,
  userAgent: null,
  page: null,
};

type Act = Circumstances & {
  action: NewConsent['action'];
  listId: string;
  subjectHash: string;
  actor: string;
  at: number;
  text?: string | null;
  textVersion?: string | null;
  formId?: string | null;
  confirmationId?: string | null;
};

/** A row of the ledger: what somebody did about a list, when, from where, and with which words before them. */
export async function evidenceOf({ text = null, ...facts }: Act): Promise<NewConsent> {
  return {
    ...{ id: newId('cns', facts.at), text },
    textHash: text === null ? null : await sha256(text),
    ...{ textVersion: null, formId: null, confirmationId: null },
    ...facts,
  };
}
