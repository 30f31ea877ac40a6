import { readNumber } from './numbers.ts';

/** A time of day as it was said. */
export type ClockTime = {
  /** null: only a part of the day was named. 24 and more are in the next night. */
  readonly hour: number | null;
  readonly minute: number;
  /** Whether nothing tells morning from evening. */
  readonly isBare: boolean;
  readonly words: string;
};

type Period = 'dawn' | 'morning' | 'noon' | 'afternoon' | 'evening';

const periods: readonly (readonly [RegExp, Period])[] = [
  [/凌晨|清晨/u, 'dawn'],
  [/早上|早晨|上午|早/u, 'morning'],
  [/中午/u, 'noon'],
  [/下午|傍晚/u, 'afternoon'],
  [/晚上|晚间|夜里|半夜|深夜|晚/u, 'evening'],
  [/\b(?:in the )?morning\b/iu, 'morning'],
  [/\b(?:in the )?afternoon\b/iu, 'afternoon'],
  [/\b(?:in the |this )?evening\b|\bat night\b/iu, 'evening'],
];

const zh =
  /(?<hour>\d{1,2}|[零〇一二两三四五六七八九十]{1,3})\s*(?:点钟?|时)\s*(?:(?<half>半)|(?<quarter>[一三])刻|(?<minute>\d{1,2}|[零〇一二三四五六七八九十]{1,3})分?)?/u;
const colon =
  /(?:\b(?:at|by|around) )?(?<![\d:：.])(?<hour>\d{1,2})[:：](?<minute>\d{2})(?![\d:：])\s*(?<half>[ap]\.?m\b\.?)?/iu;
const meridiem = /(?:\b(?:at|by|around) )?\b(?<hour>\d{1,2})\s*(?<half>[ap]\.?m\b\.?)/iu;
const plain =
  /\b(?:at|by|around) (?<hour>\d{1,2})(?:\s*o['’]?clock)?(?!\s*(?:[:：\d%]|seconds?|sec|s\b|k\b|views|x))\b/iu;
const named: readonly (readonly [RegExp, number])[] = [
  [/午夜|零点|\b(?:at )?midnight\b/iu, 24],
  [/正午|\b(?:at )?(?:noon|midday)\b/iu, 12],
];

/** Reads `晚上8点半`, `20:00`, `8 pm`, `at 9`, `noon`; null when no time of day is named. */
export function readClock(text: string): ClockTime | null {
  const period = periods.find(([pattern]) => pattern.test(text));
  const spoken = period?.[0].exec(text)?.[0] ?? '';
  const exact = readExact(text, period?.[1] ?? null);
  if (exact) return { ...exact, words: `${spoken} ${exact.words}`.trim() };
  if (!period) return null;
  const hour = period[1] === 'noon' ? 12 : null;
  return { hour, minute: 0, isBare: false, words: spoken };
}

function readExact(text: string, period: Period | null): ClockTime | null {
  for (const [pattern, hour] of named) {
    const words = pattern.exec(text)?.[0];
    if (words !== undefined) return { hour, minute: 0, isBare: false, words };
  }
  const hit =
    colon.exec(text) ?? meridiem.exec(text) ?? readSpoken(text, period) ?? plain.exec(text);
  if (!hit?.groups) return null;
  const [words] = hit;
  const hour = readNumber(hit.groups['hour'] ?? '');
  const minute = minuteOf(hit.groups);
  if (Number.isNaN(hour) || hour > 24 || minute > 59) return null;
  const part = halfOf(hit.groups) ?? period;
  if (part !== null) return { hour: inPeriod(hour, part), minute, isBare: false, words };
  return { hour, minute, isBare: !/[:：]/u.test(words), words };
}

/** 一点 is also "a little". */
function readSpoken(text: string, period: Period | null): RegExpExecArray | null {
  const hit = zh.exec(text);
  return hit?.groups?.['hour'] === '一' && period === null ? null : hit;
}

function halfOf({ half = '' }: Record<string, string>): Period | null {
  if (/^a/iu.test(half)) return 'morning';
  return /^p/iu.test(half) ? 'afternoon' : null;
}

function minuteOf({ half, quarter, minute }: Record<string, string>): number {
  if (half === '半') return 30;
  if (quarter !== undefined) return quarter === '一' ? 15 : 45;
  return minute === undefined ? 0 : readNumber(minute);
}

function inPeriod(hour: number, period: Period): number {
  if (hour > 12) return hour;
  if (period === 'noon') return hour < 11 ? hour + 12 : hour;
  if (period === 'afternoon') return (hour % 12) + 12;
  if (period === 'dawn' || period === 'morning') return hour % 12;
  // Past midnight an evening belongs to the next day.
  return hour === 12 || hour < 5 ? (hour % 12) + 24 : hour + 12;
}
