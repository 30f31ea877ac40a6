import { readNumber, smallNumber } from './numbers.ts';
import { readClock, type ClockTime } from './clock-time.ts';
import { formatMoment, momentOf, wallOf, type Now, type Wall } from './zone.ts';

/** When something is to be published. */
export type When =
  | { readonly kind: 'at'; readonly at: string }
  | { readonly kind: 'now' }
  /** A day or a part of it, without a time. */
  | { readonly kind: 'vague'; readonly words: string };

export type ReadWhen = {
  readonly when: When;
  /** The text without the words that told the time. */
  readonly rest: string;
};

type Day = { readonly shift: (today: Wall) => Wall; readonly words: string; readonly again: Again };
/** What a moment that has passed means. */
type Again = 'never' | 'day' | 'week' | 'year';

const iso =
  /(?<date>\d{4}-\d\d-\d\d)[T ]+(?<time>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?\s*(?<offset>Z|[+-]\d\d:?\d\d)?/u;
const immediate =
  /\b(?:right now|right away|immediately|asap|straight away|now)\b|马上|立刻|立即|现在就?|即刻/iu;
const relativeZh = new RegExp(
  `(?<count>${smallNumber})\\s*个?(?<half>半)?(?<unit>分钟|小时|钟头|天)(?:之?后|以后)`,
  'u',
);
const relativeEn =
  /\bin (?<count>half an?|an?|one|two|three|four|five|six|ten|\d{1,4}) (?<unit>minute|min|hour|day)s?(?<half> and a half)?\b/iu;

/** Reads when something is to happen, seen from `now`; a time that has passed is the next such time. */
export function readWhen(text: string, now: Now): ReadWhen | null {
  const relative = readRelative(text, now) ?? readIso(text, now);
  if (relative) return relative;
  const day = readDay(text, now);
  const clock = readClock(day ? text.replace(day.words, ` ${periodIn(day.words)} `) : text);
  if (!day && !clock) {
    const hit = immediate.exec(text)?.[0];
    return hit === undefined ? null : { when: { kind: 'now' }, rest: text.replace(hit, ' ') };
  }
  const withoutDay = day ? text.replace(day.words, ' ') : text;
  const rest = clock ? removeWords(withoutDay, clock.words) : withoutDay;
  if (!clock || clock.hour === null) {
    const part = clock !== null && text.includes(clock.words) ? clock.words : '';
    const words = `${day?.words ?? ''} ${part}`.trim();
    return { when: { kind: 'vague', words }, rest };
  }
  return { when: { kind: 'at', at: settle(day, clock, now) }, rest };
}

const removeWords = (text: string, words: string): string =>
  words
    .split(/\s+/u)
    .filter(Boolean)
    .reduce((left, word) => left.replace(word, ' '), text.replace(words, ' '));

function readRelative(text: string, { at, zone }: Now): ReadWhen | null {
  const hit = relativeZh.exec(text) ?? relativeEn.exec(text);
  if (!hit?.groups) return null;
  const { count = '', half, unit = '' } = hit.groups;
  const number = readNumber(count.toLowerCase().startsWith('half') ? '半' : count);
  const total = number + (half === undefined ? 0 : 0.5);
  const minutes = /^(?:分|min)/iu.test(unit) ? 1 : /^(?:天|day)/iu.test(unit) ? 1440 : 60;
  const moment = new Date(at.getTime() + total * minutes * 60_000);
  return {
    when: { kind: 'at', at: formatMoment({ at: moment, zone }) },
    rest: text.replace(hit[0], ' '),
  };
}

function readIso(text: string, now: Now): ReadWhen | null {
  const hit = iso.exec(text);
  const { date = '', time = '', offset } = hit?.groups ?? {};
  if (!hit) return null;
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const moment =
    offset === undefined
      ? momentOf({ year, month, day, hour, minute }, now.zone)
      : new Date(`${date}T${time}:00${offset}`);
  return {
    when: { kind: 'at', at: formatMoment({ at: moment, zone: now.zone }) },
    rest: text.replace(hit[0], ' '),
  };
}

const addDays = (wall: Wall, days: number): Wall => {
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return {
    ...wall,
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  };
};

const nearDays: readonly (readonly [RegExp, number])[] = [
  [/大后天/u, 3],
  [/后天|\b(?:the )?day after tomorrow\b/iu, 2],
  [/明天|明日|明早|明晚|\btomorrow\b|\btmrw\b/iu, 1],
  [/今天|今日|今早|今晚|今夜|\btoday\b|\btonight\b|\bthis (?:morning|afternoon|evening)\b/iu, 0],
];

const weekday =
  /(?<next>下个?|\bnext )?(?:(?:周|星期|礼拜)(?<zh>[一二三四五六日天])|(?:\b(?:on |this |coming )*)(?<en>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b)/iu;
const monthDay =
  /(?:(?<yearA>\d{4})年)?(?<monthA>\d{1,2})月(?<dayA>\d{1,2})[日号]?|(?:\bon )?(?:the )?(?:\b(?<monthB>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? (?<dayB>\d{1,2})(?:st|nd|rd|th)?\b|\b(?<dayC>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?<monthC>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b)/iu;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function readDay(text: string, now: Now): Day | null {
  for (const [pattern, days] of nearDays) {
    const words = pattern.exec(text)?.[0];
    if (words === undefined) continue;
    return { words, shift: (today) => addDays(today, days), again: days === 0 ? 'day' : 'never' };
  }
  return readWeekday(text, now) ?? readMonthDay(text);
}

function readWeekday(text: string, now: Now): Day | null {
  const hit = weekday.exec(text);
  const { next, zh, en } = hit?.groups ?? {};
  if (!hit || (zh === undefined && en === undefined)) return null;
  const english = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  const wanted =
    zh === undefined
      ? english.indexOf((en ?? '').slice(0, 3).toLowerCase())
      : '日一二三四五六'.indexOf(zh === '天' ? '日' : zh);
  const { year, month, day } = wallOf(now);
  const today = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  const ahead = (wanted - today + 7) % 7;
  // "Next" counts from the coming Monday; in English it is never today.
  const untilMonday = (8 - today) % 7 || 7;
  const days = next === undefined ? ahead : untilMonday + ((wanted + 6) % 7);
  return { words: hit[0], shift: (from) => addDays(from, days), again: 'week' };
}

function readMonthDay(text: string): Day | null {
  const hit = monthDay.exec(text);
  if (!hit?.groups) return null;
  const { yearA, monthA, dayA, monthB, dayB, dayC, monthC } = hit.groups;
  const named = (monthB ?? monthC)?.slice(0, 3).toLowerCase();
  const month = named === undefined ? Number(monthA) : months.indexOf(named) + 1;
  const day = Number(dayA ?? dayB ?? dayC);
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  return {
    words: hit[0],
    shift: (today) => ({ ...today, month, day, year: Number(yearA ?? today.year) }),
    again: yearA === undefined ? 'year' : 'never',
  };
}

/** What a word for a day says about the part of the day. */
function periodIn(words: string): string {
  if (/今晚|今夜|明晚|tonight|evening/iu.test(words)) return '晚上';
  if (/明早|今早|morning/iu.test(words)) return '早上';
  return /afternoon/iu.test(words) ? '下午' : '';
}

function settle(day: Day | null, clock: ClockTime, { at, zone }: Now): string {
  const today = wallOf({ at, zone });
  const date = day ? day.shift(today) : today;
  const again = day?.again ?? 'day';
  const hours = clock.hour ?? 0;
  const momentAt = (hour: number, days = 0) =>
    momentOf({ ...addDays(date, days), hour, minute: clock.minute }, zone);
  // A bare "8" of today is the next one to come; "8:00", "8pm" and "tomorrow 8" say which.
  const isOpen = clock.isBare && again === 'day' && hours >= 1 && hours <= 12;
  const candidates = isOpen
    ? [momentAt(hours % 12), momentAt((hours % 12) + 12)]
    : [momentAt(hours)];
  const coming = candidates.find((moment) => moment > at);
  if (coming) return formatMoment({ at: coming, zone });
  if (again === 'never') return formatMoment({ at: momentAt(hours), zone });
  const later =
    again === 'year'
      ? momentOf({ ...date, year: date.year + 1, hour: hours, minute: clock.minute }, zone)
      : momentAt(isOpen ? hours % 12 : hours, again === 'week' ? 7 : 1);
  return formatMoment({ at: later, zone });
}
