import { and, asc, eq, gt, isNotNull, isNull } from 'drizzle-orm';

import { approvalCards, progressMessages } from '../../drizzle/schema/chat.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import type { ProgressPlace } from '../progress/messages.ts';

/** Where an approval was put before its person. */
export type ApprovalCard = {
  readonly approvalId: string;
  readonly accountId: string;
  /** The person at the chat service. */
  readonly userId: string;
  /** null in a private talk. */
  readonly serverId: string | null;
  readonly channelId: string;
  /** Set when an agent asked: it is told what was decided. */
  readonly conversationId: string | null;
  /** The largest file that may be uploaded there, in bytes. */
  readonly uploadLimit: number;
};

/** What an approval has started. */
export type StartedWork = { readonly kind: 'video' | 'publication'; readonly id: string };

/** How long something that was started gets its message after a death in between. */
const announceSeconds = 24 * 60 * 60;

/** Keeps where an approval was asked for; the first place stays. */
export async function rememberCard(services: Services, card: ApprovalCard): Promise<void> {
  const { approvalId, accountId, userId, serverId, channelId, conversationId, uploadLimit } = card;
  await services.database.db
    .insert(approvalCards)
    .values({
      approvalId,
      accountId,
      userId,
      serverId,
      channelId,
      conversationId,
      uploadLimit,
      createdAt: services.clock.now(),
    })
    .onConflictDoNothing();
}

/** Where an approval was asked for, or null when that was not in a chat. */
export async function readCard(
  services: Services,
  approvalId: string,
): Promise<ApprovalCard | null> {
  const [card] = await services.database.db
    .select({
      approvalId: approvalCards.approvalId,
      accountId: approvalCards.accountId,
      userId: approvalCards.userId,
      serverId: approvalCards.serverId,
      channelId: approvalCards.channelId,
      conversationId: approvalCards.conversationId,
      uploadLimit: approvalCards.uploadLimit,
    })
    .from(approvalCards)
    .where(eq(approvalCards.approvalId, approvalId));
  return card ?? null;
}

/** What this approval of the account has started: the takes of a video in order, or a publication. */
export async function listStarted(
  services: Services,
  accountId: string,
  approvalId: string,
): Promise<StartedWork[]> {
  const { db } = services.database;
  const takes = await db
    .select({ id: videos.id })
    .from(videos)
    .where(and(eq(videos.approvalId, approvalId), eq(videos.accountId, accountId)))
    .orderBy(asc(videos.take), asc(videos.id));
  if (takes.length > 0) return takes.map(({ id }) => ({ kind: 'video', id }));
  const started = await db
    .select({ id: publications.id })
    .from(publications)
    .where(and(eq(publications.approvalId, approvalId), eq(publications.accountId, accountId)));
  return started.map(({ id }) => ({ kind: 'publication', id }));
}

/** What was started from a card within the last day and has no message yet: a process died in between. */
export async function listUnannounced(services: Services): Promise<ProgressPlace[]> {
  const since = secondsAfter(services.clock.now(), -announceSeconds);
  const found = await Promise.all(
    [videos, publications].map((table) =>
      services.database.db
        .select({
          subjectId: table.id,
          accountId: table.accountId,
          userId: approvalCards.userId,
          serverId: approvalCards.serverId,
          channelId: approvalCards.channelId,
          conversationId: approvalCards.conversationId,
          uploadLimit: approvalCards.uploadLimit,
        })
        .from(table)
        .innerJoin(approvalCards, eq(approvalCards.approvalId, table.approvalId))
        .leftJoin(progressMessages, eq(progressMessages.subjectId, table.id))
        .where(
          and(
            isNotNull(table.approvalId),
            gt(table.createdAt, since),
            isNull(progressMessages.subjectId),
          ),
        )
        .orderBy(asc(table.createdAt), asc(table === videos ? videos.take : table.id)),
    ),
  );
  return found.flat();
}
