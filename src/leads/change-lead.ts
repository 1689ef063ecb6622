import type { Deps } from '../deps.ts';
import { invalidFields } from '../errors.ts';
import { newId } from '../lib/ids.ts';
import { ConstraintError } from '../platform/database.ts';
import { requireKnown, untilFirst, type KnownVersions } from '../platform/versions.ts';
import { unreachable, type LeadChanges } from './contract.ts';
import { updateLead } from './queries.ts';
import { insertEvent, type Lead } from './statements.ts';
import { readLead } from './read-lead.ts';

/**
 * Changes a lead and notes what changed on its timeline. Two writers cannot make the same version: without
 * `If-Match` the later one is applied on top. Throws `not_found`, `precondition_failed`, `validation_failed`,
 * `conflict`.
 */
export function changeLead(
  deps: Pick<Deps, 'database' | 'now' | 'deadline'>,
  id: string,
  changes: LeadChanges,
  by: { known: KnownVersions; actor: string },
): Promise<Lead> {
  return untilFirst(deps, 'lead', async () => {
    const before = await readLead(deps, id);
    requireKnown('lead', before.version, by.known);
    const changed = changedColumns(before, toColumns(changes));
    if (Object.keys(changed).length === 0) return before;

    const at = deps.now();
    const after: Lead = { ...before, ...changed, updatedAt: at, version: before.version + 1 };
    if (after.email === null && after.phoneNumber === null) throw invalidFields([unreachable]);
    return store(deps, before, after, changed, by.actor);
  });
}

/** Returns null when another writer was first. */
async function store(
  deps: Pick<Deps, 'database'>,
  before: Lead,
  after: Lead,
  changed: Partial<Lead>,
  actor: string,
): Promise<Lead | null> {
  const event = {
    id: newId('evt', after.updatedAt),
    leadId: after.id,
    type: 'updated' as const,
    version: after.version,
    actor,
    changes: describe(before, changed),
    submissionId: null,
    at: after.updatedAt,
  };
  try {
    await deps.database.write((orm) => [
      insertEvent(orm, event),
      updateLead(orm, before, { ...changed, updatedAt: after.updatedAt, version: after.version }),
    ]);
    return after;
  } catch (error) {
    // Unique: the version is taken. Foreign key: the lead was deleted; the next attempt says so.
    if (error instanceof ConstraintError && error.constraint !== 'other') return null;
    throw error;
  }
}

function toColumns(changes: LeadChanges): Partial<Lead> {
  const columns = {
    fullName: changes.full_name,
    position: changes.position,
    companyName: changes.company_name,
    phoneNumber: changes.phone_number,
    email: changes.email === undefined ? undefined : (changes.email?.address ?? null),
    emailKey: changes.email === undefined ? undefined : (changes.email?.key ?? null),
    source: changes.source,
    status: changes.status,
    category: changes.category,
    notes: changes.notes,
  };
  const named = Object.entries(columns).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named) as Partial<Lead>;
}

function changedColumns(before: Lead, columns: Partial<Lead>): Partial<Lead> {
  const changed = Object.entries(columns).filter(
    ([name, value]) => before[name as keyof Lead] !== value,
  );
  return Object.fromEntries(changed) as Partial<Lead>;
}

/** The changed fields under their API names, each with its value before and after. */
function describe(before: Lead, changed: Partial<Lead>): Record<string, [unknown, unknown]> {
  const names: Partial<Record<keyof Lead, string>> = {
    fullName: 'full_name',
    companyName: 'company_name',
    phoneNumber: 'phone_number',
  };
  return Object.fromEntries(
    Object.entries(changed)
      .filter(([column]) => column !== 'emailKey')
      .map(([column, value]) => [
        names[column as keyof Lead] ?? column,
        [before[column as keyof Lead], value],
      ]),
  );
}
