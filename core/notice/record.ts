import { sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { notices } from '../../drizzle/schema/chat.ts';

/** Listeners are told the id of what a person is to hear about. */
export const noticeChannel = 'jilo_notices';

export type NoticeKind = (typeof notices.$inferSelect)['kind'];

/** Leaves word for a person with the change that it is about, and wakes whoever delivers it. */
export async function recordNotice(
  tx: Tx,
  notice: {
    readonly accountId: string;
    readonly kind: NoticeKind;
    /** The video, publication, channel, approval, paused watch, or search of what a watch has found. */
    readonly subjectId: string;
    readonly at: Date;
  },
): Promise<void> {
  const { accountId, kind, subjectId, at } = notice;
  await tx.insert(notices).values({ accountId, kind, subjectId, createdAt: at });
  await tx.execute(sql`select pg_notify(${noticeChannel}, ${subjectId})`);
}
