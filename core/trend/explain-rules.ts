import type { Locale } from '../messages/catalogue.ts';
import type { Platform, Sighting } from '../ports/trend-source.ts';
import type { Analysis } from './analysis.ts';

const names: Record<Platform, string> = {
  tiktok: 'TikTok',
  youtube: 'YouTube',
  instagram: 'Instagram',
};

const en = {
  number: 'number in the title',
  question: 'question in the title',
  brief: 'very short',
  liked: 'many likes per view',
  discussed: 'much discussed',
  shared: 'often shared',
  spread: 'seen far beyond its followers',
  topic: 'clear topic',
  untitled: 'needs no title',
  shortTitle: 'short title',
  longTitle: 'detailed title',
  short: 'short format',
  long: 'long format',
  at: (platform: string) => `at home on ${platform}`,
  attraction: (factors: readonly string[]) =>
    `What can be seen from the numbers: ${factors.join(', ')}.`,
  hooks: {
    question: 'The title asks a question; the opening itself was not watched.',
    number: 'The title promises a number; the opening itself was not watched.',
    title: 'Only the title is known; the opening itself was not watched.',
    nothing: 'It has no title, and the opening itself was not watched.',
  },
  lasts: (length: string) => `It lasts ${length}; how it is cut was not watched.`,
  lengthUnknown: 'Its length is not known, and how it is cut was not watched.',
  seconds: (seconds: number) => (seconds === 1 ? '1 second' : `${seconds} seconds`),
  minutes: (minutes: number) => `about ${minutes} minutes`,
};

const zh: typeof en = {
  number: '标题含数字',
  question: '标题提问',
  brief: '时长很短',
  liked: '点赞率高',
  discussed: '讨论热烈',
  shared: '转发多',
  spread: '播放远超粉丝数',
  topic: '主题明确',
  untitled: '无需标题',
  shortTitle: '标题简短',
  longTitle: '标题详细',
  short: '短视频形式',
  long: '长视频形式',
  at: (platform) => `适合 ${platform}`,
  attraction: (factors) => `从数据可见：${factors.join('、')}。`,
  hooks: {
    question: '标题以提问引人；开头画面未经观看。',
    number: '标题用数字作承诺；开头画面未经观看。',
    title: '只知道标题；开头画面未经观看。',
    nothing: '没有标题，开头画面也未经观看。',
  },
  lasts: (length) => `时长${length}；剪辑节奏未经观看。`,
  lengthUnknown: '时长未知，剪辑节奏也未经观看。',
  seconds: (seconds) => ` ${seconds} 秒`,
  minutes: (minutes) => `约 ${minutes} 分钟`,
};

const rules = { en, zh };

/** Chinese numerals count only before what they count: most of them are parts of other words. */
const hasNumber = (title: string): boolean =>
  /[0-9０-９]|[二两三四五六七八九十百]+[个种步天招条件大]/u.test(title);
const asksQuestion = (title: string): boolean =>
  /[?？]|\b(?:how|why|what)\b|怎么|为什么|如何/iu.test(title);

/** A plain look at title and numbers, for what no model has explained; it claims nothing that they do not show. */
export function analyseByRules(sighting: Sighting, locale: Locale): Analysis {
  const words = rules[locale];
  const telling = findTelling(sighting, locale);
  const factors = [...telling, ...describeForm(sighting, locale)];
  const seen = telling.length > 0 ? telling : factors.slice(0, 1);
  return {
    attraction: words.attraction(seen.slice(0, 5)),
    factors: factors.slice(0, Math.min(5, Math.max(3, telling.length))),
    recommendation: Math.min(10, 4 + telling.length),
    hook: words.hooks[hookOf(sighting.title)],
    pacing: describeLength(sighting.durationSeconds, locale),
    by: 'rules',
    completed: false,
    watched: false,
  };
}

/** What sets the video apart, as far as title and numbers tell. */
function findTelling(sighting: Sighting, locale: Locale): string[] {
  const words = rules[locale];
  const { title, views, likes, comments, shares, channelFollowers, durationSeconds } = sighting;
  const rate = (count: number | null) => (count !== null && views ? count / views : 0);
  const isSpread =
    channelFollowers !== null &&
    channelFollowers > 0 &&
    views !== null &&
    views > 3 * channelFollowers;
  return [
    ...(hasNumber(title) ? [words.number] : []),
    ...(asksQuestion(title) ? [words.question] : []),
    ...(durationSeconds !== null && durationSeconds <= 30 ? [words.brief] : []),
    ...(rate(likes) > 0.04 ? [words.liked] : []),
    ...(rate(comments) > 0.005 ? [words.discussed] : []),
    ...(rate(shares) > 0.005 ? [words.shared] : []),
    ...(isSpread ? [words.spread] : []),
  ];
}

/** What is true of any video, so that there are always three factors; never counted for it. */
function describeForm({ title, kind, platform }: Sighting, locale: Locale): string[] {
  const words = rules[locale];
  const form = [words[kind], words.at(names[platform])];
  if (title.trim() === '') return [words.untitled, ...form];
  const isShort = Array.from(title.trim()).length <= 60;
  return [words.topic, isShort ? words.shortTitle : words.longTitle, ...form];
}

function hookOf(title: string): keyof typeof en.hooks {
  if (title.trim() === '') return 'nothing';
  if (asksQuestion(title)) return 'question';
  return hasNumber(title) ? 'number' : 'title';
}

function describeLength(durationSeconds: number | null, locale: Locale): string {
  const words = rules[locale];
  if (durationSeconds === null) return words.lengthUnknown;
  return words.lasts(
    durationSeconds < 120
      ? words.seconds(Math.round(durationSeconds))
      : words.minutes(Math.round(durationSeconds / 60)),
  );
}
