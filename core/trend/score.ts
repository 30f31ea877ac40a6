import type { Platform } from '../ports/trend-source.ts';
import { clip, ownWeight } from './score-cohort.ts';
import { risingOf, timesChannelMedians } from './score-marks.ts';
import {
  placeEngagement,
  placeGrowth,
  placeViews,
  type Counters,
  type PlacedPart,
} from './score-parts.ts';

/** One found video as the score sees it; unknown is null. */
export type ScoreInput = {
  readonly platform: Platform;
  readonly kind: 'short' | 'long';
  /** Whose other videos among the scored ones it is compared with. */
  readonly channel?: string | null;
  readonly views: number | null;
  readonly likes: number | null;
  readonly comments: number | null;
  readonly shares: number | null;
  readonly publishedAt: Date | null;
  readonly seenAt: Date;
  /** An earlier look at the same video. */
  readonly previous: { readonly views: number; readonly seenAt: Date } | null;
  /** How well the idea suits a new video, 1..10, as the analyst says. */
  readonly recommendation: number | null;
};

/** The viral score of one video within its search. */
export type Score = {
  /** 0..100. */
  readonly total: number;
  /** Each 0..1; 0.5 where unknown. */
  readonly parts: {
    readonly views: number;
    readonly engagement: number;
    readonly growth: number;
    readonly quality: number;
  };
  /** Whether a part is unknown and counted 0.5. */
  readonly incomplete: boolean;
  /** 0..1: the weight of the known parts, each less where few videos are there to compare with. */
  readonly confidence: number;
  /** Beside the score: whether two looks measured a strong gain; null without two looks. */
  readonly rising: boolean | null;
  /** Beside the score: views against the median of the channel's other videos; null with fewer than 3. */
  readonly timesChannelMedian: number | null;
};

/** In points of 100. */
const weights = { views: 40, engagement: 30, growth: 20, quality: 10 } as const;

/**
 * Scores the videos of one search: 100 x (0.4 views + 0.3 engagement + 0.2 growth + 0.1 quality). Each
 * platform and kind is a cohort of its own, so totals may be merged; one score per item, in order.
 * Counts that are negative or not finite are unknown.
 *
 * More views, likes, comments or shares of one item, all else equal, never lower the part that they
 * enter, nor do a smaller age or an earlier look with fewer views. Only the engagement part falls with
 * views, being a rate.
 */
export function scoreSightings(items: readonly ScoreInput[]): Score[] {
  const cohorts = new Map<string, Cohort>();
  for (const [index, item] of items.entries()) {
    const key = `${item.platform} ${item.kind}`;
    let cohort = cohorts.get(key);
    if (!cohort) cohorts.set(key, (cohort = { items: [], indexes: [] }));
    cohort.items.push(item);
    cohort.indexes.push(index);
  }
  const scores = Array.from<Score>({ length: items.length });
  for (const cohort of cohorts.values()) {
    const own = scoreCohort(cohort.items);
    for (const [place, index] of cohort.indexes.entries()) {
      const score = own[place];
      if (score) scores[index] = score;
    }
  }
  return scores;
}

type Cohort = { readonly items: ScoreInput[]; readonly indexes: number[] };

function scoreCohort(cohort: readonly ScoreInput[]): Score[] {
  const counters = cohort.map(countersOf);
  const views = placeViews(counters);
  const engagement = placeEngagement(counters);
  const growth = placeGrowth(counters);
  const sureness = {
    views: surenessOf(views),
    engagement: surenessOf(engagement),
    growth: surenessOf(growth),
    quality: 1,
  };
  const multiples = timesChannelMedians(
    cohort.map(({ channel = null }, index) => {
      return { channel, views: counters[index]?.views ?? null };
    }),
  );
  return counters.map((counted, index) => {
    const found = {
      views: views.values[index] ?? null,
      engagement: engagement.values[index] ?? null,
      growth: growth.values[index] ?? null,
      quality: placeQuality(cohort[index]?.recommendation ?? null),
    };
    return {
      ...combine(found, sureness),
      rising: readRise(counted),
      timesChannelMedian: multiples[index] ?? null,
    };
  });
}

type Parts = Score['parts'];
type FoundParts = { readonly [Part in keyof Parts]: number | null };

/** 0.5..1: how far the known values of a part suffice to compare one with. */
function surenessOf({ known }: PlacedPart): number {
  return 0.5 + 0.5 * ownWeight(known);
}

function combine(found: FoundParts, sureness: Parts) {
  const parts = {
    views: found.views ?? 0.5,
    engagement: found.engagement ?? 0.5,
    growth: found.growth ?? 0.5,
    quality: found.quality ?? 0.5,
  };
  const sure = weigh({
    views: found.views === null ? 0 : sureness.views,
    engagement: found.engagement === null ? 0 : sureness.engagement,
    growth: found.growth === null ? 0 : sureness.growth,
    quality: found.quality === null ? 0 : sureness.quality,
  });
  const incomplete =
    found.views === null ||
    found.engagement === null ||
    found.growth === null ||
    found.quality === null;
  return { total: weigh(parts), parts, incomplete, confidence: sure / 100 };
}

function weigh({ views, engagement, growth, quality }: Parts): number {
  const sum =
    weights.views * views +
    weights.engagement * engagement +
    weights.growth * growth +
    weights.quality * quality;
  return Math.min(100, sum);
}

function placeQuality(recommendation: number | null): number | null {
  if (recommendation === null || !Number.isFinite(recommendation)) return null;
  return clip((recommendation - 1) / 9);
}

function readRise({ views, seenAt, previous }: Counters): boolean | null {
  return views === null || previous === null ? null : risingOf(previous, { views, seenAt });
}

function countersOf(item: ScoreInput): Counters {
  const { previous } = item;
  const seenAt = readNumber(item.seenAt.getTime());
  const previousViews = readNumber(previous?.views);
  const previousAt = readNumber(previous?.seenAt.getTime());
  return {
    views: readNumber(item.views),
    likes: readNumber(item.likes),
    comments: readNumber(item.comments),
    shares: readNumber(item.shares),
    seenAt: seenAt ?? 0,
    publishedAt: seenAt === null ? null : readNumber(item.publishedAt?.getTime()),
    previous:
      seenAt === null || previousViews === null || previousAt === null
        ? null
        : { views: previousViews, seenAt: previousAt },
  };
}

function readNumber(value: number | null | undefined): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return null;
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}
