import { Readable } from 'node:stream';

import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { answerLink } from '../../core/account/answer.ts';
import { accountLink } from '../../core/account/link.ts';
import { channelConnect } from '../../core/channel/connect.ts';
import type { Context } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { perform } from '../../core/operation.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import { serverUpdate } from '../../core/server/update.ts';
import { tokenCreate } from '../../core/token/create.ts';
import { trendSave } from '../../core/trend/save.ts';
import { videoGenerate } from '../../core/video/generate.ts';
import { videoQuote } from '../../core/video/quote.ts';
import { watchCreate } from '../../core/watch/create.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { pictures } from '../../drizzle/schema/pictures.ts';
import { channels, publicationCounts } from '../../drizzle/schema/publishing.ts';
import { compensations } from '../../drizzle/schema/quota.ts';
import { trendForecasts, trendSearches } from '../../drizzle/schema/trends.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { Thing } from '../../scripts/authorisation/policies.ts';
import { addTrend } from '../kit/belongings.ts';
import { connectChannel, quickWish, startVideo, videoRow } from '../kit/trips.ts';
import type { World } from '../kit/world.ts';
import { city, wish as common } from './cells.ts';

/** What one account has. */
export type Furniture = {
  readonly ids: Readonly<Record<Thing, readonly string[]>>;
  readonly approval: string;
  readonly serverId: string;
  /** The link by which a channel is connected. */
  readonly connect: string;
  /** The key of a stored file of each kind. */
  readonly files: readonly string[];
};

/** Makes words that are nobody else's; each is kept as a secret under its name. */
export type Coin = (what: string) => string;

const textOf = (value: Record<string, unknown>, field: string): string =>
  z.string().parse(value[field]);

/** Gives the account one of everything; its texts hold words of `coin`. */
export async function furnish(
  world: World,
  context: Context,
  coin: Coin,
  name: string,
): Promise<Furniture> {
  const channel = await addChannel(world, coin, name);
  const wish = { ...quickWish, prompt: `a paper boat named ${coin('prompt')} sails in the rain` };
  const first = await world.must(videoGenerate, wish, context);
  const ready = textOf(first, 'video');
  await world.drain();
  const file = z.string().parse((await videoRow(world, ready)).fileKey);
  const lost = await addLostVideo(world, ready, coin('lost prompt'));
  const publication = await addPublications(world, context, { video: ready, channel }, coin);
  const found = await addTrends(world, context, coin);
  await addForecast(world, context, { publication, ...found }, Number(coin('foretold views')));
  const words = { keyword: `kites ${coin('watch')}`, platforms: 'youtube' };
  const watch = await world.must(watchCreate, words, context);
  const idea = { ...quickWish, prompt: `a kite named ${coin('quoted prompt')} flies over the sea` };
  const { quote } = await world.must(videoQuote, idea, context);
  const token = await world.must(tokenCreate, { name: coin('token name') }, context);
  await crowd(world, context);
  const picture = await addPicture(world, context, coin('picture'));
  const link = await world.must(channelConnect, {}, context);
  return {
    ids: {
      ...found,
      watch: [textOf(watch, 'watch')],
      quote: [z.string().parse(quote)],
      video: [ready, lost],
      channel: [channel],
      publication,
      picture: [picture.id],
      token: [textOf(token, 'id')],
      link: [await addLink(world, context, name)],
    },
    approval: await askApproval(context, z.string().parse(quote)),
    serverId: await addServer(context, coin),
    connect: textOf(link, 'url'),
    files: [file, picture.key],
  };
}

/** The same with a video that is being made; whoever drains the queue ends it. */
export async function startMore(
  world: World,
  account: string,
  { ids, ...rest }: Furniture,
): Promise<Furniture> {
  const running = await startVideo(world, account);
  return { ...rest, ids: { ...ids, video: [...ids.video, running] } };
}

async function addChannel(world: World, coin: Coin, account: string): Promise<string> {
  const id = await connectChannel(world, account);
  await world.app.database.db
    .update(channels)
    .set({ title: coin('channel title'), handle: `@${coin('channel handle')}` })
    .where(eq(channels.id, id));
  return id;
}

/** A video like that one which timed out, and may be made again. */
async function addLostVideo(world: World, like: string, word: string): Promise<string> {
  const { db } = world.app.database;
  const pattern = await videoRow(world, like);
  const id = world.app.ids.next('vid');
  await db.insert(videos).values({
    ...pattern,
    id,
    rootId: id,
    batchId: id,
    prompt: `a lost boat named ${word}`,
    status: 'failed',
    failure: 'timed_out',
    approvalId: null,
    fileKey: null,
    posterKey: null,
  });
  const at = world.now();
  const { accountId } = pattern;
  const owed = { rootVideoId: id, accountId, status: 'retry_open' } as const;
  await db.insert(compensations).values({ ...owed, createdAt: at, changedAt: at });
  return id;
}

/** One that is live, with what it counted, and one that waits for its time. */
async function addPublications(
  world: World,
  context: Context,
  wish: { readonly video: string; readonly channel: string },
  coin: Coin,
): Promise<string[]> {
  const texts = {
    title: `Regatta ${coin('publication title')}`,
    description: coin('publication description'),
    tags: coin('publication tag'),
  };
  const live = await world.must(
    publicationCreate,
    { ...wish, ...texts, privacy: 'public' },
    context,
  );
  const later = new Date(world.now().getTime() + 7 * 86_400_000).toISOString();
  const scheduled = await world.must(
    publicationCreate,
    { ...wish, title: `Later ${coin('scheduled title')}`, publish_at: later },
    context,
  );
  await world.drain();
  const publicationId = textOf(live, 'publication');
  const counted = { views: coin('views'), likes: coin('likes'), comments: coin('comments') };
  const numbers = z.record(z.string(), z.coerce.number()).parse(counted);
  await world.app.database.db
    .insert(publicationCounts)
    .values({ publicationId, readAt: world.now(), ...numbers });
  return [publicationId, textOf(scheduled, 'publication')];
}

async function addTrends(world: World, context: Context, coin: Coin) {
  const found = { title: `Boats ${coin('trend title')}`, keyword: `boats ${coin('keyword')}` };
  const trend = await addTrend(world, context, found);
  await world.must(trendSave, { trend }, context);
  const kept = {
    title: `Kites ${coin('second trend')}`,
    keyword: `kites ${coin('second keyword')}`,
  };
  const other = await addTrend(world, context, kept);
  const searches = await world.app.database.db
    .select({ id: trendSearches.id })
    .from(trendSearches)
    .where(eq(trendSearches.accountId, context.actor.accountId));
  return { trend: [trend, other], search: searches.map(({ id }) => id) };
}

/** A score that was compared with what came of it. */
async function addForecast(
  world: World,
  { actor: { accountId }, ids }: Context,
  { publication, trend }: Pick<Furniture['ids'], 'publication' | 'trend'>,
  views: number,
): Promise<void> {
  const [publicationId = ''] = publication;
  const [trendId = ''] = trend;
  const at = world.now();
  const times = { madeAt: at, dueAt: at, gradedAt: at };
  const row = { id: ids.next('fct'), accountId, publicationId, trendId, score: 77, views };
  await world.app.database.db.insert(trendForecasts).values({ ...row, ...times });
}

async function addPicture(world: World, { actor, ids }: Context, text: string) {
  const id = ids.next('pic');
  const key = `pictures/${id}.jpg`;
  const data = Buffer.from(text);
  const { bytes, sha256 } = await world.app.ports.storage.write(
    key,
    Readable.from([data]),
    data.length,
  );
  const size = { width: 16, height: 9, bytes, sha256 };
  const { accountId } = actor;
  const kept = { id, accountId, fileKey: key, ...size, createdAt: world.now() };
  // As many as are kept: of one more the oldest of the same account goes, and of no other.
  const createdAt = new Date(world.now().getTime() - 3_600_000);
  const older = Array.from({ length: 49 }, () => {
    const olderId = ids.next('pic');
    return { ...kept, id: olderId, fileKey: `pictures/${olderId}.jpg`, createdAt };
  });
  await world.app.database.db.insert(pictures).values([kept, ...older]);
  return { id, key };
}

/**
 * So much that a limit of one account, counted over two of them, would be passed; and what others ask
 * for in the same words.
 */
async function crowd(world: World, context: Context): Promise<void> {
  for (let made = 0; made < 12; made += 1)
    await world.must(tokenCreate, { name: `program ${made}` }, context);
  const { accountId } = context.actor;
  for (let made = 0; made < 5; made += 1)
    await world.must(watchCreate, { ...city, keyword: `topic ${made} ${accountId}` }, context);
  await world.must(watchCreate, { ...city, min_score: 91 }, context);
  await world.must(videoQuote, common, context);
}

/** What waits for the person's word. */
async function askApproval(context: Context, quote: string): Promise<string> {
  const outcome = await perform(videoGenerate, { quote }, context);
  if (outcome.ok || !isFault(outcome.fault, 'approval_required'))
    throw new Error('nothing waits for a person');
  return outcome.fault.params.id;
}

/** A link that another account of the same person has accepted. */
async function addLink(world: World, context: Context, name: string): Promise<string> {
  const made = await world.must(accountLink, {}, context);
  const sig = new URL(textOf(made, 'url')).searchParams.get('sig') ?? '';
  const other = await world.context('web', `${name} elsewhere`);
  const id = textOf(made, 'link');
  const { accountId } = other.actor;
  // The older account stays, and the other one has nothing under way: on one clock they are of one age.
  await world.app.database.db
    .update(accounts)
    .set({ createdAt: new Date(world.now().getTime() + 1000) })
    .where(eq(accounts.id, accountId));
  await answerLink(world.app, { id, sig, accountId, accept: true });
  return id;
}

async function addServer(context: Context, coin: Coin): Promise<string> {
  const serverId = coin('server id');
  const actor = { ...context.actor, surface: 'discord', serverId, isServerManager: true } as const;
  const settings = { channels: coin('server channel'), roles: coin('server role') };
  const outcome = await perform(serverUpdate, settings, { ...context, actor });
  if (!outcome.ok) throw outcome.fault;
  return serverId;
}
