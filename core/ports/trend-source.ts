import { z } from 'zod';

export const platforms = ['tiktok', 'youtube', 'instagram'] as const;
export type Platform = (typeof platforms)[number];

/** One video as one platform showed it at one moment; unknown is null, never 0. */
export const sightingSchema = z.object({
  platform: z.enum(platforms),
  /** The platform's own id of the video. */
  externalId: z.string().min(1),
  /** Shorts and reels are measured apart from long videos. */
  kind: z.enum(['short', 'long']),
  title: z.string(),
  description: z.string(),
  url: z.string(),
  channel: z.string().nullable(),
  channelFollowers: z.number().int().nonnegative().nullable(),
  views: z.number().int().nonnegative().nullable(),
  likes: z.number().int().nonnegative().nullable(),
  comments: z.number().int().nonnegative().nullable(),
  shares: z.number().int().nonnegative().nullable(),
  durationSeconds: z.number().nonnegative().nullable(),
  publishedAt: z.date().nullable(),
  thumbnailUrl: z.string().nullable(),
  hashtags: z.array(z.string()),
});
export type Sighting = z.infer<typeof sightingSchema>;

/** Why a dataset item is no video: shown as counts beside every search. */
export const skipReasons = [
  'error_item',
  'note_item',
  'not_a_video',
  'no_id',
  'wrong_type',
  'not_an_object',
  'not_json',
  'duplicate',
  'outside_filter',
] as const;
export type SkipReason = (typeof skipReasons)[number];

/** One dataset item, read: a sighting, or the reason why it is none. */
export type Reading = { readonly sighting: Sighting } | { readonly skipped: SkipReason };

export type TrendSearch = {
  readonly keyword: string;
  readonly platform: Platform;
  /** At most this many items are paid for. */
  readonly maxItems: number;
  /** At most this many US dollars are spent; raised to the actor's own floor where it has one. */
  readonly maxCostUsd: number;
  /** Only videos published in the last so many days are wanted. */
  readonly days: number;
};

/** What one search of one platform brought. */
export type TrendHarvest = {
  readonly readings: readonly Reading[];
  readonly runId: string;
  /** US dollars that the provider charged; null while it has not said. */
  readonly costUsd: number | null;
};

/** Finds short videos on the platforms. Sandbox and live are the same Apify client. */
export interface TrendSource {
  /**
   * Runs one search to its end. Aborting the signal aborts the run at the provider.
   * @throws Fault `provider_failed` (run FAILED, TIMED-OUT or ABORTED), `provider_busy` (concurrency or
   * rate limit), `provider_locked` (bad token, no credit).
   */
  search(search: TrendSearch, signal: AbortSignal): Promise<TrendHarvest>;
  /** Reads dataset items of any supported actor, the platform told from their shape; `seenAt` dates relative times. */
  read(items: readonly unknown[], seenAt: Date): readonly Reading[];
}
