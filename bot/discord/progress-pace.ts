import type { Timers } from '../../core/timers.ts';

/** Runs one piece of work again and again, never twice at once. */
export type Pace = {
  /** Wants it run: now, or as soon as the pace allows; what is asked meanwhile comes to one run. */
  readonly ask: () => void;
  /** Nothing is begun any more; resolves when what runs has ended. */
  readonly stop: () => Promise<void>;
};

export type PaceOptions = {
  readonly timers: Timers;
  /** At least this long between two runs. */
  readonly gapMs: number;
  /** Answers after how many milliseconds it is to run again by itself; null: when it is asked. */
  readonly run: () => Promise<number | null>;
  /** Told of a failure; the work is tried again, after a wait that doubles each time. */
  readonly onError: (error: unknown) => void;
};

/** The longest wait after failures: what was down is found to be back within a minute. */
const longestMs = 60_000;

/** Paces work: what is asked for last is always done, also when a run fails. */
export function createPace({ timers, gapMs, run, onError }: PaceOptions): Pace {
  let isAsked = false;
  let isStopped = false;
  let failures = 0;
  let running: Promise<void> | null = null;
  let isResting = false;
  let cancel: () => void = () => undefined;

  const begin = (): void => {
    if (isStopped || isResting || running) return;
    isAsked = false;
    cancel();
    running = runOnce().finally(() => {
      running = null;
    });
  };

  const runOnce = async (): Promise<void> => {
    try {
      const againMs = await run();
      failures = 0;
      rest(gapMs, againMs);
    } catch (error) {
      failures += 1;
      isAsked = true;
      onError(error);
      rest(Math.min(longestMs, gapMs * 2 ** failures), null);
    }
  };

  const rest = (restMs: number, againMs: number | null): void => {
    if (isStopped) return;
    isResting = true;
    cancel = timers.schedule(restMs, () => {
      isResting = false;
      if (isAsked) begin();
      else if (againMs !== null)
        cancel = timers.schedule(Math.max(0, againMs - restMs), () => begin());
    });
  };

  return {
    ask() {
      isAsked = true;
      begin();
    },
    async stop() {
      isStopped = true;
      cancel();
      await running;
    },
  };
}
