import { z } from 'zod';

import { createRandom, type Random } from './random.ts';
import { writeText, type VideoText } from './texts.ts';

export const sandboxPlatforms = ['tiktok', 'youtube', 'instagram'] as const;
export type SandboxPlatform = (typeof sandboxPlatforms)[number];

const placeSchema = z.object({
  platform: z.enum(sandboxPlatforms),
  keyword: z.string(),
  isShort: z.boolean(),
  index: z.number().int(),
});
/** One place of a search, which shows one video after another. */
export type Place = z.infer<typeof placeSchema>;

/** What is enough to make a video again at a later moment: its place, and which one there it is. */
export const originSchema = placeSchema.extend({ generation: z.number().int() });
export type Origin = z.infer<typeof originSchema>;

/** One made-up video as it stands at one moment; the platforms' item shapes are written from it. */
export type Video = {
  readonly id: string;
  readonly origin: Origin;
  readonly isShort: boolean;
  readonly publishedAt: Date;
  readonly ageHours: number;
  readonly views: number;
  /** Null when the uploader hides them. */
  readonly likes: number | null;
  readonly comments: number | null;
  readonly shares: number;
  readonly followers: number;
  readonly durationSeconds: number;
  readonly text: VideoText;
  /** For details that the platforms' shapes add. */
  readonly random: Random;
};

const hourMs = 3_600_000;
/** A video stays findable this long at most; then another one takes its place. */
const longestLifeHours = 90 * 24;

const idAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** Medians of genuine data: search Shorts 0.5%, long videos 4%, TikTok 3.3%, reels 2.9%. */
function usualEngagement(platform: SandboxPlatform, isShort: boolean): number {
  if (platform === 'tiktok') return 0.033;
  if (platform === 'instagram') return 0.029;
  return isShort ? 0.005 : 0.04;
}

/**
 * The video at one place of a search. The same place shows the same video with grown counters until
 * another takes its place after at most 90 days, so two searches an hour apart can be compared. With a
 * `generation` it is that one, also when another has taken its place.
 */
export function makeVideo(
  seed: string,
  place: Place & { readonly generation?: number },
  now: Date,
): Video {
  const { platform, keyword, isShort, index } = place;
  const key = `${seed}|${keyword}|${platform}|${isShort}|${index}`;
  const nowHours = now.getTime() / hourMs;
  const slot = createRandom(key);
  // Places turn over at different speeds, so that a search shows more young videos than old ones.
  const lifeHours = longestLifeHours * (0.04 + 0.96 * slot.next() ** 2);
  const phase = slot.next();
  const generation = place.generation ?? Math.floor(nowHours / lifeHours + phase);
  const ageHours = (nowHours / lifeHours + phase - generation) * lifeHours;
  const random = createRandom(`${key}|${generation}`);
  const text = writeText(keyword, random);
  const id =
    platform === 'youtube'
      ? random.letters(idAlphabet, 11)
      : `7${random.letters('0123456789', 18)}`;
  // About one in twelve takes off by a factor of hundreds to ten thousands.
  const viral = random.next() < 0.08 ? random.logNormal(600, 1.6) : 1;
  const finalViews = Math.min(
    8e7,
    random.logNormal(platform === 'tiktok' ? 4000 : 900, 1.9) * viral,
  );
  const halfLifeHours = random.logNormal(60, 0.8);
  const views = Math.floor(finalViews * (1 - 0.5 ** (ageHours / halfLifeHours)));
  const engagement = Math.min(0.6, random.logNormal(usualEngagement(platform, isShort), 0.8));
  const likes = Math.round(views * engagement * 0.9);
  return {
    id,
    origin: { platform, keyword, isShort, index, generation },
    isShort,
    publishedAt: new Date(Math.floor((now.getTime() - ageHours * hourMs) / 1000) * 1000),
    ageHours,
    views,
    likes: random.next() < 0.08 ? null : likes,
    comments: random.next() < 0.06 ? null : Math.round(views * engagement * 0.07),
    shares: Math.round(views * engagement * 0.05),
    followers: Math.round(random.logNormal(8000, 2)),
    durationSeconds: isShort ? random.whole(7, 75) : random.whole(200, 1800),
    text,
    random,
  };
}
