import { and, eq, gte, ne } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { shotAttempts } from '../../drizzle/schema/videos.ts';
import type { JobContext } from '../context.ts';
import { defineJob } from '../job.ts';
import { failVideo } from './fail.ts';
import { askProvider } from './poll.ts';
import { shotDeadline } from './queue.ts';
import { lockByAttempt, wasTaken, type AttemptRow } from './row.ts';

/** How long the provider may take for one shot before its person is told that the video failed. */
export const deadlineSeconds = 15 * 60;

/**
 * Asks the provider once more for a shot that is out, and fails the video when nothing comes: the hold
 * is captured and one free retry opened, or released when the provider took nothing at all. A late
 * delivery is still taken.
 */
export const endWait = defineJob({
  ...shotDeadline,
  attempts: 10,
  backoff: { seconds: 5, maxSeconds: 60 },
  timeoutSeconds: 300,
  concurrency: 2,
  async run({ attemptId }, context) {
    await askOnceMore(context, attemptId);
    await context.database.db.transaction(async (tx) => {
      const found = await lockByAttempt(tx, attemptId);
      if (!found) return;
      const { attempt, shot, video } = found;
      if (video.status !== 'queued' && video.status !== 'generating') return;
      if (shot.status !== 'due' && shot.status !== 'submitted') return;
      if (!(await isAwaited(tx, attempt))) return;
      const waited = { failure: 'timed_out', event: 'timeout' } as const;
      // A provider that could not be reached or has only ever said "not now" owes nothing, and neither does the person.
      const turnedAway = { failure: 'provider_away', event: 'provider_error' } as const;
      await failVideo(tx, context, video, (await wasTaken(tx, video.id)) ? waited : turnedAway);
    });
  },
});

/**
 * Whether the shot still waits for what this attempt began: it is out, or it was turned away and so was
 * every one since. A later attempt that was taken has a deadline of its own.
 */
async function isAwaited(tx: Tx, attempt: AttemptRow): Promise<boolean> {
  if (attempt.status === 'delivered' || attempt.status === 'failed') return false;
  if (attempt.status !== 'rejected') return true;
  const [taken] = await tx
    .select({ id: shotAttempts.id })
    .from(shotAttempts)
    .where(
      and(
        eq(shotAttempts.shotId, attempt.shotId),
        gte(shotAttempts.number, attempt.number),
        ne(shotAttempts.status, 'rejected'),
      ),
    )
    .limit(1);
  return taken === undefined;
}

async function askOnceMore(context: JobContext, attemptId: string): Promise<void> {
  try {
    await askProvider(context, attemptId);
  } catch (error) {
    // The provider's silence is what this deadline is for.
    context.log.warn({ err: error, attemptId }, 'no answer at the deadline');
  }
}
