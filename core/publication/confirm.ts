import { eq } from 'drizzle-orm';

import { publications } from '../../drizzle/schema/publishing.ts';
import { accessToken } from '../channel/access.ts';
import { requirePort, type JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { defineJob } from '../job.ts';
import type { HostVideo } from '../ports/video-host.ts';
import { publicationConfirm } from './queue.ts';

type Row = typeof publications.$inferSelect;

/** YouTube processes for some minutes; it is asked less and less often, for about a day. */
const roundSeconds = (round: number): number => Math.min(600, 2 * 2 ** Math.min(round, 9));
const maxRounds = 150;

/** Reads back what YouTube made of an upload: the answer to an insert says nothing about that. */
export const confirmPublication = defineJob({
  ...publicationConfirm,
  attempts: 10,
  backoff: { seconds: 5, maxSeconds: 300 },
  timeoutSeconds: 60,
  async run({ publicationId, round }, context) {
    const { db } = context.database;
    const [row] = await db.select().from(publications).where(eq(publications.id, publicationId));
    if (row?.status !== 'processing' || row.hostVideoId === null) return;
    const token = await accessToken(context, row.channelId);
    const found = await requirePort(context.ports, 'videoHost').fetchVideo(token, row.hostVideoId);
    const changes = found ? changesOf(row, found, context) : null;
    await db.transaction(async (tx) => {
      if (changes) {
        await tx.update(publications).set(changes).where(eq(publications.id, row.id));
        const data = { privacy: changes.hostPrivacy };
        await recordEvent(tx, {
          at: context.clock.now(),
          subjectId: row.id,
          kind: changes.status,
          data,
        });
      } else if (round < maxRounds) {
        const payload = { publicationId, round: round + 1 };
        const key = `${row.id}:${round + 1}`;
        await context.queue.enqueue(tx, publicationConfirm, payload, {
          key,
          delaySeconds: roundSeconds(round),
        });
      } else {
        await tx
          .update(publications)
          .set({ status: 'unconfirmed' })
          .where(eq(publications.id, row.id));
      }
    });
  },
});

/** What a read-back changes; null while the host still works on it. */
function changesOf(row: Row, found: HostVideo, context: JobContext) {
  if (found.uploadStatus === 'uploaded') return null;
  if (found.uploadStatus !== 'processed') {
    const failureReason = found.reason ?? found.uploadStatus;
    return {
      status: 'failed' as const,
      failure: 'publication_refused',
      failureReason,
      hostPrivacy: found.privacy,
    };
  }
  const scheduled = row.publishAt !== null && row.publishAt > context.clock.now();
  const status = scheduled ? ('scheduled' as const) : ('live' as const);
  return { status, hostPrivacy: found.privacy, liveAt: context.clock.now() };
}
