import { and, asc, eq } from 'drizzle-orm';

import { shots, videos } from '../../drizzle/schema/videos.ts';
import { secondsAfter } from '../clock.ts';
import type { JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { defineJob } from '../job.ts';
import { recordNotice } from '../notice/record.ts';
import { settleVideo } from '../quota/settlement.ts';
import { buildVideo, fileKeyOf, posterKeyOf, type BuiltVideo } from './build.ts';
import { whenThereIsRoom } from './disk-space.ts';
import { failVideo } from './fail.ts';
import { videoAssemble } from './queue.ts';
import { isWanted } from './row.ts';
import { withWait } from './wait.ts';

/** Makes the video of its delivered shots, stores it, and captures the hold with the same commit. */
export const assembleVideo = defineJob({
  ...videoAssemble,
  attempts: 4,
  backoff: { seconds: 5, maxSeconds: 60 },
  timeoutSeconds: 900,
  async run({ videoId }, context) {
    const { db } = context.database;
    const [video] = await db.select().from(videos).where(eq(videos.id, videoId));
    if (!video) return;
    if (!isWanted(video)) return dropStray(context, videoId);
    const parts = await db
      .select()
      .from(shots)
      .where(eq(shots.videoId, videoId))
      .orderBy(asc(shots.position));
    if (parts.some(({ fileKey }) => fileKey === null)) return;
    const progress = trackProgress(context, videoId);
    const built = await withWait(context, { videoId }, () =>
      whenThereIsRoom(() =>
        buildVideo(context, video, parts, (fraction) => progress.tell(fraction)),
      ),
    );
    await progress.written();
    await writeReady(context, videoId, built);
    await dropStray(context, videoId);
  },
  async exhausted({ videoId }, context) {
    await context.database.db.transaction(async (tx) => {
      const [video] = await tx.select().from(videos).where(eq(videos.id, videoId)).for('update');
      if (video)
        await failVideo(tx, context, video, { failure: 'internal', event: 'provider_error' });
    });
    await dropStray(context, videoId);
  },
});

async function writeReady(context: JobContext, id: string, built: BuiltVideo): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    const [locked] = await tx.select().from(videos).where(eq(videos.id, id)).for('update');
    if (!locked || !isWanted(locked)) return;
    const at = context.clock.now();
    const effects = await settleVideo(tx, locked, 'success', at);
    const ready = { status: 'ready' as const, failure: null, readyAt: at, assembledPercent: 100 };
    await tx
      .update(videos)
      .set({ ...ready, ...built })
      .where(eq(videos.id, id));
    await recordEvent(tx, { at, subjectId: id, kind: 'ready', data: { effects } });
    const { accountId } = locked;
    await recordNotice(tx, { accountId, kind: 'video_ready', subjectId: id, at });
  });
}

/** Removes the files of a video that was stopped or deleted while it was being assembled. */
async function dropStray(context: JobContext, id: string): Promise<void> {
  const [video] = await context.database.db.select().from(videos).where(eq(videos.id, id));
  if (!video || isWanted(video)) return;
  const { storage } = context.ports;
  if (video.fileKey === null) await storage.remove(fileKeyOf(id));
  if (video.posterKey === null) await storage.remove(posterKeyOf(id));
}

/** Nobody looks more often, and a video that only has to be joined is done before that. */
const tellEverySeconds = 2;

/** Keeps how far the assembly is, one write after the other. */
function trackProgress(context: JobContext, id: string) {
  let told = 0;
  let toldAt = context.clock.now();
  let failure: Error | null = null;
  let writes = Promise.resolve();
  const write = async (assembledPercent: number): Promise<void> => {
    await context.database.db.transaction(async (tx) => {
      const kept = await tx
        .update(videos)
        .set({ assembledPercent, waitingFor: null })
        .where(and(eq(videos.id, id), eq(videos.status, 'assembling')))
        .returning({ id: videos.id });
      const data = { assembledPercent };
      if (kept.length > 0)
        await recordEvent(tx, { at: context.clock.now(), subjectId: id, kind: 'progress', data });
    });
  };
  return {
    tell(fraction: number): void {
      const percent = Math.floor(100 * fraction);
      const at = context.clock.now();
      const isTime = at >= secondsAfter(toldAt, tellEverySeconds);
      if (!isTime || percent <= told || percent >= 100) return;
      told = percent;
      toldAt = at;
      writes = writes
        .then(() => write(percent))
        .catch((error: unknown) => {
          failure ??= error instanceof Error ? error : new Error(String(error));
        });
    },
    /** Everything told is written. @throws what went wrong on the way. */
    async written(): Promise<void> {
      await writes;
      if (failure) throw failure;
    },
  };
}
