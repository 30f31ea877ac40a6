import { and, eq, inArray, isNull, or } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { accountLinks } from '../../drizzle/schema/account-links.ts';
import { accessTokens } from '../../drizzle/schema/access.ts';
import { waitingActions } from '../../drizzle/schema/billing.ts';
import {
  agentUsage,
  approvalCards,
  conversationMessages,
  conversations,
  conversationTurns,
  drafts,
  notices,
  progressMessages,
} from '../../drizzle/schema/chat.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { oauthStates, publications } from '../../drizzle/schema/publishing.ts';
import { logins } from '../../drizzle/schema/sign-in.ts';
import { savedTrends, watches } from '../../drizzle/schema/trends.ts';
import { events, videos } from '../../drizzle/schema/videos.ts';
import { tellWaiting } from '../consent/decide.ts';
import type { Services } from '../context.ts';
import { sendMailLater } from '../mail/queue.ts';
import { emailIdentity, rememberFormer } from './former.ts';

/** One part of a deletion, within its transaction; done once more it does nothing. */
export type EraseStep = (tx: Tx, accountId: string, services: Services) => Promise<void>;

/** What is open is declined, so that no card, link or waiting program starts anything any more. */
const declineApprovals: EraseStep = async (tx, accountId, { clock }) => {
  const declined = await tx
    .update(approvals)
    .set({ status: 'declined', decidedAt: clock.now() })
    .where(
      and(
        or(eq(approvals.accountId, accountId), eq(approvals.approverId, accountId)),
        inArray(approvals.status, ['pending', 'approved']),
      ),
    )
    .returning({ id: approvals.id });
  for (const { id } of declined) await tellWaiting(tx, id);
};

const revokeTokens: EraseStep = async (tx, accountId, { clock }) => {
  await tx
    .update(accessTokens)
    .set({ revokedAt: clock.now() })
    .where(and(eq(accessTokens.accountId, accountId), isNull(accessTokens.revokedAt)));
};

const endWatches: EraseStep = async (tx, accountId) => {
  await tx.update(watches).set({ status: 'deleted' }).where(eq(watches.accountId, accountId));
  await tx.delete(savedTrends).where(eq(savedTrends.accountId, accountId));
};

/** The host is told by `account.erase`, while there is still a key to its channel. */
const takeBackScheduled: EraseStep = async (tx, accountId) => {
  await tx
    .update(publications)
    .set({ privacy: 'private', publishAt: null, toldAt: null })
    .where(and(eq(publications.accountId, accountId), eq(publications.status, 'scheduled')));
};

const hideVideos: EraseStep = async (tx, accountId, { clock }) => {
  await tx
    .update(videos)
    .set({ deletedAt: clock.now() })
    .where(and(eq(videos.accountId, accountId), isNull(videos.deletedAt)));
};

const forgetTalks: EraseStep = async (tx, accountId) => {
  const own = tx
    .select({ id: conversations.id })
    .from(conversations)
    .where(eq(conversations.accountId, accountId));
  await tx.delete(conversationMessages).where(inArray(conversationMessages.conversationId, own));
  await tx.delete(conversationTurns).where(inArray(conversationTurns.conversationId, own));
  await tx.delete(conversations).where(eq(conversations.accountId, accountId));
  await tx.delete(agentUsage).where(eq(agentUsage.accountId, accountId));
};

const forgetWishes: EraseStep = async (tx, accountId) => {
  await tx.delete(drafts).where(eq(drafts.accountId, accountId));
  await tx.delete(waitingActions).where(eq(waitingActions.accountId, accountId));
  await tx.delete(approvalCards).where(eq(approvalCards.accountId, accountId));
  await tx.delete(progressMessages).where(eq(progressMessages.accountId, accountId));
};

/** What a person was to be told, of which nothing is told any more. */
export const forgetNotices: EraseStep = async (tx, accountId) => {
  // A payment that failed is known by its notice alone, and holds an address to pay at.
  const failed = tx
    .select({ id: notices.subjectId })
    .from(notices)
    .where(and(eq(notices.accountId, accountId), eq(notices.kind, 'payment_failed')));
  await tx.delete(events).where(inArray(events.subjectId, failed));
  await tx.delete(notices).where(eq(notices.accountId, accountId));
};

/** Round trips to Google, and links to another account, that were begun lead nowhere any more. */
const closeRoundTrips: EraseStep = async (tx, accountId) => {
  const { fromAccount, toAccount, staysAccount } = accountLinks;
  await tx
    .delete(accountLinks)
    .where(or(...[fromAccount, toAccount, staysAccount].map((side) => eq(side, accountId))));
  await tx.delete(oauthStates).where(eq(oauthStates.accountId, accountId));
};

/**
 * The ways in on the web, with their sessions and every program that was let in; the last mail says so. The
 * address is remembered as a hash, as the identities are.
 */
const forgetLogins: EraseStep = async (tx, accountId, services) => {
  const own = tx
    .select({ id: identities.subject })
    .from(identities)
    .where(and(eq(identities.provider, 'web'), eq(identities.accountId, accountId)));
  const gone = await tx
    .delete(logins)
    .where(inArray(logins.id, own))
    .returning({ email: logins.email, locale: logins.locale });
  await rememberFormer(
    tx,
    services,
    gone.map(({ email }) => emailIdentity(email)),
  );
  for (const { email, locale } of gone)
    await sendMailLater(services, tx, {
      template: 'account_deleted',
      to: email,
      locale: locale === 'zh' ? 'zh' : 'en',
    });
};

/** The next first contact opens a new account; that there was one is kept as a hash, for 30 days. */
const forgetIdentities: EraseStep = async (tx, accountId, services) => {
  const gone = await tx
    .delete(identities)
    .where(eq(identities.accountId, accountId))
    .returning({ provider: identities.provider, subject: identities.subject });
  await rememberFormer(tx, services, gone);
};

/**
 * What goes in the transaction of the deletion itself, in this order; `account.erase` does each once
 * more, for what another request wrote meanwhile.
 */
export const eraseSteps: readonly EraseStep[] = [
  declineApprovals,
  revokeTokens,
  endWatches,
  takeBackScheduled,
  hideVideos,
  forgetTalks,
  forgetWishes,
  forgetNotices,
  closeRoundTrips,
  forgetLogins,
  forgetIdentities,
];
