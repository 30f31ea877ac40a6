import { and, eq } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { Context, Services } from '../context.ts';
import { recordEvent } from '../events.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { videoRemove } from './queue.ts';
import { isRunning, type VideoRow } from './row.ts';
import { lockVideo, readVideo } from './show.ts';

export const videoDelete = defineOperation({
  name: 'video_delete',
  summary: {
    en: 'Delete a finished video and its files for good.',
    zh: '永久删除已结束的视频及其文件。',
  },
  guidance: 'A person approves. What was published stays on YouTube.',
  effect: 'destroy',
  audience: 'everyone',
  needs: [],
  input: z.object({
    video: z.string().min(1).describe('Id of a video that is ready, failed or cancelled'),
  }),
  output: z.object({ video: z.string(), deleted: z.literal(true) }),
  async preview({ video: id }, context) {
    const video = await readVideo(context, id);
    await refuseNeeded(context.database.db, video);
    const { words, preview } = catalogue(context.locale);
    return {
      title: preview.video_delete(),
      lines: [
        [words.prompt, video.prompt],
        [words.length, preview.length(video)],
        [words.files, words.filesGone],
      ],
      cost: 0,
    };
  },
  async run({ video: id }, context) {
    await deleteVideo(context, id);
    return { video: id, deleted: true as const };
  },
  say: ({ video }, locale) => catalogue(locale).say.video_delete({ video }),
});

/** @throws Fault `cancel_first` for a running video, `publication_running` while one of it is uploaded. */
async function refuseNeeded(tx: Pick<Tx, 'select'>, video: VideoRow): Promise<void> {
  if (isRunning(video)) throw new Fault('cancel_first', {}, { field: 'video' });
  const [uploading] = await tx
    .select({ id: publications.id })
    .from(publications)
    .where(and(eq(publications.videoId, video.id), eq(publications.status, 'uploading')))
    .limit(1);
  if (uploading)
    throw new Fault('publication_running', { publication: uploading.id }, { field: 'video' });
}

async function deleteVideo(context: Context, id: string): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    const video = await lockVideo(tx, context, id);
    await refuseNeeded(tx, video);
    await dropVideo(tx, context, id, 'deleted');
  });
}

/**
 * The row stays for the journal and loses its owner's sight; the files go right after the commit. The
 * caller holds the lock on the row and knows that nothing needs it.
 */
export async function dropVideo(
  tx: Tx,
  { clock, queue }: Services,
  id: string,
  kind: 'deleted' | 'expired',
): Promise<void> {
  const at = clock.now();
  await tx.update(videos).set({ deletedAt: at }).where(eq(videos.id, id));
  await recordEvent(tx, { at, subjectId: id, kind });
  await queue.enqueue(tx, videoRemove, { videoId: id }, { key: id });
}
