import { holdsNumber, isPacked, numberOf } from '../lib/name-set.ts';
import { readAsset, type AssetReader, type HeldAsset } from './assets.ts';

/** The domains of providers whose mailboxes last for minutes; see dev/checks/disposable-domains.ts. */
export type DisposableDomains = {
  /** Gets the list into memory, where it is not yet. Never throws; takes 300 ms at most. */
  load(): Promise<void>;
  /** Whether a domain, or one above it, is listed. Null while the list is not in memory. */
  includes(domain: string): Promise<boolean | null>;
};

const list = { file: 'disposable-domains.bin', parse };

/** Opens the list for one request. What it gets is kept in `held`. */
export function openDisposableDomains({
  held,
  ...reader
}: AssetReader & { held: HeldAsset<DataView> }): DisposableDomains {
  return {
    async load() {
      await readAsset(reader, list, held);
    },
    async includes(domain) {
      const { content: packed } = held;
      if (packed === null) return null;
      const labels = domain.split('.');
      const parents = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
      const numbers = await Promise.all(parents.map((parent) => numberOf(parent)));
      return numbers.some((number) => holdsNumber(packed, number));
    },
  };
}

function parse(bytes: ArrayBuffer): DataView {
  const packed = new DataView(bytes);
  if (!isPacked(packed)) throw new TypeError('The list is not one.');
  return packed;
}
