import { takeLook, type Look } from './look.ts';
import { amount, readAmount, readNumber, smallNumber } from './numbers.ts';

export type Shape = '9:16' | '16:9' | '1:1';

/** What a message says about how a video is to be found or made; only what was said. */
export type Slots = {
  seconds?: number;
  shape?: Shape;
  model?: string;
  platforms?: readonly string[];
  /** Platforms that are not wanted. */
  without?: readonly string[];
  days?: number;
  views_min?: number;
  views_max?: number;
  limit?: number;
  /** Absent when nothing was said about it. */
  look?: Look;
  /** How many are to be made of it, to pick from. */
  takes?: number;
};

type Taken = { readonly slots: Slots; readonly rest: string };

const shapes: readonly (readonly [RegExp, Shape])[] = [
  [/9\s*[:：x]\s*16|竖屏|竖版|竖的|竖着|\b(?:vertical|upright|portrait)\b/iu, '9:16'],
  [/16\s*[:：x]\s*9|横屏|横版|横的|横着|\b(?:landscape|horizontal|wide ?screen)\b/iu, '16:9'],
  [/(?<!\d)1\s*[:：x]\s*1(?!\d)|正方形|方形|方的|\bsquare\b/iu, '1:1'],
];

const secondsPattern = new RegExp(
  `(?:\\b(?:with )?(?:a )?length of )?(?:\\b(?<en>\\d{1,3}|fifteen|thirty|sixty|ten|twenty|forty[- ]five|ninety)[\\s-]*(?:seconds?|secs?|s)\\b(?:[\\s-]*(?:long|length))?|(?<zh>${smallNumber})\\s*秒钟?(?:长|的?时长)?)`,
  'iu',
);
const minutesPattern =
  /\b(?<en>half a|half|one|an?|two|\d)[\s-]*minutes?\b(?:[\s-]*long)?|(?<zh>半|一|两|二|\d)分钟(?!之?后|以后)/iu;

const platforms: readonly (readonly [string, RegExp])[] = [
  ['tiktok', /\btik ?tok\b|抖音/iu],
  ['youtube', /\byou ?tube(?: shorts)?\b|\byt\b|油管/iu],
  ['instagram', /\binsta(?:gram)?(?: reels)?\b|\big\b|(?<![a-z])ins(?![a-z])/iu],
];
const platformWord = platforms.map(([, { source }]) => source).join('|');

/** Takes the slots of one clause out of it. `models` are the ids that may be named. */
export function takeSlots(clause: string, models: readonly string[]): Taken {
  const slots: Slots = {};
  const said = takeLook(clause);
  if (Object.keys(said.look).length > 0) slots.look = said.look;
  if (said.takes !== null) slots.takes = said.takes;
  let rest = takeCounts(said.rest, slots);
  for (const [pattern, shape] of shapes) {
    const words = pattern.exec(rest)?.[0];
    if (words === undefined || /(?:不要|not |no )$/iu.test(rest.slice(0, rest.indexOf(words))))
      continue;
    slots.shape = shape;
    rest = rest.replace(words, ' ');
  }
  rest = takeSeconds(rest, slots);
  rest = takeModel(rest, slots, models);
  return { slots, rest };
}

function takeSeconds(text: string, slots: Slots): string {
  const hit = secondsPattern.exec(text);
  const minutes = minutesPattern.exec(text);
  const found = hit ?? minutes;
  if (!found) return text;
  const { en, zh } = found.groups ?? {};
  const number = readNumber(
    (en ?? zh ?? '').toLowerCase().startsWith('half') ? '半' : (en ?? zh ?? ''),
  );
  if (Number.isNaN(number)) return text;
  slots.seconds = hit ? number : number * 60;
  return text.replace(found[0], ' ');
}

const nicknames: Readonly<Record<string, RegExp>> = {
  kling: /可灵/u,
  minimax: /海螺|hailuo/iu,
  seedance: /即梦|豆包/u,
  wan: /万相/u,
};

/** The longest id goes first, so that kling-pro is not taken for kling. */
function takeModel(text: string, slots: Slots, models: readonly string[]): string {
  for (const model of models.toSorted((a, b) => b.length - a.length)) {
    const spelled = model.replace(/[-\s]/gu, '[-\\s]?');
    const pattern = new RegExp(
      `(?:(?:\\b(?:with|using|use|on|by|via)(?: the)?|用|使用|换成|改用|换)\\s*)?(?:(?<![a-z\\d-])${spelled}(?![a-z\\d-])${nicknames[model] ? `|${nicknames[model].source}` : ''})(?:\\s*\\d(?:\\.\\d)?)?(?:\\s*(?:模型|model))?(?:来)?`,
      'iu',
    );
    const words = pattern.exec(text)?.[0];
    if (words === undefined || isOrdinaryWord(model, words)) continue;
    slots.model = model;
    return text.replace(words, ' ');
  }
  return text;
}

/** "wan" is also a word for pale, and "万" a number. */
const isOrdinaryWord = (model: string, words: string): boolean =>
  model === 'wan' && !/^(?:with|using|use|用|使用|换|改用)|model|模型|万相/iu.test(words.trim());

const viewsUnit = String.raw`(?:次)?(?:播放量?|观看|浏览量?|点击|views?|plays?)`;
const more = String.raw`(?:超过|大于|高于|不低于|至少|过|破|over|more than|at least|above|min(?:imum)?(?: of)?)`;
const less = String.raw`(?:低于|少于|小于|不超过|不到|至多|under|less than|fewer than|below|at most|max(?:imum)?(?: of)?)`;
const viewPatterns: readonly (readonly ['views_min' | 'views_max', RegExp])[] = [
  [
    'views_max',
    new RegExp(
      `(?:with )?(?:${viewsUnit}(?:在)?\\s*)?${less}\\s*(?<n>${amount})\\s*(?:${viewsUnit})?(?:的)?`,
      'iu',
    ),
  ],
  [
    'views_min',
    new RegExp(
      `(?:with )?(?:${viewsUnit}(?:在)?\\s*)?${more}\\s*(?<n>${amount})\\s*(?:${viewsUnit})?(?:的)?`,
      'iu',
    ),
  ],
  [
    'views_max',
    new RegExp(
      `(?:${viewsUnit})?\\s*(?<n>${amount})\\s*(?:${viewsUnit})?以下(?:${viewsUnit})?(?:的)?`,
      'iu',
    ),
  ],
  [
    'views_min',
    new RegExp(
      `(?:${viewsUnit})?\\s*(?<n>${amount})\\s*(?:\\+|以上|or more)\\s*(?:${viewsUnit})?(?:的)?`,
      'iu',
    ),
  ],
  ['views_min', new RegExp(`(?:with )?(?<n>${amount})\\s*\\+?\\s*${viewsUnit}`, 'iu')],
];

const daysEn =
  /\b(?:from |in |over |of |within )*(?:the )?(?:last|past|this|recent) (?<count>\d{1,3}|two|three|six)?\s*(?<unit>day|week|month|quarter|year)s?\b|\b(?<plain>7|30|90) days?\b/iu;
const daysZh = new RegExp(
  `(?:最近|近|过去|这)的?(?<count>${smallNumber})?\\s*个?(?<unit>天|日|周|星期|礼拜|月|季度|年)(?:内|里|以来)?的?|(?:本|这)(?<only>周|月)`,
  'u',
);

const takeCounts = (text: string, slots: Slots): string =>
  takeLimit(takeDays(takeViews(text, slots), slots), slots);

function takeViews(text: string, slots: Slots): string {
  let rest = text;
  for (const [name, pattern] of viewPatterns) {
    const hit = pattern.exec(rest);
    if (!hit || slots[name] !== undefined) continue;
    const value = readAmount(hit.groups?.['n'] ?? '');
    const isAboutViews = value >= 1000 || new RegExp(viewsUnit, 'iu').test(hit[0]);
    if (Number.isNaN(value) || !isAboutViews) continue;
    slots[name] = value;
    rest = rest.replace(hit[0], ' ');
  }
  return rest;
}

function takeDays(text: string, slots: Slots): string {
  const days = daysEn.exec(text) ?? daysZh.exec(text);
  if (!days?.groups) return text;
  slots.days = periodOf(daysIn(days.groups));
  return text.replace(days[0], ' ');
}

const limitPattern =
  /\b(?:top|best) (?<en>\d{1,2})\b|前(?<zh>\d{1,2})(?:名|个|条)?|(?<few>[2-9]|[1-4]\d)\s*(?:个|条|videos\b|trends\b)/iu;

function takeLimit(text: string, slots: Slots): string {
  const hit = limitPattern.exec(text);
  if (!hit?.groups) return text;
  const { en, zh, few } = hit.groups;
  slots.limit = Number(en ?? zh ?? few);
  const noun = hit[0].replace(/\d+/u, ' ').replace(/\b(?:top|best)\b|前|个|条|名/giu, ' ');
  return text.replace(hit[0], noun);
}

function daysIn({ count, unit = '', plain, only }: Record<string, string>): number {
  if (plain !== undefined) return Number(plain);
  const number = count === undefined ? 1 : readNumber(count);
  const length = only ?? unit;
  if (/^(?:周|星期|礼拜|week)/iu.test(length)) return number * 7;
  if (/^(?:月|month)/iu.test(length)) return number * 30;
  if (/^(?:季|quarter)/iu.test(length)) return number * 90;
  if (/^(?:年|year)/iu.test(length)) return number * 365;
  return number;
}

/** The shortest period on offer that covers it. */
const periodOf = (days: number): number => [7, 30, 90].find((period) => days <= period) ?? 90;

/** The places to search that a clause names; what is negated counts as unwanted. */
export function takePlatforms(clause: string): Taken {
  const slots: Slots = {};
  const named = platforms.filter(([, pattern]) => pattern.test(clause));
  const refused = named.filter(([, { source }]) =>
    new RegExp(
      `(?:\\bnot (?:on |from )?|\\bno |\\bwithout |\\bexcept |不要|别|不用|不看|除了)\\s*(?:${source})`,
      'iu',
    ).test(clause),
  );
  const wanted = named.filter((each) => !refused.includes(each));
  if (wanted.length > 0) slots.platforms = wanted.map(([name]) => name);
  if (refused.length > 0) slots.without = refused.map(([name]) => name);
  const list = new RegExp(
    `(?:\\b(?:only|just|not|no|without|on|from|in|at)\\s+|只[要看搜]?|不要|别|在|从)*(?:${platformWord})(?:\\s*(?:and|or|和|与|、|,|\\/)\\s*(?:${platformWord}))*(?:上|里)?的?(?:找|搜)?(?:\\s*only\\b)?`,
    'giu',
  );
  return { slots, rest: named.length > 0 ? clause.replace(list, ' ') : clause };
}
