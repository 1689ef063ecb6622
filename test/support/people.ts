/** A person that no other test knows. */
export type Person = { full_name: string; email: string; phone_number: string; notes: string };

const made = new Set<string>();

/** Makes a person up and remembers every text about them, for the check that none is logged. */
export function makePerson(): Person {
  const word = randomWord();
  const person = {
    full_name: `Zora ${word}`,
    email: `${word}@mail-${word}.example`,
    phone_number: `+49 30 ${String(Math.floor(Math.random() * 1e8)).padStart(8, '1')}`,
    notes: `Please call ${word} back.`,
  };
  for (const text of [word, person.phone_number]) made.add(text);
  return person;
}

/** A lower-case word of 16 letters. */
export function randomWord(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    String.fromCharCode(97 + (byte % 26)),
  ).join('');
}

/** Remembers one more text that must never be logged, such as a key or an address. */
export function rememberAsPersonal(text: string): void {
  made.add(text);
}

export function personalData(): string[] {
  return [...made];
}

export function forgetPersonalData(): void {
  made.clear();
}
