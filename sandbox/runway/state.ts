import { z } from 'zod';

import { openMediaStore, readIfThere, writeWhole, type MediaStore } from '../files.ts';

const taskSchema = z.object({
  id: z.string(),
  body: z.record(z.string(), z.unknown()),
  model: z.string(),
  /** What it is estimated to cost, and what it cost once it is over. */
  estimate: z.number(),
  cost: z.number(),
  /** Milliseconds since 1970 on the emulator's clock. */
  createdAt: z.number(),
  /** `waiting` is over the model's concurrency; null times are not known yet. */
  state: z.enum(['waiting', 'active', 'succeeded', 'failed']),
  startsAt: z.number().nullable(),
  endsAt: z.number().nullable(),
  failure: z.object({ text: z.string(), code: z.string().nullable() }).nullable(),
  /** The name of the clip's file. */
  media: z.string().nullable(),
});
export type Task = z.infer<typeof taskSchema>;

const stateSchema = z.object({
  version: z.literal(1),
  credits: z.number(),
  made: z.int().default(0),
  tasks: z.array(taskSchema),
});

export type RunwayState = {
  credits: number;
  /** How many tasks there ever were: what was deleted gives its id to no other. */
  made: number;
  readonly tasks: Map<string, Task>;
  readonly media: MediaStore;
  /** Writes the state down; call it after every change. */
  save(): void;
  /** Forgets every task and clip. */
  clear(): void;
};

/** Finished tasks beyond this many are forgotten, oldest first. */
const keptTasks = 1000;

/** Reads the state file, or starts afresh with so many credits; without a file everything stays in memory. */
export function openState(credits: number, stateFile?: string): RunwayState {
  const text = stateFile === undefined ? null : readIfThere(stateFile);
  const stored = text && stateSchema.parse(JSON.parse(text.toString('utf8')));
  const tasks = new Map((stored?.tasks ?? []).map((task) => [task.id, task]));
  const media = openMediaStore(stateFile === undefined ? null : `${stateFile}-media`);
  const state: RunwayState = {
    credits: stored?.credits ?? credits,
    made: Math.max(stored?.made ?? 0, tasks.size),
    tasks,
    media,
    save() {
      forgetOldest(tasks, media);
      if (stateFile === undefined) return;
      const { made } = state;
      const whole = { version: 1, credits: state.credits, made, tasks: [...tasks.values()] };
      writeWhole(stateFile, JSON.stringify(whole));
    },
    clear() {
      for (const task of tasks.values()) if (task.media !== null) media.drop(task.media);
      tasks.clear();
      state.made = 0;
    },
  };
  return state;
}

function forgetOldest(tasks: Map<string, Task>, media: MediaStore): void {
  const over = Array.from(tasks.values()).filter(
    ({ state }) => state === 'succeeded' || state === 'failed',
  );
  for (const task of over.slice(0, Math.max(0, tasks.size - keptTasks))) {
    if (task.media !== null) media.drop(task.media);
    tasks.delete(task.id);
  }
}
