import type { Database } from '../../drizzle/client.ts';
import type { Services } from '../context.ts';

/** One connection that holds the locks of this process. */
type Session = {
  lock(key: string): Promise<boolean>;
  unlock(key: string): Promise<void>;
  /** Gives the connection back. */
  end(): void;
  /** The connection went, and every lock with it: nothing may be asked of it any more. */
  isLost: boolean;
};

type Holder = { readonly held: Set<string>; session: Promise<Session> | null };

const holders = new WeakMap<Database, Holder>();

function holderOf(database: Database): Holder {
  const known = holders.get(database);
  if (known) return known;
  const holder: Holder = { held: new Set(), session: null };
  holders.set(database, holder);
  return holder;
}

/**
 * Runs `work` while no other process or call works on this conversation; null, without running it,
 * when another does. A process that dies lets go at once.
 */
export async function withConversation<T>(
  services: Services,
  conversationId: string,
  work: () => Promise<T>,
): Promise<T | null> {
  const { database } = services;
  const holder = holderOf(database);
  // One session may take its own lock twice, so within the process the set decides.
  if (holder.held.has(conversationId)) return null;
  holder.held.add(conversationId);
  try {
    const key = `conversation:${conversationId}`;
    const session = await takeLock(services, holder, key);
    if (!session) return null;
    try {
      return await work();
    } finally {
      if (!session.isLost) await session.unlock(key).catch(() => undefined);
    }
  } finally {
    holder.held.delete(conversationId);
    await putAway(holder);
  }
}

/** The session that now holds the lock; null when another process does. */
async function takeLock(services: Services, holder: Holder, key: string): Promise<Session | null> {
  for (let attempt = 1; ; attempt += 1) {
    // An answer takes minutes: all of them share one connection, so that the pool stays free.
    const opening = (holder.session ??= openSession(services, holder));
    const session = await opening;
    try {
      return (await session.lock(key)) ? session : null;
    } catch (error) {
      if (attempt > 1) throw error;
      // The connection is just going, and perhaps nobody has noticed yet: another one is taken.
      if (holder.session === opening) holder.session = null;
    }
  }
}

/** An open transaction is the one form in which the driver tells that its connection went. */
function openSession({ database, log }: Services, holder: Holder): Promise<Session> {
  const opening = new Promise<Session>((resolve, reject) => {
    let session: Session | null = null;
    // A question to a connection that is just going may never be answered.
    const loss = Promise.withResolvers<never>();
    loss.promise.catch(() => undefined);
    const lose = (error: unknown): void => {
      if (session) session.isLost = true;
      if (holder.session === opening) holder.session = null;
      log.warn({ err: error }, 'the connection that held the locks went');
      loss.reject(error);
      reject(error);
    };
    database.sql
      .begin(
        (tx) =>
          new Promise<void>((end) => {
            session = {
              isLost: false,
              end,
              async lock(key) {
                const asked = tx<{ got: boolean }[]>`
                  select pg_try_advisory_lock(hashtextextended(${key}, 0)) as got`;
                const [row] = await Promise.race([asked, loss.promise]);
                return row?.got ?? false;
              },
              async unlock(key) {
                const asked = tx`select pg_advisory_unlock(hashtextextended(${key}, 0))`;
                await Promise.race([asked, loss.promise]);
              },
            };
            resolve(session);
          }),
      )
      .catch(lose);
  });
  return opening;
}

/** Gives the connection back once nothing is held. */
async function putAway(holder: Holder): Promise<void> {
  if (holder.held.size > 0 || holder.session === null) return;
  const session = holder.session;
  holder.session = null;
  await session.then(
    (open) => open.end(),
    () => undefined,
  );
}
