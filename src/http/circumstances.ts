import { ipNetwork } from '../lib/ip-bucket.ts';
import type { AppContext } from './context.ts';
import { readUserAgent } from './user-agent.ts';

/** Where a request came from, as far as it is kept: nothing that names one person's connection. */
export function circumstancesOf(c: AppContext): {
  ipHash: string;
  ipNetwork: string | null;
  userAgent: string | null;
} {
  const address = c.req.header('CF-Connecting-IP') ?? '';
  return {
    ipHash: c.var.ipHash,
    ipNetwork: ipNetwork(address),
    userAgent: readUserAgent(c),
  };
}
