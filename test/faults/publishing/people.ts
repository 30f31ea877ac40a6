import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import { openAccount } from '../../../core/account/open.ts';
import { channelConnect } from '../../../core/channel/connect.ts';
import { completeConnection } from '../../../core/channel/complete.ts';
import { bindBrowser, findConnection } from '../../../core/channel/start.ts';
import type { Context } from '../../../core/context.ts';
import { isFault } from '../../../core/fault.ts';
import { perform, type AnyOperation, type Outcome } from '../../../core/operation.ts';
import { quotes, shots, videos } from '../../../drizzle/schema/videos.ts';
import { consent } from '../../../sandbox/google/consent.ts';
import { withPoints } from '../points.ts';
import { bury } from './crew.ts';
import type { PublishingWorld } from './world.ts';
import { approveIt } from '../decide.ts';

/** Somebody without a past. */
export async function openPerson({ web }: PublishingWorld, name: string): Promise<Context> {
  const digits = name.replaceAll(/\D/g, '').slice(-16);
  const identity = { provider: 'discord', subject: `1${digits.padStart(16, '0')}` };
  const account = await openAccount(web, identity, { displayName: 'person', locale: 'en' });
  return {
    ...web,
    actor: { accountId: account.id, surface: 'terminal' },
    locale: 'en',
    timeZone: 'UTC',
    signal: new AbortController().signal,
  };
}

/** Performs as a person who approves whatever is asked. */
export async function approve(
  operation: AnyOperation,
  input: unknown,
  context: Context,
): Promise<Outcome> {
  const first = await perform(operation, input, context);
  if (first.ok || !isFault(first.fault, 'approval_required')) return first;
  const { id } = first.fault.params;
  await approveIt(context, id);
  return perform(operation, input, context, { approvalId: id });
}

/** A finished video with a line in it. */
export async function plantVideo(context: Context, bytes: Buffer): Promise<string> {
  const { database, ids, clock, ports } = context;
  const [id, quoteId] = [ids.next('vid'), ids.next('quo')];
  const { accountId } = context.actor;
  const common = { prompt: 'a paper boat', model: 'kling', seconds: 15, shape: '9:16', quota: 1 };
  const createdAt = clock.now();
  const fileKey = `videos/${id}.mp4`;
  await ports.storage.write(fileKey, Readable.from([bytes]), bytes.length);
  await database.db
    .insert(quotes)
    .values({ ...common, id: quoteId, accountId, shots: [], createdAt, expiresAt: createdAt });
  await database.db.insert(videos).values({
    ...common,
    id,
    accountId,
    quoteId,
    rootId: id,
    status: 'ready',
    fileKey,
    posterKey: `posters/${id}.jpg`,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    durationSeconds: 15,
    width: 72,
    height: 128,
    createdAt,
    readyAt: createdAt,
  });
  await ports.storage.write(`posters/${id}.jpg`, Readable.from([jpeg]), jpeg.length);
  await database.db.insert(shots).values({
    id: ids.next('sht'),
    videoId: id,
    position: 0,
    clipSeconds: 15,
    prompt: 'a paper boat',
    caption: 'It sets out.',
    status: 'delivered',
  });
  return id;
}

/** The beginning and the end of a picture: all that is looked at here. */
const jpeg = Buffer.concat([
  Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
  Buffer.alloc(200),
  Buffer.from('ffd9', 'hex'),
]);

/**
 * Connects a channel as a person would; the process that takes the answer dies at its so-manieth point
 * when `diesAt` is given. Whether it is connected.
 */
export async function connect(
  world: PublishingWorld,
  context: Context,
  diesAt: number | null,
): Promise<boolean> {
  const { web } = world;
  const asked = await perform(channelConnect, { access: 'manage' }, context);
  if (!asked.ok) throw asked.fault;
  const { url } = channelConnect.output.parse(asked.value);
  const state = new URL(url).searchParams.get('state') ?? '';
  const browser = await bindBrowser(web, state);
  const { hostUrl } = await findConnection(web, state);
  const code = new URL(await consent(hostUrl)).searchParams.get('code') ?? '';
  if (diesAt === null) {
    await completeConnection(web, { state, code, browser });
    return true;
  }
  const app = await world.openProcess();
  const dead = Promise.withResolvers<false>();
  let passed = 0;
  const services = withPoints(app, async () => {
    passed += 1;
    if (passed < diesAt) return;
    dead.resolve(false);
    await new Promise(() => undefined);
  });
  const done = completeConnection(services, { state, code, browser }).then(() => true);
  const isConnected = await Promise.race([done, dead.promise]);
  if (!isConnected) await bury(app);
  await app.close();
  return isConnected;
}
