import { and, eq, inArray, isNotNull, isNull, lt, notInArray, or } from 'drizzle-orm';

import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { secondsAfter } from '../clock.ts';
import { defineJob } from '../job.ts';
import { publicationConfirm, publicationSweep } from './queue.ts';
import { resumePublications } from './wait.ts';

/** A schedule that is so late has lost its job. */
const lateSeconds = 15 * 60;

/**
 * Starts again what should have gone on by itself: schedules whose time has passed, what was taken back
 * and never told, and what waits for a channel that is connected again.
 */
export const sweepPublications = defineJob({
  ...publicationSweep,
  attempts: 3,
  backoff: { seconds: 30, maxSeconds: 120 },
  timeoutSeconds: 300,
  cron: '*/10 * * * *',
  async run(_, context) {
    const { db } = context.database;
    const now = context.clock.now();
    const isLate = and(
      eq(publications.status, 'scheduled'),
      lt(publications.publishAt, secondsAfter(now, -lateSeconds)),
    );
    const isUntold = and(eq(publications.status, 'live'), isNull(publications.toldAt));
    const late = await db
      .select({ id: publications.id })
      .from(publications)
      .where(
        and(
          or(isLate, isUntold),
          or(
            isNull(publications.waitingFor),
            notInArray(publications.waitingFor, ['channel', 'allowance']),
          ),
          isNotNull(publications.hostVideoId),
        ),
      );
    for (const { id } of late) {
      const payload = { publicationId: id, round: 0, told: 0 };
      await db.transaction((tx) =>
        context.queue.enqueue(tx, publicationConfirm, payload, { key: `${id}:sweep` }),
      );
    }
    const back = await db
      .selectDistinct({ id: channels.id })
      .from(channels)
      .innerJoin(publications, eq(publications.channelId, channels.id))
      .where(and(eq(channels.status, 'connected'), inArray(publications.waitingFor, ['channel'])));
    for (const { id } of back) await db.transaction((tx) => resumePublications(tx, context, id));
  },
});
