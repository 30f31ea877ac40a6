import { and, eq, isNull } from 'drizzle-orm';

import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { withAccess } from '../channel/access.ts';
import { requirePort, type JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { isFault } from '../fault.ts';
import { defineJob } from '../job.ts';
import type { UploadState } from '../ports/video-host.ts';
import { recordEnd } from './notice.ts';
import { publicationConfirm, publicationThumbnail, publicationUpload } from './queue.ts';

type Row = typeof publications.$inferSelect;

/** A multiple of 256 KiB, as the protocol wants; large enough to be fast, small enough to be lost. */
const chunkBytes = 8 * 1024 * 1024;
/** How often a session that YouTube forgot is begun again. */
const maxSessions = 3;

/**
 * Uploads the file over a resumable session. The session is stored before the first byte, and after
 * any break the host is asked how far it is, so that nothing is sent blindly. Once the last byte may
 * have arrived, a lost session is never begun again: the publication becomes `unconfirmed`.
 */
export const uploadPublication = defineJob({
  ...publicationUpload,
  attempts: 20,
  backoff: { seconds: 2, maxSeconds: 300 },
  timeoutSeconds: 3600,
  concurrency: 2,
  async run({ publicationId }, context) {
    const row = await readRow(context, publicationId);
    if (row?.status !== 'uploading') return;
    try {
      const state = await withAccess(context, row.channelId, (token) =>
        uploadAll(context, row.id, token),
      );
      if (state.kind === 'done') return await finish(context, row.id, state.videoId);
      await end(context, row.id, { status: 'unconfirmed', failure: null, failureReason: null });
    } catch (error) {
      const final = isFault(error, 'publication_refused') || isFault(error, 'channel_reconnect');
      if (!final && !isFault(error, 'channel_scope_missing')) throw error;
      const failureReason = isFault(error, 'publication_refused') ? error.params.reason : null;
      await end(context, row.id, { status: 'failed', failure: error.code, failureReason });
    }
  },
  async exhausted({ publicationId }, context) {
    const row = await readRow(context, publicationId);
    if (row?.status !== 'uploading') return;
    const status = row.lastChunkSent ? 'unconfirmed' : 'failed';
    const failure = row.lastChunkSent ? null : 'provider_failed';
    await end(context, publicationId, { status, failure, failureReason: null });
  },
});

async function readRow(context: JobContext, id: string): Promise<Row | undefined> {
  const [row] = await context.database.db
    .select()
    .from(publications)
    .where(eq(publications.id, id));
  return row;
}

async function uploadAll(context: JobContext, id: string, token: string): Promise<UploadState> {
  const host = requirePort(context.ports, 'videoHost');
  const row = await readRow(context, id);
  if (!row) throw new Error(`publication ${id} vanished`);
  const [video] = await context.database.db.select().from(videos).where(eq(videos.id, row.videoId));
  if (!video?.fileKey) throw new Error(`video ${row.videoId} has no file`);
  let sealed = row.sessionSealed;
  let session = sealed === null ? null : openSession(context, row);
  let state: UploadState = session
    ? await host.fetchUploadState(token, session, row.totalBytes)
    : { kind: 'gone' };
  let lastChunkSent = row.lastChunkSent;
  for (let sessions = 0; state.kind !== 'done';) {
    context.signal.throwIfAborted();
    if (state.kind === 'gone') {
      if (lastChunkSent || sessions >= maxSessions) return state;
      sessions += 1;
      ({ session, sealed } = await beginSession(context, { ...row, sessionSealed: sealed }, token));
      state = { kind: 'partial', nextByte: 0 };
    }
    if (!session) throw new Error('an upload without a session');
    const firstByte = state.nextByte;
    const chunk = await readChunk(context, video.fileKey, firstByte, row.totalBytes);
    if (firstByte + chunk.length === row.totalBytes && !lastChunkSent) {
      lastChunkSent = true;
      await context.database.db
        .update(publications)
        .set({ lastChunkSent })
        .where(eq(publications.id, id));
    }
    state = await host.sendChunk(token, session, chunk, firstByte, row.totalBytes);
    if (state.kind === 'partial') await writeProgress(context, id, state.nextByte);
  }
  return state;
}

const sessionPlace = (row: Row) => ({
  table: 'publications',
  column: 'session_sealed',
  row: row.id,
  account: row.accountId,
});

const openSession = (context: JobContext, row: Row): string =>
  context.crypto.open(row.sessionSealed ?? '', sessionPlace(row));

/**
 * The address of a session is a bearer secret, and is stored sealed before a byte is sent. When
 * another worker has begun or finished one meanwhile, ours is dropped: two would make two videos.
 */
async function beginSession(
  context: JobContext,
  row: Row,
  token: string,
): Promise<{ readonly session: string; readonly sealed: string }> {
  const {
    title,
    description,
    tags,
    categoryId,
    privacy,
    publishAt,
    madeForKids,
    notifySubscribers,
  } = row;
  const session = await requirePort(context.ports, 'videoHost').startUpload(
    token,
    { title, description, tags, categoryId, privacy, publishAt, madeForKids, notifySubscribers },
    row.totalBytes,
  );
  const sealed = context.crypto.seal(session, sessionPlace(row));
  const stored = await context.database.db
    .update(publications)
    .set({ sessionSealed: sealed, uploadedBytes: 0 })
    .where(
      and(
        eq(publications.id, row.id),
        eq(publications.status, 'uploading'),
        eq(publications.lastChunkSent, false),
        row.sessionSealed === null
          ? isNull(publications.sessionSealed)
          : eq(publications.sessionSealed, row.sessionSealed),
      ),
    )
    .returning({ id: publications.id });
  if (stored.length === 0) throw new Error('another worker uploads this publication');
  return { session, sealed };
}

async function readChunk(
  context: JobContext,
  key: string,
  firstByte: number,
  totalBytes: number,
): Promise<Buffer> {
  const lastByte = Math.min(firstByte + chunkBytes, totalBytes) - 1;
  const parts: Buffer[] = [];
  for await (const part of context.ports.storage.read(key, firstByte, lastByte))
    parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

async function writeProgress(
  context: JobContext,
  id: string,
  uploadedBytes: number,
): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    await tx.update(publications).set({ uploadedBytes }).where(eq(publications.id, id));
    const at = context.clock.now();
    await recordEvent(tx, { at, subjectId: id, kind: 'progress', data: { uploadedBytes } });
  });
}

async function finish(context: JobContext, id: string, hostVideoId: string): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    const [row] = await tx.select().from(publications).where(eq(publications.id, id)).for('update');
    if (row?.status !== 'uploading') return;
    await tx
      .update(publications)
      .set({
        status: 'processing',
        hostVideoId,
        uploadedBytes: row.totalBytes,
        sessionSealed: null,
      })
      .where(eq(publications.id, id));
    await recordEvent(tx, { at: context.clock.now(), subjectId: id, kind: 'processing' });
    const payload = { publicationId: id, round: 1 };
    await context.queue.enqueue(tx, publicationConfirm, payload, { key: `${id}:1` });
    if (row.thumbnailStatus === 'waiting')
      await context.queue.enqueue(tx, publicationThumbnail, { publicationId: id }, { key: id });
  });
}

type End = Pick<Row, 'status' | 'failure' | 'failureReason'>;

async function end(context: JobContext, id: string, values: End): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    const ended = await tx
      .update(publications)
      // No picture follows to a video that nobody knows of.
      .set({ ...values, sessionSealed: null, thumbnailStatus: 'none' })
      .where(and(eq(publications.id, id), eq(publications.status, 'uploading')))
      .returning();
    const [row] = ended;
    if (!row) return;
    const data = { failure: values.failure };
    const at = context.clock.now();
    await recordEvent(tx, { at, subjectId: id, kind: values.status, data });
    await recordEnd(tx, row, at);
  });
}
