import type { Services } from '../context.ts';
import { pause } from '../timers.ts';
import { listenToSubject } from './listen.ts';
import { hasEnded, readSubjectState, type SubjectState } from './state.ts';

/** At least this long between two looks. */
const gapMs = 1000;
/** Not everything that moves a percentage is an event. */
const lookAgainMs = 15_000;

/**
 * Names a state, so that whoever has seen it is not told it again. It is the state itself and not its newest
 * event, since there are events that change nothing that is told here; every process names it alike.
 */
export const markOf = ({ status, done, waitingFor }: SubjectState): string =>
  [status, done, ...(waitingFor === null ? [] : [waitingFor])].join('-');

export type FollowOptions = {
  readonly signal: AbortSignal;
  readonly patienceMs: number;
  /** `markOf` the state that was seen last. */
  readonly seen?: string | undefined;
};

/**
 * How far a video or a publication is: at once, and then each time that has changed, at most once a second
 * and never faster than it is taken. Ends after a final state, when it is gone, at `signal` and with patience.
 */
export async function* followSubject(
  services: Services,
  subjectId: string,
  { signal, patienceMs, seen }: FollowOptions,
): AsyncGenerator<SubjectState, void, undefined> {
  const { timers } = services;
  const late = new AbortController();
  let news = new AbortController();
  let last = seen;
  // What happens between here and the first look is heard already.
  const stop = await listenToSubject(services, subjectId, () => news.abort());
  const cancel = timers.schedule(patienceMs, () => late.abort());
  const over = [signal, late.signal];
  try {
    while (!over.some(({ aborted }) => aborted)) {
      news = new AbortController();
      const state = await readSubjectState(services, subjectId);
      if (state && markOf(state) !== last) {
        last = markOf(state);
        yield state;
      }
      if (!state || hasEnded(state)) return;
      await pause(timers, gapMs, over);
      await pause(timers, lookAgainMs - gapMs, [...over, news.signal]);
    }
  } finally {
    cancel();
    stop();
  }
}
