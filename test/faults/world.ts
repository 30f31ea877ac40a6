import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { PgBoss, TestClock } from 'pg-boss';

import { openApp, type App } from '../../core/app.ts';
import { loadSurroundings, parseConfig } from '../../core/config.ts';
import type { Services } from '../../core/context.ts';
import type { PassPoint } from './points.ts';
import { withPoints } from './points.ts';
import { operations } from '../../core/operations.ts';
import { startFal, type FalEmulator } from '../../sandbox/fal/fal.ts';
import type { Planner } from '../../sandbox/fal/plan.ts';
import { createWebApp } from '../../web-callbacks/app.ts';
import { serveWeb } from '../../web-callbacks/serve.ts';
import { createRunIds } from './run-ids.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';

/** What a run listens to and decides while it goes on. */
export type RunHooks = {
  readonly plan: Planner;
  /** An answer of the emulator begins to wait for the clock. */
  readonly onWait: (until: Promise<void>) => void;
  /** The web process has reached a point. */
  readonly passWeb: PassPoint;
};

/** The whole product in one process, on a clock moved by hand, used for one run after the other. */
export type FaultWorld = {
  readonly clock: HandClock;
  readonly fal: FalEmulator;
  /** The process that people and callbacks come to. */
  readonly web: App;
  readonly dataDir: string;
  /** Log lines of this run. */
  readonly logs: string[];
  /** Begins a run of its own: nothing of the one before is left to work on. */
  begin(run: number, at: Date, hooks: RunHooks): Promise<void>;
  /** Brings every clock to the time of the hand-moved one. */
  tellTime(): Promise<void>;
  /** Another process on the same database. */
  openProcess(): Promise<App>;
  /** Lets the queue find workers that are gone. */
  supervise(): Promise<void>;
  /** Every file below the data folder that was not there at the start. */
  files(): string[];
  /** Starts a process two days later, which clears away what killed ones have left. */
  startLater(): Promise<void>;
  /** Removes what the run has left. */
  tidy(): Promise<void>;
  close(): Promise<void>;
};

const start = new Date('2026-01-01T00:00:00.000Z');

const settingsOf = (options: { databaseUrl: string; dataDir: string }, fal: FalEmulator) =>
  parseConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'debug',
    JILO_DATA_DIR: options.dataDir,
    DATABASE_URL: options.databaseUrl,
    FAL_KEY: 'test:fal',
    FAL_QUEUE_URL: fal.queueUrl,
    FAL_REST_URL: fal.restUrl,
  });

const dayMs = 24 * 3600 * 1000;

const leftovers = [
  'pgboss.job',
  'inbox',
  'events',
  'notices',
  'shot_attempts',
  'shots',
  'videos',
  'quotes',
] as const;

/** Opens the world on a migrated database and a folder of its own. */
export async function openFaultWorld(options: {
  readonly databaseUrl: string;
  readonly dataDir: string;
}): Promise<FaultWorld> {
  const clock = createHandClock(start);
  const queueClock = new TestClock(start);
  let hooks: RunHooks | null = null;
  const fal = await startFal({
    clock,
    key: 'test:fal',
    generationMs: 30_000,
    concurrency: 8,
    scale: 0.1,
    seed: 1,
    sameClips: true,
    plan: (request) => hooks?.plan(request) ?? {},
    onWait: (until) => hooks?.onWait(until),
  });
  const config = settingsOf(options, fal);
  const ids = createRunIds();
  const logs: string[] = [];
  const address: { url: string | null } = { url: null };
  const openProcess = (now = () => clock.now()) =>
    openApp({
      config,
      path: loadSurroundings().path,
      write: (line) => void logs.push(line),
      worker: false,
      publicUrl: () => address.url,
      clock: { now },
      ids,
      queueClock,
    });
  const web = await openProcess();
  const watched: Services = withPoints(web, async (point) => hooks?.passWeb(point));
  const served = await serveWeb(createWebApp(watched, { operations, instanceId: 'run_f' }), 0);
  address.url = served.url;
  const boss = new PgBoss({
    connectionString: options.databaseUrl,
    max: 1,
    supervise: false,
    schedule: false,
    registerInstance: false,
    monitorIntervalSeconds: 1,
    clock: queueClock,
  });
  await boss.start();
  const filesNow = () =>
    existsSync(options.dataDir)
      ? readdirSync(options.dataDir, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(options.dataDir.length + 1))
      : [];
  const before = new Set(filesNow());
  const files = () => filesNow().filter((file) => !before.has(file));
  return {
    clock,
    fal,
    web,
    dataDir: options.dataDir,
    logs,
    async begin(run, at, next) {
      fal.clear();
      clock.begin(at);
      await queueClock.setTime(at);
      ids.begin(run);
      logs.length = 0;
      hooks = next;
    },
    tellTime: () => queueClock.setTime(clock.now()),
    openProcess: () => openProcess(),
    async startLater() {
      // Files carry the time of this machine and not of the run.
      const changed = files().map((file) => statSync(join(options.dataDir, file)).mtimeMs);
      const later = new Date(Math.max(clock.now().getTime(), ...changed) + 2 * dayMs);
      await (await openProcess(() => later)).close();
    },
    supervise: () => boss.supervise(),
    files,
    async tidy() {
      hooks = null;
      fal.clear();
      // What one run has left would take places from the next; only the journal is for ever.
      for (const table of leftovers) await web.database.sql.unsafe(`delete from ${table}`);
      for (const file of files()) rmSync(join(options.dataDir, file), { force: true });
    },
    async close() {
      await served.close();
      await boss.stop({ graceful: false });
      await web.close();
      await fal.close();
    },
  };
}
