import { z } from 'zod';

import type { Services } from '../../core/context.ts';
import type { Incident, Schedule } from './schedule.ts';
import { createWorker, type Worker } from './worker.ts';
import type { FaultWorld } from './world.ts';

/** The workers of one run, the one after the other or side by side. */
export type Crew = {
  /** Does everything that is due now. */
  work(): Promise<void>;
  /** Answers when every worker is through or waits for the clock. */
  settled(): Promise<void>;
  /** Kills whoever is there. */
  killAll(): void;
  /** An answer keeps the worker that asked for it. */
  keepWaiting(until: Promise<void>): void;
  /** When there is something to do next, in milliseconds since 1970; null: never. */
  nextAt(): Promise<number | null>;
  close(): Promise<void>;
};

const heartbeatMs = 10_000;
/** More than this would only wait as well. */
const crewLimit = 3;
/** More rounds at one moment is work that makes work. */
const roundLimit = 40;

const queueState = z.object({
  due: z.coerce.number().nullable(),
  beat: z.coerce.number().nullable(),
});

type CrewOptions = {
  readonly world: FaultWorld;
  readonly schedule: Schedule;
  /** Called for incidents that are not the worker's own. */
  readonly onCancel: (order: number) => Promise<void>;
  readonly note: (line: string) => void;
  readonly replace: (services: Services) => Services;
};

export function createCrew(options: CrewOptions): Crew {
  const { world, note } = options;
  const { clock } = world;
  const { sql } = world.web.database;
  const workers: Worker[] = [];
  const owned = new Map<Worker, readonly string[]>();
  const pass = createPass(options, (seconds) => {
    awayUntil = clock.now().getTime() + seconds * 1000;
  });
  let awayUntil = 0;

  const readQueue = async () => {
    const [row] = await sql`select
      extract(epoch from min(start_after) filter (where state < 'active')) * 1000 as due,
      extract(epoch from min(heartbeat_on) filter (where state = 'active')) * 1000 as beat
      from pgboss.job`;
    return queueState.parse(row);
  };
  const living = () => workers.filter(({ state }) => state !== 'dead');
  const hire = async (): Promise<Worker | null> => {
    const idle = workers.find(({ state }) => state === 'idle');
    if (idle) return idle;
    if (living().length >= crewLimit || clock.now().getTime() < awayUntil) return null;
    const worker = createWorker(await world.openProcess(), pass, options.replace);
    workers.push(worker);
    return worker;
  };
  /** What a waiting worker has fetched stays alive as long as its process does. */
  const beat = async () => {
    const ids = workers
      .filter(({ state }) => state === 'blocked')
      .flatMap((worker) => owned.get(worker) ?? []);
    if (ids.length === 0) return;
    await sql`update pgboss.job set heartbeat_on = ${clock.now().toISOString()}::timestamptz
      where state = 'active' and id = any(${ids}::uuid[])`;
  };
  const claim = async (worker: Worker) => {
    const others = [...owned].filter(([owner]) => owner !== worker).flatMap(([, ids]) => ids);
    const rows = await sql`select id from pgboss.job
      where state = 'active' and id <> all(${others}::uuid[])`;
    owned.set(
      worker,
      rows.map((row) => z.string().parse(row['id'])),
    );
  };
  const round = async (): Promise<boolean> => {
    await evenOut(sql);
    const { due } = await readQueue();
    if (due === null || due > clock.now().getTime()) return false;
    const worker = await hire();
    if (!worker) return false;
    await worker.drain();
    await world.idle();
    if (worker.state !== 'idle') await claim(worker);
    return true;
  };

  return {
    async work() {
      const { beat: oldest } = await readQueue();
      if (oldest !== null && oldest + heartbeatMs < clock.now().getTime()) {
        await beat();
        await world.supervise();
      }
      for (let rounds = 0; await round(); rounds += 1)
        if (rounds > roundLimit) throw new Error('work that makes work at one moment');
    },
    async settled() {
      for (const worker of workers) await worker.settled();
    },
    killAll() {
      for (const worker of workers) worker.kill();
      note('every worker is killed');
    },
    keepWaiting(until) {
      const asking = workers.find(({ state }) => state === 'running');
      if (asking) void asking.waitUntil(until, 'blocked');
    },
    async nextAt() {
      const { due, beat: oldest } = await readQueue();
      const lost = oldest === null ? null : oldest + heartbeatMs + 1000;
      const moments = [due, lost].filter((moment) => moment !== null);
      return moments.length > 0 ? Math.max(awayUntil, Math.min(...moments)) : null;
    },
    async close() {
      for (const worker of workers.splice(0)) {
        worker.kill();
        await worker.app.close();
      }
    },
  };
}

/** pg-boss adds chance to the time of a retry, which a replay could not repeat. */
export const evenOut = (sql: FaultWorld['web']['database']['sql']) =>
  sql`update pgboss.job set start_after = started_on
      + least(retry_delay_max, greatest(retry_delay, 1) * 2 ^ least(16, retry_count)) * interval '1s'
    where state = 'retry' and start_after <> started_on
      + least(retry_delay_max, greatest(retry_delay, 1) * 2 ^ least(16, retry_count)) * interval '1s'`;

/** Lets happen what the schedule has for each point. */
function createPass(
  { world, schedule, onCancel, note }: CrewOptions,
  stayAway: (seconds: number) => void,
): (worker: Worker, point: string) => Promise<void> {
  const passed = new Map<string, number>();
  const count = (point: string): number => {
    const times = (passed.get(point) ?? 0) + 1;
    passed.set(point, times);
    return times;
  };
  const happen = async (incident: Incident, worker: Worker) => {
    const { what, seconds } = incident;
    if (what === 'error') throw new Error('a planned error of the database or of a port');
    if (what === 'cancel') return onCancel(incident.order);
    if (what === 'pause') {
      const until = new Promise<void>((resolve) => {
        world.clock.schedule(seconds * 1000, resolve);
      });
      return worker.waitUntil(until, 'paused');
    }
    stayAway(seconds);
    return worker.kill();
  };
  return async (worker, point) => {
    const anywhere = count('any');
    const here = count(point);
    for (const incident of schedule.incidents) {
      const isHere = incident.point === 'any' ? incident.nth === anywhere : incident.nth === here;
      if (!isHere || (incident.point !== 'any' && incident.point !== point)) continue;
      note(`${incident.what} at "${point}" (number ${here})`);
      await happen(incident, worker);
    }
  };
}
