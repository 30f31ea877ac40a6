import { and, eq, isNull } from 'drizzle-orm';

import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { withAccess } from '../channel/access.ts';
import { requirePort, type JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { Fault, isFault } from '../fault.ts';
import { defineJob } from '../job.ts';
import type { ChunkSource, UploadState } from '../ports/video-host.ts';
import { recordEnd } from './notice.ts';
import { followUpload } from './follow.ts';
import { publicationFind, publicationUpload } from './queue.ts';
import { withWait } from './wait.ts';

type Row = typeof publications.$inferSelect;

/** Chunks are whole multiples of it, as the protocol wants. */
const chunkUnit = 256 * 1024;
const chunkLimits = { least: 8 * 1024 ** 2, most: 32 * 1024 ** 2 } as const;
const wantedChunks = 16;

/**
 * How much of a file is sent at once: a sixteenth of it, so that progress is seen, but 8 MiB at least
 * and 32 MiB at most. Every chunk waits for its answer once, and a broken one is sent again.
 */
export function chunkBytesOf(totalBytes: number): number {
  const part = Math.ceil(totalBytes / wantedChunks / chunkUnit) * chunkUnit;
  return Math.min(chunkLimits.most, Math.max(chunkLimits.least, part));
}

/** How often a session that YouTube forgot is begun again. */
const maxSessions = 3;
/** How long a break on the way is waited for, unless the host asks for more patience. */
const breakSeconds = 1;

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
    await withWait(context, publicationId, () => upload(context, publicationId));
  },
  async exhausted({ publicationId }, context) {
    const row = await readRow(context, publicationId);
    if (row?.status !== 'uploading') return;
    if (row.lastChunkSent) return end(context, publicationId, unconfirmed);
    const failure = { status: 'failed', failure: 'provider_failed', failureReason: null } as const;
    await end(context, publicationId, failure);
  },
});

const unconfirmed = { status: 'unconfirmed', failure: null, failureReason: null } as const;

async function upload(context: JobContext, id: string): Promise<void> {
  const row = await readRow(context, id);
  if (row?.status !== 'uploading') return;
  try {
    const state = await withAccess(context, row.channelId, (token) =>
      uploadAll(context, row.id, token),
    );
    if (state.kind === 'done') return await finish(context, row.id, state.videoId);
    if (state.kind === 'gone') await end(context, row.id, unconfirmed);
  } catch (error) {
    const isFinal =
      isFault(error, 'publication_refused') ||
      isFault(error, 'channel_scope_missing') ||
      isFault(error, 'channel_missing');
    if (!isFinal) throw error;
    const failureReason = isFault(error, 'publication_refused') ? error.params.reason : null;
    await end(context, row.id, { status: 'failed', failure: error.code, failureReason });
  }
}

async function readRow(context: JobContext, id: string): Promise<Row | undefined> {
  const [row] = await context.database.db
    .select()
    .from(publications)
    .where(eq(publications.id, id));
  return row;
}

/** Where a try to upload began, and how far it has come. */
type Try = {
  readonly row: Row;
  readonly fileKey: string;
  sealed: string | null;
  hasMoved: boolean;
};

async function uploadAll(context: JobContext, id: string, token: string): Promise<UploadState> {
  const row = await readRow(context, id);
  if (!row) throw new Error(`publication ${id} vanished`);
  const [video] = await context.database.db.select().from(videos).where(eq(videos.id, row.videoId));
  if (!video?.fileKey) throw new Error(`video ${row.videoId} has no file`);
  const { fileKey } = video;
  const current: Try = { row, fileKey, sealed: row.sessionSealed, hasMoved: false };
  try {
    return await sendAll(context, current, token);
  } catch (error) {
    if (!current.hasMoved || !isFault(error, 'provider_busy')) throw error;
    // A break on the way is no failed try: it goes on soon, however often that happens.
    const retryAfterSeconds = error.retryAfterSeconds ?? breakSeconds;
    throw new Fault('provider_busy', error.params, { retryAfterSeconds, cause: error });
  }
}

async function sendAll(context: JobContext, current: Try, token: string): Promise<UploadState> {
  const host = requirePort(context.ports, 'videoHost');
  const { id, totalBytes } = current.row;
  let session = current.sealed === null ? null : openSession(context, current.row);
  let state: UploadState = session
    ? await host.fetchUploadState(token, session, totalBytes)
    : { kind: 'gone' };
  let { lastChunkSent } = current.row;
  const progress = progressWriter(context, id);
  for (let sessions = 0; state.kind !== 'done';) {
    context.signal.throwIfAborted();
    if (state.kind === 'gone') {
      if (lastChunkSent || sessions >= maxSessions) return state;
      sessions += 1;
      session = await beginSession(context, current, token);
      state = { kind: 'partial', nextByte: 0 };
    }
    if (!session) throw new Error('an upload without a session');
    const { nextByte } = state;
    const chunk = chunkFrom(context, current, nextByte);
    const isLast = nextByte + chunk.length === totalBytes;
    if (isLast && !(await settleLastChunk(context, id))) return state;
    lastChunkSent ||= isLast;
    // Whether it is still wanted is read while the chunk is under way.
    const [sent, isWanted]: [UploadState, boolean] = await Promise.all([
      host.sendChunk(token, session, chunk, nextByte, totalBytes),
      isLast || isStillWanted(context, id),
    ]);
    if (!isWanted) return { kind: 'partial', nextByte };
    if (sent.kind === 'partial') {
      if (sent.nextByte <= nextByte) throw busy('nothing of a chunk was taken');
      current.hasMoved = true;
      await progress(sent.nextByte);
    }
    state = sent;
  }
  return state;
}

/** What comes next of the file, read from storage as it is sent. */
function chunkFrom({ ports }: JobContext, { row, fileKey }: Try, firstByte: number): ChunkSource {
  const length = Math.min(chunkBytesOf(row.totalBytes), row.totalBytes - firstByte);
  if (length <= 0) throw busy('every byte has arrived, and there is no video yet');
  return { length, open: () => ports.storage.read(fileKey, firstByte, firstByte + length - 1) };
}

/** The session will be asked again. */
const busy = (why: string): Fault =>
  new Fault('provider_busy', { provider: 'YouTube' }, { cause: new Error(why) });

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
async function beginSession(context: JobContext, current: Try, token: string): Promise<string> {
  const { row } = current;
  const { title, description, tags, categoryId, madeForKids, notifySubscribers } = row;
  const session = await requirePort(context.ports, 'videoHost').startUpload(
    token,
    { title, description, tags, categoryId, madeForKids, notifySubscribers },
    row.totalBytes,
  );
  const sealed = context.crypto.seal(session, sessionPlace(row));
  const stored = await context.database.db
    .update(publications)
    .set({ sessionSealed: sealed, uploadedBytes: 0 })
    .where(
      and(
        isUploading(row.id),
        eq(publications.lastChunkSent, false),
        current.sealed === null
          ? isNull(publications.sessionSealed)
          : eq(publications.sessionSealed, current.sealed),
      ),
    )
    .returning({ id: publications.id });
  if (stored.length === 0) throw new Error('another worker uploads this publication');
  current.sealed = sealed;
  return session;
}

const isUploading = (id: string) =>
  and(eq(publications.id, id), eq(publications.status, 'uploading'));

async function isStillWanted({ database }: JobContext, id: string): Promise<boolean> {
  const open = await database.db
    .select({ id: publications.id })
    .from(publications)
    .where(isUploading(id));
  return open.length > 0;
}

/** Settles for good that the last byte may have been sent; false when it is not wanted any more. */
async function settleLastChunk({ database }: JobContext, id: string): Promise<boolean> {
  const open = await database.db
    .update(publications)
    .set({ lastChunkSent: true })
    .where(isUploading(id))
    .returning({ id: publications.id });
  return open.length > 0;
}

/** Writes down how many bytes the host has acknowledged, once a second. */
function progressWriter(context: JobContext, id: string): (bytes: number) => Promise<void> {
  let writtenAt = 0;
  return async (uploadedBytes) => {
    const at = context.clock.now();
    if (at.getTime() - writtenAt < 1000) return;
    writtenAt = at.getTime();
    await context.database.db.transaction(async (tx) => {
      // Whoever was away answers again.
      const going = { uploadedBytes, waitingFor: null, waitingUntil: null };
      await tx.update(publications).set(going).where(eq(publications.id, id));
      await recordEvent(tx, { at, subjectId: id, kind: 'progress', data: { uploadedBytes } });
    });
  };
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
    await followUpload(tx, context, row);
  });
}

/** Nothing follows to a video that is not there. */
const nothingFollows = {
  thumbnailStatus: 'none',
  playlistStatus: 'none',
  captionsStatus: 'none',
} as const;

type End = Pick<Row, 'status' | 'failure' | 'failureReason'>;

async function end(context: JobContext, id: string, values: End): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    const ended = await tx
      .update(publications)
      .set({
        ...values,
        sessionSealed: null,
        waitingFor: null,
        waitingUntil: null,
        ...(values.status === 'failed' ? nothingFollows : {}),
      })
      .where(isUploading(id))
      .returning();
    const [row] = ended;
    if (!row) return;
    const data = { failure: values.failure };
    const at = context.clock.now();
    await recordEvent(tx, { at, subjectId: id, kind: values.status, data });
    await recordEnd(tx, row, at);
    if (row.status === 'unconfirmed')
      await context.queue.enqueue(
        tx,
        publicationFind,
        { publicationId: id, round: 1 },
        { key: `${id}:1` },
      );
  });
}
