import type { Deps } from '../deps.ts';

/** What acts on forms work with. */
export type FormDeps = Pick<Deps, 'database' | 'now' | 'deadline' | 'formCache' | 'keyCache'> & {
  config: Pick<Deps['config'], 'publicUrl'>;
};
