import type { Shape } from './wire.ts';

export type Range = { readonly low: number; readonly high: number };

/** What the request asks of one property, from its schema, its description and the instructions. */
export type Limits = {
  readonly count: Range | null;
  readonly characters: Range | null;
  readonly sentences: Range | null;
};

const none: Limits = { count: null, characters: null, sentences: null };

const rangePattern =
  /(?<most>at most|no more than|up to|under|not over|max(?:imum)?(?: of)?|不超过|至多|最多|少于)?\s*(?<low>\d{1,5})(?:\s*(?:-|–|—|~|～|to|and|or|到|至|或)\s*(?<high>\d{1,5}))?\s*[- ]?(?<unit>characters?|chars?|letters|code points|words?|sentences?|字符|个字|字|句话|句|%|seconds?|s\b|bytes|秒|分)?/giu;

function unitOf(unit: string): keyof Limits | 'words' | null {
  if (/^(?:char|letter|code|字|个字)/iu.test(unit)) return 'characters';
  if (/^(?:sentence|句)/iu.test(unit)) return 'sentences';
  if (/^word/iu.test(unit)) return 'words';
  return unit === '' ? 'count' : null;
}

/**
 * Reads "3 titles of 50 to 100 characters", "3-5", "最多 30 字". The first of each kind counts.
 * @internal
 */
export function readLimits(text: string): Limits {
  const found: { -readonly [K in keyof Limits]: Limits[K] } = { ...none };
  for (const { groups } of text.matchAll(rangePattern)) {
    const first = Number(groups?.['low']);
    const high = groups?.['high'] === undefined ? first : Number(groups['high']);
    const low = groups?.['most'] ? Math.ceil(first / 2) : first;
    const unit = unitOf(groups?.['unit'] ?? '');
    if (unit === null || high < low) continue;
    if (unit === 'words') found.characters ??= { low: low * 3, high: high * 8 };
    else found[unit] ??= { low, high };
  }
  return found;
}

const otherNames: Readonly<Record<string, string>> = {
  titles: '标题',
  title: '标题',
  description: '描述|简介',
  hashtags: '话题标签|话题',
  tags: '(?<!话题)标签',
  shots: '分镜|镜头',
  factors: '因素|要点',
  prompt: '提示词',
  attraction: '吸引',
  picture: '画面',
  camera: '运镜|镜头',
};

/** What the instructions say right around a property's name. */
function readGuide(name: string, guide: string): Limits {
  const escaped = name.replace(/[^\w]/gu, '');
  const zh = otherNames[name];
  const pattern = new RegExp(`(?<![\\w#])${escaped}\\b${zh ? `|${zh}` : ''}`, 'iu');
  const match = pattern.exec(guide);
  if (!match) return none;
  const clause = guide.slice(match.index + match[0].length, match.index + 90);
  const after = readLimits(clause.split(/[.;\n。；]/u)[0] ?? '');
  const before = readLimits(
    /[^.;:,\n。；：，]{0,30}$/u.exec(guide.slice(0, match.index))?.[0] ?? '',
  );
  return {
    count: before.count ?? after.count,
    characters: before.characters ?? after.characters,
    sentences: before.sentences ?? after.sentences,
  };
}

const within = (asked: Range | null, low: number | undefined, high: number | undefined) => {
  if (low === undefined && high === undefined) return asked;
  const bottom = Math.max(asked?.low ?? 0, low ?? 0);
  const top = Math.min(asked?.high ?? Infinity, high ?? Infinity);
  return top < bottom ? { low: low ?? 0, high: high ?? Infinity } : { low: bottom, high: top };
};

/** The limits of a property: its description first, then the instructions; the schema has the last word. */
export function limitsOf(name: string, shape: Shape, guide: string): Limits {
  const told = readLimits(shape.description ?? '');
  const guided = readGuide(name, guide);
  const item = shape.items ? readLimits(shape.items.description ?? '') : none;
  return {
    count: within(told.count ?? guided.count, shape.minItems, shape.maxItems),
    characters: within(
      item.characters ?? told.characters ?? guided.characters,
      shape.items?.minLength ?? shape.minLength,
      shape.items?.maxLength ?? shape.maxLength,
    ),
    sentences: item.sentences ?? told.sentences ?? guided.sentences,
  };
}
