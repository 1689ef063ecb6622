import { toIso } from '../lib/time.ts';
import type { SubscriberJson } from './contract.ts';
import type { Consent, Subscriber } from './queries.ts';

/** A subscriber as it is shown. */
export function presentSubscriber(subscriber: Subscriber): SubscriberJson {
  return {
    id: subscriber.id,
    email: subscriber.email,
    full_name: subscriber.fullName,
    language: subscriber.language,
    tags: subscriber.tags,
    attributes: subscriber.attributes,
    subscriptions: subscriber.subscriptions.map((subscription) => ({
      list_id: subscription.list_id,
      state: subscription.state,
      created_at: toIso(subscription.created_at),
      updated_at: toIso(subscription.updated_at),
    })),
    created_at: toIso(subscriber.createdAt),
    updated_at: toIso(subscriber.updatedAt),
    version: subscriber.version,
  };
}

/** A row of the ledger as it is shown. */
export function presentConsent(consent: Consent) {
  return {
    id: consent.id,
    action: consent.action,
    list_id: consent.listId,
    text: consent.text,
    text_version: consent.textVersion,
    text_hash: consent.textHash,
    page: consent.page,
    form_id: consent.formId,
    ip_network: consent.ipNetwork,
    user_agent: consent.userAgent,
    confirmation_id: consent.confirmationId,
    actor: consent.actor,
    at: toIso(consent.at),
  };
}
