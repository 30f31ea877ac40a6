import { subjectOf, withoutTail } from './subject.ts';

/** Numbers drawn from texts instead of chance, so that the same request gets the same answer. */
export function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  }
  // A final mix: texts that differ in one character must not give neighbouring numbers.
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** 0 up to 1. */
export const fractionOf = (text: string): number => hashOf(text) / 4_294_967_296;

export type Language = 'en' | 'zh';

/** One thing the request tells about, named by its id. */
export type Entry = { readonly id: string; readonly text: string };

export type Material = {
  readonly language: Language;
  readonly text: string;
  readonly instructions: string;
  /** A short phrase for what it is about. */
  readonly topic: string;
  readonly keywords: readonly string[];
  readonly entries: readonly Entry[];
};

const han = /\p{Script=Han}/gu;
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/**
 * The language of the request: an explicit wish, Chinese instructions, or mostly Chinese material.
 * @internal
 */
export function detectLanguage(instructions: string, material: string): Language {
  if (/\bin (?:simplified )?chinese\b|简体中文|用中文/iu.test(instructions)) return 'zh';
  if (/\b(?:in|using) english\b|用英文|用英语/iu.test(instructions)) return 'en';
  if (count(instructions, han) > instructions.length / 10) return 'zh';
  const words = count(material, /[A-Za-z]{2,}/gu);
  return count(material, han) > words ? 'zh' : 'en';
}

const stopWords = new Set(
  `about above after again against also answer because been before being below between both cannot
  caption category channel characters comments could count createdat data description does doing down
  duration during each engagement every exactly example false from give given have having here hours
  idea ideas ignore index input instructions into items just keyword keywords language length likes
  list make material more most must null number only other output over platform please plays prompt
  published publishedat query rank reason recommendation request required return same score seconds
  shares should shown some source such tags text than that their them then there these they thing
  this those through thumbnail tiktok title titles topic true under until untrusted used user using
  very video videos views want wants were what when where which while will with without words
  would write wrapped your youtube instagram http https published 视频 标题 主题 内容 播放 点赞 评论
  分享 一个 我们 你们 他们 这个 那个 可以 以及 如果 因为 所以 没有 什么 怎么 就是 自己 平台 频道 数据 时长
  秒钟 描述 关键 关键词 提示 提示词 要求 用户 以下 语言 编号 请求 生成 分析 不要 不是 或者 并且 vertical upright cinematic shot camera pushes push slow slowly frame short shorts close-up closeup light follow things stop doing
  soft rich texture foreground medium extreme shallow depth field
  外部 资料 竖屏 电影感 特写 推进 中景 想法 镜头 创意 画面 标签 关注 每天 到底 不值 决定 千万 电影 柔光 中的 前景 细腻 缓慢 景深 焦点`.split(
    /\s+/u,
  ),
);

/** The words that carry the material, most telling first. */
function findKeywords(text: string, language: Language): string[] {
  const bare = text.replace(/https?:\/\/\S+/gu, ' ').replace(/<[^>]*>/gu, ' ');
  const scores = new Map<string, number>();
  const segments = new Intl.Segmenter(language, { granularity: 'word' }).segment(bare);
  for (const { segment, isWordLike, index } of segments) {
    const word = segment.toLowerCase();
    const isHan = /^\p{Script=Han}{2,6}$/u.test(word);
    const isWord = isHan || /^\p{L}[\p{L}'’-]{3,17}$/u.test(word);
    const isNumeral = /^[零一二三四五六七八九十百千万亿两]+$/u.test(word);
    if (!isWordLike || isNumeral || !isWord || stopWords.has(word)) continue;
    const fits = isHan === (language === 'zh') ? 2 : 0.5;
    const early = index < 400 ? 0.5 : 0;
    scores.set(word, (scores.get(word) ?? early) + fits);
  }
  return Array.from(scores)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 10)
    .map(([word]) => word);
}

const labelled =
  /(?:^|[\n{,|;])[ \t]*"?(?:topic|idea|theme|subject|query|title|prompt|video|视频|主题|话题|标题|想法|创意|提示词)"?\s*[:：=]\s*"?(?<value>[^"\n<>]{2,160})/iu;

/** What stands between marks such as `<untrusted kind="title">`; a wish goes before a title. */
const wished = /<\w+[^<>]*\b(?:wish|idea)\b[^<>]*>(?<value>[^<]{2,160})/iu;
const tagged = /<\w+[^<>]*\b(?:title|video|prompt|topic)\b[^<>]*>(?<value>[^<]{2,160})/iu;

/** How a video prompt opens before it comes to its subject. */
const filmTalk =
  /^(?:an? )?(?:[\w-]+ ){0,4}?(?:shot|close-up|short|video) (?:of|about) |^(?:[横竖]屏|电影感)[^：:]{0,8}[：:]/iu;

/** The light that a Chinese prompt names before its subject, and the question that a title ends in. */
const setting = /^[^，。：]{2,8}中的(?=.{3})/u;
const asked = /(?:是什么|有什么|有哪些|怎么|为什么)\p{Script=Han}*$|[是的了吗呢]$/u;

/** The first clause, at most about eight words or sixteen characters of Chinese. */
function shorten(text: string, language: Language): string {
  const clause =
    (subjectOf(text, language) ?? withoutTail(text))
      .replace(filmTalk, '')
      .split(/[,.;!?，。；！？、|#\n]/u)[0] ?? '';
  return language === 'zh'
    ? Array.from(clause.trim().replace(setting, '').replace(asked, '')).slice(0, 16).join('')
    : clause
        .trim()
        .split(/\s+/u)
        .slice(0, 8)
        .join(' ')
        .replace(/(?:\s(?:at|the|an?|of|in|on|with|and|to|for|by|from))+$/iu, '')
        .replace(/ in soft morning light$/u, '')
        .replace(/^[A-Z](?=[a-z])/u, (letter) => letter.toLowerCase())
        .slice(0, 60);
}

function findTopic(text: string, keywords: readonly string[], language: Language): string {
  const value = [wished, tagged, labelled]
    .map((pattern) => pattern.exec(text)?.groups?.['value'])
    .find((found) => found !== undefined);
  const phrase = value ? shorten(value, language) : '';
  if (phrase.length >= 2) return phrase;
  const joined = keywords.slice(0, language === 'zh' ? 1 : 2).join(' ');
  return joined === '' ? (language === 'zh' ? '日常瞬间' : 'everyday moments') : joined;
}

const idPattern =
  /(?<![\p{L}\d])(?:"id"|'id'|id|编号)\s*[:=：]\s*(?:"(?<quoted>[^"\n]{1,80})"|'(?<single>[^'\n]{1,80})'|(?<bare>[\w:.-]{1,80}))|^\s*(?:video|item|视频)\s+(?<named>[\w.-]{1,80})\s+on\b/gimu;

/**
 * The records of the request, in order: each runs from its line or brace to the next one's.
 * @internal
 */
export function findEntries(text: string): Entry[] {
  const marks = Array.from(text.matchAll(idPattern), (match) => ({
    id: Object.values(match.groups ?? {}).find((id) => id !== undefined) ?? '',
    at: startOfRecord(text, match.index),
  }));
  const seen = new Set<string>();
  return marks.flatMap(({ id, at }, index) => {
    if (id === '' || seen.has(id)) return [];
    seen.add(id);
    return [{ id, text: text.slice(at, marks[index + 1]?.at ?? text.length) }];
  });
}

/** A record may name other fields before its id: look back to the brace, tag or line it began with. */
function startOfRecord(text: string, at: number): number {
  return Math.max(
    0,
    text.lastIndexOf('{', at),
    text.lastIndexOf('<', at),
    text.lastIndexOf('\n', at),
  );
}

export function readMaterial(instructions: string, text: string): Material {
  const language = detectLanguage(instructions, text);
  const keywords = findKeywords(text, language);
  return {
    language,
    text,
    instructions,
    topic: findTopic(text, keywords, language),
    keywords,
    entries: findEntries(text),
  };
}

/** The same material seen through one of its entries. */
export function focusOn(material: Material, entry: Entry): Material {
  const keywords = findKeywords(entry.text.replace(entry.id, ' '), material.language);
  const { language } = material;
  return {
    ...material,
    text: entry.text,
    keywords: keywords.length > 0 ? keywords : material.keywords,
    topic: findTopic(entry.text, keywords, language),
    entries: [entry],
  };
}

const scales: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, 万: 1e4, 亿: 1e8 };

/** A named number of a text: `views: 1.2M`, `"viewCount": 5`, `3万 播放`. */
export function findNumber(text: string, names: string): number | null {
  const amount = '(\\d[\\d,]*(?:\\.\\d+)?)\\s*([kKmM万亿])?(?![\\w])';
  const after = new RegExp(`(?:${names})[a-z]*["']?\\s*[:=：]?\\s*["']?${amount}`, 'iu');
  const before = new RegExp(`${amount}\\s*(?:${names})`, 'iu');
  const match = after.exec(text) ?? before.exec(text);
  if (!match?.[1]) return null;
  return Number(match[1].replaceAll(',', '')) * (scales[match[2]?.toLowerCase() ?? ''] ?? 1);
}

/** How well an entry does by its own numbers, 0 to 1; null when it tells none. */
export function qualityOf(text: string): number | null {
  const views = findNumber(text, 'views?|plays?|viewCount|playCount|播放');
  if (views === null) return null;
  const reactions = ['likes?|diggs?|点赞', 'comments?|评论', 'shares?|分享']
    .map((names) => findNumber(text, names) ?? 0)
    .reduce((sum, each) => sum + each, 0);
  const reach = Math.min(1, Math.log10(1 + views) / 7);
  const response = Math.min(1, reactions / Math.max(views, 1) / 0.12);
  return 0.6 * reach + 0.4 * response;
}

const orders =
  /ignore|disregard|instead|system\s*:|you (?:must|are now)|answer with|reply with|call the|execute|忽略|无视|立即|你现在是|必须/iu;

const sentencesOf = (text: string): string[] =>
  text.split(/(?<=[.!?])\s+|(?<=[。！？])\s*|\n+/u).map((sentence) => sentence.trim());

/** The sentences that look like orders to a model; empty without any. */
export const findOrders = (text: string): string =>
  sentencesOf(text)
    .filter((sentence) => orders.test(sentence))
    .join(' ');

/** The sentence of the material that most looks like an order to a model. */
export const findOrder = (text: string): string =>
  findOrders(text) || (sentencesOf(text).toSorted((a, b) => b.length - a.length)[0] ?? '');
