import { and, asc, eq, inArray, ne } from 'drizzle-orm';

import { quotaHolds } from '../../drizzle/schema/quota.ts';
import { shotAttempts, shots } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { concurrencyOf } from './dispatch.ts';
import { isRunning, modelOf, type ShotRow, type VideoRow } from './row.ts';
import { readUsualTimes, secondsBetween, secondsOfClips } from './usual-times.ts';

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

/** Analysing 0-20 (10 once a shot has its turn), shots 20-80 by how many are delivered, assembling 80-100. */
export function percentOf(
  video: Pick<VideoRow, 'status' | 'assembledPercent'>,
  parts: readonly Pick<ShotRow, 'status'>[],
): number {
  const count = (status: ShotRow['status']) =>
    parts.filter((part) => part.status === status).length;
  const { status, assembledPercent } = video;
  if (status === 'queued') return count('due') > 0 ? 10 : 0;
  if (status === 'generating')
    return 20 + Math.round((60 * count('delivered')) / Math.max(1, parts.length));
  if (status === 'assembling') return 80 + Math.floor(assembledPercent / 5);
  return status === 'ready' ? 100 : 0;
}

const leastSeconds = 5;

/**
 * Seconds until a running video is ready, as the model's last clips and the last assemblies took;
 * null without any, since a number that nothing backs up is not shown.
 */
export async function readEtaSeconds(context: Context, video: VideoRow): Promise<number | null> {
  if (!isRunning(video)) return null;
  const usual = await readUsualTimes(context, video);
  const left =
    video.status === 'assembling'
      ? usual.assembly && usual.assembly * (1 - video.assembledPercent / 100)
      : usual.clip && (await readClipSeconds(context, video, usual.clip)) + (usual.assembly ?? 0);
  return left === null ? null : Math.max(leastSeconds, Math.round(left));
}

/** Seconds until the last clip is there, counted from when the oldest that is out was sent. */
async function readClipSeconds(context: Context, video: VideoRow, clip: number): Promise<number> {
  const { db } = context.database;
  const missing = await db
    .select({ id: shots.id })
    .from(shots)
    .where(and(eq(shots.videoId, video.id), eq(shots.kind, 'clip'), ne(shots.status, 'delivered')));
  if (missing.length === 0) return 0;
  const [oldest] = await db
    .select({ at: shotAttempts.createdAt })
    .from(shotAttempts)
    .where(
      and(
        inArray(
          shotAttempts.shotId,
          missing.map(({ id }) => id),
        ),
        inArray(shotAttempts.status, ['intended', 'accepted', 'unknown']),
      ),
    )
    .orderBy(asc(shotAttempts.createdAt))
    .limit(1);
  const passed = oldest ? secondsBetween(oldest.at, context.clock.now()) : 0;
  const atOnce = concurrencyOf(context, modelOf(video.model).provider);
  return secondsOfClips(clip, missing.length, atOnce) - Math.min(passed, clip);
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
