import { dayMs, hourMs, minuteMs } from './units.ts';
import * as z from 'zod/mini';

/** How many in how long: `1000/1h` is `{ limit: 1000, windowMs: 3_600_000 }`. */
export type Rate = { limit: number; windowMs: number };

const unitMs = { s: 1_000, m: minuteMs, h: hourMs, d: dayMs } as const;

/** Reads a rate such as `10/15m`: a count, a slash, a number of s, m, h or d. Returns null for anything else. */
export function parseRate(text: string): Rate | null {
  const match = /^([1-9]\d{0,8})\/([1-9]\d{0,3})([smhd])$/.exec(text);
  if (match === null) return null;
  const [, limit, count, unit] = match;
  return { limit: Number(limit), windowMs: Number(count) * unitMs[unit as keyof typeof unitMs] };
}

/** A rate as it is written and kept. */
export const rateText = z.string().check(
  z.refine((text) => parseRate(text) !== null, {
    error: 'must look like 1000/1h',
    params: { code: 'invalid_rate' },
  }),
);
