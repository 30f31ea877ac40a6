import { resamples, type Figure, type Row } from './evaluate.ts';
import { measures, type Measure } from './measures.ts';

const titles: { readonly [Name in Measure]: string } = {
  spearman: 'Spearman',
  precision: 'precision@10',
  ndcg: 'NDCG@10',
};

const figure = ({ value, low, high }: Figure): string =>
  `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`.padStart(24);

/** The figures as lines of a table, one block per measure. */
export function drawTable(rows: readonly Row[]): string[] {
  const sources = [...(rows[0]?.bySource.keys() ?? [])];
  return [
    `Mean over the sources and its 95% interval (${resamples} resamples by cohort), ratio to naive, mean of each source`,
    ...measures.flatMap((measure) => [
      '',
      `${titles[measure].padEnd(16)}${'mean'.padStart(24)}${'ratio to naive'.padStart(24)}${sources.map((source) => source.padStart(8)).join('')}`,
      ...rows.filter((row) => row.measure === measure).map((row) => drawRow(row)),
    ]),
  ];
}

function drawRow({ ranker, mean, ratio, bySource }: Row): string {
  const each = Array.from(bySource.values(), (value) => value.toFixed(3).padStart(8));
  return `${ranker.padEnd(16)}${figure(mean)}${figure(ratio)}${each.join('')}`;
}
