import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { PgBoss, TestClock } from 'pg-boss';

import { openApp, type App } from '../../core/app.ts';
import { loadSurroundings, parseConfig } from '../../core/config.ts';
import type { Services } from '../../core/context.ts';
import { operations } from '../../core/operations.ts';
import { startFal, type FalEmulator } from '../../sandbox/fal/fal.ts';
import type { RequestPlan } from '../../sandbox/fal/plan.ts';
import { startRunway, type RunwayEmulator } from '../../sandbox/runway/runway.ts';
import { createWebApp } from '../../web-callbacks/app.ts';
import { serveWeb } from '../../web-callbacks/serve.ts';
import { createRunIds } from './run-ids.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import type { PassPoint } from './points.ts';
import { attemptOf, attemptOfTask, listRequests, type RequestFact } from './requests.ts';
import { withCommitPoints, type WebWork } from './web-errors.ts';

/** What a run listens to and decides while it goes on. */
export type RunHooks = {
  /** Decides upon the request of an attempt when it reaches a provider. */
  readonly plan: (attemptId: string) => Promise<RequestPlan>;
  /** An answer of the emulator begins to wait for the clock. */
  readonly onWait: (until: Promise<void>) => void;
  /** A transaction of the web process is about to commit, or has. */
  readonly passWeb: PassPoint;
};

/** The whole product in one process, on a clock moved by hand, used for one run after the other. */
export type FaultWorld = {
  readonly clock: HandClock;
  readonly fal: FalEmulator;
  /** The process that people and callbacks come to. */
  readonly web: App;
  /** The same process at one kind of work, whose transactions may fail. */
  webAt(work: WebWork): Services;
  /** What the providers have taken in this run. */
  requests(): readonly RequestFact[];
  /** Resolves when no provider draws or delivers anything; what waits for the clock does not count. */
  idle(): Promise<void>;
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

const settingsOf = (
  options: { databaseUrl: string; dataDir: string },
  { fal, runway }: Emulators,
) =>
  parseConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'debug',
    // Rates count by the wall clock, which hardly moves in a run.
    RATE_ACCOUNT_PER_MINUTE: '1000000',
    RATE_SERVER_PER_MINUTE: '1000000',
    RATE_ADDRESS_PER_MINUTE: '1000000',
    JILO_DATA_DIR: options.dataDir,
    DATABASE_URL: options.databaseUrl,
    FAL_KEY: 'test:fal',
    FAL_QUEUE_URL: fal.queueUrl,
    FAL_REST_URL: fal.restUrl,
    RUNWAYML_API_SECRET: 'key_test',
    RUNWAY_API_URL: runway.url,
  });

type Emulators = { readonly fal: FalEmulator; readonly runway: RunwayEmulator };

/** The providers, which do what the hooks of the run decide. */
async function startEmulators(
  clock: HandClock,
  hooks: () => RunHooks | null,
  attemptOfBody: (body: unknown) => string,
): Promise<Emulators> {
  const common = {
    clock,
    generationMs: 30_000,
    concurrency: 8,
    scale: 0.1,
    seed: 1,
    sameClips: true,
    onWait: (until: Promise<void>) => hooks()?.onWait(until),
  };
  const fal = await startFal({
    ...common,
    key: 'test:fal',
    plan: ({ webhookUrl }) => hooks()?.plan(attemptOf(webhookUrl)) ?? {},
  });
  const runway = await startRunway({
    ...common,
    secret: 'key_test',
    credits: Number.MAX_SAFE_INTEGER,
    plan: ({ body }) => hooks()?.plan(attemptOfBody(body)) ?? {},
  });
  return { fal, runway };
}

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
  const ids = createRunIds();
  const attemptNamed = (count: number) => ids.of('att', count);
  const emulators = await startEmulators(
    clock,
    () => hooks,
    (body) => attemptOfTask(body, attemptNamed),
  );
  const { fal, runway } = emulators;
  const config = settingsOf(options, emulators);
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
  const webAt = (work: WebWork) =>
    withCommitPoints(web, work, async (point) => hooks?.passWeb(point));
  const webApp = createWebApp(webAt('callback'), { operations, instanceId: 'run_f' });
  const served = await serveWeb(webApp, 0);
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
    webAt,
    requests: () => listRequests(emulators, attemptNamed),
    async idle() {
      await Promise.all([fal.idle(), runway.idle()]);
    },
    dataDir: options.dataDir,
    logs,
    async begin(run, at, next) {
      fal.clear();
      runway.clear();
      clock.begin(at);
      await queueClock.setTime(at);
      // A run that plays later days must not keep the queue from looking for dead workers in this one.
      await web.database.sql`update pgboss.queue
        set monitor_claim_on = null, monitor_on = null, maintain_on = null`;
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
      runway.clear();
      // What one run has left would take places from the next; only the journal is for ever.
      for (const table of leftovers) await web.database.sql.unsafe(`delete from ${table}`);
      for (const file of files()) rmSync(join(options.dataDir, file), { force: true });
    },
    async close() {
      await served.close();
      await boss.stop({ graceful: false });
      await web.close();
      await Promise.all([fal.close(), runway.close()]);
    },
  };
}
