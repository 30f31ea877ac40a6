/** The labels of one sample, by name. */
export type Labels = Readonly<Record<string, string>>;

export type Sample = { readonly labels: Labels; readonly value: number };

/** One metric as it is shown. */
export type Metric = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Of a histogram, `suffix` tells its parts apart: `_bucket`, `_sum` and `_count`. */
  readonly samples: readonly (Sample & { readonly suffix?: string })[];
};

/** The media type of the Prometheus text format. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Metrics in the Prometheus text format, version 0.0.4; a metric without samples is left out.
 * Source: prometheus.io/docs/instrumenting/exposition_formats.
 */
export function writeExposition(metrics: readonly Metric[]): string {
  const lines = metrics
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, type, samples }) => [
      `# HELP ${name} ${escapeHelp(help)}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(
        (one) => `${name}${one.suffix ?? ''}${writeLabels(one.labels)} ${numeral(one.value)}`,
      ),
    ]);
  return `${lines.join('\n')}\n`;
}

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapeValue = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');

function writeLabels(labels: Labels): string {
  const written = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return written.length === 0 ? '' : `{${written.join(',')}}`;
}

function numeral(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

type Family = { readonly name: string; readonly help: string };

export type Counter = { add(labels: Labels): void; read(): Metric };

/** Counts events by their labels. */
export function createCounter(family: Family): Counter {
  const counts = new Map<string, { labels: Labels; value: number }>();
  return {
    add(labels) {
      const key = writeLabels(labels);
      const count = counts.get(key) ?? { labels, value: 0 };
      counts.set(key, count);
      count.value += 1;
    },
    read: () => ({ ...family, type: 'counter', samples: [...counts.values()] }),
  };
}

export type Histogram = { observe(labels: Labels, value: number): void; read(): Metric };

type Observed = { readonly labels: Labels; readonly counts: number[]; sum: number; count: number };

/** Counts values by their labels and by the bounds that they do not exceed, which rise. */
export function createHistogram(family: Family, bounds: readonly number[]): Histogram {
  const all = new Map<string, Observed>();
  return {
    observe(labels, value) {
      const key = writeLabels(labels);
      const seen = all.get(key) ?? { labels, counts: bounds.map(() => 0), sum: 0, count: 0 };
      all.set(key, seen);
      for (const [index, bound] of bounds.entries())
        if (value <= bound) seen.counts[index] = (seen.counts[index] ?? 0) + 1;
      seen.sum += value;
      seen.count += 1;
    },
    read: () => ({
      ...family,
      type: 'histogram',
      samples: [...all.values()].flatMap((seen) => partsOf(seen, bounds)),
    }),
  };
}

function partsOf({ labels, counts, sum, count }: Observed, bounds: readonly number[]) {
  const buckets = bounds.map((bound, index) => ({
    suffix: '_bucket',
    labels: { ...labels, le: numeral(bound) },
    value: counts[index] ?? 0,
  }));
  return [
    ...buckets,
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
    { suffix: '_sum', labels, value: sum },
    { suffix: '_count', labels, value: count },
  ];
}
