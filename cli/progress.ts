/** How far a long command is, for whoever watches. */
export type Progress = { at(done: number): void; end(): void };

const lineEveryMs = 5_000;
const barWidth = 30;

/** A bar on a terminal, a line every five seconds elsewhere. It goes where errors go, so that the result stays alone. */
export function showProgress(total: number, from: number): Progress {
  const { stderr } = process;
  const startedAt = Date.now();
  let saidAt = startedAt;
  return {
    at(done) {
      const now = Date.now();
      const rate = Math.round(((done - from) * 1_000) / Math.max(1, now - startedAt));
      const words = `${done} of ${total} rows, ${rate} a second`;
      if (stderr.isTTY) {
        const full = Math.round((barWidth * done) / Math.max(1, total));
        stderr.write(`\r[${'#'.repeat(full).padEnd(barWidth, '.')}] ${words}\u001b[K`);
      } else if (now - saidAt >= lineEveryMs) {
        saidAt = now;
        stderr.write(`${words}\n`);
      }
    },
    end() {
      if (stderr.isTTY) stderr.write('\n');
    },
  };
}

/** Shows nothing. */
export const silentProgress: Progress = { at: () => {}, end: () => {} };
