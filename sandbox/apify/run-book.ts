import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import { z } from 'zod';

import type { SandboxClock } from '../clock.ts';
import { findActor } from './actors.ts';
import { isOver, runSchema, type Run } from './runs.ts';
import { originSchema, type Origin } from './videos.ts';

/** So many videos are remembered over a restart, the newest ones. */
const keptVideos = 5000;

const stateSchema = z.object({
  starts: z.number(),
  runs: z.array(runSchema),
  videos: z.array(z.tuple([z.string(), originSchema])).default([]),
});

type RunBookOptions = {
  readonly clock: SandboxClock;
  readonly runMs: number;
  readonly stateFile?: string | undefined;
  /** The whole dataset of a run that succeeds. */
  readonly makeItems: (run: Run) => readonly unknown[];
};

/** Keeps the runs, lets time move them on and, with a file, survives a restart. */
export class RunBook {
  starts = 0;
  polls = 0;
  /** The videos that runs have brought so far, by platform and id. */
  readonly videos = new Map<string, Origin>();
  readonly #runs = new Map<string, Run>();
  readonly #options: RunBookOptions;
  readonly #waiting = new Set<() => void>();
  readonly #timers = new Set<() => void>();

  constructor(options: RunBookOptions) {
    this.#options = options;
    if (options.stateFile === undefined || !existsSync(options.stateFile)) return;
    const state = stateSchema.parse(JSON.parse(readFileSync(options.stateFile, 'utf8')));
    this.starts = state.starts;
    for (const [key, origin] of state.videos) this.videos.set(key, origin);
    for (const run of state.runs) {
      this.#runs.set(run.id, run);
      if (!isOver(run)) this.#plan(run);
    }
  }

  get(id: string): Run | undefined {
    return this.#runs.get(id);
  }

  /** Counts a poll, for those who wait for one. */
  notePoll(): void {
    this.polls += 1;
    for (const look of this.#waiting) look();
  }

  /** Newest first. */
  list(): Run[] {
    return [...this.#runs.values()].toReversed();
  }

  countActive(): number {
    return this.list().filter((run) => !isOver(run)).length;
  }

  /** Takes a run in; it moves to RUNNING and to its ending by itself. */
  add(order: Pick<Run, 'actorName' | 'input' | 'maxItems' | 'maxTotalChargeUsd' | 'ending'>): Run {
    this.starts += 1;
    const run: Run = {
      ...order,
      id: `sbx${`${this.starts}`.padStart(14, '0')}`,
      status: 'READY',
      startedAt: this.#options.clock.now().getTime(),
      finishedAt: null,
      items: [],
    };
    this.#runs.set(run.id, run);
    this.#plan(run);
    this.#changed();
    return run;
  }

  /** Ends the run early; what it has gathered by then stays and is charged. */
  abort(run: Run): void {
    if (!isOver(run)) this.#finish(run, 'ABORTED');
  }

  /** Waits until `isTrue` holds, for at most `waitMs` of the emulator's time when given. */
  async waitUntil(isTrue: () => boolean, waitMs?: number): Promise<void> {
    if (isTrue()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (isTrue()) stop();
      };
      const stop = (): void => {
        this.#waiting.delete(look);
        cancel?.();
        resolve();
      };
      this.#waiting.add(look);
      const cancel = waitMs === undefined ? undefined : this.#options.clock.schedule(waitMs, stop);
    });
  }

  /** Cancels what is planned, so that nothing happens after the server has gone. */
  close(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #plan(run: Run): void {
    const { clock, runMs } = this.#options;
    const spent = clock.now().getTime() - run.startedAt;
    this.#schedule(Math.max(0, Math.min(1000, runMs / 10) - spent), () => {
      if (run.status !== 'READY') return;
      run.status = 'RUNNING';
      this.#changed();
    });
    this.#schedule(Math.max(0, runMs - spent), () => {
      if (!isOver(run)) this.#finish(run, run.ending);
    });
  }

  #schedule(delayMs: number, task: () => void): void {
    const cancel = this.#options.clock.schedule(delayMs, () => {
      this.#timers.delete(cancel);
      task();
    });
    this.#timers.add(cancel);
  }

  #finish(run: Run, status: Run['status']): void {
    const { clock, runMs, makeItems } = this.#options;
    const now = clock.now().getTime();
    const items = makeItems(run);
    const share = status === 'SUCCEEDED' ? 1 : Math.min(1, (now - run.startedAt) / (2 * runMs));
    run.items = items.slice(0, Math.floor(items.length * share));
    run.status = status;
    run.finishedAt = now;
    this.#changed();
  }

  #changed(): void {
    const { stateFile } = this.#options;
    if (stateFile !== undefined) {
      const runs = [...this.#runs.values()].slice(-50);
      const state = { starts: this.starts, runs, videos: [...this.videos].slice(-keptVideos) };
      writeFileSync(`${stateFile}.new`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${stateFile}.new`, stateFile);
    }
    for (const look of this.#waiting) look();
  }
}

/** The actor of a run; runs are only made for known actors. */
export function actorOf(run: Run): NonNullable<ReturnType<typeof findActor>> {
  const actor = findActor(run.actorName);
  if (!actor) throw new Error(`unknown actor ${run.actorName}`);
  return actor;
}
