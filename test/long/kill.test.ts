import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { openAccount } from '../../core/account/open.ts';
import { openApp, type App } from '../../core/app.ts';
import { loadSurroundings, parseConfig } from '../../core/config.ts';
import { decideApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import { eventChannel, listEvents } from '../../core/events.ts';
import { isFault } from '../../core/fault.ts';
import { perform } from '../../core/operation.ts';
import { readBalance } from '../../core/quota/wallet.ts';
import { videoGenerate } from '../../core/video/generate.ts';
import { quotaTransfers } from '../../drizzle/schema/quota.ts';
import { inbox, shotAttempts, videos } from '../../drizzle/schema/videos.ts';
import { createManualClock } from '../../sandbox/clock.ts';
import { startFal, type FalEmulator } from '../../sandbox/fal/fal.ts';
import { copyDatabase } from '../kit/database.ts';
import { startJilo, type Environment, type JiloProcess } from '../kit/process.ts';

/** The provider lives in this process and outlives every worker; its time is moved by hand. */
const clock = createManualClock(new Date());
let fal: FalEmulator;
let app: App;
let context: Context;
let settings: Environment;
let drop: () => Promise<void>;
let dataDir: string;
/** Every worker and web process started by a test takes this port, as a restarted service does. */
const address: { url: string | null } = { url: null };
const running: JiloProcess[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'jilo-kill-'));
  const database = await copyDatabase();
  drop = database.drop;
  fal = await startFal({ clock, key: 'kill:key', generationMs: 1000, scale: 0.1 });
  settings = {
    JILO_DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    JILO_SECRET: 'a secret that every process of the test shares',
    FAL_KEY: 'kill:key',
    FAL_QUEUE_URL: fal.queueUrl,
    FAL_REST_URL: fal.restUrl,
  };
  app = await openApp({
    config: parseConfig({ ...settings, LOG_LEVEL: 'silent' }),
    path: loadSurroundings().path,
    write: () => undefined,
    worker: false,
    publicUrl: () => address.url,
  });
  const identity = { provider: 'local', subject: 'owner' };
  const account = await openAccount(app, identity, { displayName: 'owner', locale: 'en' });
  const actor = { accountId: account.id, surface: 'terminal' as const };
  context = { ...app, actor, locale: 'en', timeZone: 'UTC', signal: new AbortController().signal };
});

afterEach(async () => {
  for (const jilo of running.splice(0)) await jilo.kill();
  await app.close();
  await fal.close();
  await drop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(roles: string, port: string): Promise<JiloProcess> {
  const jilo = await startJilo({ ...settings, PORT: port }, ['--roles', roles]);
  running.push(jilo);
  return jilo;
}

async function generate(): Promise<string> {
  const input = {
    prompt: 'a lighthouse in a storm at night',
    model: 'kling' as const,
    seconds: 15 as const,
  };
  const asked = await perform(videoGenerate, input, context);
  if (asked.ok || !isFault(asked.fault, 'approval_required')) throw new Error('nobody was asked');
  const { id } = asked.fault.params;
  await decideApproval(app, {
    id,
    approved: true,
    by: context.actor.accountId,
    surface: 'terminal',
  });
  const started = await perform(videoGenerate, input, context, { approvalId: id });
  if (!started.ok) throw started.fault;
  return String(started.value['video']);
}

/** Resolves as soon as the database tells that the video has come to `kind`. */
async function reach(videoId: string, kind: string): Promise<void> {
  let wake: () => void = () => undefined;
  const listener = await app.database.sql.listen(eventChannel, () => wake());
  for (;;) {
    const woken = new Promise<void>((resume) => (wake = resume));
    const seen = await listEvents(app.database.db, videoId);
    if (seen.some((event) => event.kind === kind)) break;
    await woken;
  }
  await listener.unlisten();
}

/** The callback is sent, and again as fal does, until somebody takes it. */
async function deliver(): Promise<void> {
  for (let hours = 0; !fal.deliveries.some(({ status }) => status === 200); hours += 1) {
    expect(hours).toBeLessThan(12);
    clock.advance(hours === 0 ? 1000 : 7000 * 2 ** (hours - 1));
    await fal.idle();
  }
}

async function expectOneVideo(videoId: string): Promise<void> {
  const { db } = app.database;
  const [video] = await db.select().from(videos).where(eq(videos.id, videoId));
  expect(video).toMatchObject({ status: 'ready', failure: null });
  expect(await readBalance(db, context.actor.accountId)).toEqual({
    granted: 100,
    available: 99,
    held: 0,
    spent: 1,
  });
  const verbs = await db
    .select({ verb: quotaTransfers.verb })
    .from(quotaTransfers)
    .orderBy(quotaTransfers.id);
  expect(verbs.map(({ verb }) => verb)).toEqual(['grant', 'hold', 'capture']);
  expect(fal.submits).toHaveLength(1);
  const attempts = await db.select().from(shotAttempts);
  expect(attempts).toMatchObject([{ number: 1, status: 'delivered' }]);
  const arrivals = await listEvents(db, videoId);
  expect(arrivals.filter(({ kind }) => kind === 'ready')).toHaveLength(1);
}

test('killed between submit and callback, and again between callback and settlement', async () => {
  const first = await start('web,worker', '0');
  address.url = first.url;
  const port = new URL(first.url).port;
  const videoId = await generate();
  await vi.waitFor(
    async () => {
      const [attempt] = await app.database.db.select().from(shotAttempts);
      expect(attempt?.status).toBe('accepted');
    },
    { timeout: 20_000, interval: 50 },
  );
  await first.kill();

  const web = await start('web', port);
  await deliver();
  expect(await app.database.db.select().from(inbox)).toHaveLength(1);
  await web.kill();

  const second = await start('worker', port);
  await reach(videoId, 'shot_delivered');
  await second.kill();

  await start('web,worker', port);
  await reach(videoId, 'ready');
  await expectOneVideo(videoId);
}, 120_000);

test('killed while the answer to the submit is on its way: the orphan is adopted, not sent again', async () => {
  fal.misbehave({ on: 'submit', how: 'late', times: 1, delayMs: 60_000 });
  const first = await start('web,worker', '0');
  address.url = first.url;
  const port = new URL(first.url).port;
  const videoId = await generate();
  await vi.waitFor(() => expect(fal.submits).toHaveLength(1), { timeout: 20_000, interval: 20 });
  await first.kill();
  const [attempt] = await app.database.db.select().from(shotAttempts);
  expect(attempt?.status).toBe('intended');

  await start('web,worker', port);
  await deliver();
  await reach(videoId, 'ready');
  await expectOneVideo(videoId);
}, 120_000);
