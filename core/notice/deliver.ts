import { and, asc, eq, gte, isNull, notInArray, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { notices, progressMessages } from '../../drizzle/schema/chat.ts';
import { accounts, identities } from '../../drizzle/schema/people.ts';
import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { readOpenQuestion, type PendingApproval } from '../consent/decide.ts';
import type { Services } from '../context.ts';
import type { Locale } from '../messages/catalogue.ts';
import { canManage, type ChannelAccess } from '../ports/video-host.ts';
import { readFound, readPaused, type WatchNews } from '../watch/news.ts';
import { readPaymentNews, type PaymentNews } from './payment-news.ts';
import type { NoticeKind } from './record.ts';

/** A notice with what is needed to deliver it to the person at a chat service. */
export type Notice = {
  readonly id: number;
  readonly kind: NoticeKind;
  readonly subjectId: string;
  readonly locale: Locale;
  /** IANA name of the person's time zone. */
  readonly timeZone: string;
  /** Whether the person wants to be written to. */
  readonly isWanted: boolean;
  /** The person at the chat service. */
  readonly userId: string;
  /** The server that the subject belongs to; null: the person's own. */
  readonly serverId: string | null;
  /** Title of the channel that it is about; null when it is about something else. */
  readonly channelTitle: string | null;
  /** What the person has allowed on that channel. */
  readonly channelAccess: ChannelAccess | null;
  /** When an upload that waits for the host's allowance goes on; null when it does not wait any more. */
  readonly waitingUntil: Date | null;
  /** What a watch has to tell; null when it is about something else. */
  readonly watch: WatchNews | null;
  /** What came of a payment; null when it is about something else. */
  readonly payment: PaymentNews | null;
  /** What the person is to decide; null when it is about something else. */
  readonly approval: PendingApproval | null;
  /** The message that shows how the subject is getting on. */
  readonly progress: NoticeProgress | null;
};

export type NoticeProgress = {
  readonly serverId: string | null;
  readonly channelId: string;
  readonly messageId: string | null;
  readonly hasEnded: boolean;
};

/**
 * Hands the oldest open notice to `deliver` and marks it when that succeeds; null when there is none
 * that this process may take. Another process does not get it meanwhile, and a death on the way
 * leaves it open. Only notices since the person came to this chat service count.
 */
export async function deliverNext(
  services: Services,
  provider: string,
  how: {
    /** Notices that are left alone for now. */
    readonly skip: readonly number[];
    readonly deliver: (notice: Notice) => Promise<void>;
  },
): Promise<Notice | null> {
  return services.database.db.transaction(async (tx) => {
    const notice = await claimNext(tx, provider, { skip: how.skip, now: services.clock.now() });
    if (!notice) return null;
    await how.deliver(notice);
    await tx
      .update(notices)
      .set({ deliveredAt: services.clock.now() })
      .where(eq(notices.id, notice.id));
    return notice;
  });
}

async function claimNext(
  tx: Tx,
  provider: string,
  { skip, now }: { readonly skip: readonly number[]; readonly now: Date },
): Promise<Notice | null> {
  const [row] = await tx
    .select({
      id: notices.id,
      kind: notices.kind,
      subjectId: notices.subjectId,
      locale: accounts.locale,
      timeZone: accounts.timeZone,
      isWanted: accounts.notices,
      identity: identities.subject,
      serverId: sql<string | null>`coalesce(${videos.serverId}, ${publications.serverId})`,
      channelTitle: channels.title,
      channelScopes: channels.scopes,
      waitingUntil: publications.waitingUntil,
      progress: progressMessages,
    })
    .from(notices)
    .innerJoin(accounts, eq(accounts.id, notices.accountId))
    .innerJoin(
      identities,
      and(
        eq(identities.accountId, notices.accountId),
        eq(identities.provider, provider),
        gte(notices.createdAt, identities.createdAt),
      ),
    )
    .leftJoin(videos, eq(videos.id, notices.subjectId))
    .leftJoin(publications, eq(publications.id, notices.subjectId))
    .leftJoin(channels, eq(channels.id, notices.subjectId))
    .leftJoin(progressMessages, eq(progressMessages.subjectId, notices.subjectId))
    .where(
      and(
        isNull(notices.deliveredAt),
        skip.length > 0 ? notInArray(notices.id, [...skip]) : undefined,
      ),
    )
    .orderBy(asc(notices.id), asc(identities.createdAt))
    .limit(1)
    .for('update', { of: notices, skipLocked: true });
  if (!row) return null;
  const { identity, progress, isWanted, channelScopes, ...facts } = row;
  const watch = await readNews(tx, row);
  const payment = await readPaymentNews(tx, row);
  const isQuestion = row.kind === 'approval_asked';
  const approval = isQuestion ? await readOpenQuestion(tx, row.subjectId, now) : null;
  return {
    ...facts,
    channelAccess: channelScopes && (canManage(channelScopes) ? 'manage' : 'upload'),
    watch,
    payment,
    approval,
    // A watch that is over has nothing to tell any more, and what is decided is not asked.
    isWanted:
      isWanted &&
      (watch !== null || !row.kind.startsWith('watch_')) &&
      (payment !== null || !isAboutMoney(row.kind)) &&
      (approval !== null || !isQuestion),
    userId: progress?.userId ?? identity,
    progress: progress && {
      serverId: progress.serverId,
      channelId: progress.channelId,
      messageId: progress.messageId,
      hasEnded: progress.endedAt !== null,
    },
  };
}

const isAboutMoney = (kind: NoticeKind): boolean =>
  kind.startsWith('payment_') || kind === 'plan_ended';

type About = Pick<Notice, 'kind' | 'subjectId' | 'locale'>;

async function readNews(tx: Tx, { kind, subjectId, locale }: About): Promise<WatchNews | null> {
  if (kind === 'watch_found') return readFound(tx, subjectId);
  return kind === 'watch_paused' ? readPaused(tx, subjectId, locale) : null;
}
