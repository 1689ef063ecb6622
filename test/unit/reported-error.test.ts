import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { framesOf } from '../../src/lib/frames.ts';

/** As the minified bundle has it: the class by another name than the error. */
class ds extends Error {
  override readonly name = 'UpstreamError';
}

describe('the report of an error', () => {
  it('says what failed and where', ({ expect }) => {
    const { name, frames } = framesOf(new ds('x'));
    expect(name).toBe('UpstreamError');
    expect(frames[0]).toMatch(/^at .*reported-error\.test\.ts.*:\d+:\d+\)?$/);
  });

  it('is the same whatever the message says, so that it quotes nothing of it', ({ expect }) => {
    const lines = fc.array(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `    at ${text}:1:2`),
      ),
    );
    fc.assert(
      fc.property(lines, (texts) => {
        const [one, two] = [texts.join('\n'), ''].map((message) => framesOf(new ds(message)));
        expect(one).toEqual(two);
      }),
    );
  });

  it('can be made of anything that was thrown', ({ expect }) => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        fc.pre(!(thrown instanceof Error));
        expect(framesOf(thrown)).toEqual({ name: typeof thrown, frames: [] });
      }),
    );
  });
});
