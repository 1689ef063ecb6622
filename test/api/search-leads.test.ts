import { describe, it } from 'vitest';
import type { LeadJson } from '../../src/leads/contract.ts';
import { call, makeSecretKey } from '../support/harness.ts';
import { randomWord, rememberAsPersonal } from '../support/people.ts';
import { makeLead, readList } from './data.ts';

/** A word that only the leads of one test hold, and that must not be logged. */
function makeWord(): string {
  const word = randomWord();
  rememberAsPersonal(word);
  return word;
}

async function search(key: string, q: string): Promise<string[]> {
  const { data } = await readList<LeadJson>('/v1/leads', key, { q });
  return data.map((lead) => lead.id);
}

describe('GET /v1/leads?q= finds a lead', () => {
  const places: [field: string, text: (word: string) => string][] = [
    ['full_name', (word) => `Ada ${word}`],
    ['company_name', (word) => `${word} Ltd`],
    ['email', (word) => `ada@${word}.example`],
    ['notes', (word) => `Please ask for (${word}), today.`],
  ];
  for (const [field, text] of places) {
    it(`by a word of its ${field}`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const word = makeWord();
      const { id } = await makeLead(key, { [field]: text(word) });
      expect(await search(key, word)).toEqual([id]);
    });
  }

  it('by the beginning of a word, in any case of letters', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const word = makeWord();
    const { id } = await makeLead(key, { company_name: word });
    expect(await search(key, word.slice(0, 12))).toEqual([id]);
    expect(await search(key, word.toUpperCase())).toEqual([id]);
    expect(await search(key, word.slice(4))).toEqual([]);
  });

  it('with diacritics or without, however they are composed', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const word = makeWord();
    const { id } = await makeLead(key, { full_name: `Žofie Müller-${word}` });
    for (const name of ['zofie', 'Žofie', 'Žofie'.normalize('NFD'), 'muller', 'MÜLLER']) {
      expect(await search(key, `${name} ${word}`), name).toEqual([id]);
    }
  });

  it('by several words, wherever they stand, if it has them all', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [word, other] = [makeWord(), makeWord()];
    const both = await makeLead(key, { company_name: word, notes: `about ${other}` });
    await makeLead(key, { company_name: word });
    await makeLead(key, { notes: other });
    expect(await search(key, `${other} ${word}`)).toEqual([both.id]);
  });

  it('by its whole address', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const lead = await makeLead(key);
    expect(await search(key, lead.email ?? '')).toEqual([lead.id]);
  });

  it('by what it says now, not by what it said before', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const [before, after] = [makeWord(), makeWord()];
    const { id } = await makeLead(key, { company_name: before });
    await call(`/v1/leads/${id}`, { method: 'PATCH', key, json: { company_name: after } });
    expect(await search(key, before)).toEqual([]);
    expect(await search(key, after)).toEqual([id]);
    await call(`/v1/leads/${id}`, { method: 'DELETE', key });
    expect(await search(key, after)).toEqual([]);
  });
});

describe('GET /v1/leads?q= obeys no operator', () => {
  const harmless: [q: (word: string) => string, found: boolean][] = [
    [(word) => `"${word}"`, true],
    [(word) => `"${word}`, true],
    [(word) => `${word}*`, true],
    [(word) => `(${word}`, true],
    [(word) => `^${word}`, true],
    [(word) => `-${word}`, true],
    [(word) => `'${word}'; --`, true],
    [(word) => `{${word}} : ${word}`, true],
    [(word) => `nosuchword OR ${word}`, false],
    [(word) => `${word} NOT nosuchword`, false],
    [(word) => `${word} AND ${word}`, false],
    [(word) => `NEAR(${word} ${word}, 2)`, false],
    [(word) => `company_name:${word}`, false],
    [(word) => `${word}'; DROP TABLE leads; --`, false],
    [() => '"', false],
    [() => '***', false],
    [() => '%', false],
    [() => '🦊', false],
  ];
  for (const [build, found] of harmless) {
    it(`${build('word')} is searched for word by word`, async ({ expect }) => {
      const { key } = await makeSecretKey();
      const word = makeWord();
      const { id } = await makeLead(key, { company_name: word });
      expect(await search(key, build(word))).toEqual(found ? [id] : []);
    });
  }
});
