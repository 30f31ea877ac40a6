import { and, desc, eq, inArray } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import { requirePort, requirePublicUrl, type JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { isFault } from '../fault.ts';
import { defineJob } from '../job.ts';
import { OutcomeUnknown, type ShotRequest, type SubmittedShot } from '../ports/video-models.ts';
import { attemptLink } from './attempt-link.ts';
import { deadlineSeconds } from './deadline.ts';
import { failAttempt, failVideo } from './fail.ts';
import { clipInput } from './models.ts';
import { pollPace } from './poll.ts';
import { shotCancel, shotDeadline, shotPoll, shotSubmit } from './queue.ts';
import {
  isWanted,
  lockByAttempt,
  lockByShot,
  modelOf,
  shapeOf,
  videoOptionsOf,
  type ShotRow,
  type VideoRow,
} from './row.ts';
import { voiceRequest } from './voice.ts';
import { withWait } from './wait.ts';

/**
 * Sends one shot whose turn it is: the intent is committed before the call and the outcome after it, so that
 * a process that dies in between leaves an attempt that is never sent again.
 */
export const submitShot = defineJob({
  ...shotSubmit,
  attempts: 6,
  backoff: { seconds: 5, maxSeconds: 120 },
  timeoutSeconds: 120,
  concurrency: 2,
  run: ({ shotId }, context) => withWait(context, { shotId }, () => submit(context, shotId)),
  async exhausted({ shotId }, context) {
    await context.database.db.transaction(async (tx) => {
      const found = await lockByShot(tx, shotId);
      if (found?.shot.status !== 'due') return;
      const { video } = found;
      await failVideo(tx, context, video, { failure: 'provider_failed', event: 'provider_error' });
    });
  },
});

async function submit(context: JobContext, shotId: string): Promise<void> {
  const videoModels = requirePort(context.ports, 'videoModels');
  const publicUrl = requirePublicUrl(context);
  const intent = await context.database.db.transaction((tx) => writeIntent(tx, context, shotId));
  if (!intent) return;
  const { attemptId, request } = intent;
  const webhookUrl = attemptLink(context, publicUrl, attemptId);
  let submitted: SubmittedShot;
  try {
    submitted = await videoModels.submit({ ...request, webhookUrl }, context.signal);
  } catch (error) {
    await writeFailure(context, attemptId, error);
    return;
  }
  await context.database.db.transaction((tx) => writeAcceptance(tx, context, attemptId, submitted));
}

type Intent = { readonly attemptId: string; readonly request: Omit<ShotRequest, 'webhookUrl'> };

async function writeIntent(tx: Tx, context: JobContext, shotId: string): Promise<Intent | null> {
  const found = await lockByShot(tx, shotId);
  if (found?.shot.status !== 'due') return null;
  const { shot, video } = found;
  if (video.status !== 'queued' && video.status !== 'generating') return null;
  const [last] = await tx
    .select()
    .from(shotAttempts)
    .where(eq(shotAttempts.shotId, shotId))
    .orderBy(desc(shotAttempts.number))
    .limit(1);
  const at = context.clock.now();
  if (last?.status === 'intended') {
    // The process died during the call: only the provider knows, so the callback or the deadline decides.
    await tx.update(shotAttempts).set({ status: 'unknown' }).where(eq(shotAttempts.id, last.id));
    await tx.update(shots).set({ status: 'submitted' }).where(eq(shots.id, shotId));
    return null;
  }
  const attemptId = context.ids.next('att');
  const request = requestOf(shot, video);
  await tx.insert(shotAttempts).values({
    id: attemptId,
    shotId,
    provider: request.provider,
    number: (last?.number ?? 0) + 1,
    status: 'intended',
    createdAt: at,
  });
  if (video.status === 'queued') {
    await tx.update(videos).set({ status: 'generating' }).where(eq(videos.id, video.id));
    await recordEvent(tx, { at, subjectId: video.id, kind: 'generating' });
  }
  // The wait is counted from the call: time in our own line is not the provider's.
  const wait = { key: attemptId, delaySeconds: deadlineSeconds };
  await context.queue.enqueue(tx, shotDeadline, { attemptId }, wait);
  return { attemptId, request };
}

function requestOf(shot: ShotRow, video: VideoRow): Intent['request'] {
  const { voice } = videoOptionsOf(video);
  if (shot.kind === 'voice') return voiceRequest(shot.prompt, voice === 'male' ? 'male' : 'female');
  const model = modelOf(video.model);
  const clip = { prompt: shot.prompt, seconds: shot.clipSeconds, shape: shapeOf(video.shape) };
  const { provider, endpoint } = model;
  return { provider, endpoint, input: clipInput(model, clip) };
}

async function writeAcceptance(
  tx: Tx,
  context: JobContext,
  attemptId: string,
  submitted: SubmittedShot,
): Promise<void> {
  const found = await lockByAttempt(tx, attemptId);
  if (!found) throw new Error(`attempt ${attemptId} vanished`);
  await tx
    .update(shotAttempts)
    .set({ ...submitted })
    .where(eq(shotAttempts.id, attemptId));
  // The callback may have been faster than this answer, and may have planned the shot anew.
  const waiting = await tx
    .update(shotAttempts)
    .set({ status: 'accepted' })
    .where(
      and(eq(shotAttempts.id, attemptId), inArray(shotAttempts.status, ['intended', 'unknown'])),
    )
    .returning({ id: shotAttempts.id });
  if (waiting.length === 0) return;
  await tx.update(shots).set({ status: 'submitted' }).where(eq(shots.id, found.shot.id));
  if (!isWanted(found.video))
    // The video failed while this call was out, when there was nothing yet to stop.
    await context.queue.enqueue(tx, shotCancel, { attemptId }, { key: attemptId });
  const poll = { attemptId, round: 1 };
  const key = `${attemptId}:1`;
  const delaySeconds = pollPace[submitted.provider].firstSeconds;
  await context.queue.enqueue(tx, shotPoll, poll, { key, delaySeconds });
}

async function writeFailure(context: JobContext, attemptId: string, error: unknown): Promise<void> {
  const { db } = context.database;
  if (error instanceof OutcomeUnknown) {
    context.log.warn({ err: error, attemptId }, 'nobody knows whether the provider took this shot');
    await db.transaction(async (tx) => {
      const [attempt] = await tx
        .update(shotAttempts)
        .set({ status: 'unknown' })
        .where(and(eq(shotAttempts.id, attemptId), eq(shotAttempts.status, 'intended')))
        .returning();
      if (attempt)
        await tx.update(shots).set({ status: 'submitted' }).where(eq(shots.id, attempt.shotId));
    });
    return;
  }
  if (isFault(error, 'provider_busy')) {
    const ended = { status: 'rejected' as const, endedAt: context.clock.now() };
    await db.update(shotAttempts).set(ended).where(eq(shotAttempts.id, attemptId));
    throw error; // Certainly not taken: the worker tries again when the provider says so.
  }
  if (!isFault(error)) throw error; // The attempt stays `intended`, and is never sent again.
  const refused = error.code === 'content_refused';
  await failAttempt(
    context,
    attemptId,
    refused ? { kind: 'refused' } : { kind: 'failed', retryable: false, detail: error.message },
  );
}
