/** One dataset item as JSON gives it. */
export type Item = Readonly<Record<string, unknown>>;

/** One dataset item on its way to a reader. */
export type FoundItem = {
  readonly item: Item;
  /** `webVideoUrl`, or `url` where that is absent. */
  readonly page: URL | null;
  /** When it was found: relative times are measured from here. */
  readonly seenAt: Date;
};

/** Whether a value is a plain object: not null, not an array. */
export function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const scales: Readonly<Record<string, number>> = {
  k: 1e3,
  m: 1e6,
  b: 1e9,
  千: 1e3,
  천: 1e3,
  万: 1e4,
  萬: 1e4,
  만: 1e4,
  亿: 1e8,
  億: 1e8,
  억: 1e8,
};
/** A nested object, empty where there is none. */
export function inside(item: Item, key: string): Item {
  const value = item[key];
  return isItem(value) ? value : {};
}

const groupedCount = /^\d{1,3}(?:,\d{3})+$/u;
const shortCount = /^(?<digits>\d{1,15}(?:\.\d{1,3})?)\s?(?<scale>[kmb千천万萬만亿億억]?)$/iu;

/**
 * A counter, or null where it is unknown: hidden counters come as null or -1, and anything that is
 * not clearly a whole count (fractions, "1.234", "12 likes", NaN) is unknown, never a guess.
 * `"1,234"`, `"1.2K"` and `"3万"` are counts.
 */
export function readCount(value: unknown): number | null {
  const count = typeof value === 'string' ? countInText(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count + 0 : null;
}

function countInText(value: string): number {
  const text = value.length > 24 ? '' : value.trim();
  if (groupedCount.test(text)) return Number(text.replaceAll(',', ''));
  const { digits = '', scale = '' } = shortCount.exec(text)?.groups ?? {};
  if (scale === '') return /^\d+$/u.test(digits) ? Number(digits) : Number.NaN;
  return Math.round(Number(digits) * (scales[scale.toLowerCase()] ?? Number.NaN));
}

/** The first of the values that is a count. */
export function firstCount(...values: readonly unknown[]): number | null {
  for (const value of values) {
    const count = readCount(value);
    if (count !== null) return count;
  }
  return null;
}

// Direction overrides can make a title read as another one; control characters break terminals.
const unwanted = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;
const lineBreaks = /\r\n?|[\p{Zl}\p{Zp}]/gu;

/** What cleaning changes, found in one pass because most text has none of it. */
const unclean = /[^\P{Cc}\n\t]|[\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/u;
const uncleanInLine = /[^\S ]|[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufffe\uffff]| {2}|^ | $/u;

/** Text without control characters or broken surrogates, at most `limit` code points long. */
export function cleanText(text: string, limit: number): string {
  if (text.length <= limit && !unclean.test(text)) return text.trim();
  const bounded = text.length > limit * 4 ? text.slice(0, limit * 4) : text;
  const clean = bounded.toWellFormed().replace(lineBreaks, '\n').replace(unwanted, '').trim();
  if (clean.length <= limit) return clean;
  return Array.from(clean).slice(0, limit).join('').trim();
}

/** Text on one line: every run of white space becomes one space. */
export function cleanLine(text: string, limit: number): string {
  if (text.length <= limit && !uncleanInLine.test(text)) return text;
  const bounded = text.length > limit * 8 ? text.slice(0, limit * 8) : text;
  return cleanText(cleanText(bounded, limit * 4).replace(/\s+/gu, ' '), limit);
}

export const titleLimit = 300;
export const descriptionLimit = 5000;
const nameLimit = 200;

/** A name, or null where there is none. */
export function readName(...values: readonly unknown[]): string | null {
  for (const value of values) {
    const name = typeof value === 'string' ? cleanLine(value, nameLimit) : '';
    if (name !== '') return name;
  }
  return null;
}

/** Text that may be absent: '' when missing, null when it is something that is no text. */
export function readText(value: unknown): string | null {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : null;
}

/** An http(s) address, or null. */
export function readUrl(value: unknown): URL | null {
  if (typeof value !== 'string' || value.length > 4096) return null;
  const url = URL.parse(value.trim());
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null;
}

/** Whether the address is on this site or one of its subdomains. */
export function isOn(url: URL | null, ...sites: readonly string[]): url is URL {
  return (
    url !== null && sites.some((site) => url.hostname === site || url.hostname.endsWith(`.${site}`))
  );
}

/** An address that parsing gives back as it is: no dot segments, no escapes, no numeric or coded host. */
const canonicalUrl =
  /^https:\/\/(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]+(?:\/(?!\.)[\w.~!$&()*+,;=:@-]*)+(?:\?[\w.~!$&()*+,;=:@/%?-]*)?$/u;

/** The first of the values that is an http(s) address, as text. */
export function firstUrl(...values: readonly unknown[]): string | null {
  for (const value of values) {
    if (typeof value === 'string' && value.length <= 4096 && canonicalUrl.test(value)) return value;
    const url = readUrl(value);
    if (url) return url.href;
  }
  return null;
}

const idPattern = /^[\w-]{1,64}$/u;

/** An id; a number that lost digits in JSON (beyond 2^53) is none. */
export function readId(value: unknown): string | null {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && value > 0 ? `${value}` : null;
  if (typeof value !== 'string') return null;
  const id = value.trim();
  return idPattern.test(id) ? id : null;
}

const maxHashtags = 50;

/** Hashtags without the `#`, once each; the actors give strings or objects with a `name`. */
export function readHashtags(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) return [];
  const tags = new Set<string>();
  for (const entry of value.slice(0, maxHashtags * 2)) {
    const name: unknown = isItem(entry) ? entry['name'] : entry;
    const tag = typeof name === 'string' ? withoutMark(cleanLine(name, 100)) : '';
    if (tag !== '') tags.add(tag);
  }
  return [...tags].slice(0, maxHashtags);
}

function withoutMark(tag: string): string {
  return tag.startsWith('#') ? tag.replace(/^#+/u, '').trim() : tag;
}
