import { toIso } from '../lib/time.ts';
import type { CountedListJson, Counts, ListJson } from './contract.ts';
import { toSettings } from './list-columns.ts';
import type { List } from './statements.ts';

/** A list as it is shown among others. */
export function presentList(list: List): ListJson {
  return {
    id: list.id,
    ...toSettings(list),
    created_at: toIso(list.createdAt),
    updated_at: toIso(list.updatedAt),
    version: list.version,
  };
}

/** A list as it is shown by itself. */
export function presentCountedList(list: List, counts: Counts): CountedListJson {
  return { ...presentList(list), counts };
}
