import type { Database } from '../../drizzle/client.ts';
import type { Services } from '../context.ts';
import { eventChannel } from '../events.ts';

type Listener = {
  /** What is to be woken, by subject. */
  readonly wakes: Map<string, Set<() => void>>;
  /** Resolves once everything is heard; null while nobody has asked yet. */
  listening: Promise<unknown> | null;
};

/** One LISTEN serves every follower of a process: the driver forgets to end its own after a broken connection. */
const listeners = new WeakMap<Database, Listener>();

function listenerOf(database: Database): Listener {
  const known = listeners.get(database);
  if (known) return known;
  const made: Listener = { wakes: new Map(), listening: null };
  listeners.set(database, made);
  return made;
}

const wakeAll = (wakes: Iterable<() => void>): void => {
  for (const wake of wakes) wake();
};

async function listen({ sql }: Database, listener: Listener): Promise<void> {
  const { wakes } = listener;
  listener.listening ??= sql.listen(
    eventChannel,
    (subjectId) => wakeAll(wakes.get(subjectId) ?? []),
    // After a broken connection nobody knows what was missed.
    () => wakeAll([...wakes.values()].flatMap((own) => [...own])),
  );
  try {
    await listener.listening;
  } catch (error) {
    listener.listening = null;
    throw error;
  }
}

/**
 * Calls `wake` whenever something has happened to the subject; from when this resolves, nothing is missed.
 * @returns what ends it.
 * @throws Error when the database cannot be reached.
 */
export async function listenToSubject(
  { database }: Pick<Services, 'database'>,
  subjectId: string,
  wake: () => void,
): Promise<() => void> {
  const listener = listenerOf(database);
  const { wakes } = listener;
  await listen(database, listener);
  const own = wakes.get(subjectId) ?? new Set();
  wakes.set(subjectId, own.add(wake));
  return () => {
    own.delete(wake);
    if (own.size === 0 && wakes.get(subjectId) === own) wakes.delete(subjectId);
  };
}

/**
 * How many are woken in this process by events of this database.
 * @internal
 */
export const countFollowers = (database: Database): number =>
  [...listenerOf(database).wakes.values()].reduce((sum, { size }) => sum + size, 0);
