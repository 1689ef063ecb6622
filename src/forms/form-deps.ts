import type { Deps } from '../deps.ts';

/** What acts on forms work with. */
export type FormDeps = Pick<Deps, 'database' | 'now' | 'deadline' | 'formCache' | 'keyCache'> & {
  config: Pick<Deps['config'], 'publicUrl'>;
};

/** Who changes forms: a key's id or `cli`, and the request that it did so with. */
export type By = { actor: string; requestId: string | null };
