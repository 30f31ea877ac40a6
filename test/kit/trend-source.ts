import type { Reading, TrendErrand, TrendRun, TrendSource } from '../../core/ports/trend-source.ts';

/** What one run of an actor is to bring; the state is `done` unless told otherwise. */
export type MadeRun = Partial<TrendRun> & { readonly readings: readonly Reading[] };

/**
 * A source whose runs are over at once: `make` is asked once for each errand when it is started; what it
 * throws fails the start.
 */
export function sourceOf(
  now: () => Date,
  make: (errand: TrendErrand) => MadeRun | Promise<MadeRun>,
): TrendSource {
  const runs = new Map<string, MadeRun>();
  const runOf = (id: string): MadeRun => {
    const run = runs.get(id);
    if (!run) throw new Error(`no run ${id} was started`);
    return run;
  };
  return {
    read: () => [],
    find: async () => null,
    abort: async () => undefined,
    async start(errand) {
      const id = `run_${runs.size + 1}`;
      runs.set(id, await make(errand));
      return id;
    },
    look: async (id) => {
      const { state = 'done', costUsd = 0.25 } = runOf(id);
      return { state, costUsd };
    },
    collect: async (id) => ({ readings: runOf(id).readings, seenAt: now() }),
  };
}
