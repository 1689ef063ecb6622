import { answers } from './ports.ts';
import { startSqld, type Sqld } from './sqld.ts';

const restartAfterMs = 10_000;
const maxFailures = 3;

/**
 * Starts the libSQL server and brings it back 10 s after it dies: long enough to see what the service does without
 * its database. Somebody who started it again by hand on the same port is left in peace. Calls `giveUp` with a
 * sentence after three starts in a row that failed.
 */
export async function superviseSqld(options: {
  dataDir: string;
  port: number;
  say: (line: string) => void;
  giveUp: (line: string) => void;
}): Promise<{ url: string; stop: () => Promise<void> }> {
  const { dataDir, port, say, giveUp } = options;
  let current: Sqld | null = await startSqld({ dataDir, port });
  let timer: NodeJS.Timeout | null = null;
  let failures = 0;
  let stopped = false;

  const watch = (sqld: Sqld): void => {
    void sqld.child.ended.then((end) => {
      if (stopped) return;
      current = null;
      say(`${end}; starting it again in ${restartAfterMs / 1_000} s`);
      timer = setTimeout(restart, restartAfterMs);
    });
  };
  const restart = async (): Promise<void> => {
    if (await answers(port)) return say(`something answers on port ${port} again; leaving it alone`);
    try {
      current = await startSqld({ dataDir, port });
      failures = 0;
      if (stopped) return await current.child.stop();
      say('the libSQL server is back');
      watch(current);
    } catch (error) {
      failures += 1;
      if (failures >= maxFailures) return giveUp((error as Error).message);
      say(`${(error as Error).message}; trying again`);
      timer = setTimeout(restart, restartAfterMs);
    }
    return undefined;
  };

  watch(current);
  return {
    url: current.url,
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await current?.child.stop();
    },
  };
}
