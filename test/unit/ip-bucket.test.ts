import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { ipBucket, ipNetwork } from '../../src/lib/ip-bucket.ts';

const group = fc.nat(0xffff).map((value) => value.toString(16));
const groups = (length: number) => fc.array(group, { minLength: length, maxLength: length });
/** The first group is of a public network, so that no address is IPv4 in disguise. */
const network = fc.tuple(fc.constant('2001'), group, group, group);

describe('the bucket of an address', () => {
  it.for([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
    ['unknown', 'unknown'],
    ['', ''],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['1:2:3', '1:2:3'],
    ['::1]:80/[', '::1]:80/['],
  ] as const)('of %s is %s', ([address, bucket], { expect }) => {
    expect(ipBucket(address)).toBe(bucket);
  });

  it('is the address itself for IPv4, also when it comes as IPv6', ({ expect }) => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(ipBucket(address)).toBe(address);
        expect(ipBucket(`::ffff:${address}`)).toBe(address);
      }),
    );
  });

  it('is the same for every address of one household, and for no other', ({ expect }) => {
    fc.assert(
      fc.property(network, network, groups(4), groups(4), (home, other, one, two) => {
        const bucket = ipBucket([...home, ...one].join(':'));
        expect(ipBucket([...home, ...two].join(':'))).toBe(bucket);
        const same = home.join(':') === other.join(':');
        expect(ipBucket([...other, ...one].join(':')) === bucket).toBe(same);
      }),
    );
  });

  it('does not depend on how an address is spelled', ({ expect }) => {
    fc.assert(
      fc.property(network, (home) => {
        const long = [...home, '0', '0', '0', '1'].map((part) => part.padStart(4, '0')).join(':');
        const short = `${home.join(':')}::1`;
        expect(ipBucket(long.toUpperCase())).toBe(ipBucket(short));
      }),
    );
  });

  it('is a /64, an IPv4 address, or the text as it came', ({ expect }) => {
    const almost = fc.string({
      unit: fc.constantFrom(':', '0', 'f', '.', '[', ']', '%', '/', ' '),
    });
    const bucket = /^(([0-9a-f]{1,4}:){4}:\/64|\d{1,3}(\.\d{1,3}){3})$/;
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), almost, fc.string()), (text) => {
        expect([bucket.exec(ipBucket(text))?.[0], text]).toContain(ipBucket(text));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the network of an address', () => {
  it.for([
    ['192.0.2.7', '192.0.2.0/24'],
    ['::ffff:192.0.2.7', '192.0.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['unknown', null],
    ['', null],
  ] as const)('of %s is %s', ([address, network], { expect }) => {
    expect(ipNetwork(address)).toBe(network);
  });
});
