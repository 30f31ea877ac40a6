import { asc, eq, sql } from 'drizzle-orm';

import type { Db, Tx } from '../drizzle/client.ts';
import { events } from '../drizzle/schema/videos.ts';

/** Listeners are told the id of what changed and read the rest themselves. */
export const eventChannel = 'jilo_events';

/** Appends what happened to a video or publication and wakes whoever listens once `tx` commits. */
export async function recordEvent(
  tx: Tx,
  event: {
    readonly at: Date;
    readonly subjectId: string;
    readonly kind: string;
    readonly data?: Record<string, unknown>;
  },
): Promise<void> {
  await tx.insert(events).values({ ...event, data: event.data ?? {} });
  await tx.execute(sql`select pg_notify(${eventChannel}, ${event.subjectId})`);
}

/** @internal */
export const listEvents = (db: Db, subjectId: string) =>
  db.select().from(events).where(eq(events.subjectId, subjectId)).orderBy(asc(events.id));
