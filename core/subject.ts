import { eq, inArray, max } from 'drizzle-orm';

import { publications } from '../drizzle/schema/publishing.ts';
import { events, videos } from '../drizzle/schema/videos.ts';
import type { Services } from './context.ts';

/** Whose video or publication an event is about; null for what is neither. */
export async function readSubjectOwner(
  { database }: Pick<Services, 'database'>,
  id: string,
): Promise<string | null> {
  const table = id.startsWith('vid_') ? videos : publications;
  const [row] = await database.db
    .select({ accountId: table.accountId })
    .from(table)
    .where(eq(table.id, id));
  return row?.accountId ?? null;
}

/** When something last happened to each of these videos and publications. */
export async function readLastEvents(
  { database }: Pick<Services, 'database'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  if (ids.length === 0) return new Map();
  const rows = await database.db
    .select({ id: events.subjectId, at: max(events.at) })
    .from(events)
    .where(inArray(events.subjectId, [...ids]))
    .groupBy(events.subjectId);
  return new Map(rows.flatMap(({ id, at }) => (at === null ? [] : [[id, at] as const])));
}
