import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { openAccount } from '../../core/account/open.ts';
import { openApp, type App } from '../../core/app.ts';
import { loadSurroundings, parseConfig } from '../../core/config.ts';
import { decideApproval } from '../../core/consent/decide.ts';
import { isFault } from '../../core/fault.ts';
import { sweepRates } from '../../core/limits/sweep.ts';
import { perform } from '../../core/operation.ts';
import { progressLink } from '../../core/progress/link.ts';
import { videoGenerate } from '../../core/video/generate.ts';
import { copyDatabase } from '../kit/database.ts';
import { startJilo, type Environment, type JiloProcess } from '../kit/process.ts';

let app: App;
let settings: Environment;
let drop: () => Promise<void>;
let dataDir: string;
const address: { url: string | null } = { url: null };
const running: JiloProcess[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'jilo-stop-'));
  const database = await copyDatabase();
  drop = database.drop;
  settings = {
    JILO_DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    JILO_SECRET: 'a secret that every process of the test shares',
    FAL_KEY: 'stop:key',
    FAL_QUEUE_URL: 'http://127.0.0.1:9',
    FAL_REST_URL: 'http://127.0.0.1:9',
    PORT: '0',
  };
  app = await openApp({
    config: parseConfig({ ...settings, LOG_LEVEL: 'silent' }),
    path: loadSurroundings().path,
    write: () => undefined,
    worker: false,
    publicUrl: () => address.url,
  });
});

afterEach(async () => {
  for (const jilo of running.splice(0)) await jilo.kill();
  await app.close();
  await drop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(roles: string, more: Environment = {}): Promise<JiloProcess> {
  const jilo = await startJilo({ ...settings, ...more }, ['--roles', roles]);
  running.push(jilo);
  address.url = jilo.url;
  return jilo;
}

const patience = { timeout: 20_000, interval: 50 };
const stopping = (jilo: JiloProcess) =>
  vi.waitFor(() => expect(jilo.output()).toContain('Stopping.'), patience);

/** Tells it to stop; how it ended and how long that took. */
async function stopTimed(jilo: JiloProcess) {
  const began = performance.now();
  const code = await jilo.stop();
  return { code, seconds: (performance.now() - began) / 1000 };
}

/** A request whose head has arrived and whose body has not; the answer as it comes. */
async function beginRequest(url: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (part) => (answer += String(part))).on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const head = `POST /webhooks/fal HTTP/1.1\r\nHost: ${hostname}:${port}`;
  socket.write(`${head}\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n`);
  await vi.waitFor(() => expect(answer).toContain('100 Continue'), patience);
  return { socket, answer: () => answer, closed };
}

async function startVideo(): Promise<string> {
  const identity = { provider: 'local', subject: 'owner' };
  const account = await openAccount(app, identity, { displayName: 'owner', locale: 'en' });
  const actor = { accountId: account.id, surface: 'terminal' as const };
  const { signal } = new AbortController();
  const context = { ...app, actor, locale: 'en' as const, timeZone: 'UTC', signal };
  const prompt = 'a lighthouse in a storm at night';
  const input = { prompt, model: 'kling' as const, seconds: 15 as const };
  const asked = await perform(videoGenerate, input, context);
  if (asked.ok || !isFault(asked.fault, 'approval_required')) throw new Error('nobody was asked');
  const { id } = asked.fault.params;
  await decideApproval(app, { id, approved: true, by: account.id, surface: 'terminal' });
  const started = await perform(videoGenerate, input, context, { approvalId: id });
  if (!started.ok) throw started.fault;
  return String(started.value['video']);
}

/** Others are begun by the clock. */
const sweepKey = 'of this test';
const statesSchema = z.array(z.object({ state: z.string(), retries: z.int() }));

/** How the sweeps stand, oldest first. */
const readSweeps = async () =>
  statesSchema.parse([
    ...(await app.database.sql`select state::text, retry_count as retries from pgboss.job
      where name = ${sweepRates.name} and singleton_key = ${sweepKey} order by created_on`),
  ]);

/** A job that a worker is at and that hears of nothing: what it needs is held by somebody else. */
async function holdSweep() {
  const held = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  const holding = app.database.sql.begin(async (tx) => {
    await tx`lock table rate_limits in access exclusive mode`;
    held.resolve();
    await free.promise;
  });
  await held.promise;
  await app.database.db.transaction((tx) =>
    app.queue.enqueue(tx, sweepRates, {}, { key: sweepKey }),
  );
  return {
    reached: () =>
      vi.waitFor(
        async () => expect(await readSweeps()).toEqual([{ state: 'active', retries: 0 }]),
        patience,
      ),
    async free() {
      free.resolve();
      await holding;
    },
  };
}

test('a request under way is answered, and new ones are refused; two signals at once are one', async () => {
  const jilo = await start('web');
  const { socket, answer, closed } = await beginRequest(jilo.url);
  const stopped = stopTimed(jilo);
  void jilo.stop();
  await stopping(jilo);
  await vi.waitFor(
    () => expect(fetch(`${jilo.url}/healthz`)).rejects.toThrow('fetch failed'),
    patience,
  );
  socket.write('0123456789');
  await closed;
  expect(answer()).toMatch(/HTTP\/1\.1 401 .*\r\nConnection: close\r\n/s);
  expect(answer()).toContain('{"status":"refused","code":"link_not_valid"}');
  const { code, seconds } = await stopped;
  expect(code).toBe(0);
  expect(seconds).toBeLessThan(5);
  expect(jilo.output()).not.toContain('Left');
}, 60_000);

test('a request that never becomes whole is cut off, and the process ends', async () => {
  const jilo = await start('web');
  const { closed } = await beginRequest(jilo.url);
  const { code, seconds } = await stopTimed(jilo);
  await closed;
  expect(code).toBe(0);
  expect(seconds).toBeGreaterThan(4.5);
  expect(seconds).toBeLessThan(9);
}, 60_000);

test('a stream of progress ends as a whole, so that its reader comes back', async () => {
  const jilo = await start('web');
  const video = await startVideo();
  const response = await fetch(progressLink(app, { id: video, status: 'queued' }) ?? '');
  const parts = response.body?.pipeThrough(new TextDecoderStream()).values();
  if (!parts) throw new Error('there is no stream');
  for (let text = ''; !text.includes(`"subject":"${video}"`);)
    text += (await parts.next()).value ?? '';
  const { code, seconds } = await stopTimed(jilo);
  // A stream that is cut off throws here.
  expect((await parts.next()).done).toBe(true);
  expect(code).toBe(0);
  expect(seconds).toBeLessThan(3);
}, 60_000);

test('a job that does not end in time is handed back, and another process takes it over', async () => {
  const sweep = await holdSweep();
  const first = await start('worker');
  await sweep.reached();
  const { code, seconds } = await stopTimed(first);
  expect(code).toBe(0);
  expect(seconds).toBeGreaterThan(5.5);
  expect(seconds).toBeLessThan(10);
  expect(first.output()).toContain('Stopped. Left: ');
  expect(first.output()).toContain(`${sweepRates.name} (handed back)`);
  // The try does not count, and nobody has to wait for a heartbeat that stays away.
  expect(await readSweeps()).toEqual([
    { state: 'completed', retries: 0 },
    { state: 'created', retries: 0 },
  ]);
  await sweep.free();
  await start('worker');
  await vi.waitFor(
    async () =>
      expect((await readSweeps()).map(({ state }) => state)).toEqual(['completed', 'completed']),
    patience,
  );
}, 90_000);

test('a second signal ends it at once, and says what was left', async () => {
  const sweep = await holdSweep();
  const jilo = await start('worker');
  await sweep.reached();
  const began = performance.now();
  const stopped = stopTimed(jilo);
  await vi.waitFor(() => expect(performance.now() - began).toBeGreaterThan(1200), patience);
  expect(jilo.output()).not.toContain('Stopped');
  const again = await stopTimed(jilo);
  expect(again.code).toBe(1);
  expect(again.seconds).toBeLessThan(1.5);
  expect((await stopped).code).toBe(1);
  expect(jilo.output()).toContain(
    'Stopped at the second signal. Left: worker, database and queue.',
  );
  await sweep.free();
}, 60_000);

/** Passes bytes on to the database, until it is told to keep them. */
async function openFreezer(url: string) {
  const target = new URL(url);
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) sockets.push(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const frozen = new URL(url);
  frozen.host = `127.0.0.1:${z.object({ port: z.int() }).parse(server.address()).port}`;
  return {
    url: frozen.href,
    freeze() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('whatever happens it ends after 10 seconds, and says what was left', async () => {
  const freezer = await openFreezer(settings['DATABASE_URL'] ?? '');
  const jilo = await start('web,worker', { DATABASE_URL: freezer.url });
  freezer.freeze();
  const { code, seconds } = await stopTimed(jilo);
  expect(code).toBe(1);
  expect(seconds).toBeGreaterThan(9.5);
  expect(seconds).toBeLessThan(12);
  expect(jilo.output()).toContain('Stopped after 10 seconds. Left: ');
  expect(jilo.output()).toContain('database and queue');
  await freezer.close();
}, 60_000);
