/** The only source of waiting in the bot: wall time in production, moved by hand in tests. */
export type Timers = {
  /** Runs `task` once after `delayMs`; the answer cancels it. */
  schedule(delayMs: number, task: () => void): () => void;
};

export const wallTimers: Timers = {
  schedule(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
