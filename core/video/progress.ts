import { and, desc, eq, isNotNull } from 'drizzle-orm';

import { quotaHolds } from '../../drizzle/schema/quota.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { isRunning, type VideoRow } from './row.ts';

export const steps = ['analysing', 'making', 'assembling', 'done', 'stopped'] as const;
export type Step = (typeof steps)[number];

const stepOfStatus: Record<VideoRow['status'], Step> = {
  queued: 'analysing',
  generating: 'making',
  assembling: 'assembling',
  ready: 'done',
  failed: 'stopped',
  cancelled: 'stopped',
};

export const stepOf = ({ status }: Pick<VideoRow, 'status'>): Step => stepOfStatus[status];

/** Analysing 0-20, shots 20-80 by how many are delivered, assembling 80-100. */
export function percentOf(status: VideoRow['status'], delivered: number, planned: number): number {
  if (status === 'ready') return 100;
  if (status === 'assembling') return 80;
  if (status === 'generating') return 20 + Math.round((60 * delivered) / Math.max(1, planned));
  return 0;
}

/** How many videos of the past an estimate looks at. */
const lookedAt = 20;
const leastSeconds = 5;

/**
 * Seconds until a running video is ready, from the median of the last ones of the same model and
 * length; null without any, since a number that nothing backs up is not shown.
 */
export async function readEtaSeconds(context: Context, video: VideoRow): Promise<number | null> {
  if (!isRunning(video)) return null;
  const { model, seconds, createdAt } = video;
  const past = await context.database.db
    .select({ createdAt: videos.createdAt, readyAt: videos.readyAt })
    .from(videos)
    .where(and(eq(videos.model, model), eq(videos.seconds, seconds), isNotNull(videos.readyAt)))
    .orderBy(desc(videos.readyAt))
    .limit(lookedAt);
  const took = past.map((one) => secondsBetween(one.createdAt, one.readyAt ?? one.createdAt));
  const usual = medianOf(took);
  if (usual === null) return null;
  const elapsed = secondsBetween(createdAt, context.clock.now());
  return Math.max(leastSeconds, Math.round(usual - elapsed));
}

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;

/** The middle of the values, or the mean of the two in the middle; null of none. @internal */
export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[half]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

export const quotaStates = ['held', 'charged', 'returned'] as const;
export type QuotaState = (typeof quotaStates)[number];

const quotaOfHold: Record<(typeof quotaHolds.$inferSelect)['status'], QuotaState> = {
  held: 'held',
  captured: 'charged',
  released: 'returned',
  refunded: 'returned',
};

/** What became of the quota of a video; a free retry lives on that of its first video. */
export async function readQuotaState(context: Context, video: VideoRow): Promise<QuotaState> {
  const [hold] = await context.database.db
    .select({ status: quotaHolds.status })
    .from(quotaHolds)
    .where(eq(quotaHolds.reference, video.rootId));
  return hold ? quotaOfHold[hold.status] : 'returned';
}
