import { describe, it } from 'vitest';
import { checkAutomation } from '../../src/forms/gates/automation.ts';
import { makeEntry } from './gate-entry.ts';

describe('the gate against programs', () => {
  it('passes a browser that says nothing of it', ({ expect }) => {
    expect(checkAutomation(makeEntry({}))).toEqual({ pass: true });
  });

  it('flags a browser that says that a program drives it', ({ expect }) => {
    expect(checkAutomation(makeEntry({}, { automated: true }))).toEqual({ flag: 'automated' });
  });
});
