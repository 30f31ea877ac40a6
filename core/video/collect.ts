import { and, eq, ne } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { inbox, shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import { requirePort, type JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { isFault } from '../fault.ts';
import { defineJob } from '../job.ts';
import type { StoredFile } from '../ports/storage.ts';
import { shotOutcomeSchema, type ShotOutcome } from '../ports/video-models.ts';
import { whenThereIsRoom } from './disk-space.ts';
import { askForDispatch } from './dispatch.ts';
import { failAttempt } from './fail.ts';
import { shotCollect, videoAssemble } from './queue.ts';
import { isWanted, lockByAttempt, type FoundAttempt } from './row.ts';
import { withWait } from './wait.ts';

/** Clips of 15 s in 1080p are below 60 MB; this leaves room and keeps a disk from filling. */
const maxFileBytes = 512 * 1024 * 1024;

/** What the inbox keeps of a verified callback. */
const storedCallbackSchema = z.object({ requestId: z.string(), outcome: shotOutcomeSchema });

/** Works on one stored callback. */
export const collectShot = defineJob({
  ...shotCollect,
  attempts: 8,
  backoff: { seconds: 2, maxSeconds: 120 },
  timeoutSeconds: 600,
  concurrency: 2,
  async run({ eventId }, context) {
    const row = await readInbox(context, eventId);
    if (!row) return;
    const { requestId, outcome } = storedCallbackSchema.parse(row.payload);
    const [attempt] = await context.database.db
      .select({ requestId: shotAttempts.requestId })
      .from(shotAttempts)
      .where(eq(shotAttempts.id, row.attemptId));
    if (attempt?.requestId && attempt.requestId !== requestId) {
      context.log.warn({ attemptId: row.attemptId }, 'a callback names another request of ours');
      return;
    }
    await context.database.db
      .update(shotAttempts)
      .set({ requestId })
      .where(eq(shotAttempts.id, row.attemptId));
    const { attemptId } = row;
    await withWait(context, { attemptId }, () => collectOutcome(context, attemptId, outcome));
  },
  async exhausted({ eventId }, context) {
    const row = await readInbox(context, eventId);
    if (!row) return;
    const detail = 'the delivered clip could not be fetched';
    await failAttempt(context, row.attemptId, { kind: 'failed', retryable: true, detail });
  },
});

async function readInbox(context: JobContext, eventId: string) {
  const [row] = await context.database.db
    .select()
    .from(inbox)
    .where(and(eq(inbox.source, 'fal'), eq(inbox.eventId, eventId)));
  return row;
}

/** The one place where an attempt's outcome takes effect, whether callback or poller brought it. */
export async function collectOutcome(
  context: JobContext,
  attemptId: string,
  outcome: ShotOutcome,
): Promise<void> {
  if (outcome.kind !== 'delivered') return failAttempt(context, attemptId, outcome);
  const found = await context.database.db.transaction((tx) => lockByAttempt(tx, attemptId));
  if (!found) return;
  const { shot, video } = found;
  const fileKey = `shots/${attemptId}.${shot.kind === 'voice' ? 'mp3' : 'mp4'}`;
  if (shot.status === 'delivered' || !isWanted(video)) {
    // A worker that died may have left a file here before the video ended.
    if (shot.fileKey !== fileKey) await context.ports.storage.remove(fileKey);
    return;
  }
  const stored = await fetchFile(context, { found, fileKey, url: outcome.url });
  if (stored === null) {
    const detail = 'what was delivered cannot be played';
    return failAttempt(context, attemptId, { kind: 'failed', retryable: true, detail });
  }
  const isKept = await context.database.db.transaction((tx) =>
    writeDelivery(tx, context, attemptId, { fileKey, ...stored }),
  );
  if (!isKept) await context.ports.storage.remove(fileKey);
}

/** Copies a file to our storage, since the provider's address expires; null when it cannot be played. */
async function fetchFile(
  context: JobContext,
  from: { readonly found: FoundAttempt; readonly fileKey: string; readonly url: string },
): Promise<StoredFile | null> {
  const { found, fileKey, url } = from;
  const { storage, mediaTools } = context.ports;
  const videoModels = requirePort(context.ports, 'videoModels');
  const stream = await videoModels.download(url, found.attempt.provider, context.signal);
  const stored = await whenThereIsRoom(() => storage.write(fileKey, stream, maxFileBytes));
  await using file = await whenThereIsRoom(() => storage.local(fileKey));
  try {
    if (found.shot.kind === 'voice') await mediaTools.probeSound(file.path);
    else await mediaTools.probe(file.path);
    return stored;
  } catch (error) {
    if (!isFault(error, 'provider_failed')) throw error;
    await storage.remove(fileKey);
    return null;
  }
}

/** Whether the shot now has this clip; one that ended while the clip was on its way does not. */
async function writeDelivery(
  tx: Tx,
  context: JobContext,
  attemptId: string,
  clip: StoredFile & { readonly fileKey: string },
): Promise<boolean> {
  const found = await lockByAttempt(tx, attemptId);
  if (!found) return false;
  const { shot, video } = found;
  const at = context.clock.now();
  await tx
    .update(shotAttempts)
    .set({ status: 'delivered', endedAt: at })
    .where(eq(shotAttempts.id, attemptId));
  if (shot.status === 'delivered' || !isWanted(video))
    return shot.fileKey === clip.fileKey && video.deletedAt === null;
  await tx
    .update(shots)
    .set({ status: 'delivered', ...clip })
    .where(eq(shots.id, shot.id));
  await askForDispatch(tx, context, { cause: attemptId });
  const data = { shot: shot.position, part: shot.kind };
  await recordEvent(tx, { at, subjectId: video.id, kind: 'shot_delivered', data });
  const missing = await tx
    .select({ id: shots.id })
    .from(shots)
    .where(and(eq(shots.videoId, video.id), ne(shots.status, 'delivered')));
  if (missing.length > 0) return true;
  if (video.status !== 'failed') {
    await tx.update(videos).set({ status: 'assembling' }).where(eq(videos.id, video.id));
    await recordEvent(tx, { at, subjectId: video.id, kind: 'assembling' });
  }
  await context.queue.enqueue(tx, videoAssemble, { videoId: video.id }, { key: video.id });
  return true;
}
