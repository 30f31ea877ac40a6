import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { and, asc, eq } from 'drizzle-orm';
import { expect } from 'vitest';
import { z } from 'zod';

import { channelConnect } from '../../core/channel/connect.ts';
import type { Context, JobContext, Ports } from '../../core/context.ts';
import { isFault, type FaultCode } from '../../core/fault.ts';
import type { AnyOperation } from '../../core/operation.ts';
import type { ChannelAccess, VideoHost } from '../../core/ports/video-host.ts';
import type { VideoModels } from '../../core/ports/video-models.ts';
import { auditBooks } from '../../core/quota/audit.ts';
import { videoGenerate } from '../../core/video/generate.ts';
import { videoQuote } from '../../core/video/quote.ts';
import { pictures } from '../../drizzle/schema/pictures.ts';
import { channels } from '../../drizzle/schema/publishing.ts';
import { compensations, quotaHolds, quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { trends } from '../../drizzle/schema/trends.ts';
import { events, quotes, shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import { connectThroughGoogle } from '../../sandbox/google/browser.ts';
import type { ConsentChoice } from '../../sandbox/google/consent.ts';
import type { World } from './world.ts';

/** fal as the world has it, with single calls replaced. */
export function withVideoModels(world: World, changes: Partial<VideoModels>): Ports {
  return { ...world.app.ports, videoModels: { ...falOf(world), ...changes } };
}

/** YouTube as the world has it, with single calls replaced. */
export function withVideoHost(world: World, changes: Partial<VideoHost>): Ports {
  return { ...world.app.ports, videoHost: { ...youtubeOf(world), ...changes } };
}

export function falOf(world: World): VideoModels {
  const { videoModels } = world.app.ports;
  if (!videoModels) throw new Error('this world has no fal');
  return videoModels;
}

export function youtubeOf(world: World): VideoHost {
  const { videoHost } = world.app.ports;
  if (!videoHost) throw new Error('this world has no YouTube');
  return videoHost;
}

/** What a job gets, for running one by hand as a second worker would. */
export const jobContext = (world: World, ports: Ports = world.app.ports): JobContext => ({
  ...world.app,
  ports,
  signal: new AbortController().signal,
});

/** Runs what is due with other ports, until nothing is left to do now. */
export async function drainWith(world: World, ports: Ports): Promise<void> {
  const services = { ...world.app, ports };
  for (let ran = -1; ran !== 0;) {
    ran = await world.app.queue.drain(services);
    await Promise.all([world.emulators.fal.idle(), world.emulators.runway.idle()]);
    ran += await world.app.queue.drain(services);
  }
}

/** Moves the clocks in steps and works after each, as a running worker would. */
export async function live(
  world: World,
  seconds: number,
  { step = 5, ports = world.app.ports }: { step?: number; ports?: Ports } = {},
): Promise<void> {
  for (let left = seconds; left > 0; left -= step) {
    await world.advance(Math.min(step, left));
    await Promise.all([world.emulators.fal.idle(), world.emulators.runway.idle()]);
    await drainWith(world, ports);
  }
}

/** Two soundless shots of MiniMax: the quickest to draw. */
export const quickWish = {
  prompt: 'a paper boat sails down a rainy street',
  model: 'minimax',
  seconds: 15,
  // As MiniMax makes it: nothing has to be encoded.
  shape: '16:9',
} as const;

/** Approves and starts a video; nothing has been sent yet. */
export async function startVideo(
  world: World,
  account = 'owner',
  wish: Readonly<Record<string, unknown>> = quickWish,
): Promise<string> {
  const context = await world.context('terminal', account);
  const { video } = await world.must(videoGenerate, wish, context);
  return z.string().parse(video);
}

/** The same with one shot only, which no model that is drawn quickly has: the quote is cut down. */
export async function startOneShot(
  world: World,
  { account = 'owner', prompt = quickWish.prompt }: { account?: string; prompt?: string } = {},
): Promise<string> {
  const context = await world.context('terminal', account);
  const quoted = await world.must(videoQuote, { ...quickWish, prompt }, context);
  const quote = z.string().parse(quoted['quote']);
  const plan = [{ seconds: 6, prompt }];
  // No wish finds what was cut down.
  const cut = { shots: plan, wishHash: '' };
  await world.app.database.db.update(quotes).set(cut).where(eq(quotes.id, quote));
  const { video } = await world.must(videoGenerate, { quote }, context);
  return z.string().parse(video);
}

/** A finished video of the account. */
export async function makeReadyVideo(world: World, account = 'owner'): Promise<string> {
  const id = await startVideo(world, account);
  await world.drain();
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
  return id;
}

/** Opens the link, goes through Google's page and comes back; answers with the page that is shown then. */
export async function comeBack(
  context: Context,
  world: World,
  choice: ConsentChoice = {},
  access: ChannelAccess = 'manage',
): Promise<Response> {
  const { url } = await world.must(channelConnect, { access }, context);
  return connectThroughGoogle(z.string().parse(url), choice);
}

/** Connects the account to a channel of the emulator; answers with our id of it. */
export async function connectChannel(
  world: World,
  account = 'owner',
  choice: ConsentChoice = {},
  access: ChannelAccess = 'manage',
): Promise<string> {
  const context = await world.context('terminal', account);
  const back = await comeBack(context, world, choice, access);
  if (!back.ok) throw new Error(`the channel was not connected: ${await back.text()}`);
  const rows = await world.app.database.db
    .select()
    .from(channels)
    .where(eq(channels.accountId, context.actor.accountId))
    .orderBy(asc(channels.createdAt));
  const hostId = world.emulators.google.channels.find(
    ({ id, title }) => id === choice.channel || title === choice.channel,
  )?.id;
  const row = hostId ? rows.find(({ hostChannelId }) => hostChannelId === hostId) : rows.at(-1);
  if (!row) throw new Error('no channel was kept');
  return row.id;
}

/** Performs as an approving person what must be refused, and answers with the fault. */
export async function refused(
  world: World,
  operation: AnyOperation,
  input: unknown,
  context: Context,
): Promise<{ code: FaultCode; field: string | undefined; message: string }> {
  const outcome = await world.perform(operation, input, context);
  if (outcome.ok) throw new Error(`${operation.name} went through: ${outcome.text}`);
  const { code, field, message } = outcome.fault;
  return { code, field, message };
}

/** The code of the fault that `work` ends in. */
export async function faultOf(work: Promise<unknown>): Promise<FaultCode> {
  try {
    await work;
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
  throw new Error('this was expected to end in a fault');
}

export async function videoRow(world: World, id: string) {
  const [row] = await world.app.database.db.select().from(videos).where(eq(videos.id, id));
  if (!row) throw new Error(`there is no video ${id}`);
  return row;
}

export const shotsOf = (world: World, videoId: string) =>
  world.app.database.db
    .select()
    .from(shots)
    .where(eq(shots.videoId, videoId))
    .orderBy(asc(shots.position));

/** Attempts of a video in the order of its shots. */
export async function attemptsOf(world: World, videoId: string) {
  const rows = await world.app.database.db
    .select({ attempt: shotAttempts })
    .from(shotAttempts)
    .innerJoin(shots, eq(shots.id, shotAttempts.shotId))
    .where(eq(shots.videoId, videoId))
    .orderBy(asc(shots.position), asc(shotAttempts.number));
  return rows.map(({ attempt }) => attempt);
}

/** Requests that fal took for a video. */
export async function submitsOf(world: World, videoId: string) {
  const own = new Set((await attemptsOf(world, videoId)).map(({ id }) => id));
  return world.emulators.fal.submits.filter((submit) => own.has(attemptIdOf(submit)));
}

const attemptIdOf = (submit: { readonly webhookUrl: string | null }): string =>
  new URL(submit.webhookUrl ?? 'http://none').searchParams.get('attempt') ?? '';

export async function eventKinds(world: World, subjectId: string): Promise<string[]> {
  const rows = await world.app.database.db
    .select({ kind: events.kind })
    .from(events)
    .where(eq(events.subjectId, subjectId))
    .orderBy(asc(events.id));
  return rows.map(({ kind }) => kind);
}

/** What became of the quota of one video: its movements in order, its hold, its compensation. */
export async function moneyOf(world: World, videoId: string) {
  const { db } = world.app.database;
  const moves = await db
    .select({ verb: quotaTransfers.verb })
    .from(quotaTransfers)
    .where(eq(quotaTransfers.reference, videoId))
    .orderBy(asc(quotaTransfers.id));
  const [row] = await db
    .select({ status: compensations.status })
    .from(compensations)
    .where(eq(compensations.rootVideoId, videoId));
  return { moves: moves.map(({ verb }) => verb), compensation: row?.status ?? null };
}

export async function availableOf(world: World, account = 'owner'): Promise<number> {
  const { actor } = await world.context('terminal', account);
  const [row] = await world.app.database.db
    .select({ available: wallets.available })
    .from(wallets)
    .where(and(eq(wallets.accountId, actor.accountId)));
  return z.object({ available: z.int() }).parse(row).available;
}

/**
 * What must hold whatever happened: every ended video is settled once, wallets equal the journal, no
 * attempt was sent twice, and storage holds exactly the files that rows name.
 */
export async function settled(world: World): Promise<void> {
  await checkHolds(world);
  await checkWallets(world);
  await checkSubmits(world);
  await checkFiles(world);
  const { breaches } = await auditBooks(world.app.database.sql, world.now());
  expect(breaches).toEqual([]);
}

async function checkHolds(world: World): Promise<void> {
  const { db } = world.app.database;
  const transfers = await db.select().from(quotaTransfers);
  const holds = await db.select().from(quotaHolds);
  const owed = await db.select().from(compensations);
  const all = await db.select().from(videos);
  for (const { id, status, rootId } of all) {
    const count = (verb: string) =>
      transfers.filter((row) => row.reference === id && row.verb === verb).length;
    const hold = holds.find(({ reference }) => reference === id);
    // The hold of a free retry is that of its root.
    const isRetry = rootId !== id;
    const ended = status === 'ready' || status === 'failed' || status === 'cancelled';
    const facts = {
      id,
      holds: count('hold'),
      settlements: count('capture') + count('release'),
      refunds: count('refund'),
      isHeld: hold?.status === 'held',
    };
    const compensation = owed.find(({ rootVideoId }) => rootVideoId === rootId)?.status ?? null;
    expect(facts).toEqual({
      id,
      holds: isRetry ? 0 : 1,
      settlements: ended && !isRetry ? 1 : 0,
      refunds: compensation === 'refunded' && !isRetry ? 1 : 0,
      isHeld: !ended && !isRetry,
    });
    if (status === 'ready' && !isRetry) expect(count('capture')).toBe(1);
  }
}

async function checkWallets(world: World): Promise<void> {
  const { db } = world.app.database;
  const transfers = await db.select().from(quotaTransfers);
  for (const wallet of await db.select().from(wallets)) {
    const own = transfers.filter(({ walletId }) => walletId === wallet.id);
    const balance = (place: string) =>
      own.reduce(
        (sum, { debit, credit, amount }) =>
          sum + (credit === place ? amount : 0) - (debit === place ? amount : 0),
        0,
      );
    const journal = {
      available: balance('available'),
      held: balance('held'),
      spent: balance('spent'),
      expired: balance('expired'),
      granted: -balance('source'),
    };
    expect(wallet).toMatchObject(journal);
  }
}

async function checkSubmits(world: World): Promise<void> {
  const attempts = await world.app.database.db.select().from(shotAttempts);
  const ids = world.emulators.fal.submits.map(attemptIdOf);
  expect(ids.length).toBe(new Set(ids).size);
  for (const submit of world.emulators.fal.submits) {
    const attempt = attempts.find(({ id }) => id === attemptIdOf(submit));
    expect(attempt).toBeDefined();
    if (attempt?.requestId) expect(attempt.requestId).toBe(submit.requestId);
  }
  const atRunway = attempts.filter(({ provider }) => provider === 'runway');
  const tasks = atRunway.flatMap(({ requestId }) => requestId ?? []);
  expect(tasks.length).toBe(new Set(tasks).size);
  expect(world.emulators.runway.submits.length).toBeLessThanOrEqual(atRunway.length);
}

async function checkFiles(world: World): Promise<void> {
  const { db } = world.app.database;
  const named = new Map<string, string | null>();
  for (const row of await db.select().from(shots))
    if (row.fileKey) named.set(row.fileKey, row.sha256);
  for (const row of await db.select().from(videos)) {
    if (row.fileKey) named.set(row.fileKey, row.sha256);
    if (row.posterKey) named.set(row.posterKey, null);
  }
  for (const row of await db.select().from(pictures)) named.set(row.fileKey, row.sha256);
  for (const { thumbnailKey } of await db.select().from(trends))
    if (thumbnailKey) named.set(thumbnailKey, null);
  expect(storedKeys(world)).toEqual([...named.keys()].toSorted());
  for (const [key, sha256] of named) {
    if (sha256 !== null) expect(sha256Of(join(world.dataDir, 'files', key))).toBe(sha256);
  }
}

/** Every file in storage, as keys; what somebody is just writing is none. */
export function storedKeys(world: World): string[] {
  const folder = join(world.dataDir, 'files');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((key) => !key.startsWith('.scratch/'))
    .toSorted();
}

export const sha256Of = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');
