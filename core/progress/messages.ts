import { and, asc, eq, gt, isNotNull, isNull, or, sql, type SQL } from 'drizzle-orm';

import { progressMessages, servers } from '../../drizzle/schema/chat.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import { eventChannel } from '../events.ts';
import type { Locale } from '../messages/catalogue.ts';

/** Where the one message about a video or a publication stands, or will. */
export type ProgressPlace = {
  readonly subjectId: string;
  readonly accountId: string;
  /** The person at the chat service. */
  readonly userId: string;
  /** null in a private talk. */
  readonly serverId: string | null;
  readonly channelId: string;
  /** The talk that it came out of; null when it was a command. */
  readonly conversationId: string | null;
  /** The largest file that may be uploaded there, in bytes. */
  readonly uploadLimit: number;
};

/** A message that is kept up to date, with what is needed to draw it. */
export type OpenProgress = ProgressPlace & {
  /** null until the chat service has taken the message. */
  readonly messageId: string | null;
  readonly kind: 'video' | 'publication';
  /** State of the subject when this was read. */
  readonly status: string;
  /** The server that the subject belongs to, wherever its message stands. */
  readonly subjectServerId: string | null;
  readonly locale: Locale;
  /** IANA name. */
  readonly timeZone: string;
};

/** A late clip may turn a failed video into a finished one for this long. */
const lateSeconds = 24 * 60 * 60;

/** Notes that a subject gets its message there; false when it has one. Wakes whoever keeps them. */
export async function openProgress(services: Services, place: ProgressPlace): Promise<boolean> {
  const { subjectId, accountId, userId, serverId, channelId, conversationId, uploadLimit } = place;
  const createdAt = services.clock.now();
  return services.database.db.transaction(async (tx) => {
    const opened = await tx
      .insert(progressMessages)
      .values({
        subjectId,
        accountId,
        userId,
        serverId,
        channelId,
        conversationId,
        uploadLimit,
        createdAt,
      })
      .onConflictDoNothing()
      .returning({ subjectId: progressMessages.subjectId });
    if (opened.length > 0) await tx.execute(sql`select pg_notify(${eventChannel}, ${subjectId})`);
    return opened.length > 0;
  });
}

/** Keeps the id of the message that the chat service has taken. */
export async function setProgressMessage(
  services: Services,
  subjectId: string,
  messageId: string,
): Promise<void> {
  await services.database.db
    .update(progressMessages)
    .set({ messageId })
    .where(eq(progressMessages.subjectId, subjectId));
}

/** The message goes to a private talk instead: its own place is closed. */
export async function moveProgress(
  services: Services,
  subjectId: string,
  channelId: string,
): Promise<void> {
  await services.database.db
    .update(progressMessages)
    .set({ channelId, serverId: null })
    .where(eq(progressMessages.subjectId, subjectId));
}

/**
 * Notes that the last state is shown, and answers whether it was this call. `isLost`: the message is
 * gone or could never be sent, so that nobody is pointed to it.
 */
export async function endProgress(
  services: Services,
  subjectId: string,
  isLost = false,
): Promise<boolean> {
  const endedAt = services.clock.now();
  const cameLate = sql`exists (select 1 from ${videos}
    where ${videos.id} = ${subjectId} and ${videos.readyAt} > ${progressMessages.endedAt})`;
  const ended = await services.database.db
    .update(progressMessages)
    .set({ endedAt, ...(isLost ? { messageId: null } : {}) })
    .where(
      and(
        eq(progressMessages.subjectId, subjectId),
        or(isNull(progressMessages.endedAt), cameLate),
      ),
    )
    .returning({ subjectId: progressMessages.subjectId });
  return ended.length > 0;
}

/** Every message that is to be kept up to date. */
export const listOpenProgress = (services: Services): Promise<OpenProgress[]> =>
  readOpen(services, undefined);

/** The message of this subject, or null when it has none that is to be kept up to date. */
export async function readOpenProgress(
  services: Services,
  subjectId: string,
): Promise<OpenProgress | null> {
  const [row] = await readOpen(services, eq(progressMessages.subjectId, subjectId));
  return row ?? null;
}

async function readOpen(services: Services, which: SQL | undefined): Promise<OpenProgress[]> {
  const lately = secondsAfter(services.clock.now(), -lateSeconds);
  // What a person was told had failed, and has arrived after all.
  const isLate = and(
    gt(progressMessages.endedAt, lately),
    isNotNull(progressMessages.messageId),
    gt(videos.readyAt, progressMessages.endedAt),
  );
  const rows = await services.database.db
    .select({
      place: progressMessages,
      videoId: videos.id,
      videoServerId: videos.serverId,
      publicationServerId: publications.serverId,
      status: sql<string>`coalesce(${videos.status}, ${publications.status})`,
      locale: sql<Locale>`coalesce(${servers.locale}, ${accounts.locale})`,
      timeZone: accounts.timeZone,
    })
    .from(progressMessages)
    .innerJoin(accounts, eq(accounts.id, progressMessages.accountId))
    .leftJoin(servers, eq(servers.id, progressMessages.serverId))
    .leftJoin(videos, eq(videos.id, progressMessages.subjectId))
    .leftJoin(publications, eq(publications.id, progressMessages.subjectId))
    .where(and(or(isNull(progressMessages.endedAt), isLate), which))
    .orderBy(asc(progressMessages.createdAt), asc(videos.take));
  return rows.map(({ place, videoId, videoServerId, publicationServerId, ...facts }) => ({
    ...place,
    ...facts,
    kind: videoId === null ? ('publication' as const) : ('video' as const),
    subjectServerId: videoServerId ?? publicationServerId,
  }));
}
