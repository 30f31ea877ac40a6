import type { SandboxClock } from '../../sandbox/clock.ts';

/** A clock that stands still until it is moved, and tells when it has something to do. */
export type HandClock = SandboxClock & {
  /** When the next task is due, in milliseconds since 1970; null while there is none. */
  nextAt(): number | null;
  /** Moves on, running nothing; never back. */
  moveTo(at: number): void;
  /** Runs one task that is due; false when there is none. */
  runDue(): boolean;
  /** Forgets every task and starts anew. */
  begin(at: Date): void;
};

export function createHandClock(start: Date): HandClock {
  let now = start.getTime();
  let tasks: { readonly at: number; readonly task: () => void }[] = [];
  const first = () => tasks.toSorted((a, b) => a.at - b.at)[0];
  return {
    now: () => new Date(now),
    schedule(delayMs, task) {
      const entry = { at: now + Math.max(0, delayMs), task };
      tasks.push(entry);
      return () => {
        tasks = tasks.filter((other) => other !== entry);
      };
    },
    nextAt: () => first()?.at ?? null,
    moveTo(at) {
      now = Math.max(now, at);
    },
    runDue() {
      const due = first();
      if (!due || due.at > now) return false;
      tasks = tasks.filter((other) => other !== due);
      due.task();
      return true;
    },
    begin(at) {
      tasks = [];
      now = at.getTime();
    },
  };
}
