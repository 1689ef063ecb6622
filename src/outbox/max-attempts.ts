/** Not counting those that were put off. With pauses of 15 s to an hour, over some seven hours: well within the 24 in which mail providers know a repeat. */
export const maxAttempts = 14;
