/**
 * The unit in which addresses are counted: an IPv4 address, or the /64 of an IPv6 one, since a single household
 * owns all of it. IPv4-mapped IPv6 counts as its IPv4 address. What is no address comes back unchanged.
 */
export function ipBucket(address: string): string {
  if (!/^[\da-f.]*:[\da-f:.]*$/i.test(address)) return address;
  const host = URL.canParse(`http://[${address}]`) ? new URL(`http://[${address}]`).hostname : '';
  if (host === '') return address;
  const groups = expandGroups(host.slice(1, -1));
  const [high = '0', low = '0'] = groups.slice(6);
  if (groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff') {
    return [high, low].flatMap((group) => bytesOf(group)).join('.');
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/**
 * The network of an address, which many people share: `203.0.113.0/24`, or the /48 of an IPv6 one. Null for what is no
 * address.
 */
export function ipNetwork(address: string): string | null {
  const bucket = ipBucket(address);
  const bytes = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(bucket);
  if (bytes !== null) return `${bytes[1]}.0/24`;
  const groups = /^([\da-f]+:[\da-f]+:[\da-f]+):[\da-f]+::\/64$/.exec(bucket);
  return groups === null ? null : `${groups[1]}::/48`;
}

function expandGroups(compressed: string): string[] {
  const [head = '', tail] = compressed.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}

function bytesOf(group: string): number[] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 255];
}
