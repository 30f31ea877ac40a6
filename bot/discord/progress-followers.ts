import type { OpenProgress } from '../../core/progress/messages.ts';
import { createGate } from './progress-gate.ts';
import { ProgressMessage, type ProgressOptions } from './progress-message.ts';
import { createPace, type Pace } from './progress-pace.ts';
import type { Timers } from '../../core/timers.ts';

/** Discord takes about one edit a second of one message; people need fewer. */
const editGapMs = 2500;
/** Remaining time changes without an event. */
const refreshMs = 10_000;
/** After a restart many messages want attention; people's requests share the database with them. */
const readsAtOnce = 8;

/** The messages that this process keeps up to date, each at its own pace. */
export type Followers = {
  /** Whether it is followed; if so, it is looked at again. */
  ask(subjectId: string): boolean;
  /** State of the subject when it was looked at last; null when it is not followed. */
  statusOf(subjectId: string): string | null;
  /** `isFresh`: nobody can have sent its message before. */
  follow(row: OpenProgress, isFresh: boolean): void;
  /** Lets go of all of them; resolves when nothing runs any more. */
  stop(): Promise<void>;
};

export function createFollowers(options: ProgressOptions & { readonly timers: Timers }): Followers {
  const { services, timers } = options;
  const followed = new Map<string, { readonly pace: Pace; status: string }>();
  const gate = createGate(readsAtOnce);
  const inOrder = createOrder();

  const ask = (subjectId: string): boolean => {
    const known = followed.get(subjectId);
    known?.pace.ask();
    return known !== undefined;
  };

  const letGo = async (subjectId: string): Promise<void> => {
    const known = followed.get(subjectId);
    followed.delete(subjectId);
    await known?.pace.stop();
  };

  const paceOf = (row: OpenProgress, message: ProgressMessage): Pace => {
    const isNew = row.messageId === null;
    let step = isNew ? inOrder(row.channelId, () => message.step()) : () => message.step();
    return createPace({
      timers,
      gapMs: editGapMs,
      async run() {
        const first = step;
        step = () => message.step();
        const { state, status } = await first();
        const entry = followed.get(row.subjectId);
        if (entry) entry.status = status;
        // Not awaited: it would wait for the end of this very run.
        if (state === 'over') void letGo(row.subjectId);
        return state === 'running' ? refreshMs : null;
      },
      onError: (error) =>
        services.log.warn(
          { err: error, subjectId: row.subjectId },
          'a progress message could not be brought up to date; it is tried again',
        ),
    });
  };

  return {
    ask,
    statusOf: (subjectId) => followed.get(subjectId)?.status ?? null,
    follow(row, isFresh) {
      if (ask(row.subjectId)) return;
      const message = new ProgressMessage({ ...options, gate }, row, isFresh);
      const pace = paceOf(row, message);
      followed.set(row.subjectId, { pace, status: row.status });
      pace.ask();
    },
    async stop() {
      await Promise.all([...followed.keys()].map(letGo));
    },
  };
}

/** Messages that are new to a channel appear one after the other, in the order in which they were asked for. */
function createOrder() {
  const last = new Map<string, Promise<unknown>>();
  return <T>(channelId: string, send: () => Promise<T>): (() => Promise<T>) => {
    const before = last.get(channelId);
    const { promise: sent, resolve } = Promise.withResolvers<void>();
    last.set(channelId, sent);
    return async () => {
      try {
        await before;
        return await send();
      } finally {
        resolve();
        if (last.get(channelId) === sent) last.delete(channelId);
      }
    };
  };
}
