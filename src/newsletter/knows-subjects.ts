import type { Deps } from '../deps.ts';
import type { Config } from '../env.ts';
import { selectKnownSubject } from './queries.ts';
import { subjectHashes } from '../subjects/subject-hash.ts';

/**
 * Whether the hashes that stand for people are made with the secrets at hand, as far as the newest evidence tells: true
 * where there is none. A `SUBJECT_SECRET` of its own has made it; without one, an older `APP_SECRET` may have.
 */
export async function knowsSubjects(
  deps: Pick<Deps, 'database'> & { config: Pick<Config, 'secrets' | 'subjectSecrets'> },
): Promise<boolean> {
  const [known] = await deps.database.read((orm) => selectKnownSubject(orm));
  if (known === undefined) return true;
  const { secrets, subjectSecrets } = deps.config;
  const [current, ...previous] = await subjectHashes(deps.config, known.emailKey);
  const own = !secrets.includes(subjectSecrets[0]);
  return (own ? [current] : [current, ...previous]).includes(known.subjectHash ?? '');
}
