import { and, sql, type SQL } from 'drizzle-orm';

import { publicationCounts, publications } from '../../drizzle/schema/publishing.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import type { HostCounts } from '../ports/video-host.ts';

/** A curve has at most one point more. */
const mostSteps = 60;
const hourMs = 3_600_000;

/** The sums of what publications counted at a moment. */
export type CurvePoint = HostCounts & { readonly at: Date };

/**
 * How the sums grew in the last `days`, in even steps of whole hours that end at the newest reading; at most
 * 61 points, none from before the first reading. At each point a publication counts as its last reading said.
 */
export async function readCurve(
  services: Services,
  scope: SQL | undefined,
  days: number,
): Promise<CurvePoint[]> {
  const span = await readSpan(services, scope, secondsAfter(services.clock.now(), -days * 86_400));
  if (!span) return [];
  const stepHours = Math.max(1, Math.ceil((span.to - span.from) / hourMs / mostSteps));
  const steps = Math.floor((span.to - span.from) / hourMs / stepHours);
  const from = new Date(span.to - steps * stepHours * hourMs);
  const moments = sql`generate_series(${from.toISOString()}::timestamptz, ${new Date(span.to).toISOString()}::timestamptz, make_interval(hours => ${stepHours}::int))`;
  const said = sql`
    select ${publicationCounts.views}, ${publicationCounts.likes}, ${publicationCounts.comments}
    from ${publicationCounts}
    where ${publicationCounts.publicationId} = ${publications.id} and ${publicationCounts.readAt} <= points.at
    order by ${publicationCounts.readAt} desc limit 1`;
  const rows = await services.database.db
    .select({
      at: sql`points.at`.mapWith(publicationCounts.readAt),
      views: sumOf('views'),
      likes: sumOf('likes'),
      comments: sumOf('comments'),
    })
    .from(publications)
    .innerJoin(sql`${moments} as points(at)`, sql`true`)
    .innerJoin(sql`lateral (${said}) as said`, sql`true`)
    .where(scope)
    .groupBy(sql`points.at`)
    .orderBy(sql`points.at`);
  return rows;
}

const sumOf = (column: keyof HostCounts): SQL<number | null> =>
  sql<number | null>`sum(said.${sql.identifier(column)})::float8`;

/** From the first reading within the days (or their start, where there is one from before) to the newest. */
async function readSpan(
  { database }: Services,
  scope: SQL | undefined,
  since: Date,
): Promise<{ readonly from: number; readonly to: number } | null> {
  const { readAt } = publicationCounts;
  const own = sql`${publicationCounts.publicationId} in (select ${publications.id} from ${publications} where ${and(scope, sql`true`)})`;
  const [span] = await database.db
    .select({
      first: sql`min(${readAt})`.mapWith(readAt),
      last: sql`max(${readAt})`.mapWith(readAt),
    })
    .from(publicationCounts)
    .where(own);
  if (!span?.first || !span.last || span.last <= since) return null;
  return { from: Math.max(span.first.getTime(), since.getTime()), to: span.last.getTime() };
}
