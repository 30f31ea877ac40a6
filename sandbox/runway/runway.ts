import { randomBytes } from 'node:crypto';

import { createClipRenderer } from '../clips/clips.ts';
import { drawOnce } from '../clips/drawn-once.ts';
import type { SandboxClock } from '../clock.ts';
import { serveRoutes, type Emulator } from '../http.ts';
import { createPlans, type RequestPlan } from '../plan.ts';
import type { OnWait } from '../spoil.ts';
import { createMisbehaviours, type Misbehaviour } from './misbehaviour.ts';
import { routes, type House, type Planner, type RunwaySubmit } from './routes.ts';
import { openState } from './state.ts';
import { createTasks, type TaskRecord } from './tasks.ts';

export type RunwayOptions = {
  /** 0 or absent: a free port. */
  readonly port?: number;
  readonly clock: SandboxClock;
  /** What must follow `Bearer ` in the Authorization header. */
  readonly secret: string;
  /** How long a task takes on the clock, at least; drawing the clip may take longer. */
  readonly generationMs: number;
  /** Tasks of one model that run at once; the others are THROTTLED. The second tier has three. */
  readonly concurrency?: number;
  /** Tasks of one model in 24 hours; more are answered 429. */
  readonly dailyLimit?: number;
  /** Credits of the account. */
  readonly credits?: number;
  /** JSON file that survives restarts; clips lie beside it in `<stateFile>-media`. */
  readonly stateFile?: string;
  /** Makes task ids and clips repeatable. */
  readonly seed?: number;
  /** Shrinks the clips' pictures, for tests that do not look at them: 0.1 is a tenth of each side. */
  readonly scale?: number;
  /** Every clip of one shape and length is the same one, drawn once. */
  readonly sameClips?: boolean;
  /** Decides upon each request when it arrives; what it leaves out goes well. */
  readonly plan?: Planner;
  readonly onWait?: OnWait;
};

export type RunwayEmulator = Emulator & {
  /** What was accepted, in order, since this process started. */
  readonly submits: readonly RunwaySubmit[];
  /** When each task was looked at: ids and milliseconds on the emulator's clock. */
  readonly polls: readonly { readonly taskId: string; readonly at: number }[];
  misbehave(misbehaviour: Misbehaviour): void;
  /** What became of each accepted request, deleted ones included. */
  records(): readonly TaskRecord[];
  /** Forgets every request and what is planned and armed. */
  clear(): void;
  /** Resolves when nothing is being drawn; what waits for the clock does not count. */
  idle(): Promise<void>;
};

/**
 * Starts a stand-in for Runway's API on loopback, outputs under `/media`. Wire formats are those of
 * @runwayml/sdk 4.20.1 and docs.dev.runwayml.com; texts of errors are Runway's where they are known.
 */
export async function startRunway(options: RunwayOptions): Promise<RunwayEmulator> {
  const { clock, concurrency = 3, generationMs } = options;
  const running = new Set<Promise<void>>();
  const track = (work: Promise<void>) => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  const state = openState(options.credits ?? 100_000, options.stateFile);
  const misbehaviours = createMisbehaviours(clock, options.onWait);
  const plans = createPlans<RequestPlan>();
  const drawn = createClipRenderer(options.scale);
  const renderer = options.sameClips ? drawOnce(drawn) : drawn;
  const { seed } = options;
  const tasks = createTasks({
    clock,
    state,
    misbehaviours,
    plans,
    renderer,
    concurrency,
    generationMs,
    seed,
    track,
  });
  const house: House = {
    clock,
    secret: options.secret,
    concurrency,
    dailyLimit: options.dailyLimit ?? null,
    state,
    tasks,
    misbehaviours,
    plans,
    planner: options.plan,
    submits: [],
    polls: [],
    outputKey: randomBytes(32),
    base: '',
  };
  const missing = { status: 404, body: { error: 'Not found' } };
  const server = await serveRoutes(routes(house), missing, options.port);
  house.base = server.url;
  tasks.resume();
  return {
    url: server.url,
    submits: house.submits,
    polls: house.polls,
    misbehave: (misbehaviour) => misbehaviours.arm(misbehaviour),
    records: () => tasks.records,
    clear() {
      tasks.clear();
      misbehaviours.clear();
      house.submits.length = 0;
      house.polls.length = 0;
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    async close() {
      tasks.close();
      await Promise.all([server.close(), renderer.close()]);
    },
  };
}
