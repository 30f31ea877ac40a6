import { and, eq } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import type { JobContext, Services } from '../context.ts';
import { secondsAfter } from '../clock.ts';
import { recordEvent } from '../events.ts';
import { recordNotice } from '../notice/record.ts';
import type { ShotOutcome } from '../ports/video-models.ts';
import { settleVideo, type SettlementEvent } from '../quota/settlement.ts';
import { askForDispatch } from './dispatch.ts';
import { shotCancel } from './queue.ts';
import { isRunning, isWanted, lockByAttempt, type VideoRow } from './row.ts';

/** How often one shot is sent before the video fails. */
const attemptsPerShot = 3;
const retryDelaySeconds = 5;

/** A failure as the video keeps it: the code of the words a person is told. */
export type VideoFailure =
  | 'content_refused'
  | 'provider_failed'
  | 'provider_away'
  | 'timed_out'
  | 'internal';

/** Records that an attempt brought nothing: the shot is tried again, or the video fails. */
export async function failAttempt(
  context: JobContext,
  attemptId: string,
  outcome: Exclude<ShotOutcome, { kind: 'delivered' }>,
): Promise<void> {
  if (outcome.kind === 'failed')
    context.log.warn({ attemptId, detail: outcome.detail }, 'a shot failed');
  await context.database.db.transaction(async (tx) => {
    const found = await lockByAttempt(tx, attemptId);
    if (!found) return;
    const { attempt, shot, video } = found;
    if (attempt.status === 'delivered' || attempt.status === 'failed') return;
    const at = context.clock.now();
    await tx
      .update(shotAttempts)
      .set({ status: 'failed', endedAt: at })
      .where(eq(shotAttempts.id, attemptId));
    // Its place at the provider is free.
    await askForDispatch(tx, context, { cause: attemptId });
    // We only stop what nobody waits for any more, and that says nothing about the provider.
    const isOurs = outcome.kind === 'cancelled' && !isRunning(video);
    if (isOurs || shot.status === 'delivered' || !isWanted(video)) return;
    const used = await tx
      .select({ id: shotAttempts.id })
      .from(shotAttempts)
      .where(and(eq(shotAttempts.shotId, shot.id), eq(shotAttempts.status, 'failed')));
    const mayPass = outcome.kind === 'failed' ? outcome.retryable : outcome.kind === 'cancelled';
    if (mayPass && used.length < attemptsPerShot && isRunning(video)) {
      const delaySeconds = retryDelaySeconds * 2 ** (used.length - 1);
      const notBefore = secondsAfter(at, delaySeconds);
      await tx.update(shots).set({ status: 'planned', notBefore }).where(eq(shots.id, shot.id));
      await askForDispatch(tx, context, { cause: `${attemptId}:again`, delaySeconds });
      await recordEvent(tx, {
        at,
        subjectId: video.id,
        kind: 'shot_retried',
        data: { shot: shot.position },
      });
      return;
    }
    await tx.update(shots).set({ status: 'failed' }).where(eq(shots.id, shot.id));
    const refused = outcome.kind === 'refused';
    await failVideo(tx, context, video, {
      failure: refused ? 'content_refused' : 'provider_failed',
      event: refused ? 'refused' : 'provider_error',
    });
  });
}

/**
 * Ends a video that cannot arrive, settles its quota, and stops what still runs upstream. The
 * caller holds the lock on its row. A video that has timed out keeps that reason.
 */
export async function failVideo(
  tx: Tx,
  context: Services,
  video: VideoRow,
  end: { readonly failure: VideoFailure; readonly event: SettlementEvent },
): Promise<void> {
  const at = context.clock.now();
  const effects = await settleVideo(tx, video, end.event, at);
  if (!isRunning(video)) return;
  await tx
    .update(videos)
    .set({ status: 'failed', failure: end.failure })
    .where(eq(videos.id, video.id));
  const data = { failure: end.failure, effects };
  await recordEvent(tx, { at, subjectId: video.id, kind: 'failed', data });
  const { accountId } = video;
  await recordNotice(tx, { accountId, kind: 'video_failed', subjectId: video.id, at });
  await stopUpstream(tx, context, video.id);
  await askForDispatch(tx, context, { cause: video.id });
}

/** Queues a stop of every attempt that the provider has accepted and not ended. */
export async function stopUpstream(tx: Tx, context: Services, videoId: string): Promise<void> {
  const running = await tx
    .select({ id: shotAttempts.id })
    .from(shotAttempts)
    .innerJoin(shots, eq(shots.id, shotAttempts.shotId))
    .where(and(eq(shots.videoId, videoId), eq(shotAttempts.status, 'accepted')));
  for (const { id } of running)
    await context.queue.enqueue(tx, shotCancel, { attemptId: id }, { key: id });
}
