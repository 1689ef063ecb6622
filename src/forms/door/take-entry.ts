import { invalidFields, AppError } from '../../errors.ts';
import type { AppContext } from '../../http/context.ts';
import { markReplayed, readIdempotencyKey } from '../../http/idempotency.ts';
import { enforceLimits, intakeLimit } from '../../http/limits.ts';
import { readUserAgent } from '../../http/user-agent.ts';
import { check } from '../../http/validate.ts';
import { visitorLeadBody, type VisitorLead } from '../../leads/contract.ts';
import { answerTaken } from './answer-taken.ts';
import { contentLimit } from '../gates/repeated-content.ts';
import { findFormByAddress } from '../find-form.ts';
import { judgeEntry } from '../judge-entry.ts';
import { keepEntry } from '../keep-entry.ts';
import type { MappedLead } from '../map-lead.ts';
import type { FormWithAddress } from '../queries.ts';
import { readEntry } from './read-entry.ts';

/** The same entry within this time is the same one: a double click, or a page that was loaded again. */
const collapseMs = 30_000;
const dayMs = 86_400_000;

/** Takes what a website form sent: read it, count it, judge it, keep it, answer it. */
export async function takeEntry(c: AppContext, address: string): Promise<Response> {
  const form = await requireForm(c, address);
  const { entry, fingerprint } = await readEntry(c, form);
  const text = String(entry.lead.fields['notes'] ?? '');
  const content = await contentLimit(form.id, text);
  const watched = content === null ? [] : [content];
  const full = await enforceLimits(c, [intakeLimit(c, form)], { watched });
  const counted = { ...entry, repeated: full.length > 0 };
  const { reasons, refusal } = await judgeEntry(c.var.deps, counted);
  if (refusal !== null) throw refusal;
  const idempotencyKey = readIdempotencyKey(c);
  const { answer, replayed } = await keepEntry(c.var.deps, {
    entry: counted,
    lead: checkLead(entry.lead),
    reasons,
    ipHash: c.var.ipHash,
    userAgent: readUserAgent(c),
    token:
      idempotencyKey === null
        ? { sender: form.id, key: `same:${fingerprint}`, fingerprint, keptMs: collapseMs }
        : { sender: form.id, key: idempotencyKey, fingerprint, keptMs: dayMs },
  });
  markReplayed(c, replayed);
  const taken = answer.body as { id: string; date: string };
  return answerTaken(c, form, { ...taken, redirectTo: entry.control.redirectTo });
}

async function requireForm(c: AppContext, address: string): Promise<FormWithAddress> {
  const form = await findFormByAddress(c.var.deps, address);
  if (form === null) throw new AppError('not_found', 'There is no form at this address.');
  if (!form.active) throw new AppError('form_inactive', 'This form takes no more entries.');
  return form;
}

/** Checks a lead against the contract, and names the inputs of the form in what is wrong with it. */
function checkLead({ fields, inputs }: MappedLead): VisitorLead {
  try {
    return check(visitorLeadBody, fields);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw invalidFields(
      error.fields.map((field) => ({ ...field, field: inputs[field.field] ?? field.field })),
    );
  }
}
