import { z } from 'zod';

import type { App } from '../../../core/app.ts';
import type { Services } from '../../../core/context.ts';
import { evenOut } from '../crew.ts';
import { createWorker, type Worker } from '../worker.ts';
import type { Kill } from './schedule.ts';
import type { PublishingWorld } from './world.ts';

/** One worker after the other; each dies when the schedule says so. */
export type Crew = {
  /** Does everything that is due now. */
  work(): Promise<void>;
  /** When there is something to do next, in milliseconds since 1970; null: never. */
  nextAt(): Promise<number | null>;
  close(): Promise<void>;
};

const heartbeatMs = 10_000;
/** More rounds at one moment is work that makes work. */
const roundLimit = 60;

const queueState = z.object({
  due: z.coerce.number().nullable(),
  beat: z.coerce.number().nullable(),
});

/** What holds locks for a dead process is gone with it, as the sockets of a real one are. */
export async function bury(app: App): Promise<void> {
  await app.database.sql.end({ timeout: 0 });
}

export function createCrew(
  world: PublishingWorld,
  kills: readonly Kill[],
  replace: (services: Services) => Services,
  onKill: (point: string) => void,
): Crew {
  const { clock } = world;
  const { sql } = world.web.database;
  const left = [...kills];
  const workers: Worker[] = [];
  let current: Worker | null = null;
  let passed = 0;
  let awayUntil = 0;

  const pass = async (worker: Worker, point: string) => {
    passed += 1;
    const [next] = left;
    if (!next || passed < next.nth) return;
    left.shift();
    passed = 0;
    awayUntil = clock.now().getTime() + next.awaySeconds * 1000;
    onKill(point);
    worker.kill();
  };
  const readQueue = async () => {
    const [row] = await sql`select
      extract(epoch from min(start_after) filter (where state < 'active')) * 1000 as due,
      extract(epoch from min(heartbeat_on) filter (where state = 'active')) * 1000 as beat
      from pgboss.job where name not like '%.dead' or state < 'completed'`;
    return queueState.parse(row);
  };
  const hire = async (): Promise<Worker | null> => {
    if (current?.state === 'idle') return current;
    if (clock.now().getTime() < awayUntil) return null;
    current = createWorker(await world.openProcess(), pass, replace);
    workers.push(current);
    return current;
  };
  return {
    async work() {
      for (let rounds = 0; ; rounds += 1) {
        if (rounds > roundLimit) throw new Error('work that makes work at one moment');
        await evenOut(sql);
        const { due } = await readQueue();
        if (due === null || due > clock.now().getTime()) return;
        const worker = await hire();
        if (!worker) return;
        await worker.drain();
        if (worker.state === 'dead') await bury(worker.app);
      }
    },
    async nextAt() {
      const { due, beat } = await readQueue();
      const lost = beat === null ? null : beat + heartbeatMs + 1000;
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
