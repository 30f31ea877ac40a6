import { fc } from '@fast-check/vitest';

import type { Ledger } from '../kit/ledger-calls.ts';
import type { Crew } from './crew.ts';
import { sequences } from './deeds.ts';
import { playSequence, type Tally } from './play.ts';

/** Spreads the runs of neighbouring seeds far apart. */
const seedOf = (seed: number, run: number): number => (seed * 1_000_003 + run) | 0;
let plays = 0;

/**
 * Plays run `run` of `seed`, which is the same whenever it is played; null when all was as it must
 * be, else the shortest sequence of its kind that is not, in words.
 */
export async function playRun(
  crew: Crew,
  which: { readonly seed: number; readonly run: number },
  options: { readonly ledger?: Ledger; readonly tally?: Tally; readonly shrinks?: boolean } = {},
): Promise<string | null> {
  const { shrinks = true, ...playing } = options;
  const property = fc.asyncProperty(sequences, async (deeds) => {
    plays += 1;
    await playSequence(crew, `s${which.seed}r${which.run}p${plays}:`, deeds, playing);
  });
  const details = await fc.check(property, {
    seed: seedOf(which.seed, which.run),
    numRuns: 1,
    endOnFailure: !shrinks,
  });
  if (!details.failed) return null;
  const { errorInstance, counterexample } = details;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const lines = (counterexample?.[0] ?? []).map((deed) => `  ${JSON.stringify(deed)}`);
  return [why, 'in', ...lines].join('\n');
}
