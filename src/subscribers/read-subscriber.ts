import type { Deps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { findSubscriber, type Subscriber } from './queries.ts';

/** One subscriber. Throws `not_found`. */
export async function readSubscriber(
  deps: Pick<Deps, 'database'>,
  id: string,
): Promise<Subscriber> {
  const subscriber = await deps.database.read((orm) => findSubscriber(orm, id));
  if (subscriber === undefined) throw notFound('subscriber');
  return subscriber;
}
