import type { Cohort } from './cohorts.ts';
import { mean, measureCohort, measures, type Measure, type Measures } from './measures.ts';
import { createRandom } from './random.ts';
import { rankerNames, rankers, type RankerName } from './rankers.ts';

/** A figure and the bounds that 95% of the resamples lie within. */
export type Figure = { readonly value: number; readonly low: number; readonly high: number };

/** What one way of ranking reaches in one measure. */
export type Row = {
  readonly ranker: RankerName;
  readonly measure: Measure;
  /** The mean of the sources' means. */
  readonly mean: Figure;
  /** The mean divided by that of the naive formula. */
  readonly ratio: Figure;
  readonly bySource: ReadonlyMap<string, number>;
};

type Judged = { readonly [Name in RankerName]: Measures };
/** The cohorts of each source, in parts that are drawn together. */
type Sources = ReadonlyMap<string, readonly (readonly Judged[])[]>;

export const resamples = 4000;
const resampleSeed = 7;
/** Ties are broken by the cohort's place in the file, counted from here. */
const firstTieSeed = 11;
/** In source C the same videos recur in neighbouring cohorts, which so are no separate evidence. */
const cohortsDrawnTogether: ReadonlyMap<string, number> = new Map([['C', 4]]);

/** Ranks every cohort in every way and compares; the same figures for the same cohorts. */
export function evaluate(cohorts: readonly Cohort[]): Row[] {
  const sources = groupBlocks(cohorts);
  const samples = resample(sources);
  const whole = [...sources.values()].map((blocks) => blocks.flat());
  return measures.flatMap((measure) => {
    const pickNaive = (judged: Judged) => judged['naive min-max'][measure];
    const naive = meanOfMeans(whole, pickNaive);
    const naives = samples.map((sample) => meanOfMeans(sample, pickNaive));
    return rankerNames.map((ranker) => {
      const pick = (judged: Judged) => judged[ranker][measure];
      const value = meanOfMeans(whole, pick);
      const values = samples.map((sample) => meanOfMeans(sample, pick));
      const ratios = values.map((one, index) => one / (naives[index] ?? 0));
      return {
        ranker,
        measure,
        bySource: new Map(
          Array.from(sources, ([source, blocks]) => [source, mean(blocks.flat().map(pick))]),
        ),
        mean: { value, ...intervalOf(values) },
        ratio: { value: value / naive, ...intervalOf(ratios) },
      };
    });
  });
}

function groupBlocks(cohorts: readonly Cohort[]): Sources {
  const sources = new Map<string, Judged[][]>();
  for (const [index, cohort] of cohorts.entries()) {
    const judged = judge(cohort, index + firstTieSeed);
    const blocks = sources.get(cohort.source) ?? [];
    const last = blocks.at(-1);
    if (last && last.length < (cohortsDrawnTogether.get(cohort.source) ?? 1)) last.push(judged);
    else blocks.push([judged]);
    sources.set(cohort.source, blocks);
  }
  return sources;
}

function judge(cohort: Cohort, seed: number): Judged {
  const by = (name: RankerName) => measureCohort(cohort, rankers[name](cohort.items), seed);
  return {
    'our score': by('our score'),
    'raw views': by('raw views'),
    'views per hour': by('views per hour'),
    'naive min-max': by('naive min-max'),
  };
}

/** As many draws as a source has blocks, with replacement, for each source of each sample. */
function resample(sources: Sources): Judged[][][] {
  const random = createRandom(resampleSeed);
  return Array.from({ length: resamples }, () =>
    Array.from(sources.values(), (blocks) =>
      blocks.flatMap(() => blocks[Math.floor(random() * blocks.length)] ?? []),
    ),
  );
}

function meanOfMeans(
  sources: readonly (readonly Judged[])[],
  pick: (judged: Judged) => number,
): number {
  return mean(sources.map((source) => mean(source.map(pick))));
}

function intervalOf(values: readonly number[]): { readonly low: number; readonly high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { low: at(0.025), high: at(0.975) };
}
