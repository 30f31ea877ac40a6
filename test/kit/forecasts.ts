import { eq } from 'drizzle-orm';
import { z } from 'zod';

import type { Context, Ports } from '../../core/context.ts';
import { keepPrompt } from '../../core/prompt/written.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import { publicationShow } from '../../core/publication/show.ts';
import { readForecastViews } from '../../core/trend/forecast-job.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import {
  trendForecasts,
  trendResults,
  trends,
  trendSearches,
} from '../../drizzle/schema/trends.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { connectChannel, jobContext, makeReadyVideo } from './trips.ts';
import { createWorld, type World } from './world.ts';

/** A world in which videos with a trend are published, and their forecasts read. */
export type ForecastScene = {
  readonly world: World;
  readonly context: Context;
  readonly video: string;
  readonly channel: string;
};

export async function openForecasts(): Promise<ForecastScene> {
  const world = await createWorld();
  const context = await world.context();
  const channel = await connectChannel(world);
  return { world, context, channel, video: await makeReadyVideo(world) };
}

let made = 0;
const nextId = (prefix: string): string => {
  made += 1;
  return `${prefix}_forecast_${String(made).padStart(4, '0')}`;
};

/** A trend that nobody has found yet. */
export async function addTrend({ world }: ForecastScene): Promise<string> {
  const id = nextId('trd');
  await world.app.database.db.insert(trends).values({
    id,
    platform: 'tiktok',
    externalId: id,
    kind: 'short',
    title: 'A boat of paper',
    description: '',
    url: `https://www.tiktok.com/@boats/video/${id}`,
    hashtags: [],
    seenAt: world.now(),
  });
  return id;
}

/** A search that showed the trend to an account with this score. */
export async function seeScore(
  { world }: ForecastScene,
  { actor }: Context,
  trendId: string,
  score: unknown,
): Promise<void> {
  const { db } = world.app.database;
  const searchId = nextId('sea');
  await db.insert(trendSearches).values({
    id: searchId,
    accountId: actor.accountId,
    keyword: 'boats',
    request: {},
    skipped: {},
    notes: [],
    serverId: actor.serverId ?? null,
    createdAt: world.now(),
  });
  await db.insert(trendResults).values({ searchId, trendId, position: 1, score: { score } });
}

/** Lets the video have a prompt that was written from the trend, or from an idea without one. */
export async function writeFrom(
  { world, context, video }: ForecastScene,
  trend: string | null,
  by: Context = context,
): Promise<void> {
  const prompt = `A paper boat, number ${nextId('prompt')}`;
  const idea = trend === null ? 'boats' : null;
  await keepPrompt(by, { prompt, trend, idea, seconds: 30 });
  await world.app.database.db.update(videos).set({ prompt }).where(eq(videos.id, video));
}

/** Approves a publication; nothing has been uploaded yet. */
export async function approve(scene: ForecastScene, changes: object = {}): Promise<string> {
  const { world, context, video, channel } = scene;
  const title = `A boat ${nextId('title')}`;
  const wish = { video, channel, title, privacy: 'public', ...changes };
  const { publication } = await world.must(publicationCreate, wish, context);
  return z.string().parse(publication);
}

/** A public video that takes up the idea of a trend with this score. */
export async function publishWith(
  scene: ForecastScene,
  score: unknown,
  changes: object = {},
): Promise<string> {
  const trend = await addTrend(scene);
  await seeScore(scene, scene.context, trend, score);
  await writeFrom(scene, trend);
  const publication = await approve(scene, changes);
  await scene.world.drain();
  return publication;
}

const shownSchema = z.object({
  status: z.string(),
  forecast: z
    .object({
      score: z.number(),
      trend: z.string().nullable(),
      views_after_72h: z.int().nullable(),
      read_after_hours: z.int().nullable(),
    })
    .nullable(),
});

/** The state of a publication and its forecast, as its person sees them. */
export async function showForecast({ world, context }: ForecastScene, publication: string) {
  return shownSchema.parse(await world.must(publicationShow, { publication }, context));
}

export async function forecastsOf({ world }: ForecastScene, publication: string) {
  const { db } = world.app.database;
  return db.select().from(trendForecasts).where(eq(trendForecasts.publicationId, publication));
}

export async function hostVideoOf({ world }: ForecastScene, publication: string): Promise<string> {
  const { db } = world.app.database;
  const [row] = await db.select().from(publications).where(eq(publications.id, publication));
  return z.string().parse(row?.hostVideoId);
}

export const readViews = ({ world }: ForecastScene, ports?: Ports): Promise<void> =>
  readForecastViews.run({}, jobContext(world, ports));
