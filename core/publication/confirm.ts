import { and, eq } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { withAccess } from '../channel/access.ts';
import { requirePort, type JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { isFault } from '../fault.ts';
import { defineJob } from '../job.ts';
import type { HostVideo } from '../ports/video-host.ts';
import { findForecast, recordForecast } from '../trend/forecast.ts';
import { recordEnd } from './notice.ts';
import { publicationConfirm } from './queue.ts';

type Row = typeof publications.$inferSelect;
type Changes = Partial<Row> & Pick<Row, 'status'>;

/** YouTube processes for some minutes; it is asked less and less often, for about a day. */
const roundSeconds = (round: number): number => Math.min(600, 2 * 2 ** Math.min(round, 9));
const maxRounds = 150;

/**
 * Reads back what YouTube made of an upload: the answer to an insert says nothing about that. One
 * that is to go public by itself is looked at again when its time has come.
 */
export const confirmPublication = defineJob({
  ...publicationConfirm,
  attempts: 10,
  backoff: { seconds: 5, maxSeconds: 300 },
  timeoutSeconds: 60,
  async run({ publicationId, round }, context) {
    const row = await readWaiting(context, publicationId);
    if (!row) return;
    const changes = await readBack(context, row);
    const isNew = changes !== null && changes.status !== row.status;
    const forecast = isNew && isPublic(changes) ? await findForecast(context, row) : null;
    const isOver = round >= maxRounds && row.status === 'processing' && !changes;
    await context.database.db.transaction(async (tx) => {
      const isChanged = isNew && (await change(tx, context, row, changes));
      if (isChanged && forecast)
        await recordForecast(tx, context, {
          ...forecast,
          accountId: row.accountId,
          publicationId: row.id,
        });
      if (isOver) await change(tx, context, row, { status: 'unconfirmed' });
      const status = changes?.status ?? row.status;
      if (!isOver && (status === 'processing' || status === 'scheduled'))
        await askAgain(tx, context, row, round);
    });
  },
  // YouTube that was out of reach for so long has the video all the same.
  async exhausted({ publicationId, round }, context) {
    const row = await readWaiting(context, publicationId);
    if (row) await context.database.db.transaction((tx) => askAgain(tx, context, row, round));
  },
});

async function readWaiting(context: JobContext, id: string): Promise<Row | null> {
  const [row] = await context.database.db
    .select()
    .from(publications)
    .where(eq(publications.id, id));
  return row?.status === 'processing' || row?.status === 'scheduled' ? row : null;
}

/** What a read-back changes; null while the host still works on it. */
async function readBack(context: JobContext, row: Row): Promise<Changes | null> {
  const { hostVideoId } = row;
  if (hostVideoId === null) return null;
  const host = requirePort(context.ports, 'videoHost');
  try {
    const found = await withAccess(context, row.channelId, (token) =>
      host.fetchVideo(token, hostVideoId),
    );
    return found && changesOf(found, context.clock.now());
  } catch (error) {
    if (!isFault(error, 'channel_reconnect')) throw error;
    // It is uploaded, and nobody can say what became of it until the channel is connected again.
    return { status: 'unconfirmed', failure: error.code };
  }
}

function changesOf(found: HostVideo, now: Date): Changes | null {
  const { uploadStatus, privacy: hostPrivacy, publishAt, reason } = found;
  if (uploadStatus === 'uploaded') return null;
  if (uploadStatus !== 'processed') {
    // Reasons are single words such as `invalidFile`; anything longer is not ours to repeat.
    const failureReason = reason && /^[A-Za-z]{1,40}$/.test(reason) ? reason : uploadStatus;
    return { status: 'failed', failure: 'publication_refused', failureReason, hostPrivacy };
  }
  // A locked project drops the schedule: then it is as live as it will get.
  if (publishAt !== null && hostPrivacy === 'private') return { status: 'scheduled', hostPrivacy };
  return { status: 'live', hostPrivacy, liveAt: now };
}

/** Nobody comes across a video that is unlisted or private: its views would tell nothing of its idea. */
const isPublic = ({ status, hostPrivacy }: Changes): boolean =>
  status === 'live' && hostPrivacy === 'public';

/** Whether it was changed here, and not by another worker before. */
async function change(tx: Tx, context: JobContext, row: Row, changes: Changes): Promise<boolean> {
  const done = await tx
    .update(publications)
    .set(changes)
    .where(and(eq(publications.id, row.id), eq(publications.status, row.status)))
    .returning({ id: publications.id });
  if (done.length === 0) return false;
  const data = { privacy: changes.hostPrivacy ?? null };
  const at = context.clock.now();
  await recordEvent(tx, { at, subjectId: row.id, kind: changes.status, data });
  await recordEnd(tx, { ...row, status: changes.status }, at);
  return true;
}

async function askAgain(tx: Tx, context: JobContext, row: Row, round: number): Promise<void> {
  const payload = { publicationId: row.id, round: round + 1 };
  const now = context.clock.now().getTime();
  const untilPublic = row.publishAt ? Math.ceil((row.publishAt.getTime() - now) / 1000) : 0;
  const isProcessed = row.status === 'scheduled';
  const delaySeconds = Math.max(roundSeconds(round), isProcessed ? untilPublic : 0);
  const key = `${row.id}:${round + 1}`;
  await context.queue.enqueue(tx, publicationConfirm, payload, { key, delaySeconds });
}
