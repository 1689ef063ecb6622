import { checkLead } from '../forms/check-lead.ts';
import { mapLead, sourceOf } from '../forms/map-lead.ts';
import type { VisitorLead } from '../leads/contract.ts';
import { toContent } from '../lib/to-content.ts';
import type { Submission } from './statements.ts';

/** The lead in what was sent, by the rules of today. Throws `validation_failed`, in the names of the form's inputs. */
export function mapAgain({ payload, attribution }: Submission): VisitorLead {
  const { fields, inputs } = mapLead(toContent(payload));
  const from = { ...(fields['attribution'] as object), ...attribution };
  const source = fields['source'] ?? sourceOf(attribution);
  return checkLead({ fields: { ...fields, source, attribution: from }, inputs });
}
