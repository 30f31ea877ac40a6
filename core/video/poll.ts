import { eq } from 'drizzle-orm';

import { shotAttempts } from '../../drizzle/schema/videos.ts';
import { requirePort, type JobContext } from '../context.ts';
import { defineJob } from '../job.ts';
import type { SubmittedShot, VideoProvider } from '../ports/video-models.ts';
import { collectOutcome } from './collect.ts';
import { shotCancel, shotPoll } from './queue.ts';
import type { AttemptRow } from './row.ts';
import { withWait } from './wait.ts';

/**
 * When an accepted attempt is looked at first, and how often from then on. fal's callback normally comes
 * first; Runway has none, and asks for five seconds between two looks.
 */
export const pollPace: Readonly<
  Record<
    VideoProvider,
    { readonly firstSeconds: number; readonly everySeconds: number; readonly maxRounds: number }
  >
> = {
  // fal keeps calling back for two hours; after that nothing comes any more.
  fal: { firstSeconds: 60, everySeconds: 30, maxRounds: 240 },
  runway: { firstSeconds: 15, everySeconds: 10, maxRounds: 720 },
};

/** The addresses of an accepted attempt, or null for one whose acceptance was never stored. */
function handleOf(attempt: AttemptRow): SubmittedShot | null {
  const { provider, requestId, statusUrl, responseUrl, cancelUrl } = attempt;
  return requestId && statusUrl && responseUrl && cancelUrl
    ? { provider, requestId, statusUrl, responseUrl, cancelUrl }
    : null;
}

/** Reads one accepted attempt from the provider and lets its outcome take effect; false while it runs. */
export async function askProvider(context: JobContext, attemptId: string): Promise<boolean> {
  const [attempt] = await context.database.db
    .select()
    .from(shotAttempts)
    .where(eq(shotAttempts.id, attemptId));
  const handle = attempt && handleOf(attempt);
  if (!handle || attempt.status !== 'accepted') return true;
  const videoModels = requirePort(context.ports, 'videoModels');
  return withWait(context, { attemptId }, async () => {
    const outcome = await videoModels.fetchOutcome(handle, context.signal);
    if (outcome === null) return false;
    await collectOutcome(context, attemptId, outcome);
    return true;
  });
}

/** The second path to an outcome, for callbacks that are lost. */
export const pollShot = defineJob({
  ...shotPoll,
  attempts: 10,
  backoff: { seconds: 5, maxSeconds: 120 },
  timeoutSeconds: 600,
  concurrency: 2,
  async run({ attemptId, round }, context) {
    if (!(await askProvider(context, attemptId))) await pollAgain(context, attemptId, round);
  },
  // A provider that was out of reach for so long may still deliver.
  exhausted: ({ attemptId, round }, context) => pollAgain(context, attemptId, round),
});

async function pollAgain(context: JobContext, attemptId: string, round: number): Promise<void> {
  const [attempt] = await context.database.db
    .select({ provider: shotAttempts.provider })
    .from(shotAttempts)
    .where(eq(shotAttempts.id, attemptId));
  if (!attempt) return;
  const { everySeconds, maxRounds } = pollPace[attempt.provider];
  if (round >= maxRounds) return;
  const next = { attemptId, round: round + 1 };
  const key = `${attemptId}:${round + 1}`;
  await context.database.db.transaction((tx) =>
    context.queue.enqueue(tx, shotPoll, next, { key, delaySeconds: everySeconds }),
  );
}

/** Stops an attempt upstream. What comes too late is collected like any other outcome. */
export const cancelShot = defineJob({
  ...shotCancel,
  attempts: 5,
  backoff: { seconds: 5, maxSeconds: 120 },
  timeoutSeconds: 60,
  async run({ attemptId }, context) {
    const [attempt] = await context.database.db
      .select()
      .from(shotAttempts)
      .where(eq(shotAttempts.id, attemptId));
    const handle = attempt && handleOf(attempt);
    if (!handle || attempt.status !== 'accepted') return;
    await requirePort(context.ports, 'videoModels').cancel(handle, context.signal);
  },
});
