/** One line of a chart: a value for each label, null where nothing is known. */
export type ChartLine = { readonly name: string; readonly values: readonly (number | null)[] };

/** Numbers over time; the words are in the reader's language already. */
export type Chart = {
  /** `bars`: side by side on one scale, for what is compared with each other. Default: lines. */
  readonly look?: 'lines' | 'bars';
  readonly title: string;
  /** What stands under the chart, from left to right; as many as each line has values. */
  readonly labels: readonly string[];
  /** Has the scale at the left for itself, unless they are bars. */
  readonly main: ChartLine;
  /** At most two; as lines they are smaller numbers, which share the scale at the right. */
  readonly others: readonly ChartLine[];
  /** A number as its reader writes it. */
  readonly format: (value: number) => string;
};

/** Draws charts as pictures. */
export interface Charts {
  /**
   * A PNG of 800 by 400 pixels on white; of three lines that rise, as counts do, below 60,000 bytes.
   * Characters without a glyph are left out.
   */
  draw(chart: Chart): Promise<Buffer>;
}
