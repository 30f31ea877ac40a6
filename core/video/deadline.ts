import { and, eq } from 'drizzle-orm';

import { shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import type { JobContext } from '../context.ts';
import { defineJob } from '../job.ts';
import { failVideo } from './fail.ts';
import { askProvider } from './poll.ts';
import { videoDeadline } from './queue.ts';
import { wasTaken } from './row.ts';

/** How long a video may take before its person is told that it failed. */
export const deadlineSeconds = 15 * 60;

/**
 * Asks the provider once more for every shot that is out, and fails the video when one is still
 * missing: the hold is captured and one free retry opened, or released when the provider took nothing
 * at all. A late delivery is still taken.
 */
export const endWait = defineJob({
  ...videoDeadline,
  attempts: 10,
  backoff: { seconds: 5, maxSeconds: 60 },
  timeoutSeconds: 300,
  async run({ videoId }, context) {
    await askOnceMore(context, videoId);
    await context.database.db.transaction(async (tx) => {
      const [video] = await tx.select().from(videos).where(eq(videos.id, videoId)).for('update');
      if (video?.status !== 'queued' && video?.status !== 'generating') return;
      const waited = { failure: 'timed_out', event: 'timeout' } as const;
      // A provider that has only ever said "not now" owes nothing, and neither does the person.
      const turnedAway = { failure: 'provider_failed', event: 'provider_error' } as const;
      await failVideo(tx, context, video, (await wasTaken(tx, videoId)) ? waited : turnedAway);
    });
  },
});

async function askOnceMore(context: JobContext, videoId: string): Promise<void> {
  const out = await context.database.db
    .select({ id: shotAttempts.id })
    .from(shotAttempts)
    .innerJoin(shots, eq(shots.id, shotAttempts.shotId))
    .where(and(eq(shots.videoId, videoId), eq(shotAttempts.status, 'accepted')));
  for (const { id } of out) {
    try {
      await askProvider(context, id);
    } catch (error) {
      // The provider's silence is what this deadline is for.
      context.log.warn({ err: error, attemptId: id }, 'no answer at the deadline');
    }
  }
}
