import type { Config } from '../env.ts';
import { randomBase62, toBase62 } from '../lib/base62.ts';
import { crc32 } from '../lib/crc32.ts';

// What a key says of itself before anything is looked up.
type KeyKind = 'publishable' | 'secret';
type KeyMode = 'live' | 'test';

/** The keys that a deployment issues and takes. */
export function modeOf(environment: Config['environment']): KeyMode {
  return environment === 'production' ? 'live' : 'test';
}

const pattern = /^(inlet_(?:pk|sk)_(live|test)_[0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

/**
 * A new key: brand, kind, mode, 32 random base62 characters, and their CRC-32 in 6 more, as GitHub's tokens have
 * it. The underscores let a double click select the whole of it.
 */
export function mintKey(kind: KeyKind, mode: KeyMode): string {
  const body = `inlet_${kind === 'secret' ? 'sk' : 'pk'}_${mode}_${randomBase62(32)}`;
  return body + checksum(body);
}

/** The mode that a key names. Null when its form or its checksum is wrong, so that a mistyped one costs no lookup. */
export function readMode(text: string): KeyMode | null {
  const [, body, mode, check] = pattern.exec(text) ?? [];
  if (body === undefined || checksum(body) !== check) return null;
  return mode === 'live' ? 'live' : 'test';
}

function checksum(body: string): string {
  return toBase62(crc32(body), 6);
}
