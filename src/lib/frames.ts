/** The name and the stack frames of an error; the lines that could quote its message are left out. */
export function framesOf(error: unknown): { name: string; frames: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const frames = (error.stack ?? '')
    .replace(error.message, '')
    .split('\n')
    .filter((line) => /^\s+at [^@]*:\d+:\d+\)?$/.test(line));
  // Not the constructor's, which the minified bundle shortens.
  return { name: error.name, frames: frames.map((line) => line.trim()) };
}
