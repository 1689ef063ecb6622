import { describe, it, vi } from 'vitest';
import { inBatches } from '../../src/retention/in-batches.ts';

const inTime = { now: () => 0, deadline: { at: 20_000 } };
const full = () => vi.fn(() => Promise.resolve([200, 3]));

describe('a purge', () => {
  it('ends with a batch that is not full', async ({ expect }) => {
    const removeBatch = full().mockResolvedValueOnce([200, 200]).mockResolvedValueOnce([199, 0]);
    expect(await inBatches(inTime, removeBatch)).toBe(599);
    expect(removeBatch).toHaveBeenCalledTimes(2);
  });

  it('leaves the rest to the next run after five batches', async ({ expect }) => {
    const removeBatch = full();
    expect(await inBatches(inTime, removeBatch)).toBe(1_015);
    expect(removeBatch).toHaveBeenCalledTimes(5);
  });

  it('leaves the rest to the next run when time is over', async ({ expect }) => {
    const removeBatch = full();
    const deps = { now: vi.fn(() => 16_000).mockReturnValueOnce(14_000), deadline: { at: 20_000 } };
    expect(await inBatches(deps, removeBatch)).toBe(406);
  });
});
