import { domainFinder, domainRun, wholeAddress, withoutBlanks } from './domain-in-text.ts';
import { isEncoded, readings } from './readings.ts';

/** What stands where an address was. */
export const erasedMark = '[erased]';

/**
 * By what to look for an address, in lower case: a text that holds it has `word`, one of `withSign`, and one of
 * `withDomain` unless it has full-width letters, in which the domain may be written.
 */
export type Needles = { word: string; withSign: string[]; withDomain: string[] };

/** Finds the address of one person in texts: in any case, as URLs encode it, and with its domain in any spelling. */
export type AddressFinder = {
  needles: Needles;
  /** The text without the address; the same text where it does not hold it. The whole address of another stays as it is. */
  erase(text: string): string;
  /** The same for a text without words, in which an address may stand right after something else. */
  eraseAnywhere(text: string): string;
  /** The same for JSON, names included. A list loses the items that were nothing but the address. */
  eraseFromJson(json: string): string;
};

/** The finder for the person whom a key of `parseEmail` stands for. */
export function addressFinder(key: string): AddressFinder {
  const at = key.lastIndexOf('@');
  const [local, domain] = [key.slice(0, at), key.slice(at + 1)];
  const escaped = local.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`);
  const pattern = new RegExp(`${escaped}[@＠](?=(${domainRun}))`, 'giu');
  const [lengthOfDomain, joined] = [domainFinder(domain), joinedTo(local)];
  const cut = (text: string, isOther: (before: string) => boolean): string => {
    for (const reading of readings(text)) {
      let [left, done] = ['', 0];
      for (const { 0: found, 1: run = '', index } of reading.text.matchAll(pattern)) {
        const begin = index + found.length;
        const end = begin + run.length;
        // How it goes on, the next reading tells.
        if (isEncoded(reading.text.slice(end, end + 12))) continue;
        const length = lengthOfDomain(run);
        if (length === null || isOther(reading.text.slice(Math.max(0, index - 100), index)))
          continue;
        left += text.slice(done, reading.at(index)) + erasedMark;
        done = reading.at(begin + length);
      }
      if (done > 0) return cut(left + text.slice(done), isOther);
    }
    return text;
  };
  const erase = (text: string) => {
    const whole = wholeAddress(text);
    if (whole === null) return cut(text, joined);
    return whole === key ? text.replace(text.trim(), erasedMark) : text;
  };
  const rebuild = (value: unknown): unknown => {
    if (typeof value === 'string') return erase(value);
    if (Array.isArray(value)) return value.map((item) => rebuild(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, item]) => [erase(name), rebuild(item)]);
    return Object.fromEntries(entries);
  };
  return {
    needles: needlesOf(local, domain),
    erase,
    eraseAnywhere: (text) => cut(text, () => false),
    eraseFromJson(json) {
      const before: unknown = JSON.parse(json);
      const after = rebuild(before);
      if (JSON.stringify(after) === JSON.stringify(before)) return json;
      const left = Array.isArray(after) ? after.filter((item) => item !== erasedMark) : after;
      return JSON.stringify(left);
    },
  };
}

/**
 * Says whether what stands before an address in a text makes it that of another person: a letter, or a sign after one,
 * as in o'brien@. Not what separates: `/ = ? # ! * { | }`, an ellipsis or a dash.
 */
function joinedTo(local: string): (before: string) => boolean {
  const noBlanks = new RegExp(`^[${withoutBlanks}]`, 'u').test(local)
    ? ''
    : `(?![${withoutBlanks}])`;
  const joined = new RegExp(
    String.raw`${noBlanks}[\p{L}\p{N}\p{M}](?:(?!\.\.|--)[_.+'’$%&^~${'`'}-])*$`,
    'u',
  );
  // In a query, and between two addresses, & separates.
  return (before) => joined.test(before) && !/[@=?]\S*&$/.test(before);
}

/** How @ is written: see `readings`. */
const signs = ['@', '＠', '%40', '%2540', '%252540', '%ef%bc%a0'];

/** Of letters and digits alone: every other character may be encoded. */
function needlesOf(local: string, domain: string): Needles {
  const words = (local.match(/[a-z\d]+/g) ?? []).toSorted((a, b) => b.length - a.length);
  const tail = /[a-z\d]*$/.exec(local)?.[0] ?? '';
  const head = domain.startsWith('xn--') ? '' : (/^[a-z\d]+/.exec(domain)?.[0] ?? '');
  const withSign = signs.map((sign) => tail + sign);
  return { word: words[0] ?? '', withSign, withDomain: withSign.map((text) => text + head) };
}
