const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Nothing on the three platforms is older: YouTube's first video is of April 2005. */
const oldest = Date.UTC(2005, 0, 1);

const isoDate =
  /^(?<date>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/iu;

const units: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|secs?|seconds?|秒|秒钟|秒鐘|초)$/u, second],
  [/^(?:m|mins?|minutes?|分|分钟|分鐘|분)$/u, minute],
  [/^(?:h|hrs?|hours?|小时|小時|時間|시간)$/u, hour],
  [/^(?:d|days?|天|日|일)$/u, day],
  [/^(?:w|wks?|weeks?|周|週|星期|週間|주)$/u, 7 * day],
  [/^(?:mo|mos|months?|月|个月|個月|か月|ヶ月|カ月|개월|달)$/u, 30.4375 * day],
  [/^(?:y|yrs?|years?|年|년)$/u, 365.25 * day],
];
const relative =
  /^(?:(?:live )?(?:streamed|premiered|updated|posted|uploaded|published|edited) )?(?<amount>\d{1,4}|an?|one)\s*(?<unit>[\p{L}]+?)\s*(?:ago|前|전)$/iu;
const justNow = /^(?:just now|刚刚|剛剛|방금(?: 전)?|たった今)$/iu;
const yesterday = /^(?:yesterday|昨天|어제|昨日)$/iu;

/**
 * When a video was published, from an ISO date (without a zone: UTC), `YYYY-MM-DD`, unix seconds or
 * milliseconds, or a relative phrase in English, Chinese, Japanese or Korean measured from `seenAt`.
 * Null for anything else, for dates before the platforms existed and for more than a day ahead.
 */
export function readDate(value: unknown, seenAt: Date): Date | null {
  const at = toMilliseconds(value, seenAt.getTime());
  if (at === null || !Number.isFinite(at)) return null;
  return at >= oldest && at <= seenAt.getTime() + day ? new Date(at) : null;
}

/** The first of the values that is a date. */
export function firstDate(seenAt: Date, ...values: readonly unknown[]): Date | null {
  for (const value of values) {
    const date = readDate(value, seenAt);
    if (date) return date;
  }
  return null;
}

function toMilliseconds(value: unknown, seenAt: number): number | null {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return fromUnix(value);
  if (typeof value !== 'string' || value.length > 64) return null;
  const text = value.trim();
  if (/^\d{10}$|^\d{13}$/u.test(text)) return fromUnix(Number(text));
  return fromIso(text) ?? fromPhrase(text, seenAt);
}

function fromUnix(value: number): number | null {
  if (value >= 1e9 && value < 1e10) return value * second;
  return value >= 1e12 && value < 1e13 ? value : null;
}

/** How most items write it; anything unusual about it is left to the long way. */
const usualIso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/u;

function fromIso(text: string): number | null {
  if (usualIso.test(text)) {
    const at = Date.parse(text);
    if (new Date(at).getUTCDate() === Number(text.slice(8, 10))) return at;
  }
  const { date = '', time, zone = 'Z' } = isoDate.exec(text)?.groups ?? {};
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // V8 rolls 2025-02-30 over into March; a date that does not come back as it was is none.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(date)) return null;
  if (time === undefined) return midnight;
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const at = Date.parse(`${date}T${time}${offset}`);
  return Number.isNaN(at) ? null : at;
}

function fromPhrase(text: string, seenAt: number): number | null {
  if (justNow.test(text)) return seenAt;
  if (yesterday.test(text)) return seenAt - day;
  const { amount = '', unit = '' } = relative.exec(text)?.groups ?? {};
  const length = units.find(([pattern]) => pattern.test(unit.toLowerCase()))?.[1];
  if (length === undefined) return null;
  return seenAt - (/^\d/u.test(amount) ? Number(amount) : 1) * length;
}

const clock = /^(?:(?<hours>\d{1,3}):)?(?<minutes>\d{1,2}):(?<seconds>\d{2})(?:\.\d+)?$/u;
const longest = 14 * 24 * 3600;

/** A length in seconds from a number or `[hh:]mm:ss`; zero is what the actors write for unknown, so null. */
export function readDuration(value: unknown): number | null {
  let length = Number.NaN;
  if (typeof value === 'number') length = value;
  if (typeof value === 'string' && value.length <= 16) {
    const text = value.trim();
    const { hours = '0', minutes, seconds } = clock.exec(text)?.groups ?? {};
    if (minutes !== undefined && seconds !== undefined && Number(seconds) < 60) {
      length = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    } else if (/^\d{1,6}(?:\.\d{1,3})?$/u.test(text)) length = Number(text);
  }
  return length > 0 && length <= longest ? length : null;
}
