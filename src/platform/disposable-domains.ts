import { holdsNumber, isPacked, numberOf } from '../lib/name-set.ts';
import type { Logger } from './logger.ts';
import { minuteMs } from '../lib/units.ts';

/** The static files: https://developers.cloudflare.com/workers/static-assets/binding/. */
export type AssetsBinding = { fetch(address: string, init?: RequestInit): Promise<Response> };

/** The domains of providers whose mailboxes last for minutes; see dev/checks/disposable-domains.ts. */
export type DisposableDomains = {
  /** Gets the list into memory, where it is not yet. Never throws; takes 300 ms at most. */
  load(): Promise<void>;
  /** Whether a domain, or one above it, is listed. Null while the list is not in memory. */
  includes(domain: string): Promise<boolean | null>;
};

/** What an isolate keeps of the list: never a promise, which one request could not await for another. */
export type HeldDomains = { packed: DataView | null; triedAt: number };

const file = 'disposable-domains.bin';
const withinMs = 300;
/** A list that could not be read is left alone for so long: it would cost each visitor the time above. */
const tryAgainMs = minuteMs;

/** An isolate's list before its first visitor. */
export function holdNoDomains(): HeldDomains {
  return { packed: null, triedAt: -Infinity };
}

/** Opens the list for one request. What it gets is kept in `held`. */
export function openDisposableDomains(options: {
  assets: AssetsBinding;
  held: HeldDomains;
  logger: Pick<Logger, 'fault'>;
  now: () => number;
}): DisposableDomains {
  const { assets, held, logger, now } = options;
  return {
    async load() {
      if (held.packed !== null || now() - held.triedAt < tryAgainMs) return;
      try {
        held.packed = await read(assets);
      } catch (error) {
        held.triedAt = now();
        const name = error instanceof Error ? error.name : 'unknown';
        logger.fault({ fault: 'asset_unreadable', names: [file, name] });
      }
    },
    async includes(domain) {
      const { packed } = held;
      if (packed === null) return null;
      const labels = domain.split('.');
      const parents = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
      const numbers = await Promise.all(parents.map((parent) => numberOf(parent)));
      return numbers.some((number) => holdsNumber(packed, number));
    },
  };
}

async function read(assets: AssetsBinding): Promise<DataView> {
  // The binding looks at the path alone.
  const response = await assets.fetch(`http://assets/${file}`, {
    signal: AbortSignal.timeout(withinMs),
  });
  const packed = new DataView(await response.arrayBuffer());
  if (!response.ok || !isPacked(packed)) throw new TypeError('The list is not one.');
  return packed;
}
