const encoder = new TextEncoder();

/**
 * The number that stands for a name in a set of names: the first four bytes of its SHA-256. A name outside of a set
 * of 10,000 is taken for one of it once in 400,000 cases.
 */
export async function numberOf(name: string): Promise<number> {
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(name));
  return new DataView(digest).getUint32(0);
}

/** Writes a set of numbers: ascending, four bytes each, the highest first. */
export function packNumbers(numbers: Iterable<number>): Uint8Array {
  const sorted = [...new Set(numbers)].toSorted((left, right) => left - right);
  const packed = new DataView(new ArrayBuffer(sorted.length * 4));
  for (const [index, number] of sorted.entries()) packed.setUint32(index * 4, number);
  return new Uint8Array(packed.buffer);
}

/** Whether a packed set holds a number. */
export function holdsNumber(packed: DataView, number: number): boolean {
  let [low, high] = [0, packed.byteLength / 4];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (packed.getUint32(middle * 4) < number) low = middle + 1;
    else high = middle;
  }
  return low < packed.byteLength / 4 && packed.getUint32(low * 4) === number;
}

/** Whether bytes are a packed set: whole numbers, at least one, each above the one before. */
export function isPacked(packed: DataView): boolean {
  const { byteLength } = packed;
  if (byteLength === 0 || byteLength % 4 !== 0) return false;
  for (let at = 4; at < byteLength; at += 4) {
    if (packed.getUint32(at) <= packed.getUint32(at - 4)) return false;
  }
  return true;
}
