/** Asks again every 50 ms until the answer is yes. Throws with `failure` when time is up or `ended` comes first. */
export async function until(
  question: () => Promise<boolean>,
  limit: { withinMs: number; failure: string; ended?: Promise<string> },
): Promise<void> {
  let end: string | null = null;
  void limit.ended?.then((sentence) => {
    end = sentence;
  });
  const deadline = Date.now() + limit.withinMs;
  while (!(await question())) {
    if (end !== null) throw new Error(end);
    if (Date.now() > deadline) throw new Error(limit.failure);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
