import { z } from 'zod';

export const platforms = ['tiktok', 'youtube', 'instagram'] as const;
export type Platform = (typeof platforms)[number];

/** What each is called where a person reads it. */
export const platformNames: Readonly<Record<Platform, string>> = {
  tiktok: 'TikTok',
  youtube: 'YouTube',
  instagram: 'Instagram',
};

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

/** Another look at videos of one platform whose pages are known. */
export type TrendSample = {
  readonly platform: Platform;
  /** Pages of the videos, at least one. */
  readonly addresses: readonly string[];
  readonly maxCostUsd: number;
};

/** What an actor is sent for. */
export type TrendErrand = TrendSearch | TrendSample;

/** How a run is getting on, and how it ended. */
export const runStates = ['running', 'done', 'failed', 'timed_out', 'aborted'] as const;
export type RunState = (typeof runStates)[number];

export type TrendRun = {
  readonly state: RunState;
  /** US dollars that the provider has charged, also for a run that failed; null while it has not said. */
  readonly costUsd: number | null;
};

/** What a run brought. */
export type TrendHarvest = {
  readonly readings: readonly Reading[];
  /** When the provider looked. */
  readonly seenAt: Date;
};

/**
 * Finds short videos on the platforms. Sandbox and live are the same Apify client. Everything throws Fault
 * `provider_failed`, `provider_busy` (concurrency or rate limit) or `provider_locked` (bad token, no credit).
 */
export interface TrendSource {
  /**
   * Sends an actor and answers the run's id. The paid request is sent at most once; when its answer is lost,
   * the run is looked for.
   */
  start(errand: TrendErrand, signal: AbortSignal): Promise<string>;
  /** The newest run with exactly this errand that was started since then; null when there is none. */
  find(errand: TrendErrand, since: Date, signal: AbortSignal): Promise<string | null>;
  /** How the run stands once it is over, or after so many seconds, at most 60. */
  look(runId: string, waitSeconds: number, signal: AbortSignal): Promise<TrendRun>;
  /** What a run that is over has brought for its errand. */
  collect(runId: string, errand: TrendErrand, signal: AbortSignal): Promise<TrendHarvest>;
  /** Ends a run. What it has cost until then stays paid. A failure is not told: the run's own caps end it. */
  abort(runId: string): Promise<void>;
  /** Reads dataset items of any supported actor, the platform told from their shape; `seenAt` dates relative times. */
  read(items: readonly unknown[], seenAt: Date): readonly Reading[];
}
