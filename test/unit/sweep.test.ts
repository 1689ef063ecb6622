import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { createSweep } from '../../src/outbox/sweep.ts';

describe('the sweep of an isolate', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is one for all that ask, and looks again for those who asked meanwhile', ({ expect }) => {
    const sweep = createSweep();
    expect([sweep.begin(), sweep.goesOn()]).toEqual([true, true]);
    expect([sweep.begin(), sweep.begin()]).toEqual([false, false]);
    expect([sweep.goesOn(), sweep.goesOn()]).toEqual([true, false]);
    expect([sweep.begin(), sweep.goesOn(), sweep.goesOn()]).toEqual([true, true, false]);
  });

  it('is begun anew where the platform has ended it', ({ expect }) => {
    const sweep = createSweep();
    expect([sweep.begin(), sweep.goesOn()]).toEqual([true, true]);
    vi.advanceTimersByTime(29_999);
    expect(sweep.begin()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(sweep.begin()).toBe(true);
  });
});
