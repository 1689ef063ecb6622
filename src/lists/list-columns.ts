import { sha256 } from '../lib/hashing.ts';
import type { ListChanges, NewList } from './contract.ts';
import type { List } from './statements.ts';

type Settings = Omit<List, 'id' | 'consentTextHash' | 'createdAt' | 'updatedAt' | 'version'>;

const columns = {
  name: 'name',
  opt_in: 'optIn',
  visibility: 'visibility',
  description: 'description',
  consent_text: 'consentText',
  consent_version: 'consentVersion',
  retention_days: 'retentionDays',
} as const satisfies Record<keyof NewList, keyof Settings>;

const names = Object.keys(columns) as (keyof NewList)[];

/** Settings of a list under the names of their columns. */
export function toColumns(settings: NewList): Settings;
export function toColumns(settings: ListChanges): Partial<Settings>;
export function toColumns(settings: ListChanges): Partial<Settings> {
  const given = names.filter((name) => name in settings);
  return Object.fromEntries(given.map((name) => [columns[name], settings[name]]));
}

/** The settings of a list under their names in the API. */
export function toSettings(list: List): NewList {
  return Object.fromEntries(names.map((name) => [name, list[columns[name]]])) as NewList;
}

/** Those of some changes that make a difference to a list. */
export function changesTo(list: List, changes: ListChanges): ListChanges {
  const different = names.filter(
    (name) => name in changes && changes[name] !== list[columns[name]],
  );
  return Object.fromEntries(different.map((name) => [name, changes[name]]));
}

/** The hash of a list's words, to be kept beside them. */
export async function hashOfWords({
  consentText: text,
}: Pick<List, 'consentText'>): Promise<Pick<List, 'consentTextHash'>> {
  return { consentTextHash: text === null ? null : await sha256(text) };
}
