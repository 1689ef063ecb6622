import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { disposableEmailBlocklist } from 'disposable-email-domains-js';
import { holdsNumber, numberOf, packNumbers } from '../../src/lib/name-set.ts';

// The set of throw-away mail domains is made of the list that is installed, and has to be that of now. A newer list:
// npm install --save-dev --save-exact disposable-email-domains-js@latest && npm run disposable-domains -- --write
const file = fileURLToPath(new URL('../../public/disposable-domains.bin', import.meta.url));
const allowed = readFileSync(new URL('../allowed-mail-domains.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

const listed = disposableEmailBlocklist().filter((domain) => !isAllowed(domain));
const packed = packNumbers(await Promise.all(listed.map((domain) => numberOf(domain))));

const view = new DataView(packed.buffer);
const numbers = await Promise.all(allowed.map((domain) => numberOf(domain)));
const met = allowed.filter((_, index) => holdsNumber(view, numbers[index] ?? 0));
if (met.length > 0) {
  console.error(`The set would hold ${met.join(', ')}: another domain has the same number.`);
  process.exitCode = 1;
} else if (process.argv.includes('--write')) {
  writeFileSync(file, packed);
  console.log(`${packed.length / 4} domains, ${packed.length} bytes`);
} else if (!existsSync(file) || !readFileSync(file).equals(packed)) {
  console.error(
    'public/disposable-domains.bin is not what the installed list gives. Run: npm run disposable-domains -- --write',
  );
  process.exitCode = 1;
}

/** Whether a domain is an allowed one, below one, or above one: each would hold for the other's mailboxes too. */
function isAllowed(domain: string): boolean {
  return allowed.some(
    (name) => domain === name || domain.endsWith(`.${name}`) || name.endsWith(`.${domain}`),
  );
}
