/** The only source of waiting: wall time in production, moved by hand in tests. */
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

/** Waits so long, or until the first of the signals aborts; never throws. */
export function pause(
  timers: Timers,
  delayMs: number,
  cutShort: readonly AbortSignal[],
): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      for (const signal of cutShort) signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = timers.schedule(delayMs, end);
    for (const signal of cutShort) signal.addEventListener('abort', end);
    if (cutShort.some(({ aborted }) => aborted)) end();
  });
}
