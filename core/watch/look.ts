import { isFault } from '../fault.ts';
import { defineJob } from '../job.ts';
import { followHarvest } from '../trend/harvest-work.ts';
import { reportSearch } from '../trend/report-search.ts';
import type { SearchAnswer } from '../trend/search-answer.ts';
import { beginLook, findLook, type Look } from './begin.ts';
import { watchLook } from './queue.ts';
import { settleFailure, settleFinds } from './settle.ts';

/**
 * Looks once for one watch and leaves word of what is new. A death before the search is written loses this
 * look; after that it is gone on with, and nothing is paid for twice.
 */
export const lookForWatch = defineJob({
  ...watchLook,
  attempts: 4,
  backoff: { seconds: 60, maxSeconds: 600 },
  // Longer than a run may last.
  timeoutSeconds: 1200,
  concurrency: 2,
  async run({ watchId, at }, job) {
    const look = await beginLook(job, watchId, new Date(at));
    if (!look) return;
    const answer = await searchFor(look);
    if (answer) await settleFinds(look, answer);
  },
  async exhausted({ watchId, at }, job) {
    const look = await findLook(job, watchId, new Date(at));
    if (look) await settleFailure(look, 'provider_failed');
  },
});

/**
 * What the platforms have brought; null when none could be searched, which is settled here.
 * @throws whatever kept a run from being followed to its end: the run goes on, and is looked at again.
 */
async function searchFor(look: Look): Promise<SearchAnswer | null> {
  const { context, searchId, harvestIds } = look;
  const { signal } = context;
  const runs = await Promise.allSettled(
    harvestIds.map((id) => followHarvest(context, id, { signal })),
  );
  signal.throwIfAborted();
  try {
    const answer = await reportSearch(context, searchId, new Map());
    if (answer.status === 'ready') return answer;
  } catch (error) {
    if (!isFault(error)) throw error;
    await settleFailure(look, error.code);
    return null;
  }
  const broken = runs.find((run) => run.status === 'rejected');
  throw broken ? broken.reason : new Error(`${searchId} is not over`);
}
