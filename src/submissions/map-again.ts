import { checkLead } from '../forms/check-lead.ts';
import { checkSignUp } from '../forms/check-sign-up.ts';
import { languageIn, mapLead, sourceOf } from '../forms/map-lead.ts';
import type { VisitorLead } from '../leads/contract.ts';
import { toContent } from '../lib/to-content.ts';
import type { SignUpRows } from '../newsletter/sign-up-statements.ts';
import { signUpRows } from '../newsletter/subscribe.ts';
import { chooseOurs } from '../pages/choose-language.ts';
import type { SubmissionDeps } from './carry-out-decision.ts';
import type { Submission } from './statements.ts';

/** The lead in what was sent, by the rules of today. Throws `validation_failed`, in the names of the form's inputs. */
export function mapAgain({ payload, attribution }: Submission): VisitorLead {
  const { fields, inputs } = mapLead(toContent(payload));
  const from = { ...(fields['attribution'] as object), ...attribution };
  const source = fields['source'] ?? sourceOf(attribution);
  return checkLead({ fields: { ...fields, source, attribution: from }, inputs });
}

type NewsletterForm = Parameters<typeof checkSignUp>[1] &
  Parameters<typeof languageIn>[1] & { id: string };

/** The sign-up in what was sent, as if it came now, with what is still known of where it came from. Throws as above. */
export async function signUpAgain(
  deps: SubmissionDeps,
  { payload, attribution, ipHash, userAgent }: Submission,
  form: NewsletterForm,
  { actor, at }: { actor: string; at: number },
): Promise<SignUpRows> {
  const content = toContent(payload);
  const { fields, inputs } = mapLead(content);
  const wish = languageIn(content, form);
  const language = wish === null ? null : chooseOurs([wish]);
  const body = checkSignUp({ fields: { ...fields, attribution }, inputs }, form, language);
  const circumstances = { ipHash, ipNetwork: null, userAgent };
  const sent = { body, formId: form.id, actor, circumstances, byStranger: true };
  return signUpRows(deps.config, sent, at);
}
