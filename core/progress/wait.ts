import { z } from 'zod';

import type { Context } from '../context.ts';
import { waitWords } from '../messages/progress.ts';
import { followSubject } from './follow.ts';

/** As long as a call of a model may last. */
const longestWaitSeconds = 40;

/** The input of operations that can wait for an end. */
export const waitSeconds = z
  .int()
  .min(0)
  .max(longestWaitSeconds)
  .default(0)
  .describe('Wait up to so long for it to end');

/**
 * Waits until a video or a publication has ended, the time is over or `context.signal` aborts, and tells
 * how far it is meanwhile.
 */
export async function waitForEnd(
  context: Context,
  subjectId: string,
  seconds: number,
): Promise<void> {
  const { signal, locale, onProgress } = context;
  const following = followSubject(context, subjectId, { signal, patienceMs: seconds * 1000 });
  for await (const { status, percent, done, total } of following) {
    const message = waitWords[locale].get(status)?.(percent);
    // The end itself is told by the answer.
    if (message !== undefined) onProgress?.({ done, total, message });
  }
}
