import type { Services } from '../context.ts';
import type { Locale } from '../messages/catalogue.ts';
import { statsWords } from '../messages/stats.ts';
import type { ChartLine } from '../ports/charts.ts';
import type { HostCounts } from '../ports/video-host.ts';
import type { CurvePoint } from './curve.ts';

/** For whom a chart is drawn. */
export type ChartReader = {
  readonly days: number;
  readonly locale: Locale;
  /** IANA name. */
  readonly timeZone: string;
};

const languages: Record<Locale, string> = { en: 'en', zh: 'zh-CN' };
/** Up to so many milliseconds the time of the day tells points apart, after that the day does. */
const hoursMatterMs = 3 * 86_400_000;

/** A curve as a PNG; null where there is nothing to draw. */
export async function drawCurve(
  { ports }: Pick<Services, 'ports'>,
  curve: readonly CurvePoint[],
  { days, locale, timeZone }: ChartReader,
): Promise<Buffer | null> {
  const words = statsWords[locale].chart;
  const language = languages[locale];
  const [first, last] = [curve.at(0), curve.at(-1)];
  if (!first || !last) return null;
  const isShort = last.at.getTime() - first.at.getTime() <= hoursMatterMs;
  const day = new Intl.DateTimeFormat(language, {
    timeZone,
    month: 'short',
    day: 'numeric',
    ...(isShort ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : {}),
  });
  const numbers = new Intl.NumberFormat(language, {
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  const lineOf = (kind: keyof HostCounts): ChartLine => ({
    name: words[kind],
    values: curve.map((point) => point[kind]),
  });
  return ports.charts.draw({
    title: words.title({ days }),
    labels: curve.map(({ at }) => day.format(at)),
    main: lineOf('views'),
    // What is hidden throughout has no line, and no name either.
    others: [lineOf('likes'), lineOf('comments')].filter(({ values }) =>
      values.some((value) => value !== null),
    ),
    format: (value) => numbers.format(value),
  });
}
