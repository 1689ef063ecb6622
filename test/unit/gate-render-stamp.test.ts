import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import {
  checkRenderStamp,
  makeRenderStamp,
  stampLimit,
} from '../../src/forms/gates/render-stamp.ts';
import { makeEntry } from './gate-entry.ts';

const secret = 'Q1w8Zr4tYp0sDf6gHj2kLx9cVb3nMq7aWe5rTy1uIo8p';
const older = 'Zb3kQ9vL2mXr7TtYw5PqHs8JdFgNc4VaEuRi6OoKyMx1';
const deps = { config: { secrets: [secret, older] as [string, string] } };
const now = Date.UTC(2026, 10, 21, 12);
const [second, hour, day] = [1_000, 3_600_000, 86_400_000];

async function judge(ageMs: number, { by = secret, formId = 'form_1', repeated = [''] } = {}) {
  const stamp = await makeRenderStamp(by, formId, now - ageMs);
  return checkRenderStamp(makeEntry({ _stamp: stamp }, { at: now, repeated }), deps);
}

describe('the gate of render stamps', () => {
  it('passes an entry without one: a form needs no script', async ({ expect }) => {
    expect(await checkRenderStamp(makeEntry({}), deps)).toEqual({ pass: true });
    expect(await checkRenderStamp(makeEntry({ _stamp: ' ' }), deps)).toEqual({ pass: true });
  });

  it.for([
    ['after two seconds', 2 * second],
    ['after an hour', hour],
    ['after lunch and a night', day - second],
  ] as const)('passes a person who sends %s', async ([, age], { expect }) => {
    expect(await judge(age)).toEqual({ pass: true });
  });

  it.for([
    ['too_fast', 'at once', 0],
    ['too_fast', 'within two seconds', 2 * second - 1],
    ['too_fast', 'just before, by the clock of another machine', -59 * second],
    ['forged_stamp', 'before it was shown', -61 * second],
    ['stale_stamp', 'after more than a day', day + second],
  ] as const)('flags as %s who sends %s', async ([reason, , age], { expect }) => {
    expect(await judge(age)).toEqual({ flag: reason });
  });

  it('knows a stamp that was signed before the secret was rotated', async ({ expect }) => {
    expect(await judge(hour, { by: older })).toEqual({ pass: true });
    expect(await judge(hour, { by: `${older}x` })).toEqual({ flag: 'forged_stamp' });
  });

  it('flags the stamp of another form', async ({ expect }) => {
    expect(await judge(hour, { formId: 'form_2' })).toEqual({ flag: 'forged_stamp' });
  });

  it('flags a stamp that a crowd sends', async ({ expect }) => {
    expect(await judge(hour, { repeated: ['stamp'] })).toEqual({ flag: 'reused_stamp' });
    expect(await judge(hour, { repeated: ['content'] })).toEqual({ pass: true });
  });

  it('flags whatever else stands there', async ({ expect }) => {
    const genuine = await makeRenderStamp(secret, 'form_1', now - hour);
    const [time, hash] = genuine.split('.');
    const close = [
      time ?? '',
      `${time}.`,
      `.${hash}`,
      `${genuine}0`,
      `0${genuine}`,
      `${time}..${hash}`,
    ];
    const more = [genuine.toUpperCase(), `${time}.${'0'.repeat(64)}`, 'NaN', '{{stamp}}'];
    for (const text of [...close, ...more]) {
      expect(await checkRenderStamp(makeEntry({ _stamp: text }), deps)).toEqual({
        flag: 'forged_stamp',
      });
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (text) => {
        const entry = makeEntry({ _stamp: `x${text}` });
        expect(await checkRenderStamp(entry, deps)).toEqual({ flag: 'forged_stamp' });
      }),
    );
  });

  it('counts stamps by form, and nothing that is none', async ({ expect }) => {
    const stamp = await makeRenderStamp(secret, 'form_1', now);
    const limit = await stampLimit(makeEntry({ _stamp: stamp }));
    expect(limit).toMatchObject({ name: 'stamp', rate: { limit: 10, windowMs: hour } });
    expect(limit?.subject).toMatch(/^form_1:[\da-f]{64}$/);
    expect(await stampLimit(makeEntry({ _stamp: 'x'.repeat(30_000) }))).toBeNull();
    expect(await stampLimit(makeEntry({}))).toBeNull();
  });
});
