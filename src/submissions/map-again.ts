import { checkLead } from '../forms/check-lead.ts';
import { mapLead, sourceOf } from '../forms/map-lead.ts';
import type { VisitorLead } from '../leads/contract.ts';
import type { Content, ContentValue } from '../lib/content.ts';
import type { Submission } from './statements.ts';

/** The lead in what was sent, by the rules of today. Throws `validation_failed`, in the names of the form's inputs. */
export function mapAgain({ payload, attribution }: Submission): VisitorLead {
  const { fields, inputs } = mapLead(toContent(payload));
  const from = { ...(fields['attribution'] as object), ...attribution };
  const source = fields['source'] ?? sourceOf(attribution);
  return checkLead({ fields: { ...fields, source, attribution: from }, inputs });
}

/** What came with a key is JSON as it was sent, with more than texts in it. */
function toContent(record: object): Content {
  const named = Object.entries(record).filter(([, value]) => value !== null);
  return Object.fromEntries(named.map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: unknown): ContentValue {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(toValue);
  return typeof value === 'object' && value !== null ? toContent(value) : String(value);
}
