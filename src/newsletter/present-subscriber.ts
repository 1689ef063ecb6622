import { toIso } from '../lib/time.ts';
import type { SubscriberJson } from './contract.ts';
import type { Subscriber } from './queries.ts';

/** A subscriber as it is shown. */
export function presentSubscriber(subscriber: Subscriber): SubscriberJson {
  return {
    id: subscriber.id,
    email: subscriber.email,
    full_name: subscriber.fullName,
    subscriptions: subscriber.subscriptions.map((subscription) => ({
      list_id: subscription.list_id,
      state: subscription.state,
      created_at: toIso(subscription.created_at),
      updated_at: toIso(subscription.updated_at),
    })),
    created_at: toIso(subscriber.createdAt),
    updated_at: toIso(subscriber.updatedAt),
  };
}
