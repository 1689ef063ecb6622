import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Vars and secrets of the Worker under test. */
    bindings: Record<string, string>;
    /** The address of the server that misbehaves: see fault-server.ts. */
    faultUrl: string;
  }
}
