import type { SubscriberJson } from './contract.ts';
import type { Subscriber } from './queries.ts';

/** A subscriber as it is shown. */
export function presentSubscriber(subscriber: Subscriber): SubscriberJson {
  const time = (at: number) => new Date(at).toISOString();
  return {
    id: subscriber.id,
    email: subscriber.email,
    full_name: subscriber.fullName,
    subscriptions: subscriber.subscriptions.map((subscription) => ({
      list_id: subscription.list_id,
      state: subscription.state,
      created_at: time(subscription.created_at),
      updated_at: time(subscription.updated_at),
    })),
    created_at: time(subscriber.createdAt),
    updated_at: time(subscriber.updatedAt),
  };
}
