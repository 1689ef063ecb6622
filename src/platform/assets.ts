import { minuteMs } from '../lib/units.ts';
import { within } from '../lib/within.ts';
import type { Logger } from './logger.ts';

/** The static files: https://developers.cloudflare.com/workers/static-assets/binding/. */
export type AssetsBinding = { fetch(address: string, init?: RequestInit): Promise<Response> };

/** What reading a static file takes. */
export type AssetReader = {
  assets: AssetsBinding;
  logger: Pick<Logger, 'fault'>;
  now: () => number;
};

/** What an isolate keeps of a file: never a promise, which one request could not await for another. */
export type HeldAsset<T> = { content: T | null; triedAt: number };

const withinMs = 300;
/** A file that could not be read is left alone for so long: it would cost each visitor the time above. */
const tryAgainMs = minuteMs;

/** A file before an isolate's first visitor. */
export function holdNothing<T>(): HeldAsset<T> {
  return { content: null, triedAt: -Infinity };
}

/**
 * The content of a file, which is read where it is not yet in memory; null where it cannot be. Never throws; takes
 * 300 ms at most. `parse` throws for what is not such a file.
 */
export async function readAsset<T>(
  { assets, logger, now }: AssetReader,
  { file, parse }: { file: string; parse: (bytes: ArrayBuffer) => T },
  held: HeldAsset<T>,
): Promise<T | null> {
  if (held.content !== null || now() - held.triedAt < tryAgainMs) return held.content;
  try {
    held.content = parse(await fetchBytes(assets, file));
  } catch (error) {
    held.triedAt = now();
    const name = error instanceof Error ? error.name : 'unknown';
    logger.fault({ fault: 'asset_unreadable', names: [file, name] });
  }
  return held.content;
}

async function fetchBytes(assets: AssetsBinding, file: string): Promise<ArrayBuffer> {
  const signal = AbortSignal.timeout(withinMs);
  const fetched = async () => {
    // The binding looks at the path alone.
    const response = await assets.fetch(`http://assets/${file}`, { signal });
    const bytes = await response.arrayBuffer();
    if (!response.ok) throw new TypeError('There is no such file.');
    return bytes;
  };
  // Whether or not the binding heeds the signal.
  return within(withinMs, new DOMException('The file is late.', 'TimeoutError'), fetched());
}
