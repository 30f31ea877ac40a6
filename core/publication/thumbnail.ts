import { and, eq } from 'drizzle-orm';

import { pictures } from '../../drizzle/schema/pictures.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { withAccess } from '../channel/access.ts';
import { requirePort, type JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { Fault, isFault, type FaultCode } from '../fault.ts';
import { defineJob } from '../job.ts';
import { ensurePoster } from '../video/poster.ts';
import { publicationThumbnail } from './queue.ts';

type Row = typeof publications.$inferSelect;
type Failure = NonNullable<Row['thumbnailFailure']>;

/** What no further try would change. */
const finalCodes = new Set<FaultCode>([
  'thumbnail_not_allowed',
  'publication_refused',
  'channel_reconnect',
  'channel_scope_missing',
  'channel_missing',
  'not_found',
  'provider_failed',
]);

/**
 * Gives an uploaded video the chosen picture. Setting the same one twice does no harm, and however it
 * ends, the publication goes on.
 */
export const thumbnailPublication = defineJob({
  ...publicationThumbnail,
  attempts: 12,
  backoff: { seconds: 5, maxSeconds: 1800 },
  timeoutSeconds: 300,
  async run({ publicationId }, context) {
    const row = await readWaiting(context, publicationId);
    if (!row) return;
    const { hostVideoId } = row;
    if (hostVideoId === null) return;
    const host = requirePort(context.ports, 'videoHost');
    try {
      const data = await readPictureOf(context, row);
      await withAccess(context, row.channelId, (token) =>
        host.setThumbnail(token, hostVideoId, { data, contentType: 'image/jpeg' }),
      );
    } catch (error) {
      if (!isFault(error) || !finalCodes.has(error.code)) throw error;
      context.log.warn({ err: error, publicationId }, 'a thumbnail was not set');
      return settle(context, row.id, failureOf(error));
    }
    await settle(context, row.id, null);
  },
  async exhausted({ publicationId }, context) {
    await settle(context, publicationId, 'thumbnail_refused');
  },
});

async function readWaiting(context: JobContext, id: string): Promise<Row | null> {
  const [row] = await context.database.db
    .select()
    .from(publications)
    .where(and(eq(publications.id, id), eq(publications.thumbnailStatus, 'waiting')));
  return row ?? null;
}

/** @throws Fault `not_found` when the picture, or the video that it is taken from, is gone. */
async function readPictureOf(context: JobContext, row: Row): Promise<Buffer> {
  const { storage } = context.ports;
  const key = await pictureKeyOf(context, row);
  const file = await storage.stat(key);
  if (!file) throw new Fault('not_found', { what: 'picture', id: key });
  const parts: Buffer[] = [];
  for await (const part of storage.read(key, 0, file.bytes - 1)) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

async function pictureKeyOf(context: JobContext, { videoId, pictureId }: Row): Promise<string> {
  const { db } = context.database;
  if (pictureId !== null) {
    const [picture] = await db.select().from(pictures).where(eq(pictures.id, pictureId));
    if (!picture) throw new Fault('not_found', { what: 'picture', id: pictureId });
    return picture.fileKey;
  }
  const [video] = await db.select().from(videos).where(eq(videos.id, videoId));
  if (!video) throw new Fault('not_found', { what: 'video', id: videoId });
  return ensurePoster(context, video);
}

function failureOf({ code }: Fault): Failure {
  return code === 'thumbnail_not_allowed' || code === 'channel_reconnect'
    ? code
    : 'thumbnail_refused';
}

/** Writes down once how it ended. */
async function settle(context: JobContext, id: string, failure: Failure | null): Promise<void> {
  const thumbnailStatus = failure === null ? 'set' : 'refused';
  await context.database.db.transaction(async (tx) => {
    const done = await tx
      .update(publications)
      .set({ thumbnailStatus, thumbnailFailure: failure })
      .where(and(eq(publications.id, id), eq(publications.thumbnailStatus, 'waiting')))
      .returning({ id: publications.id });
    if (done.length === 0) return;
    const at = context.clock.now();
    const kind = failure === null ? 'thumbnail_set' : 'thumbnail_refused';
    await recordEvent(tx, { at, subjectId: id, kind, data: { failure } });
  });
}
