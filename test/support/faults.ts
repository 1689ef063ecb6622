import { inject } from 'vitest';
import { randomWord } from './people.ts';

/** An address that misbehaves, and the bodies that came to it so far. */
export type Faulty = { url: string; seen: () => Promise<{ path: string; body: string }[]> };

/** Stands a fault before the database, Redis or nothing at all (`sink`). The faults: see fault-server.ts. */
export function faulty(target: 'database' | 'redis' | 'sink', fault: string): Faulty {
  const base = inject('faultUrl');
  const id = randomWord();
  return {
    url: `${base}/${target}/${fault}/${id}`,
    seen: async () => {
      const response = await fetch(`${base}/seen/${id}`);
      return response.json();
    },
  };
}

/** JSON in the form that `body-` takes. */
export function encoded(json: unknown): string {
  return btoa(JSON.stringify(json)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** An address where nobody listens. */
export const closedPort = 'http://127.0.0.1:9';
