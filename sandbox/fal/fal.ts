import type { SandboxClock } from '../clock.ts';
import { serveRoutes, type Emulator } from '../http.ts';
import { createClipRenderer } from '../clips/clips.ts';
import { drawOnce } from '../clips/drawn-once.ts';
import { createPlans } from '../plan.ts';
import type { OnWait } from '../spoil.ts';
import { createMisbehaviours, type Misbehaviour } from './misbehaviour.ts';
import type { Planner, RequestPlan } from './plan.ts';
import { createQueue } from './queue.ts';
import { callbackBody, falRoutes, type FalHouse, type FalSubmit } from './routes.ts';
import { openState, type Job } from './state.ts';
import { createWebhooks, type Delivery } from './webhooks.ts';

export type FalOptions = {
  /** 0 or absent: a free port. */
  readonly port?: number;
  readonly clock: SandboxClock;
  /** What must follow `Key ` in the Authorization header. */
  readonly key: string;
  /** How long a job takes on the clock, at least; drawing the clip may take longer. */
  readonly generationMs: number | ((endpoint: string) => number);
  /** Jobs IN_PROGRESS at once; a new fal account has 2. */
  readonly concurrency?: number;
  /** JSON file that survives restarts (jobs, signing keys); clips lie beside it in `<stateFile>-media`. */
  readonly stateFile?: string;
  /** Makes request ids and clips repeatable. */
  readonly seed?: number;
  /** Shrinks the clips' pictures, for tests that do not look at them: 0.1 is a tenth of each side. */
  readonly scale?: number;
  /** Every clip of one shape and length is the same one, drawn once. */
  readonly sameClips?: boolean;
  /** Decides upon each request when it arrives; what it leaves out goes well. */
  readonly plan?: Planner;
  readonly onWait?: OnWait;
};

export type FalEmulator = Emulator & {
  /** Base addresses for the provider's settings. */
  readonly queueUrl: string;
  readonly restUrl: string;
  /** What was accepted, in order, since this process started. */
  readonly submits: readonly FalSubmit[];
  /** Every attempt to call back, in order. */
  readonly deliveries: readonly Delivery[];
  misbehave(misbehaviour: Misbehaviour): void;
  /** What is known of each accepted request. */
  jobs(): readonly Job[];
  /** Forgets every request and what is planned, armed and owed. */
  clear(): void;
  /** Resolves when nothing is being drawn or delivered; what waits for the clock does not count. */
  idle(): Promise<void>;
};

/**
 * Starts a stand-in for fal on loopback: queue host under `/queue.fal.run`, REST host under `/rest.fal.ai`,
 * clips under `/media`. Wire formats are those of @fal-ai/client 1.10.1 and docs.fal.ai.
 */
export async function startFal(options: FalOptions): Promise<FalEmulator> {
  const { clock, generationMs } = options;
  const running = new Set<Promise<void>>();
  const track = (work: Promise<void>) => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  const state = openState(options.stateFile);
  const misbehaviours = createMisbehaviours(clock, options.onWait);
  const plans = createPlans<RequestPlan>();
  const drawn = createClipRenderer(options.scale);
  const renderer = options.sameClips ? drawOnce(drawn) : drawn;
  const bodyOf = (job: Job) => JSON.stringify(callbackBody(house, job));
  const webhooks = createWebhooks({ clock, state, misbehaviours, plans, bodyOf, track });
  const queue = createQueue({
    clock,
    state,
    misbehaviours,
    plans,
    renderer,
    concurrency: options.concurrency ?? 2,
    generationMs: typeof generationMs === 'function' ? generationMs : () => generationMs,
    seed: options.seed,
    deliver: (job) => webhooks.deliver(job),
    track,
  });
  const house: FalHouse = {
    key: options.key,
    state,
    queue,
    webhooks,
    misbehaviours,
    plans,
    planner: options.plan,
    now: () => clock.now(),
    submits: [],
    base: '',
  };
  const missing = { status: 404, body: { detail: 'Not Found' } };
  const server = await serveRoutes(falRoutes(house), missing, options.port);
  house.base = server.url;
  queue.resume();
  return {
    url: server.url,
    queueUrl: `${server.url}/queue.fal.run`,
    restUrl: `${server.url}/rest.fal.ai`,
    submits: house.submits,
    deliveries: webhooks.deliveries,
    misbehave: (misbehaviour) => misbehaviours.arm(misbehaviour),
    jobs: () => [...state.jobs.values()],
    clear() {
      queue.clear();
      webhooks.clear();
      misbehaviours.clear();
      house.submits.length = 0;
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    async close() {
      queue.close();
      webhooks.close();
      await Promise.all([server.close(), renderer.close()]);
    },
  };
}
