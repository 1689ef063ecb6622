import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Unix allows a socket a path of about 104 bytes: a deeper folder gets one in the temporary folder. */
export function socketPath(folder: string, name: string): string {
  const inside = join(folder, `${name}.sock`);
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return Buffer.byteLength(inside) <= 100 ? inside : join(tmpdir(), `inlet-${name}-${hash}.sock`);
}
