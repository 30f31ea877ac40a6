import { createReadStream } from 'node:fs';

import { asc, eq } from 'drizzle-orm';

import { shots, videos } from '../../drizzle/schema/videos.ts';
import type { JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { defineJob } from '../job.ts';
import { recordNotice } from '../notice/record.ts';
import type { MediaFacts } from '../ports/media-tools.ts';
import type { StoredFile } from '../ports/storage.ts';
import { settleVideo } from '../quota/settlement.ts';
import { whenThereIsRoom } from './disk-space.ts';
import { failVideo } from './fail.ts';
import { videoAssemble } from './queue.ts';
import { isWanted } from './row.ts';

const maxVideoBytes = 2 * 1024 ** 3;

/** Joins the delivered shots, stores the video, and captures the hold with the same commit. */
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
    const clips = await db
      .select()
      .from(shots)
      .where(eq(shots.videoId, videoId))
      .orderBy(asc(shots.position));
    const keys = clips.map(({ fileKey }) => fileKey).filter((key) => key !== null);
    if (keys.length < clips.length) return;
    const made = await whenThereIsRoom(() => join(context, videoId, keys, video.seconds));
    await db.transaction(async (tx) => {
      const [locked] = await tx.select().from(videos).where(eq(videos.id, videoId)).for('update');
      if (!locked || !isWanted(locked)) return;
      const at = context.clock.now();
      const effects = await settleVideo(tx, locked, 'success', at);
      const { durationSeconds, width, height } = made.facts;
      await tx
        .update(videos)
        .set({
          status: 'ready',
          failure: null,
          readyAt: at,
          durationSeconds,
          width,
          height,
          ...made.file,
        })
        .where(eq(videos.id, videoId));
      await recordEvent(tx, { at, subjectId: videoId, kind: 'ready', data: { effects } });
      const { accountId } = locked;
      await recordNotice(tx, { accountId, kind: 'video_ready', subjectId: videoId, at });
    });
    await dropStray(context, videoId);
  },
  async exhausted({ videoId }, context) {
    await context.database.db.transaction(async (tx) => {
      const [video] = await tx.select().from(videos).where(eq(videos.id, videoId)).for('update');
      if (video)
        await failVideo(tx, context, video, { failure: 'internal', event: 'provider_error' });
    });
  },
});

/** Removes the joined file of a video that was stopped or deleted while it was being joined. */
async function dropStray(context: JobContext, videoId: string): Promise<void> {
  const [video] = await context.database.db.select().from(videos).where(eq(videos.id, videoId));
  if (video && !isWanted(video) && video.fileKey === null)
    await context.ports.storage.remove(fileKeyOf(videoId));
}

const fileKeyOf = (videoId: string): string => `videos/${videoId}.mp4`;

type Made = {
  readonly facts: MediaFacts;
  readonly file: StoredFile & { readonly fileKey: string };
};

async function join(
  context: JobContext,
  videoId: string,
  keys: readonly string[],
  seconds: number,
): Promise<Made> {
  const { storage, mediaTools } = context.ports;
  const draftKey = `drafts/${videoId}.mp4`;
  const fileKey = fileKeyOf(videoId);
  const draft = await storage.draftPath(draftKey);
  const paths = keys.map((key) => storage.path(key));
  try {
    const facts = await mediaTools.join(paths, seconds, draft);
    const file = await storage.write(fileKey, createReadStream(draft), maxVideoBytes);
    return { facts, file: { ...file, fileKey } };
  } finally {
    await storage.remove(draftKey);
  }
}
