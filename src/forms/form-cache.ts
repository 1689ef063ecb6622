import { createExpiringMap } from '../lib/expiring-map.ts';
import type { FormWithAddress } from './queries.ts';

/** Below 10 s, the time within which a change to a form is seen everywhere. */
const knownMs = 9_000;
const unknownMs = 5_000;
const maxEntries = 500;

/** Forms that this isolate looked up a moment ago, by the address that was asked for. */
export type FormCache = {
  /** Undefined: look it up. Null: there was no such form. */
  find(address: string, now: number): FormWithAddress | null | undefined;
  keep(address: string, form: FormWithAddress | null, readAt: number): void;
  forget(formId: string): void;
};

/** An empty cache. Unknown addresses have a room of their own, so that guesses cannot push known ones out. */
export function createFormCache(): FormCache {
  const known = createExpiringMap<FormWithAddress>(knownMs, maxEntries);
  const unknown = createExpiringMap<null>(unknownMs, maxEntries);
  return {
    find: (address, now) => known.find(address, now) ?? unknown.find(address, now),
    keep(address, form, readAt) {
      if (form === null) unknown.keep(address, null, readAt);
      else known.keep(address, form, readAt);
    },
    forget: (formId) => known.forget((form) => form.id === formId),
  };
}
