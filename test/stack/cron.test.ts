import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { startCron } from '../../dev/cron.ts';

describe('the cron of the local stack', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 21, 12, 15, 30) });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('fires every minute, the hourly one at its minute, and no more once it has ended', ({
    expect,
  }) => {
    const fired: string[] = [];
    vi.stubGlobal('fetch', (address: string) => {
      const { pathname, searchParams } = new URL(address);
      fired.push(`${new Date().getUTCMinutes()} ${pathname} ${searchParams.get('cron')}`);
      return Promise.reject(new TypeError('The Worker is just starting again.'));
    });
    const end = startCron('http://127.0.0.1:1');
    vi.advanceTimersByTime(3 * 60_000);
    end();
    vi.advanceTimersByTime(60 * 60_000);
    const path = '/cdn-cgi/local/scheduled';
    expect(fired).toEqual([
      `16 ${path} * * * * *`,
      `17 ${path} * * * * *`,
      `17 ${path} 17 * * * *`,
      `18 ${path} * * * * *`,
    ]);
  });
});
