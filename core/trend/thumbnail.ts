import { and, inArray, isNotNull, isNull, lt } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { trends } from '../../drizzle/schema/trends.ts';
import type { Services } from '../context.ts';
import type { JobKind } from '../job.ts';
import { mediaLink } from '../media-link.ts';
import type { TrendView } from './view.ts';

/** The picture of a video is asked for so often before it counts as one that cannot be had. */
export const mostTries = 3;

/** Copies the picture of one trend. */
export const trendThumbnail: JobKind<{ trendId: string }> = {
  name: 'trend.thumbnail',
  payload: z.object({ trendId: z.string() }),
};

/** Where our copy is kept. */
export const thumbnailKeyOf = (trendId: string): string => `trends/${trendId}.jpg`;

/** Trends whose picture is neither here nor given up. */
export const isWanting = and(
  isNull(trends.thumbnailKey),
  isNotNull(trends.thumbnailUrl),
  lt(trends.thumbnailTries, mostTries),
);

/**
 * Lets the pictures of these trends be copied once `tx` has committed, as the platforms' own addresses
 * expire; those that are here, and those that cannot be had, are left out.
 */
export async function askForThumbnails(
  tx: Tx,
  { queue }: Pick<Services, 'queue'>,
  trendIds: readonly string[],
): Promise<void> {
  if (trendIds.length === 0) return;
  const wanting = await tx
    .select({ trendId: trends.id })
    .from(trends)
    .where(and(inArray(trends.id, [...trendIds]), isWanting))
    .orderBy(trends.id);
  // The key lets two searches that find the same video copy it once.
  for (const { trendId } of wanting)
    await queue.enqueue(tx, trendThumbnail, { trendId }, { key: trendId });
}

type Pictured = Pick<typeof trends.$inferSelect, 'thumbnailKey' | 'thumbnailUrl'>;

/** A signed address of our copy that works for a day; null where there is none, or no web app runs. @internal */
export const thumbnailLink = (
  services: Services,
  { thumbnailKey }: Pick<Pictured, 'thumbnailKey'>,
): string | null => (thumbnailKey === null ? null : mediaLink(services, thumbnailKey));

/** Where the picture of a trend can be seen now: our copy, or else the platform's while it works; or null. */
export const thumbnailUrlOf = (services: Services, trend: Pictured): string | null =>
  thumbnailLink(services, trend) ?? unexpired(trend.thumbnailUrl, services.clock.now());

/** The views with pictures that can be seen now, whenever they were stored. */
export async function showThumbnails<V extends TrendView>(
  services: Services,
  views: readonly V[],
): Promise<V[]> {
  if (views.length === 0) return [];
  const { thumbnailKey, thumbnailUrl, id } = trends;
  const rows = await services.database.db
    .select({ id, thumbnailKey, thumbnailUrl })
    .from(trends)
    .where(
      inArray(
        id,
        views.map((view) => view.id),
      ),
    );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return views.map((view) => {
    const row = byId.get(view.id) ?? { thumbnailKey: null, thumbnailUrl: view.thumbnail_url };
    return { ...view, thumbnail_url: thumbnailUrlOf(services, row) };
  });
}

/**
 * TikTok writes the end of an address as `x-expires` (unix seconds), Instagram as `oe` (the same in
 * hexadecimal); an address without either is taken to last.
 */
function unexpired(address: string | null, now: Date): string | null {
  const query = address === null ? null : URL.parse(address)?.searchParams;
  if (!query) return null;
  const decimal = /^\d{9,11}$/u.exec(query.get('x-expires') ?? '')?.[0];
  const hexadecimal = /^[0-9a-f]{8}$/iu.exec(query.get('oe') ?? '')?.[0];
  const ends = [
    ...(decimal === undefined ? [] : [Number(decimal)]),
    ...(hexadecimal === undefined ? [] : [Number.parseInt(hexadecimal, 16)]),
  ];
  return ends.every((end) => end * 1000 > now.getTime()) ? address : null;
}
