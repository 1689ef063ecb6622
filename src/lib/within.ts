/** What work comes to within some milliseconds; throws `late` when it takes longer, and then nobody waits for it. */
export async function within<T>(ms: number, late: Error, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), ms);
  });
  try {
    return await Promise.race([work, passed]);
  } finally {
    clearTimeout(timer);
  }
}
