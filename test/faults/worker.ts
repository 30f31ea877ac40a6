import type { App } from '../../core/app.ts';
import type { Services } from '../../core/context.ts';
import { withPoints, type PassPoint } from './points.ts';
import { withMarkedTasks } from './requests.ts';

/** `blocked` waits for a slow answer, `paused` is a process that was stopped for a while. */
type WorkerState = 'idle' | 'running' | 'blocked' | 'paused' | 'dead';

/** One worker process: it does what is due when it is told to, until it is killed. */
export type Worker = {
  readonly app: App;
  readonly services: Services;
  readonly state: WorkerState;
  /** Does what is due; answers when it is through, waits for the clock, or is dead. */
  drain(): Promise<void>;
  /** Answers when it is not at work. */
  settled(): Promise<void>;
  /** Waits for the clock, and works again once `until` has come. */
  waitUntil(until: Promise<unknown>, as: 'blocked' | 'paused'): Promise<void>;
  kill(): void;
};

/** What a dead process leaves in memory is kept, so that nothing closes its files for it. */
const graveyard: PromiseWithResolvers<never>[] = [];

/** Stops whoever waits for it, for ever. */
function never(): Promise<never> {
  const grave = Promise.withResolvers<never>();
  graveyard.push(grave);
  return grave.promise;
}

/** Clips that are drawn anew come out a tenth as large, as those of the stand-ins do. */
function withSmallPictures(services: Services): Services {
  const { mediaTools } = services.ports;
  const assemble: typeof mediaTools.assemble = ({ size, ...rest }) =>
    mediaTools.assemble({ ...rest, size: { width: size.width / 10, height: size.height / 10 } });
  return { ...services, ports: { ...services.ports, mediaTools: { ...mediaTools, assemble } } };
}

/** `replace` stands in for the services, for experiments with broken ones. */
export function createWorker(
  app: App,
  pass: (worker: Worker, point: string) => Promise<void>,
  replace: (services: Services) => Services,
): Worker {
  let state: WorkerState = 'idle';
  let changed = Promise.withResolvers<void>();
  const become = (next: WorkerState) => {
    if (state === 'dead') return;
    state = next;
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  const passPoint: PassPoint = async (point) => {
    if (state === 'dead') await never();
    await pass(worker, point);
    if (isDead()) await never();
  };
  const isDead = () => worker.state === 'dead';
  const settled = async () => {
    while (worker.state === 'running') await changed.promise;
  };
  const services = withPoints(replace(withMarkedTasks(withSmallPictures(app))), passPoint);
  const worker: Worker = {
    app,
    services,
    get state() {
      return state;
    },
    async drain() {
      if (state !== 'idle') throw new Error(`a worker that is ${state} cannot begin`);
      become('running');
      void app.queue.drain(services).then(
        () => become('idle'),
        // What a worker cannot bear ends its process.
        () => become('dead'),
      );
      await settled();
    },
    settled,
    async waitUntil(until, as) {
      if (state !== 'running') return;
      become(as);
      await until;
      become('running');
    },
    kill: () => become('dead'),
  };
  return worker;
}
