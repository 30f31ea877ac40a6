import { and, eq, isNotNull, isNull, ne, or } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import type { Services } from '../context.ts';
import { recordEvent } from '../events.ts';
import { isFault } from '../fault.ts';
import { isRunning, type ShotRow, type VideoRow } from './row.ts';

type Part = Pick<ShotRow, 'status' | 'waitingFor'>;

/** The service that a video waits for before it goes on by itself, by name; null when none is away. */
export function waitingForOf(
  video: Pick<VideoRow, 'status' | 'waitingFor'>,
  parts: readonly Part[],
): string | null {
  if (!isRunning(video)) return null;
  if (video.status === 'assembling') return video.waitingFor;
  const missing = parts.filter(({ status }) => status === 'due' || status === 'submitted');
  return missing.find(({ waitingFor }) => waitingFor !== null)?.waitingFor ?? null;
}

/** What waits: one shot, the shot of an attempt, or the assembly of a video. */
export type Waiter =
  | { readonly shotId: string }
  | { readonly attemptId: string }
  | { readonly videoId: string };

/**
 * Does a step that needs a service outside. While that is away the step comes again by itself, and whose
 * step it is stands where progress is read, until one succeeds.
 */
export async function withWait<T>(
  services: Services,
  waiter: Waiter,
  step: () => Promise<T>,
): Promise<T> {
  try {
    const done = await step();
    await writeWait(services, waiter, null);
    return done;
  } catch (error) {
    if (isFault(error, 'provider_busy')) await writeWait(services, waiter, error.params.provider);
    throw error;
  }
}

async function writeWait(
  { database, clock }: Services,
  waiter: Waiter,
  waitingFor: string | null,
): Promise<void> {
  await database.db.transaction(async (tx) => {
    const subjectId = await change(tx, waiter, waitingFor);
    if (subjectId === null) return;
    const kind = waitingFor === null ? 'goes_on' : 'waits';
    await recordEvent(tx, { at: clock.now(), subjectId, kind, data: { waitingFor } });
  });
}

/** The video of whom it changed; null when it stood so already. */
async function change(tx: Tx, waiter: Waiter, waitingFor: string | null): Promise<string | null> {
  if ('videoId' in waiter) {
    const [video] = await tx
      .update(videos)
      .set({ waitingFor })
      .where(and(eq(videos.id, waiter.videoId), isOther(videos.waitingFor, waitingFor)))
      .returning({ id: videos.id });
    return video?.id ?? null;
  }
  const shotId = 'shotId' in waiter ? waiter.shotId : await readShotId(tx, waiter.attemptId);
  if (shotId === null) return null;
  const [shot] = await tx
    .update(shots)
    .set({ waitingFor })
    .where(and(eq(shots.id, shotId), isOther(shots.waitingFor, waitingFor)))
    .returning({ videoId: shots.videoId });
  return shot?.videoId ?? null;
}

const isOther = (
  column: typeof videos.waitingFor | typeof shots.waitingFor,
  waitingFor: string | null,
) => (waitingFor === null ? isNotNull(column) : or(isNull(column), ne(column, waitingFor)));

async function readShotId(tx: Tx, attemptId: string): Promise<string | null> {
  const [attempt] = await tx
    .select({ shotId: shotAttempts.shotId })
    .from(shotAttempts)
    .where(eq(shotAttempts.id, attemptId));
  return attempt?.shotId ?? null;
}
