import { Readable } from 'node:stream';

import { eq } from 'drizzle-orm';

import { accessTokens } from '../../drizzle/schema/access.ts';
import * as billing from '../../drizzle/schema/billing.ts';
import * as chat from '../../drizzle/schema/chat.ts';
import { accountLinks } from '../../drizzle/schema/account-links.ts';
import { pictures } from '../../drizzle/schema/pictures.ts';
import { oauthStates, publicationCounts } from '../../drizzle/schema/publishing.ts';
import { trendForecasts, trendSearches, watches, watchFinds } from '../../drizzle/schema/trends.ts';
import { inbox } from '../../drizzle/schema/videos.ts';
import type { Context } from '../../core/context.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import { postTransfer } from '../../core/quota/ledger.ts';
import { perform } from '../../core/operation.ts';
import { ensurePoster } from '../../core/video/poster.ts';
import { videoDelete } from '../../core/video/delete.ts';
import { videoQuote } from '../../core/video/quote.ts';
import { addTrend, keepTrend } from './belongings.ts';
import { attemptsOf, connectChannel, quickWish, startVideo, videoRow } from './trips.ts';
import type { World } from './world.ts';

/** An account with something in every table that can hold something of an account. */
export type WholeAccount = {
  readonly person: Context;
  readonly video: string;
  /** A publication that goes public by itself tomorrow. */
  readonly scheduled: string;
  readonly live: string;
  readonly channel: string;
  /** Keys of its stored files. */
  readonly files: readonly string[];
};

/** Every text of such an account holds `word`, its name and identity among them. */
export async function furnishAccount(world: World, word: string): Promise<WholeAccount> {
  const person = await world.context('terminal', word);
  const { accountId } = person.actor;
  const prompt = `${quickWish.prompt} past a sign that says ${word}`;
  const video = await startVideo(world, word, { ...quickWish, prompt });
  await world.drain();
  await ensurePoster(world.app, await videoRow(world, video));
  await world.must(videoQuote, { ...quickWish, prompt: `${prompt} again` }, person);
  const channel = await connectChannel(world, word);
  const live = await publish(world, person, { video, title: `Live ${word}` });
  const publish_at = new Date(world.now().getTime() + 86_400_000).toISOString();
  const scheduled = await publish(world, person, { video, title: `Later ${word}`, publish_at });
  await world.drain();
  await addTexts(world, person, word);
  await addMoney(world, accountId, word);
  await addTrends(world, person, { word, publication: live });
  const [attempt] = await attemptsOf(world, video);
  const picture = await addPicture(world, accountId);
  await world.app.database.db.insert(inbox).values({
    source: 'fal',
    eventId: `evt_${word}`,
    receivedAt: world.now(),
    attemptId: attempt?.id ?? '',
    payload: { prompt: word },
  });
  // Asked for and not decided: an open question.
  await perform(videoDelete, { video }, person);
  const { fileKey, posterKey } = await videoRow(world, video);
  const files = [fileKey, posterKey, picture].filter((key) => key !== null);
  return { person, video, scheduled, live, channel, files };
}

async function publish(world: World, person: Context, wish: object): Promise<string> {
  const made = await world.must(
    publicationCreate,
    { privacy: 'public', description: 'Made by hand', ...wish },
    person,
  );
  return String(made['publication']);
}

async function addPicture(world: World, accountId: string): Promise<string> {
  const id = world.app.ids.next('pic');
  const fileKey = `pictures/${id}.jpg`;
  const stored = { bytes: 3, sha256: 'abc', width: 1, height: 1, createdAt: world.now() };
  await world.app.database.db.insert(pictures).values({ id, accountId, fileKey, ...stored });
  await world.app.ports.storage.write(fileKey, Readable.from([Buffer.from('abc')]), 3);
  return fileKey;
}

async function addTexts(world: World, { actor }: Context, word: string): Promise<void> {
  const { db } = world.app.database;
  const { accountId } = actor;
  const createdAt = world.now();
  const expiresAt = new Date(createdAt.getTime() + 86_400_000);
  const id = world.app.ids.next('con');
  const place = { userId: word, channelId: word, uploadLimit: 1 };
  await db.insert(chat.conversations).values({
    id,
    accountId,
    surface: 'discord',
    place: word,
    summary: word,
    summarisedThrough: 0,
    createdAt,
  });
  const turn = { key: word, kind: 'person', text: word, replyTo: { word }, createdAt } as const;
  await db.insert(chat.conversationTurns).values({ conversationId: id, ...turn });
  await db
    .insert(chat.conversationMessages)
    .values({ conversationId: id, turnId: 1, message: { word }, tokens: 1, createdAt });
  await db
    .insert(chat.agentUsage)
    .values({ accountId, day: word, steps: 1, inputTokens: 1, outputTokens: 1 });
  await db.insert(chat.drafts).values({
    id: `dra_${word}`,
    accountId,
    topic: 'prompt',
    fields: { word },
    changedAt: createdAt,
  });
  await db
    .insert(chat.notices)
    .values({ accountId, kind: 'payment_failed', subjectId: `in_${word}`, createdAt });
  await db
    .insert(chat.approvalCards)
    .values({ approvalId: `apr_${word}`, accountId, ...place, createdAt });
  await db
    .insert(chat.progressMessages)
    .values({ subjectId: `vid_${word}`, accountId, ...place, createdAt });
  await db.insert(accessTokens).values({
    id: `tok_${word}`,
    accountId,
    name: word,
    hash: `secret-hash-${word}`,
    scopes: ['read'],
    resource: 'https://x.test/mcp',
    createdAt,
    expiresAt,
  });
  await db.insert(oauthStates).values({
    stateHash: `secret-state-${word}`,
    accountId,
    codeVerifierSealed: `secret-sealed-${word}`,
    createdAt,
    expiresAt,
  });
  await db
    .insert(accountLinks)
    .values({ id: `lnk_${word}`, fromAccount: accountId, status: 'open', createdAt, expiresAt });
}

async function addMoney(world: World, accountId: string, word: string): Promise<void> {
  const { db } = world.app.database;
  const at = world.now();
  const pack = { walletId: accountId, amount: 7, lasting: true, at } as const;
  const reference = `cs_${accountId}`;
  await postTransfer(db, { ...pack, verb: 'grant', reference, key: `pack:${reference}` });
  await db.insert(billing.purchases).values({
    id: reference,
    accountId,
    walletId: accountId,
    kind: 'pack',
    product: 'small',
    units: 7,
    amount: 500,
    currency: 'usd',
    paidAt: at,
  });
  await db.insert(billing.customers).values({ accountId, customerId: null, createdAt: at });
  await db.insert(billing.checkouts).values({
    id: world.app.ids.next('chk'),
    accountId,
    kind: 'pack',
    product: 'small',
    sessionId: reference,
    url: `https://pay.test/${word}`,
    status: 'complete',
    createdAt: at,
    expiresAt: at,
  });
  await db.insert(billing.subscriptions).values({
    id: `sub_${accountId}`,
    accountId,
    plan: 'starter',
    priceId: 'price_1',
    status: 'canceled',
    periodStart: at,
    periodEnd: at,
    createdAt: at,
    readAt: at,
  });
  await db.insert(billing.waitingActions).values({
    accountId,
    id: `wai_${word}`,
    operation: 'video_generate',
    input: { prompt: word },
    surface: 'discord',
    needed: 1,
    createdAt: at,
  });
}

async function addTrends(
  world: World,
  person: Context,
  { word, publication }: { readonly word: string; readonly publication: string },
): Promise<void> {
  const { db } = world.app.database;
  const { accountId } = person.actor;
  const at = world.now();
  const trendId = await addTrend(world, person, { title: 'Boats', keyword: word });
  await keepTrend(world, person, trendId);
  const [search] = await db
    .select()
    .from(trendSearches)
    .where(eq(trendSearches.accountId, accountId));
  const watchId = `wat_${word}`;
  await db.insert(watches).values({
    id: watchId,
    accountId,
    keyword: word,
    platforms: ['youtube'],
    minScore: 1,
    everyHours: 24,
    dailyUsd: 1,
    status: 'active',
    nextAt: at,
    createdAt: at,
  });
  await db.insert(watchFinds).values({
    id: `fnd_${word}`,
    watchId,
    trendId,
    searchId: search?.id ?? '',
    score: 1,
    foundAt: at,
  });
  await db
    .insert(publicationCounts)
    .values({ publicationId: publication, readAt: at, views: 1, likes: 1, comments: 1 })
    .onConflictDoNothing();
  await db
    .insert(trendForecasts)
    .values({
      id: `for_${word}`,
      accountId,
      publicationId: publication,
      score: 1,
      madeAt: at,
      dueAt: at,
    })
    .onConflictDoNothing();
}

/** Every column that holds text or documents, with how many of its rows hold a word; those without are left out. */
export async function columnsWith(world: World, word: string): Promise<Map<string, number>> {
  const { sql } = world.app.database;
  const columns = await sql`
    select c.table_schema, c.table_name, c.column_name from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where t.table_type = 'BASE TABLE'
      and c.table_schema not in ('pg_catalog', 'information_schema')
      and (c.data_type in ('text', 'character varying', 'json', 'jsonb', 'ARRAY'))`;
  const found = new Map<string, number>();
  for (const { table_schema: schema, table_name: table, column_name: column } of columns) {
    const place = sql`${sql(String(schema))}.${sql(String(table))}`;
    const [row] = await sql`select count(*)::int as rows from ${place}
      where position(${word} in ${sql(String(column))}::text) > 0`;
    const rows = Number(row?.['rows'] ?? 0);
    if (rows > 0) found.set(`${String(table)}.${String(column)}`, rows);
  }
  return found;
}
