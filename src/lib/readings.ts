/** A text as it reads once what URLs encode is decoded, and where what stands at an index begins in the original. */
export type Reading = { text: string; at: (index: number) => number };

/** How often a text may be encoded: a URL that is a parameter of another's parameter is, twice. */
const mostReadings = 4;

/** One character as URLs encode it, in UTF-8. */
const encoded =
  /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}/gi;

/** A text as it is, then decoded once, and again for as long as there is something to decode. */
export function* readings(text: string): Generator<Reading, void> {
  let reading: Reading | null = { text, at: (index) => index };
  for (let count = 0; count < mostReadings && reading !== null; count += 1) {
    yield reading;
    reading = decodeOnce(reading);
  }
}

/** Whether a text begins with something that the next reading has decoded. */
export function isEncoded(text: string): boolean {
  return text.search(encoded) === 0;
}

/** Null where there is nothing to decode. */
function decodeOnce({ text, at }: Reading): Reading | null {
  const starts: number[] = [];
  let decoded = '';
  let done = 0;
  const takeUntil = (end: number) => {
    decoded += text.slice(done, end);
    for (; done < end; done += 1) starts.push(done);
  };
  for (const { 0: found, index } of text.matchAll(encoded)) {
    const character = decode(found);
    if (character === null) continue;
    takeUntil(index);
    decoded += character;
    for (let unit = 0; unit < character.length; unit += 1) starts.push(index);
    done = index + found.length;
  }
  if (done === 0) return null;
  takeUntil(text.length);
  return { text: decoded, at: (index) => at(starts[index] ?? text.length) };
}

function decode(found: string): string | null {
  try {
    return decodeURIComponent(found);
  } catch {
    return null;
  }
}
