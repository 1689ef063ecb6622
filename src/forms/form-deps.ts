import type { Deps } from '../deps.ts';

/** What the use cases on forms need. */
export type FormDeps = Pick<Deps, 'database' | 'now' | 'deadline' | 'formCache' | 'keyCache'> & {
  config: Pick<Deps['config'], 'publicUrl'>;
};
