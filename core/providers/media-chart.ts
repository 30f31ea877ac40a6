import type { ChartConfiguration, ChartDataset, Plugin } from 'chart.js';

import type { Chart, ChartLine, Charts } from '../ports/charts.ts';
import { fontFor, type TextFont } from './media-font.ts';

const width = 800;
const height = 400;
/** Readable on white, and told apart by people who do not see red and green. */
const colours = ['#4f46e5', '#d97706', '#0f766e'] as const;
const ink = '#27272a';
const quietInk = '#52525b';
const grid = '#e4e4e7';
/** Whatever a number may be written with. */
const numberCharacters = '0123456789.,+-−KMBT万亿千';

type Canvas = import('@napi-rs/canvas').Canvas;
type ChartJs = typeof import('chart.js');
type Look = 'line' | 'bar';

let loaded: Promise<ChartJs> | null = null;

/** Draws with Chart.js on a canvas of Skia; both are loaded with the first chart. */
export const createCharts = (): Charts => ({ draw });

async function draw(chart: Chart): Promise<Buffer> {
  const { Chart: Drawing } = await (loaded ??= load());
  const { createCanvas } = await import('@napi-rs/canvas');
  const font = await fontFor(textOf(chart));
  const canvas = createCanvas(width, height);
  const drawing = new Drawing(canvas, configure(withGlyphs(chart, font), font, canvas));
  try {
    return await canvas.encode('png');
  } finally {
    // Wipes the canvas as well.
    drawing.destroy();
  }
}

async function load(): Promise<ChartJs> {
  const chartJs = await import('chart.js');
  const { CategoryScale, Filler, Legend, LinearScale, Title } = chartJs;
  const { BarController, BarElement, LineController, LineElement, PointElement } = chartJs;
  chartJs.Chart.register(
    BarController,
    BarElement,
    CategoryScale,
    Filler,
    Legend,
    LineController,
    LineElement,
    LinearScale,
    PointElement,
    Title,
  );
  return chartJs;
}

const linesOf = ({ main, others }: Chart): readonly ChartLine[] => [main, ...others];

const textOf = (chart: Chart): string =>
  [chart.title, ...chart.labels, ...linesOf(chart).map(({ name }) => name), numberCharacters].join(
    '',
  );

/** The same without what the font cannot draw, which would stand there as an empty box. */
function withGlyphs(chart: Chart, { text }: TextFont): Chart {
  const known = new Set(text);
  const clean = (words: string) =>
    Array.from(words)
      .filter((one) => known.has(one))
      .join('');
  const cleanLine = (line: ChartLine) => ({ ...line, name: clean(line.name) });
  return {
    ...chart,
    title: clean(chart.title),
    labels: chart.labels.map(clean),
    main: cleanLine(chart.main),
    others: chart.others.map(cleanLine),
  };
}

function configure(chart: Chart, { families }: TextFont, canvas: Canvas): ChartConfiguration<Look> {
  const hasBars = chart.look === 'bars';
  const text = (size: number, color: string) => ({ color, font: { family: families, size } });
  const ticks = {
    ...text(13, quietInk),
    precision: 0,
    maxTicksLimit: 6,
    callback: (value: number | string) => chart.format(Number(value)),
  };
  return {
    type: hasBars ? 'bar' : 'line',
    data: {
      labels: [...chart.labels],
      datasets: linesOf(chart).map((line, index) =>
        hasBars ? barsOf(line, index) : lineOf(line, index),
      ),
    },
    options: {
      animation: false,
      responsive: false,
      devicePixelRatio: 1,
      events: [],
      layout: { padding: { top: 8, right: 16, bottom: 8, left: 12 } },
      scales: {
        x: {
          // So few stand in the middle, not at the edges.
          offset: hasBars || chart.labels.length < 3,
          grid: { display: false },
          border: { color: grid },
          ticks: { ...text(13, quietInk), maxTicksLimit: 7, maxRotation: 0, autoSkipPadding: 16 },
        },
        left: { position: 'left', beginAtZero: true, grid: { color: grid }, ticks },
        right: {
          position: 'right',
          display: chart.others.length > 0 && !hasBars,
          beginAtZero: true,
          grid: { display: false },
          ticks,
        },
      },
      plugins: {
        title: { display: true, text: chart.title, align: 'start', ...text(18, ink) },
        legend: {
          align: 'start',
          labels: {
            ...text(14, ink),
            usePointStyle: true,
            pointStyle: hasBars ? 'rectRounded' : 'line',
          },
        },
      },
    },
    plugins: [paper(canvas)],
  };
}

function lineOf({ name, values }: ChartLine, index: number): ChartDataset<'line'> {
  const color = colours[index] ?? quietInk;
  const isMain = index === 0;
  return {
    label: name,
    data: [...values],
    yAxisID: isMain ? 'left' : 'right',
    borderColor: color,
    backgroundColor: `${color}1f`,
    fill: isMain,
    borderWidth: isMain ? 3 : 2,
    ...(isMain ? {} : { borderDash: index === 1 ? [7, 4] : [2, 4] }),
    // A single value makes no line.
    pointRadius: values.filter((value) => value !== null).length < 3 ? 4 : 0,
    pointBackgroundColor: color,
    tension: 0,
    spanGaps: false,
  };
}

const barsOf = ({ name, values }: ChartLine, index: number): ChartDataset<'bar'> => ({
  label: name,
  data: [...values],
  yAxisID: 'left',
  backgroundColor: colours[index] ?? quietInk,
  borderRadius: 3,
  categoryPercentage: 0.7,
  barPercentage: 0.9,
});

/** White below everything: what is see-through would be black on black in a dark chat. */
const paper = (canvas: Canvas): Plugin<Look> => ({
  id: 'paper',
  beforeDraw() {
    const context = canvas.getContext('2d');
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, width, height);
    // By `font` a weight would be drawn on top of the thinnest of this variable font.
    context.fontVariationSettings = '"wght" 500';
  },
});
