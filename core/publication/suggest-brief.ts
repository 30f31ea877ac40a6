import { and, asc, eq } from 'drizzle-orm';

import { trends } from '../../drizzle/schema/trends.ts';
import { quotes, shots, type videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import type { Locale } from '../messages/catalogue.ts';
import { copyRisk, copyRiskLimit } from '../prompt/copy-risk.ts';
import { holdsOrder } from '../prompt/orders.ts';
import type { Read } from '../prompt/read-text.ts';
import { topicWords } from '../prompt/topic-words.ts';
import { findSourceTrend } from '../prompt/written.ts';
import { isIn } from '../text-language.ts';
import { plainText } from '../untrusted.ts';
import type { Shape } from '../video/models.ts';
import { lookOf } from '../video/options.ts';
import { storedShots } from '../video/plan.ts';
import { shapeOf, videoOptionsOf } from '../video/row.ts';
import { findChapters, type Chapter, type ShotSeen } from './suggest-chapters.ts';
import { genericTopic } from './suggest-phrases.ts';
import { cleanText, foldedOf } from './suggest-text.ts';
import { findKeywords, findSentences, findTopic, type Topic } from './suggest-topic.ts';

/** The texts of the trend that a prompt was written from. */
type SourceTrend = {
  readonly title: string;
  readonly description: string;
  readonly hashtags: readonly string[];
};

/** What is known of a video that texts are suggested for. */
export type VideoFacts = {
  readonly prompt: string;
  readonly seconds: number;
  readonly shape: Shape;
  /** Style, tone and pace as they were chosen, in both languages; empty for none. */
  readonly look: Readonly<Record<Locale, string>>;
  readonly shots: readonly ShotSeen[];
  readonly trend: SourceTrend | null;
};

/** What suggestions are written from. */
export type SuggestBrief = {
  readonly language: Locale;
  /** The person's prompt as plain text. */
  readonly prompt: string;
  readonly seconds: number;
  readonly shape: Shape;
  readonly look: string;
  readonly shots: number;
  readonly topic: Topic;
  /** Words that the prompt is found by, pairs first. */
  readonly keywords: readonly string[];
  /** The same without those that are part of a pair. */
  readonly subjects: readonly string[];
  /** Words that the trend behind the prompt is found by; empty without one. */
  readonly trendWords: readonly string[];
  readonly chapters: readonly Chapter[];
  /** Whether a text repeats a passage of the trend. */
  readonly isCopied: (text: string) => boolean;
  /** Whether a text gives orders to a model. */
  readonly isOrder: (text: string) => boolean;
};

/** What is known of a video, with the trend that its prompt was written from. */
export async function readFacts(
  context: Context,
  video: typeof videos.$inferSelect,
): Promise<VideoFacts> {
  const { accountId, serverId, prompt } = video;
  const options = videoOptionsOf(video);
  const trendId = await findSourceTrend(context, { accountId, serverId, prompt });
  return {
    prompt,
    seconds: video.seconds,
    shape: shapeOf(video.shape),
    look: { en: lookOf(options, 'en'), zh: lookOf(options, 'zh') },
    shots: await readShots(context, video),
    trend: trendId === null ? null : await readSource(context, trendId),
  };
}

/** The account has found the trend in this place: its prompt was written from it there. */
async function readSource(context: Context, id: string): Promise<SourceTrend | null> {
  const [row] = await context.database.db
    .select({ title: trends.title, description: trends.description, hashtags: trends.hashtags })
    .from(trends)
    .where(eq(trends.id, id));
  return row ?? null;
}

async function readShots(
  { database: { db } }: Context,
  { id, quoteId }: typeof videos.$inferSelect,
): Promise<ShotSeen[]> {
  const clips = await db
    .select({ clipSeconds: shots.clipSeconds, keepSeconds: shots.keepSeconds })
    .from(shots)
    .where(and(eq(shots.videoId, id), eq(shots.kind, 'clip')))
    .orderBy(asc(shots.position));
  const [quote] = await db.select().from(quotes).where(eq(quotes.id, quoteId));
  // The rules give every video the same pictures.
  const isDrawn = quote?.plannedBy === 'model';
  const board = isDrawn ? (storedShots.safeParse(quote.shots).data ?? []) : [];
  return clips.map(({ clipSeconds, keepSeconds }, index) => ({
    seconds: keepSeconds ?? clipSeconds,
    picture: board[index]?.picture ?? null,
  }));
}

/** Reads the facts; `locale` decides where the prompt has no words of either language. */
export function briefOf(facts: VideoFacts, locale: Locale, read: Read): SuggestBrief {
  const prompt = cleanText(facts.prompt, 500, plainText(facts.prompt, 500));
  const language = languageFor(prompt, locale);
  const { trend, seconds, shape, shots: seen } = facts;
  const source = trend
    ? [trend.title, trend.description, trend.hashtags.join(' ')]
        .map((text) => plainText(text, 3000))
        .filter(Boolean)
        .map((text) => read(text))
    : [];
  const isCopied = (text: string): boolean =>
    source.length > 0 && copyRisk(read(text), source) >= copyRiskLimit;
  const isOrder = (text: string): boolean => holdsOrder(read(text).folded);
  const sayable = ({ seconds: length, picture }: ShotSeen): ShotSeen => ({
    seconds: length,
    picture: picture === null || isOrder(picture) || isCopied(picture) ? null : picture,
  });
  const sentences = findSentences(prompt, { language, read, isTrusted: trend === null });
  const keywords = findKeywords(sentences.join('\n'), language).filter((word) => !isOrder(word));
  const found = findTopic(sentences, { language, read });
  const isOwn = found !== null && !isCopied(found.opening) && !isCopied(found.name);
  return {
    language,
    prompt,
    seconds,
    shape,
    look: facts.look[language],
    shots: seen.length,
    topic: isOwn ? found : genericTopic[language],
    keywords,
    subjects: keywords.filter(
      (word, index) => !keywords.slice(0, index).some((pair) => pair.split(' ').includes(word)),
    ),
    trendWords: trend ? trendWordsOf(trend, language, read) : [],
    chapters: findChapters(seen.map(sayable), language),
    isCopied,
    isOrder,
  };
}

const languageFor = (prompt: string, locale: Locale): Locale => {
  if (isIn('zh', prompt)) return 'zh';
  return /\p{Script=Latin}{2}/u.test(prompt) ? 'en' : locale;
};

/** Tags that every second video carries. */
const common =
  /^(?:fyp|foryou|foryoupage|viral|trend|trending|explore|shorts?|reels?|tiktok|youtube|video|videos|fy|pourtoi|xyzbca|上热门|热门|推荐|抖音|热搜)/iu;

function trendWordsOf(
  { title, hashtags }: SourceTrend,
  language: Locale,
  read: Read,
): readonly string[] {
  const tags = hashtags
    .slice(0, 30)
    .map((tag) => cleanText(tag, 40, '').toLowerCase())
    .filter((tag) => !common.test(tag))
    .flatMap((tag) => {
      const words = topicWords(tag, language, read);
      return words.length > 0 && foldedOf(words.toReversed().join('')) === foldedOf(tag)
        ? [foldedOf(tag)]
        : [];
    });
  const words = topicWords(cleanText(title, 200, ''), language, read);
  const found = tags.length > 0 ? tags : words.map((word) => word.toLowerCase());
  return [...new Set(found)].slice(0, 6);
}
