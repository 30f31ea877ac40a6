/** A bell that somebody waits for: rung by a notification, and now and then in case one was lost. */
export type WakeUp = {
  wake(): void;
  /** Resolves at the next ring; at once when it rang since the last one. */
  next(): Promise<'woken'>;
  stop(): void;
};

export function createWakeUp(everyMs: number, signal: AbortSignal): WakeUp {
  let hasRung = false;
  let waiting: (() => void)[] = [];
  const wake = () => {
    hasRung = true;
    const callers = waiting;
    waiting = [];
    for (const call of callers) call();
  };
  const timer = setInterval(wake, everyMs);
  signal.addEventListener('abort', wake);
  return {
    wake,
    async next() {
      if (!hasRung) await new Promise<void>((resolve) => waiting.push(resolve));
      hasRung = false;
      return 'woken';
    },
    stop() {
      clearInterval(timer);
      signal.removeEventListener('abort', wake);
    },
  };
}
