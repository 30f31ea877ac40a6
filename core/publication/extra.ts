import { and, eq } from 'drizzle-orm';

import { publications } from '../../drizzle/schema/publishing.ts';
import type { JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { isFault, type FaultCode } from '../fault.ts';
import { defineJob, type JobDefinition, type JobKind } from '../job.ts';

type Row = typeof publications.$inferSelect;
type Payload = { readonly publicationId: string };

/** What a publication gets beside its video. */
export type Extra = 'thumbnail' | 'playlist' | 'captions';

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
/** What the person can do something about is told by its own code. */
const toldCodes: readonly string[] = [
  'thumbnail_not_allowed',
  'channel_reconnect',
  'channel_scope_missing',
];

/**
 * Declares how an uploaded video gets something beside itself. Doing it twice must do no harm, and
 * however it ends, the publication goes on.
 */
export function defineExtra(
  extra: Extra,
  kind: JobKind<Payload>,
  give: (context: JobContext, row: Row, hostVideoId: string) => Promise<void>,
): JobDefinition<Payload> {
  return defineJob({
    ...kind,
    attempts: 12,
    backoff: { seconds: 5, maxSeconds: 1800 },
    timeoutSeconds: 300,
    async run({ publicationId }, context) {
      const row = await readWaiting(context, extra, publicationId);
      if (!row || row.hostVideoId === null) return;
      try {
        await give(context, row, row.hostVideoId);
      } catch (error) {
        if (!isFault(error) || !finalCodes.has(error.code)) throw error;
        context.log.warn(
          { err: error, publicationId, extra },
          'something beside a video was refused',
        );
        const failure = toldCodes.includes(error.code) ? error.code : `${extra}_refused`;
        return settle(context, extra, { id: publicationId, failure });
      }
      await settle(context, extra, { id: publicationId, failure: null });
    },
    async exhausted({ publicationId }, context) {
      await settle(context, extra, { id: publicationId, failure: `${extra}_refused` });
    },
  });
}

const statusOf = {
  thumbnail: publications.thumbnailStatus,
  playlist: publications.playlistStatus,
  captions: publications.captionsStatus,
} as const;

const isWaiting = (extra: Extra, id: string) =>
  and(eq(publications.id, id), eq(statusOf[extra], 'waiting'));

async function readWaiting(context: JobContext, extra: Extra, id: string): Promise<Row | null> {
  const [row] = await context.database.db.select().from(publications).where(isWaiting(extra, id));
  return row ?? null;
}

/** Writes down once how it ended. */
async function settle(
  context: JobContext,
  extra: Extra,
  { id, failure }: { readonly id: string; readonly failure: string | null },
): Promise<void> {
  const status = failure === null ? 'set' : 'refused';
  await context.database.db.transaction(async (tx) => {
    const done = await tx
      .update(publications)
      .set({ [`${extra}Status`]: status, [`${extra}Failure`]: failure })
      .where(isWaiting(extra, id))
      .returning({ id: publications.id });
    if (done.length === 0) return;
    const at = context.clock.now();
    const kind = `${extra}_${status}`;
    await recordEvent(tx, { at, subjectId: id, kind, data: { failure } });
  });
}
