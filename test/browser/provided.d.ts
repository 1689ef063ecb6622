import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The stack that the forms post to: what its dev.json says. */
    stack: import('../../dev/stack-file.ts').DevFile;
    /** Where the browser takes commands. */
    browserUrl: string;
  }
}
