const minuteMs = 60_000;

/**
 * Fires the crons of wrangler.toml at the Worker, as the platform does and nothing on one machine: every minute, and
 * the hourly one at its minute. Returns what ends that. A run that fails says so in the Worker's log.
 */
export function startCron(url: string): () => void {
  const timer = setInterval(() => {
    const crons = new Date().getUTCMinutes() === 17 ? ['* * * * *', '17 * * * *'] : ['* * * * *'];
    for (const cron of crons) {
      const query = new URLSearchParams({ cron });
      fetch(`${url}/cdn-cgi/local/scheduled?${query}`).catch(() => {});
    }
  }, minuteMs);
  return () => clearInterval(timer);
}
