import { openOperatorDeps, type OperatorDeps } from '../cli/operator-deps.ts';
import { newFormBody } from '../src/forms/contract.ts';
import { createForm } from '../src/forms/create-form.ts';
import { scopes } from '../src/keys/contract.ts';
import { issueKey } from '../src/keys/issue-key.ts';
import { verifyKey } from '../src/keys/verify-key.ts';
import { newListBody } from '../src/lists/contract.ts';
import { createList } from '../src/lists/create-list.ts';
import type { Demo } from './stack-file.ts';

const issuer = { actor: 'dev', scopes: null, requestId: null };

/** The demo forms and keys: those of the last run where they still work, else new ones. */
export async function seedDemo(
  databaseUrl: string,
  appSecret: string,
  known: Demo | null,
): Promise<Demo> {
  const deps = openOperatorDeps({
    database: { url: databaseUrl, authToken: null },
    secrets: [appSecret],
    subjectSecrets: [appSecret],
    environment: 'development',
    publicUrl: '',
  });
  const kept = known !== null && (await work(deps, known)) ? known : null;
  const newsletterFormId = kept?.newsletterFormId || (await makeNewsletterForm(deps));
  if (kept !== null) return { ...kept, newsletterFormId };

  const { answer } = await createForm(
    deps,
    newFormBody.parse({
      name: 'Demo form',
      site_name: 'Inlet demo',
      color: '#0b6e4f',
      default_source: 'website',
      uploads: { kinds: ['image', 'document'] },
    }),
    issuer,
    [],
  );
  const formId = answer.resourceId;
  const shared = { origins: [], rate_limit: null, expires_at: null };
  const secret = {
    ...shared,
    kind: 'secret' as const,
    name: 'Demo secret key',
    scopes: [...scopes],
  };
  const publishable = {
    ...shared,
    kind: 'publishable' as const,
    name: 'Demo publishable key',
    form_id: formId,
  };
  return {
    formId,
    newsletterFormId,
    secretKey: (await issueKey(deps, secret, issuer, [])).plaintext,
    publishableKey: (await issueKey(deps, publishable, issuer, [])).plaintext,
  };
}

/** A list with a form that signs people up to it. */
async function makeNewsletterForm(deps: OperatorDeps): Promise<string> {
  const list = newListBody.parse({
    name: 'Inlet demo news',
    description: 'What is new in the demo, once a month.',
    consent_text: 'I want to get Inlet demo news by mail. I can unsubscribe at any time.',
    consent_version: '1',
  });
  const { answer: made } = await createList(deps, list, issuer, []);
  const form = newFormBody.parse({
    kind: 'newsletter',
    name: 'Demo newsletter form',
    site_name: 'Inlet demo',
    color: '#0b6e4f',
    list_id: made.resourceId,
  });
  return (await createForm(deps, form, issuer, [])).answer.resourceId;
}

async function work(deps: OperatorDeps, demo: Demo): Promise<boolean> {
  const outcomes = await Promise.all([
    verifyKey(deps, demo.secretKey),
    verifyKey(deps, demo.publishableKey),
  ]);
  // A key of an earlier version may not do all that there is to do now.
  const may = outcomes.map((outcome) => ('identity' in outcome ? outcome.identity.scopes : null));
  return !may.includes(null) && scopes.every((scope) => may[0]?.includes(scope));
}
