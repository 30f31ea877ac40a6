import { and, eq, inArray } from 'drizzle-orm';

import { publications } from '../../drizzle/schema/publishing.ts';
import { withAccess } from '../channel/access.ts';
import { requirePort, type JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { defineJob } from '../job.ts';
import type { HostVideo } from '../ports/video-host.ts';
import { followUpload } from './follow.ts';
import { publicationFind } from './queue.ts';
import { withWait } from './wait.ts';

type Row = typeof publications.$inferSelect;

/** Looked for after 1, 2, 4 … minutes, for about two days. */
const maxRounds = 16;
const roundSeconds = (round: number): number => Math.min(6 * 3600, 60 * 2 ** (round - 1));
/** The clocks of two machines differ. */
const skewMs = 5 * 60_000;

/**
 * Looks whether an upload arrived whose answer was lost. It only reads: a video is never sent again
 * while one may be there. A single upload with the same texts, from after the start, is the one.
 */
export const findPublication = defineJob({
  ...publicationFind,
  attempts: 10,
  backoff: { seconds: 30, maxSeconds: 3600 },
  timeoutSeconds: 120,
  run: ({ publicationId, round }, context) =>
    withWait(context, publicationId, () => find(context, publicationId, round)),
});

async function find(context: JobContext, id: string, round: number): Promise<void> {
  const { db } = context.database;
  const [row] = await db.select().from(publications).where(eq(publications.id, id));
  if (row?.status !== 'unconfirmed' || row.hostVideoId !== null) return;
  const host = requirePort(context.ports, 'videoHost');
  const uploads = await withAccess(context, row.channelId, (token) => host.fetchUploads(token));
  const alike = await unclaimed(
    context,
    uploads.filter((upload) => isLike(upload, row)),
  );
  const [only] = alike;
  if (only && alike.length === 1) return adopt(context, id, only.id);
  if (round >= maxRounds) return;
  const next = { publicationId: id, round: round + 1 };
  await db.transaction((tx) =>
    context.queue.enqueue(tx, publicationFind, next, {
      key: `${id}:${round + 1}`,
      delaySeconds: roundSeconds(round),
    }),
  );
}

const isLike = (upload: HostVideo, row: Row): boolean =>
  upload.title === row.title &&
  upload.description === row.description &&
  upload.uploadedAt.getTime() >= row.createdAt.getTime() - skewMs;

/** Those that belong to no other publication. */
async function unclaimed(
  { database }: JobContext,
  uploads: readonly HostVideo[],
): Promise<HostVideo[]> {
  const ids = uploads.map((upload) => upload.id);
  if (ids.length === 0) return [];
  const claimed = await database.db
    .select({ id: publications.hostVideoId })
    .from(publications)
    .where(inArray(publications.hostVideoId, ids));
  return uploads.filter((upload) => !claimed.some(({ id }) => id === upload.id));
}

async function adopt(context: JobContext, id: string, hostVideoId: string): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    const [row] = await tx
      .update(publications)
      .set({ status: 'processing', hostVideoId })
      .where(and(eq(publications.id, id), eq(publications.status, 'unconfirmed')))
      .returning();
    if (!row) return;
    await tx
      .update(publications)
      .set({ uploadedBytes: row.totalBytes })
      .where(eq(publications.id, id));
    await recordEvent(tx, { at: context.clock.now(), subjectId: id, kind: 'processing' });
    await followUpload(tx, context, row);
  });
}
