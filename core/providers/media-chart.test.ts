import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';

import type { Chart } from '../ports/charts.ts';
import { createCharts } from './media-chart.ts';

const charts = createCharts();
const labels = Array.from({ length: 61 }, (_, index) => `Nov ${index}`);
const rising: Chart = {
  title: 'Last 30 days',
  labels,
  main: { name: 'Views', values: labels.map((_, index) => index * 1000) },
  others: [
    { name: 'Likes', values: labels.map((_, index) => index * 30) },
    { name: 'Comments', values: labels.map((_, index) => index * 2) },
  ],
  format: String,
};

type Area = readonly [x: number, y: number, width: number, height: number];
const titleArea: Area = [0, 0, 800, 45];
const legendArea: Area = [0, 45, 800, 35];
const labelArea: Area = [0, 365, 800, 35];

async function pixelsOf(png: Buffer, area: Area): Promise<Uint8ClampedArray> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return context.getImageData(...area).data;
}

const lookOf = async (chart: Partial<Chart>, area: Area): Promise<string> =>
  Buffer.from(await pixelsOf(await charts.draw({ ...rising, ...chart }), area)).toString('base64');

describe('a chart', () => {
  test('is a PNG of 800 by 400, white at its corners', async () => {
    const png = await charts.draw(rising);
    expect(png.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([800, 400]);
    const { width, height } = await loadImage(png);
    expect([width, height]).toEqual([800, 400]);
    for (const [x, y] of [
      [0, 0],
      [799, 0],
      [0, 399],
      [799, 399],
    ] as const)
      expect([...(await pixelsOf(png, [x, y, 1, 1]))]).toEqual([255, 255, 255, 255]);
  });

  test('stays below 60,000 bytes however unsteadily its lines rise', async () => {
    const wild = (step: number) => {
      let sum = 0;
      return labels.map((_, index) => (sum += ((index + 1) * step) % 1009));
    };
    const png = await charts.draw({
      ...rising,
      title: '近 90 天的观看、点赞和评论'.repeat(3),
      main: { name: '观看', values: wild(397) },
      others: [
        { name: '点赞', values: wild(683) },
        { name: '评论', values: wild(211) },
      ],
    });
    expect(png.length).toBeLessThan(60_000);
    expect(png.length).toBeGreaterThan(5000);
  });

  test('is the same for the same numbers, and another for others', async () => {
    const drawn = await charts.draw(rising);
    expect((await charts.draw(rising)).equals(drawn)).toBe(true);
    const [, ...rest] = rising.main.values;
    const other = { ...rising.main, values: [60_000, ...rest] };
    expect((await charts.draw({ ...rising, main: other })).equals(drawn)).toBe(false);
    const fewer = { ...rising, others: rising.others.slice(0, 1) };
    expect((await charts.draw(fewer)).equals(drawn)).toBe(false);
  });

  test('writes its numbers in the way that it is told', async () => {
    const axis: Area = [0, 80, 60, 300];
    expect(await lookOf({ format: (value) => `${value / 1000}K` }, axis)).not.toBe(
      await lookOf({}, axis),
    );
  });

  test.each([
    ['one value', [7]],
    ['two values', [7, 9]],
    ['a hole', [1, 2, null, 4, 5]],
    ['zeros alone', [0, 0, 0]],
  ])('has its ink for %s', async (_, values) => {
    const plain = { ...rising, labels: values.map(String), others: [] };
    const area: Area = [70, 90, 700, 280];
    const filled = await lookOf({ ...plain, main: { name: 'Views', values } }, area);
    const empty = await lookOf(
      { ...plain, main: { name: 'Views', values: values.map(() => null) } },
      area,
    );
    expect(filled).not.toBe(empty);
  });
});

describe('bars', () => {
  const bars: Chart = {
    look: 'bars',
    title: 'Quota',
    labels: ['Jun', 'Jul', 'Aug'],
    main: { name: 'Used', values: [10, 50, 0] },
    others: [{ name: 'Received', values: [100, 100, 25] }],
    format: String,
  };
  const plot: Area = [70, 90, 700, 280];
  /** How many pixels of the plot have this colour. */
  const inkOf = async (chart: Chart, [red, green, blue]: readonly [number, number, number]) => {
    const pixels = await pixelsOf(await charts.draw(chart), plot);
    let count = 0;
    for (let at = 0; at < pixels.length; at += 4)
      if (pixels[at] === red && pixels[at + 1] === green && pixels[at + 2] === blue) count += 1;
    return count;
  };
  const used = [0x4f, 0x46, 0xe5] as const;
  const received = [0xd9, 0x77, 0x06] as const;

  test('stand on one scale: the same number is as high on either side', async () => {
    const values = [40, 40, 40];
    const even = { ...bars, main: { name: 'a', values }, others: [{ name: 'b', values }] };
    const [one, other] = [await inkOf(even, used), await inkOf(even, received)];
    expect(one).toBeGreaterThan(1000);
    expect(Math.abs(one - other)).toBeLessThan(one / 20);
    // As lines the smaller ones have a scale of their own.
    const half = { ...even, main: { name: 'a', values: [20, 20, 20] } };
    const share = (await inkOf(half, used)) / (await inkOf(half, received));
    expect(share).toBeGreaterThan(0.45);
    expect(share).toBeLessThan(0.55);
  });

  test('are as high as their numbers, and nothing stands at zero', async () => {
    const none = { ...bars, main: { name: 'Used', values: [0, 0, 0] } };
    expect(await inkOf(none, used)).toBe(0);
    expect(await inkOf(bars, used)).toBeGreaterThan(0);
    expect((await charts.draw(bars)).equals(await charts.draw({ ...bars, look: 'lines' }))).toBe(
      false,
    );
  });
});

describe('Chinese words', () => {
  const lineNamed = (name: string) => ({ main: { ...rising.main, name }, others: [] });

  test.each<[string, (words: string) => Partial<Chart>, Area]>([
    ['the title', (title) => ({ title }), titleArea],
    ['the name of a line', lineNamed, legendArea],
    ['a label', (label) => ({ labels: labels.map(() => label) }), labelArea],
  ])('in %s are drawn, each as itself and none as a box', async (_, put, area) => {
    const [views, likes, nothing, unknown] = await Promise.all(
      ['观看', '点赞', '', '\u{10fffd}\u{10fffd}'].map((words) => lookOf(put(words), area)),
    );
    // Two boxes would look like any other two boxes.
    expect(views).not.toBe(likes);
    expect(views).not.toBe(nothing);
    expect(likes).not.toBe(nothing);
    // What has no glyph leaves no box either.
    expect(unknown).toBe(nothing);
  });
});
