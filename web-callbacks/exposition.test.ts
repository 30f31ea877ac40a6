import { expect, test } from 'vitest';

import { createCounter, createHistogram, writeExposition } from './exposition.ts';

test('a metric has its help, its type and its samples', () => {
  const counter = createCounter({ name: 'calls_total', help: 'Calls.' });
  counter.add({ to: 'a', how: 'x' });
  counter.add({ to: 'b', how: 'x' });
  counter.add({ to: 'a', how: 'x' });
  expect(writeExposition([counter.read()])).toBe(
    [
      '# HELP calls_total Calls.',
      '# TYPE calls_total counter',
      'calls_total{to="a",how="x"} 2',
      'calls_total{to="b",how="x"} 1',
      '',
    ].join('\n'),
  );
});

test('what would break a line is escaped', () => {
  const counter = createCounter({ name: 'n', help: 'A \\ and\na "line".' });
  counter.add({ label: 'a "quoted" \\ and\na line' });
  expect(writeExposition([counter.read()])).toBe(
    [
      '# HELP n A \\\\ and\\na "line".',
      '# TYPE n counter',
      'n{label="a \\"quoted\\" \\\\ and\\na line"} 1',
      '',
    ].join('\n'),
  );
});

test('labels that are written alike are counted apart', () => {
  const counter = createCounter({ name: 'n', help: 'N.' });
  counter.add({ a: 'x",b="y' });
  counter.add({ a: 'x', b: 'y' });
  expect(counter.read().samples.map(({ value }) => value)).toEqual([1, 1]);
});

test('a histogram counts each value in every bucket that holds it, bounds included', () => {
  const histogram = createHistogram({ name: 'seconds', help: 'S.' }, [0.5, 1]);
  for (const value of [0.25, 0.5, 0.75, 1, 1.25]) histogram.observe({ route: '/x' }, value);
  expect(writeExposition([histogram.read()]).split('\n').slice(2, -1)).toEqual([
    'seconds_bucket{route="/x",le="0.5"} 2',
    'seconds_bucket{route="/x",le="1"} 4',
    'seconds_bucket{route="/x",le="+Inf"} 5',
    'seconds_sum{route="/x"} 3.75',
    'seconds_count{route="/x"} 5',
  ]);
});

test('a metric without samples is left out, and odd numbers are written as the format has them', () => {
  const samples = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e21].map(
    (value, index) => ({ labels: { index: String(index) }, value }),
  );
  const none = createCounter({ name: 'none', help: 'None.' }).read();
  const lines = writeExposition([none, { name: 'n', help: 'N.', type: 'gauge', samples }]);
  expect(lines.split('\n').slice(2, -1)).toEqual([
    'n{index="0"} +Inf',
    'n{index="1"} -Inf',
    'n{index="2"} NaN',
    'n{index="3"} 1e+21',
  ]);
});
