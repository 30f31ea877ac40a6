import type { Facts } from './facts.ts';

/** What must have become of the quota of one root video; several when the facts leave it open. */
export type Expected = {
  readonly hold: 'captured' | 'released' | 'refunded';
  readonly compensation: 'retry_open' | 'retry_used' | 'revoked' | 'refunded' | null;
};

type Video = Facts['videos'][number];

/**
 * The settlement table once more, from what was seen from outside and not from the product's own function:
 * how each video of the root ended, and what the provider said after the person was told of the time-out.
 */
export function expectedOf(facts: Facts, root: Video): readonly Expected[] {
  const { failed, ready } = momentsOf(facts, root.id);
  const retries = facts.videos.filter(({ id, rootId }) => rootId === root.id && id !== root.id);
  const timedOut = failed !== null && isTimeOut(facts, root.id);
  if (!timedOut) return retries.length > 0 ? [] : expectedOnce(facts, root);
  if (retries.length > 0) return expectedWithRetry(facts, root, retries);
  if (ready !== null) return [{ hold: 'captured', compensation: 'revoked' }];
  const open: Expected = { hold: 'captured', compensation: 'retry_open' };
  const back: Expected = { hold: 'refunded', compensation: 'refunded' };
  // A deleted video is nobody's business any more: what comes then changes nothing, or gives back.
  if (root.deletedAt !== null) return [open, back];
  return wasLetDown(facts, root.id, failed) ? [back] : [open];
}

function expectedOnce(facts: Facts, root: Video): readonly Expected[] {
  const captured: Expected = { hold: 'captured', compensation: null };
  const released: Expected = { hold: 'released', compensation: null };
  if (root.status === 'ready') return [captured];
  if (root.status === 'failed') return [released];
  if (root.status !== 'cancelled') return [];
  return { taken: [captured], maybe: [captured, released], untouched: [released] }[
    takenBefore(facts, root.id)
  ];
}

/** Whether the provider had taken anything when the video was cancelled. */
function takenBefore(facts: Facts, videoId: string): 'taken' | 'maybe' | 'untouched' {
  const { cancelled } = momentsOf(facts, videoId);
  const own = facts.attempts.filter((attempt) => attempt.videoId === videoId);
  const known = new Set(own.map(({ id }) => id));
  const taken = facts.requests.some(
    ({ attemptId, submittedAt }) =>
      known.has(attemptId) && cancelled !== null && submittedAt <= cancelled,
  );
  if (taken) return 'taken';
  // Nobody can know of a call that was out, or whose answer was lost.
  return own.some(({ status }) => status !== 'rejected') ? 'maybe' : 'untouched';
}

function expectedWithRetry(
  facts: Facts,
  root: Video,
  retries: readonly Video[],
): readonly Expected[] {
  const used: Expected = { hold: 'captured', compensation: 'retry_used' };
  const back: Expected = { hold: 'refunded', compensation: 'refunded' };
  const [retry] = retries;
  if (!retry || retries.length > 1) return [];
  if (retry.status === 'ready') {
    // It can have failed late, been paid back, and arrived all the same.
    return isTimeOut(facts, retry.id) && wasLetDown(facts, retry.id, 0) ? [used, back] : [used];
  }
  const rootReady = momentsOf(facts, root.id).ready;
  const { failed, cancelled } = momentsOf(facts, retry.id);
  const ended = failed ?? cancelled;
  if (ended === null) return [];
  if (rootReady !== null && rootReady < ended) return [used];
  if (retry.status === 'cancelled')
    return { taken: [used], maybe: [used, back], untouched: [back] }[takenBefore(facts, retry.id)];
  const isLost = !isTimeOut(facts, retry.id);
  if (isLost) return [back];
  if (retry.deletedAt !== null || rootReady !== null) return [used, back];
  return wasLetDown(facts, retry.id, ended) ? [back] : [used];
}

/** When the video came to each of its ends, in milliseconds since 1970. */
export function momentsOf(facts: Facts, videoId: string) {
  const last = (kind: string): number | null =>
    facts.events
      .findLast((event) => event.subjectId === videoId && event.kind === kind)
      ?.at.getTime() ?? null;
  return { failed: last('failed'), ready: last('ready'), cancelled: last('cancelled') };
}

export const isTimeOut = (facts: Facts, videoId: string): boolean =>
  facts.events.some(
    ({ subjectId, kind, data }) =>
      subjectId === videoId && kind === 'failed' && data['failure'] === 'timed_out',
  );

/** Whether the provider told us of an error of its own after that moment. */
function wasLetDown(facts: Facts, videoId: string, since: number): boolean {
  const own = facts.attempts.filter((attempt) => attempt.videoId === videoId);
  return own.some(({ id, status, endedAt }) => {
    if (status !== 'failed' || endedAt === null || endedAt.getTime() < since) return false;
    const request = facts.requests.find(({ attemptId }) => attemptId === id);
    // A clip that cannot be fetched or played has failed like one that was never made.
    return !request?.isStopped;
  });
}
