import postgres from 'postgres';

/** Two connections of one sequence: the one that works, and the one that gets in its way. */
export type Crew = {
  readonly worker: postgres.Sql;
  readonly rival: postgres.Sql;
  /** Ends the worker's connection from outside, whatever it is doing. */
  killWorker(): Promise<void>;
  /** Resolves when the worker's statement waits for a lock, or is over. */
  untilWorkerWaits(isOver: () => boolean): Promise<void>;
  /** Gives the worker a new connection, as a program that starts again has. */
  revive(): Promise<void>;
  close(): Promise<void>;
};

const open = (url: string, name: string): postgres.Sql =>
  postgres(url, {
    max: 1,
    // Nobody hears the driver's own question for types when the connection ends before its answer.
    fetch_types: false,
    onnotice: () => undefined,
    connection: { application_name: name },
  });

export function openCrew(url: string, number: number): Crew {
  const name = `ledger worker ${number}`;
  let worker = open(url, name);
  const rival = open(url, `ledger rival ${number}`);
  return {
    get worker() {
      return worker;
    },
    rival,
    async killWorker() {
      await rival`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = ${name} and datname = current_database()`;
    },
    async untilWorkerWaits(isOver) {
      for (let tries = 0; tries < 100_000; tries += 1) {
        await rival`select pg_stat_clear_snapshot()`;
        const waiting = await rival`select 1 from pg_stat_activity
          where application_name = ${name} and datname = current_database()
            and wait_event_type = 'Lock'`;
        if (waiting.length > 0 || isOver()) return;
      }
      throw new Error('the worker did not come to wait for the lock');
    },
    async revive() {
      // The driver may forget a statement that it is given while it learns that it was cut off.
      await worker.end({ timeout: 0 });
      worker = open(url, name);
    },
    async close() {
      await Promise.all([worker.end({ timeout: 5 }), rival.end({ timeout: 5 })]);
    },
  };
}

/** Whether the connection was lost: ended by the server, or gone when it was written to. */
export function isLost(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string' && lostCodes.has(at.code)) return true;
  return false;
}

const lostCodes = new Set([
  '57P01',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'ECONNRESET',
  'EPIPE',
]);
