import { z } from 'zod';

import type { Context } from '../context.ts';
import type { Locale } from '../messages/catalogue.ts';
import { waitWords } from '../messages/progress.ts';
import { waitingWords } from '../messages/waiting.ts';
import { isServiceName } from '../publication/statuses.ts';
import { followSubject } from './follow.ts';
import type { SubjectState } from './state.ts';

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
  for await (const state of following) {
    const { done, total } = state;
    const message = messageOf(state, locale);
    // The end itself is told by the answer.
    if (message !== undefined) onProgress?.({ done, total, message });
  }
}

/** What is said meanwhile; nothing at an end. */
function messageOf(
  { status, percent, waitingFor }: SubjectState,
  locale: Locale,
): string | undefined {
  if (isServiceName(waitingFor)) return waitingWords[locale](waitingFor);
  return waitWords[locale].get(status)?.(percent);
}
