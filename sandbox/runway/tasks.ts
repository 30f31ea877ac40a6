import { createHash, randomUUID } from 'node:crypto';

import type { ClipRenderer } from '../clips/clips.ts';
import type { SandboxClock } from '../clock.ts';
import type { Plans, RequestPlan } from '../plan.ts';
import type { Misbehaviours } from './misbehaviour.ts';
import { readBody, refusedWords, type TakenBody } from './models.ts';
import type { RunwayState, Task } from './state.ts';

/** What became of one task that was paid for; kept when the task itself is deleted. Times are milliseconds since 1970. */
export type TaskRecord = {
  readonly taskId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly takenAt: number;
  /** When it was made, failed or was stopped. */
  endedAt: number | null;
  /** When a stop was asked for while it was not over. */
  stopAskedAt: number | null;
  isStopped: boolean;
};

/** A request for a task that is well-formed. */
type AcceptedRequest = {
  readonly body: Record<string, unknown>;
  readonly taken: TakenBody;
  readonly plan: RequestPlan;
};

export type Tasks = {
  /** Takes a request and its credits; it waits while `concurrency` others of its model run. */
  accept(request: AcceptedRequest): Task;
  /** Ends what runs and forgets the task, its output included. */
  remove(task: Task): void;
  /** Everything accepted since this process started, or since it was cleared. */
  readonly records: readonly TaskRecord[];
  /** Drops every task, whatever it was at. */
  clear(): void;
  /** Takes up again what a former process left unfinished. */
  resume(): void;
  close(): void;
};

type TasksOptions = {
  readonly clock: SandboxClock;
  readonly state: RunwayState;
  readonly misbehaviours: Misbehaviours;
  readonly plans: Plans<RequestPlan>;
  readonly renderer: ClipRenderer;
  readonly concurrency: number;
  readonly generationMs: number;
  readonly seed: number | undefined;
  readonly track: (work: Promise<void>) => void;
};

type End = { readonly media: string } | { readonly code: string | null; readonly text: string };

export function createTasks(options: TasksOptions): Tasks {
  const { state, plans } = options;
  const records = createRecords(options.clock);
  const { run, forget, startNext, stopAll } = createRunner(options, (task) => records.end(task));
  return {
    records: records.list,
    accept({ body, taken, plan }) {
      const task = newTask(options, body, taken);
      plans.keep(task.id, plan);
      state.credits -= task.estimate;
      state.tasks.set(task.id, task);
      records.open(task);
      startNext(task.model);
      return task;
    },
    remove(task) {
      if (task.state === 'waiting' || task.state === 'active') {
        const isHeeded = task.state === 'waiting' || !plans.of(task.id)?.ignoresCancel;
        records.askToStop(task, isHeeded);
        if (!isHeeded) return;
        state.credits += task.estimate;
      }
      forget(task);
      if (task.media !== null) state.media.drop(task.media);
      state.tasks.delete(task.id);
      startNext(task.model);
    },
    resume() {
      const active = Array.from(state.tasks.values()).filter((task) => task.state === 'active');
      for (const task of active) run(task);
      for (const model of new Set(Array.from(state.tasks.values(), (task) => task.model)))
        startNext(model);
    },
    clear() {
      stopAll();
      records.list.length = 0;
      state.clear();
      plans.clear();
    },
    close: stopAll,
  };
}

/** Runs what there is room for; `onEnd` hears of each task that is made or has failed. */
function createRunner(options: TasksOptions, onEnd: (task: Task) => void) {
  const { clock, state, plans } = options;
  const stops = new Map<string, () => void>();
  const forget = (task: Task) => {
    stops.get(task.id)?.();
    stops.delete(task.id);
  };
  const finish = (task: Task, end: End) => {
    forget(task);
    if ('media' in end) {
      task.state = 'succeeded';
      task.media = end.media;
      task.cost = task.estimate;
    } else {
      task.state = 'failed';
      task.failure = { text: end.text, code: end.code };
      // Everything that fails is given back, except what moderation found in the input.
      task.cost = end.code?.startsWith('SAFETY.INPUT.') ? task.estimate : 0;
    }
    state.credits += task.estimate - task.cost;
    onEnd(task);
    startNext(task.model);
  };
  const run = (task: Task) => {
    const now = clock.now().getTime();
    task.state = 'active';
    const generationMs = plans.of(task.id)?.generationMs ?? options.generationMs;
    task.startsAt ??= now + Math.min(1000, generationMs / 10);
    task.endsAt ??= now + generationMs;
    stops.set(
      task.id,
      work(task, options, (end) => finish(task, end)),
    );
  };
  const startNext = (model: string) => {
    const own = Array.from(state.tasks.values()).filter((task) => task.model === model);
    const free = options.concurrency - own.filter((task) => task.state === 'active').length;
    const waiting = own.filter((task) => task.state === 'waiting');
    for (const task of waiting.slice(0, Math.max(0, free))) run(task);
    state.save();
  };
  const stopAll = () => {
    for (const stop of stops.values()) stop();
    stops.clear();
  };
  return { run, forget, startNext, stopAll };
}

/** What becomes of each task. */
function createRecords(clock: SandboxClock) {
  const list: TaskRecord[] = [];
  const change = ({ id }: Task, apply: (record: TaskRecord, at: number) => void) => {
    const record = list.find(({ taskId }) => taskId === id);
    if (record) apply(record, clock.now().getTime());
  };
  return {
    list,
    open({ id, body, createdAt }: Task): void {
      const open = { endedAt: null, stopAskedAt: null, isStopped: false };
      list.push({ taskId: id, body, takenAt: createdAt, ...open });
    },
    end: (task: Task) =>
      change(task, (record, at) => {
        record.endedAt = at;
      }),
    askToStop: (task: Task, isHeeded: boolean) =>
      change(task, (record, at) => {
        record.stopAskedAt = at;
        if (isHeeded) Object.assign(record, { endedAt: at, isStopped: true });
      }),
  };
}

/** Calls `done` when the clip is drawn and the task's time is up, unless it is stopped before. */
function work(task: Task, options: TasksOptions, done: (end: End) => void): () => void {
  const left = (task.endsAt ?? 0) - options.clock.now().getTime();
  let stopped = false;
  let due = left <= 0;
  let end: End | null = null;
  const doneWhenBoth = () => {
    if (due && end && !stopped) done(end);
  };
  const draw = async () => {
    end = await generate(task, options);
    if (stopped && 'media' in end) options.state.media.drop(end.media);
    doneWhenBoth();
  };
  options.track(draw());
  const cancel = due
    ? null
    : options.clock.schedule(left, () => {
        due = true;
        doneWhenBoth();
      });
  return () => {
    stopped = true;
    cancel?.();
  };
}

/** Makes the clip, or the failure that the model would give. */
async function generate(task: Task, options: TasksOptions): Promise<End> {
  const failure = options.misbehaviours.takeFailure();
  if (failure) return { code: failure.failureCode, text: 'The task failed.' };
  const planned = options.plans.of(task.id)?.outcome;
  if (planned) return plannedEnds[planned];
  const read = readBody(task.body);
  if (!read.ok) return broken;
  if (refusedWords.some((word) => read.prompt.includes(word))) return refused;
  try {
    const seed = read.seed ?? options.seed ?? 1;
    const bytes = await options.renderer.render({ prompt: read.prompt, seed, ...read.shape });
    const media = `${task.id}.mp4`;
    options.state.media.save(media, bytes);
    return { media };
  } catch {
    return broken;
  }
}

/** Codes of docs.dev.runwayml.com/errors/task-failures. */
const broken = { code: 'INTERNAL', text: 'An unexpected error occurred.' };
const refused = {
  code: 'SAFETY.INPUT.TEXT',
  text: 'The input was rejected by content moderation.',
};
const plannedEnds = {
  refused,
  runner_error: broken,
  final_error: { code: 'ASSET.INVALID', text: 'The asset cannot be used.' },
} as const;

function newTask(
  { clock, state, seed }: TasksOptions,
  body: Record<string, unknown>,
  { model, credits }: TakenBody,
): Task {
  return {
    id: newId(seed, (state.made += 1)),
    body,
    model,
    estimate: credits,
    cost: 0,
    createdAt: clock.now().getTime(),
    state: 'waiting',
    startsAt: null,
    endsAt: null,
    failure: null,
    media: null,
  };
}

/** A UUID; with a seed, the same ones in the same order. */
function newId(seed: number | undefined, count: number): string {
  if (seed === undefined) return randomUUID();
  const hex = createHash('sha256').update(`runway ${seed}/${count}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
