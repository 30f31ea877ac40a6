import { randomBytes } from 'node:crypto';

import type { Ids } from '../../core/ids.ts';

/** Ids counted within one run, so that their order is the same on every replay. */
export type RunIds = Ids & {
  begin(run: number): void;
  /** The id that had this count in the run. */
  of(prefix: string, count: number): string;
};

export function createRunIds(): RunIds {
  const plays = new Map<number, number>();
  let lead = '';
  let count = 0;
  const of: RunIds['of'] = (prefix, counted) =>
    `${prefix}_${lead}${String(counted).padStart(7, '0')}`;
  return {
    of,
    begin(run) {
      // The journal of a run is for ever: played again, it needs other ids.
      const play = plays.get(run) ?? 0;
      plays.set(run, play + 1);
      lead = `${String(run).padStart(6, '0')}${String(play).padStart(3, '0')}`;
      count = 0;
    },
    next(prefix) {
      count += 1;
      return of(prefix, count);
    },
    random: randomBytes,
  };
}
