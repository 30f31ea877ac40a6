/** The emulators' own time: wall time by default, moved by hand in tests. */
export interface SandboxClock {
  now(): Date;
  /** Runs `task` once after `delayMs`; the answer cancels it. */
  schedule(delayMs: number, task: () => void): () => void;
}

export const wallClock: SandboxClock = {
  now: () => new Date(),
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * A clock that stands still until `advance` moves it and runs what has come due, in order.
 * @internal
 */
export function createManualClock(start: Date): SandboxClock & { advance(ms: number): void } {
  let now = start.getTime();
  let tasks: { at: number; task: () => void }[] = [];
  return {
    now: () => new Date(now),
    schedule(delayMs, task) {
      const entry = { at: now + delayMs, task };
      tasks.push(entry);
      return () => {
        tasks = tasks.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = tasks.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (!due) break;
        tasks = tasks.filter((other) => other !== due);
        now = due.at;
        due.task();
      }
      now = end;
    },
  };
}
