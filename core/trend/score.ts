import type { Platform } from '../ports/trend-source.ts';
import {
  clip,
  ownWeight,
  placeEngagement,
  placeGrowth,
  placeViews,
  type Counters,
} from './score-parts.ts';

/** One found video as the score sees it; unknown is null. */
export type ScoreInput = {
  readonly platform: Platform;
  readonly kind: 'short' | 'long';
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
  /** 0..1: the weight of the known parts, less where few videos are there to compare with. */
  readonly confidence: number;
};

/** In points of 100. */
const weights = { views: 40, engagement: 30, growth: 20, quality: 10 } as const;

/**
 * Scores the videos of one search: 100 x (0.4 views + 0.3 engagement + 0.2 growth + 0.1 quality). Each
 * platform and kind is a cohort of its own, so totals may be merged; one score per item, in order.
 * Counts that are negative or not finite are unknown.
 */
export function scoreSightings(items: readonly ScoreInput[]): Score[] {
  const scores = new Map<ScoreInput, Score>();
  const cohorts = Map.groupBy(items, ({ platform, kind }) => `${platform} ${kind}`);
  for (const cohort of cohorts.values()) scoreCohort(cohort, scores);
  return items.flatMap((item) => scores.get(item) ?? []);
}

function scoreCohort(cohort: readonly ScoreInput[], scores: Map<ScoreInput, Score>): void {
  const counters = cohort.map(countersOf);
  const views = placeViews(counters);
  const engagement = placeEngagement(counters);
  const growth = placeGrowth(counters);
  cohort.forEach((item, index) => {
    const found = {
      views: views[index] ?? null,
      engagement: engagement[index] ?? null,
      growth: growth[index] ?? null,
      quality: placeQuality(item.recommendation),
    };
    scores.set(item, combine(found, cohort.length));
  });
}

type FoundParts = { readonly [Part in keyof Score['parts']]: number | null };

function combine(found: FoundParts, cohortSize: number): Score {
  const parts = {
    views: found.views ?? 0.5,
    engagement: found.engagement ?? 0.5,
    growth: found.growth ?? 0.5,
    quality: found.quality ?? 0.5,
  };
  const foundWeight = weigh({
    views: found.views === null ? 0 : 1,
    engagement: found.engagement === null ? 0 : 1,
    growth: found.growth === null ? 0 : 1,
    quality: found.quality === null ? 0 : 1,
  });
  return {
    total: weigh(parts),
    parts,
    incomplete: Object.values(found).includes(null),
    confidence: (foundWeight / 100) * (0.5 + 0.5 * ownWeight(cohortSize)),
  };
}

function weigh({ views, engagement, growth, quality }: Score['parts']): number {
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
