import { and, desc, eq, isNotNull } from 'drizzle-orm';

import { events, shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import type { Services } from '../context.ts';

/** What things took lately, in seconds; null while nothing backs a number. */
type UsualTimes = { readonly clip: number | null; readonly assembly: number | null };

/** How many of the past an estimate looks at. */
const lookedAt = 20;

/** How long the model's last clips took to be made, and the last videos of that length to be assembled: medians. */
export async function readUsualTimes(
  { database: { db } }: Pick<Services, 'database'>,
  { model, seconds }: { readonly model: string; readonly seconds: number },
): Promise<UsualTimes> {
  const clips = await db
    .select({ from: shotAttempts.createdAt, to: shotAttempts.endedAt })
    .from(shotAttempts)
    .innerJoin(shots, eq(shots.id, shotAttempts.shotId))
    .innerJoin(videos, eq(videos.id, shots.videoId))
    .where(
      and(
        eq(videos.model, model),
        eq(shots.kind, 'clip'),
        eq(shotAttempts.status, 'delivered'),
        isNotNull(shotAttempts.endedAt),
      ),
    )
    .orderBy(desc(shotAttempts.endedAt))
    .limit(lookedAt);
  const assembled = await db
    .select({ from: events.at, to: videos.readyAt })
    .from(videos)
    .innerJoin(events, and(eq(events.subjectId, videos.id), eq(events.kind, 'assembling')))
    .where(and(eq(videos.seconds, seconds), isNotNull(videos.readyAt)))
    .orderBy(desc(videos.readyAt))
    .limit(lookedAt);
  const took = ({ from, to }: { from: Date; to: Date | null }) => secondsBetween(from, to ?? from);
  return { clip: medianOf(clips.map(took)), assembly: medianOf(assembled.map(took)) };
}

/** Seconds that so many clips take when the provider works on `atOnce` of them at a time. */
export const secondsOfClips = (clip: number, count: number, atOnce: number): number =>
  clip * Math.ceil(count / atOnce);

export const secondsBetween = (from: Date, to: Date): number =>
  (to.getTime() - from.getTime()) / 1000;

/** The middle of the values, or the mean of the two in the middle; null of none. @internal */
export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[half]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
