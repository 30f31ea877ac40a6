import type { Services } from '../context.ts';

/** One process's turn at work that several could do. */
export type Lead = {
  /** Whether the turn is still ours: it goes with its connection. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
};

/**
 * Takes the turn at this work, or answers null while another process has it. A process that dies
 * gives it up at once. One connection of the pool is held meanwhile.
 */
export async function takeLead(services: Services, work: string): Promise<Lead | null> {
  const { sql } = services.database;
  const session = await sql.reserve();
  const [row] = await session<{ isTaken: boolean; pid: number }[]>`
    select pg_try_advisory_lock(hashtextextended(${work}, 0)) as "isTaken",
      pg_backend_pid() as pid`;
  if (!row?.isTaken) {
    session.release();
    return null;
  }
  const { pid } = row;
  // Asked from outside: a connection that broke is gone with its lock, and must not be released.
  const isHeld = async () => {
    const held = await sql`
      select 1 from pg_locks
      where locktype = 'advisory' and granted and pid = ${pid}
        and classid::bigint = (hashtextextended(${work}, 0) >> 32) & 4294967295
        and objid::bigint = hashtextextended(${work}, 0) & 4294967295`;
    return held.length > 0;
  };
  return {
    isHeld,
    async release() {
      if (!(await isHeld())) return;
      await session`select pg_advisory_unlock(hashtextextended(${work}, 0))`;
      session.release();
    },
  };
}
