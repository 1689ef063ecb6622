import { sha256 } from '../lib/hashing.ts';
import { mapSettings } from '../lib/map-settings.ts';
import type { NewList } from './contract.ts';
import type { List } from './statements.ts';

export const { toColumns, toSettings, changesTo } = mapSettings<
  NewList,
  Omit<List, 'id' | 'consentTextHash' | 'createdAt' | 'updatedAt' | 'version'>
>({
  name: 'name',
  opt_in: 'optIn',
  visibility: 'visibility',
  description: 'description',
  consent_text: 'consentText',
  consent_version: 'consentVersion',
  retention_days: 'retentionDays',
});

/** The hash of a list's words, to be kept beside them. */
export async function hashOfWords({
  consentText: text,
}: Pick<List, 'consentText'>): Promise<Pick<List, 'consentTextHash'>> {
  return { consentTextHash: text === null ? null : await sha256(text) };
}
