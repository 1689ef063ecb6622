import { describe, it } from 'vitest';
import { identityOf } from '../../src/http/guard.ts';
import { tinyApp } from './tiny-app.ts';

describe('who sent a request', () => {
  it('cannot be asked where no guard stands', async ({ expect }) => {
    const app = tinyApp((c) => c.json(identityOf(c)));
    await expect(app.request('/')).rejects.toThrow('No guard stands before this handler.');
  });
});
