import { describe, it } from 'vitest';
import { checkHoneypot } from '../../src/forms/gates/honeypot.ts';
import { makeEntry } from './gate-entry.ts';

describe('the gate of traps', () => {
  const traps = ['_gotcha', '_honeypot', '_honey', 'botcheck', 'bot-field', 'honeypot', '_GOTCHA'];
  it.for(traps)('flags who fills in %s', (trap, { expect }) => {
    expect(checkHoneypot(makeEntry({ email: 'a@b.alt', [trap]: 'on' }))).toEqual({
      flag: 'honeypot',
    });
  });

  it.for(traps)('passes who leaves %s as it is', (trap, { expect }) => {
    for (const untouched of ['', ' ', 'false']) {
      const entry = makeEntry({ email: 'a@b.alt', [trap]: untouched });
      expect(checkHoneypot(entry)).toEqual({ pass: true });
    }
  });

  it('takes inputs that people fill in for no trap', ({ expect }) => {
    const filled = { website: 'https://ada.alt', url: 'x', phone2: '1', fax: '2', honey: 'jar' };
    expect(checkHoneypot(makeEntry(filled))).toEqual({ pass: true });
  });
});
