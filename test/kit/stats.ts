import { asc, eq } from 'drizzle-orm';

import type { Context, Ports } from '../../core/context.ts';
import type { HostCounts } from '../../core/ports/video-host.ts';
import { countPublications } from '../../core/publication/count.ts';
import { publicationCounts, publications } from '../../drizzle/schema/publishing.ts';
import { approve, openForecasts, type ForecastScene } from './forecasts.ts';
import { jobContext, withVideoHost } from './trips.ts';

export type StatsScene = ForecastScene;
type Row = typeof publications.$inferInsert;

export const hour = 3600;
export const day = 24 * hour;

export const secondsBefore = (moment: Date, seconds: number): Date =>
  new Date(moment.getTime() - seconds * 1000);

/** A world with one video, and one publication of it that was made public through YouTube. */
export async function openStats(): Promise<StatsScene & { readonly published: string }> {
  const scene = await openForecasts();
  const published = await approve(scene);
  await scene.world.drain();
  return { ...scene, published };
}

/** Publications that are public since now, without the way there; ids rise in their order. */
export async function addLive(
  { world, channel }: StatsScene,
  count: number,
  changes: Partial<Row> = {},
): Promise<string[]> {
  const { db } = world.app.database;
  const [pattern] = await db.select().from(publications).limit(1);
  if (!pattern) throw new Error('nothing was published yet');
  const ids = Array.from({ length: count }, () => world.app.ids.next('pub')).toSorted();
  await db.insert(publications).values(
    ids.map((id, index) => ({
      ...pattern,
      channelId: channel,
      status: 'live' as const,
      hostPrivacy: 'public' as const,
      title: `Boat ${index}`,
      liveAt: world.now(),
      ...changes,
      id,
      hostVideoId: changes.hostVideoId === null ? null : `host_${id}`,
      approvalId: null,
    })),
  );
  return ids;
}

/** A row of `publication_counts`. */
export async function addReading(
  { world }: StatsScene,
  publicationId: string,
  readAt: Date,
  [views, likes, comments]: readonly [number | null, number | null, number | null],
): Promise<void> {
  await world.app.database.db
    .insert(publicationCounts)
    .values({ publicationId, readAt, views, likes, comments });
}

export const readingsOf = ({ world }: StatsScene, publicationId: string) =>
  world.app.database.db
    .select()
    .from(publicationCounts)
    .where(eq(publicationCounts.publicationId, publicationId))
    .orderBy(asc(publicationCounts.readAt));

/** One run of the job, as the worker does it. */
export const countNow = ({ world }: StatsScene, ports?: Ports): Promise<void> =>
  countPublications.run({}, jobContext(world, ports));

/** A YouTube that tells the same of every video, and how many it was asked for in each call. */
export function tellingAll(scene: StatsScene, counts: HostCounts) {
  const calls: (readonly string[])[] = [];
  const ports = withVideoHost(scene.world, {
    async fetchCounts(_token, ids) {
      calls.push(ids);
      return new Map(ids.map((id) => [id, counts]));
    },
  });
  return { ports, calls };
}

/** Forgets all publications but the one that YouTube has, and everything that was read. */
export async function clearStats(
  scene: StatsScene & { readonly published: string },
): Promise<void> {
  const { db } = scene.world.app.database;
  await db.delete(publicationCounts);
  for (const { id } of await db.select({ id: publications.id }).from(publications))
    if (id !== scene.published) await db.delete(publications).where(eq(publications.id, id));
}

/** The same person with the things of one chat server, or of private talks. */
export const inServer = (context: Context, serverId: string | null): Context => ({
  ...context,
  actor: { ...context.actor, serverId },
});
