import { afterEach, beforeEach, vi, type MockInstance } from 'vitest';
import { forgetPersonalData, personalData } from './people.ts';

const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
const spies: MockInstance[] = [];

/** Every line that the Worker logged in this test so far. */
export function loggedLines(): string[] {
  return spies.flatMap((spy) => spy.mock.calls.map((call) => call.map(String).join(' ')));
}

/** The logged lines of a kind, parsed. */
export function loggedOfKind(kind: string): Record<string, unknown>[] {
  return loggedLines()
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['kind'] === kind);
}

beforeEach(() => {
  for (const method of methods) spies.push(vi.spyOn(console, method).mockImplementation(() => {}));
});

// Holds for every test of every file: nothing that a test made up about a person, and no key, is ever logged.
afterEach(({ expect }) => {
  const lines = loggedLines();
  const leaks = personalData().filter((text) => lines.some((line) => line.includes(text)));
  const keys = lines.filter((line) => /inlet_[ps]k_|@|\b\d{1,3}(\.\d{1,3}){3}\b/.test(line));
  for (const spy of spies.splice(0)) spy.mockRestore();
  forgetPersonalData();
  expect(leaks, 'personal data in the log').toEqual([]);
  expect(keys, 'keys or addresses in the log').toEqual([]);
});
