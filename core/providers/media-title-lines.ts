import { pieces } from './media-wrap.ts';

export type TitleRoom = {
  /** From the largest size in pixels to the smallest that can still be read. */
  readonly sizes: readonly number[];
  readonly maxLines: number;
  /** Width of a text that is one pixel high. */
  readonly widthOf: (text: string) => number;
  /** Pixels that a line may be wide; null when so many lines of this size have no room. */
  readonly limitOf: (line: number, lines: number, size: number) => number | null;
};

export type TitleLines = { readonly lines: readonly string[]; readonly size: number };

/** What the size is worth in so many lines: fewer of them leave more of the picture. */
const worthOf = [1, 0.88, 0.74];
/** What a break within a word of Chinese costs of that, and what one gains where the sentence pauses. */
const wordBreakCost = 0.15;
const pauseGain = 0.12;
/** So many characters more may be cut off for better breaks. */
const spare = 4;
const pause = /[、。，．：；！？…,.:;!?|｜—–]\s*$/u;

/**
 * Sets a title as large as it fits, in lines of about the same length. Words stay whole unless they are
 * longer than a line; a title that does not fit even at the smallest size ends in an ellipsis.
 */
export function setTitle(text: string, unmeasured: TitleRoom): TitleLines | null {
  const room = { ...unmeasured, widthOf: remembered(unmeasured.widthOf) };
  const smallest = room.sizes.at(-1) ?? 0;
  const narrowest = limitsOf(room, room.maxLines, smallest);
  const fits = (piece: string) =>
    room.widthOf(piece.trim()) * smallest <= Math.min(...(narrowest ?? []));
  const parts = pieces(text).flatMap((one) => (fits(one) ? [one] : Array.from(one)));
  const whole = fitParts(parts, room);
  if (whole || parts.length < 2) return whole;
  const onlySmallest = { ...room, sizes: [smallest] };
  const cuts: Candidate[] = [];
  let longest = 0;
  for (let kept = parts.length - 1; kept > 0 && kept >= longest - spare; kept -= 1) {
    const last = (parts[kept - 1] ?? '').trimEnd().replace(pause, '');
    const cut = fitParts([...parts.slice(0, kept - 1), `${last}…`], onlySmallest);
    if (!cut) continue;
    longest ||= kept;
    cuts.push(cut);
  }
  return cuts.toSorted((one, other) => other.value - one.value)[0] ?? null;
}

/** Parts are measured for many sizes and many ways to break. */
function remembered(widthOf: TitleRoom['widthOf']): TitleRoom['widthOf'] {
  const widths = new Map<string, number>();
  return (text) => {
    const width = widths.get(text) ?? widthOf(text);
    widths.set(text, width);
    return width;
  };
}

type Candidate = TitleLines & { readonly value: number; readonly unevenness: number };

function fitParts(parts: readonly string[], room: TitleRoom): Candidate | null {
  const measure = createMeasure(parts, room);
  let best: Candidate | null = null;
  for (const size of room.sizes) {
    // No smaller size can be worth more than this one.
    if (best && size <= best.value) break;
    for (let count = 1; count <= Math.min(room.maxLines, parts.length); count += 1) {
      const limits = limitsOf(room, count, size);
      if (!limits || measure.leastWidth(count) * size > sumOf(limits)) continue;
      const found = mostEven(measure, limits, size);
      if (found && (!best || found.value > best.value)) best = found;
    }
  }
  return best;
}

function limitsOf(room: TitleRoom, lines: number, size: number): number[] | null {
  const limits: number[] = [];
  for (let line = 0; line < lines; line += 1) {
    const limit = room.limitOf(line, lines, size);
    if (limit === null) return null;
    limits.push(limit);
  }
  return limits;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

type Measure = {
  readonly count: number;
  readonly textOf: (from: number, until: number) => string;
  /** Of a text that is one pixel high. */
  readonly widthOf: (from: number, until: number) => number;
  /** Of all lines together; the space at a break is in none of them. */
  readonly leastWidth: (lines: number) => number;
  readonly isWithinWord: (at: number) => boolean;
  readonly isPause: (at: number) => boolean;
};

function createMeasure(parts: readonly string[], room: TitleRoom): Measure {
  const starts = wordStarts(parts.join(''));
  const offsets = sumsOf(parts.map((part) => part.length));
  const widths = sumsOf(parts.map((part) => room.widthOf(part)));
  const widthOf = (from: number, until: number) => {
    const last = room.widthOf((parts[until - 1] ?? '').trimEnd());
    return (widths[until - 1] ?? 0) - (widths[from] ?? 0) + last;
  };
  return {
    count: parts.length,
    textOf: (from, until) => parts.slice(from, until).join('').trim(),
    widthOf,
    leastWidth: (lines) => widthOf(0, parts.length) - lines,
    isWithinWord: (at) => !starts.has(offsets[at] ?? 0),
    isPause: (at) => pause.test(parts[at - 1] ?? ''),
  };
}

/** The sum of the values before each place. */
function sumsOf(values: readonly number[]): number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return sums;
}

const wordStarts = (text: string): Set<number> =>
  new Set(
    Array.from(
      new Intl.Segmenter('zh', { granularity: 'word' }).segment(text),
      ({ index }) => index,
    ),
  );

/** The best way to break into as many lines as there are limits; null when there is none. */
function mostEven(measure: Measure, limits: readonly number[], size: number): Candidate | null {
  let best: Candidate | null = null;
  for (const ends of waysToBreak(measure, limits, size)) {
    const breaks = ends.slice(0, -1);
    const within = breaks.filter((at) => measure.isWithinWord(at)).length;
    const pauses = breaks.filter((at) => measure.isPause(at)).length;
    const worth = (worthOf[breaks.length] ?? 0) - wordBreakCost * within + pauseGain * pauses;
    const value = size * worth;
    const unevenness = ends.reduce(
      (sum, until, line) => sum + measure.widthOf(ends[line - 1] ?? 0, until) ** 2,
      0,
    );
    if (best && (value < best.value || (value === best.value && unevenness >= best.unevenness)))
      continue;
    const lines = ends.map((until, line) => measure.textOf(ends[line - 1] ?? 0, until));
    best = { lines, size, value, unevenness };
  }
  return best;
}

/** The places where each line ends, for every way in which all of them fit. */
function* waysToBreak(
  measure: Measure,
  [limit = 0, ...others]: readonly number[],
  size: number,
  from = 0,
): Generator<number[], void> {
  const fits = (until: number) => measure.widthOf(from, until) * size <= limit;
  if (others.length === 0) {
    if (fits(measure.count)) yield [measure.count];
    return;
  }
  for (let until = from + 1; until <= measure.count - others.length && fits(until); until += 1) {
    for (const rest of waysToBreak(measure, others, size, until)) yield [until, ...rest];
  }
}
