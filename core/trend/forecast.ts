import { and, desc, eq, isNotNull, type SQL } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { trendForecasts, trendResults, trendSearches } from '../../drizzle/schema/trends.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import { findSourceTrend } from '../prompt/written.ts';
import { gradeForecasts, type ForecastGrade } from './forecast-grade.ts';

/** How long a video is public when its views are read. */
const waitSeconds = 72 * 3600;
/** How many of the newest ones are marked. */
const mostGraded = 1000;

/** What is foretold of a video: the viral score of the trend whose idea it takes up. */
type Forecast = { readonly trendId: string; readonly score: number };

/** Of what a search has stored about a trend, only this counts here. */
const seenScoreSchema = z.object({ score: z.number().min(0).max(100) });

/**
 * What is foretold of a video: the score of its trend as the account saw it last. Null for a video whose
 * prompt was not written from a trend, or was changed since, and where no score is known.
 */
export async function findForecast(
  services: Services,
  { accountId, videoId }: { readonly accountId: string; readonly videoId: string },
): Promise<Forecast | null> {
  const { db } = services.database;
  const [video] = await db
    .select({ prompt: videos.prompt, serverId: videos.serverId })
    .from(videos)
    .where(eq(videos.id, videoId));
  const trendId = video ? await findSourceTrend(services, { accountId, ...video }) : null;
  if (trendId === null) return null;
  const [seen] = await db
    .select({ score: trendResults.score })
    .from(trendResults)
    .innerJoin(trendSearches, eq(trendSearches.id, trendResults.searchId))
    .where(and(eq(trendResults.trendId, trendId), eq(trendSearches.accountId, accountId)))
    .orderBy(desc(trendSearches.createdAt), desc(trendSearches.id))
    .limit(1);
  const { data } = seenScoreSchema.safeParse(seen?.score);
  return data ? { trendId, score: data.score } : null;
}

/** Writes down what is foretold of a publication, with the change that makes it public; once. */
export async function recordForecast(
  tx: Tx,
  { ids, clock }: Pick<Services, 'ids' | 'clock'>,
  forecast: Forecast & { readonly accountId: string; readonly publicationId: string },
): Promise<void> {
  const madeAt = clock.now();
  const dueAt = secondsAfter(madeAt, waitSeconds);
  await tx
    .insert(trendForecasts)
    .values({ ...forecast, id: ids.next('fct'), madeAt, dueAt })
    .onConflictDoNothing({ target: trendForecasts.publicationId });
}

/** A forecast as a person sees it beside the publication. */
export const forecastViewSchema = z.object({
  score: z.number().describe('0 to 100: viral score of the trend whose idea it takes up'),
  trend: z.string().nullable().describe('Pass this to trend_show'),
  views_after_72h: z.int().nullable().describe('null until they are read, or when they cannot be'),
  read_after_hours: z.int().nullable().describe('Hours after going public when views were read'),
});

/** What was foretold of a publication, and what came of it; null where nothing was. */
export async function readForecast(
  services: Services,
  publicationId: string,
): Promise<z.output<typeof forecastViewSchema> | null> {
  const [row] = await services.database.db
    .select()
    .from(trendForecasts)
    .where(eq(trendForecasts.publicationId, publicationId));
  if (!row) return null;
  const { score, trendId, views, madeAt, gradedAt } = row;
  const hours =
    views === null || gradedAt === null
      ? null
      : Math.floor((gradedAt.getTime() - madeAt.getTime()) / 3_600_000);
  return { score, trend: trendId, views_after_72h: views, read_after_hours: hours };
}

/** How well the newest graded forecasts have foretold views: those of some publications, or all. */
export async function readForecastGrade(services: Services, of?: SQL): Promise<ForecastGrade> {
  const rows = await services.database.db
    .select({ score: trendForecasts.score, views: trendForecasts.views })
    .from(trendForecasts)
    .innerJoin(publications, eq(publications.id, trendForecasts.publicationId))
    .where(and(isNotNull(trendForecasts.views), isNotNull(trendForecasts.gradedAt), of))
    .orderBy(desc(trendForecasts.gradedAt), desc(trendForecasts.id))
    .limit(mostGraded);
  return gradeForecasts(
    rows.flatMap(({ score, views }) => (views === null ? [] : [{ score, views }])),
  );
}
