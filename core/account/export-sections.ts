import { eq, inArray, or, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

import { accessTokens } from '../../drizzle/schema/access.ts';
import * as billing from '../../drizzle/schema/billing.ts';
import * as chat from '../../drizzle/schema/chat.ts';
import { approvals, auditLog } from '../../drizzle/schema/consent.ts';
import { accounts, identities } from '../../drizzle/schema/people.ts';
import { pictures } from '../../drizzle/schema/pictures.ts';
import { channels, publicationCounts, publications } from '../../drizzle/schema/publishing.ts';
import * as quota from '../../drizzle/schema/quota.ts';
import * as trend from '../../drizzle/schema/trends.ts';
import * as video from '../../drizzle/schema/videos.ts';
import type { ExportSection } from './export-section.ts';
import { signInSections } from './export-sign-in.ts';

type Owned = PgTable & { readonly accountId: PgColumn };

/** The rows that name the account themselves. */
const of =
  ({ accountId }: Owned): ExportSection['own'] =>
  (_, account) =>
    eq(accountId, account);

/** Ids of the rows of another table that name it. */
const idsOf = (table: Owned & { readonly id: PgColumn }, accountId: string): SQL =>
  sql`(select ${table.id} from ${table} where ${table.accountId} = ${accountId})`;

/** The rows that belong to such a row. */
const under =
  (parent: PgColumn, table: Owned & { readonly id: PgColumn }): ExportSection['own'] =>
  (_, account) =>
    sql`${parent} in ${idsOf(table, account)}`;

const joined = (...parts: readonly PgColumn[]): SQL =>
  sql`concat_ws('|', ${sql.join(
    parts.map((part) => sql`coalesce(${part}::text, '')`),
    sql`, `,
  )})`;

const person: readonly ExportSection[] = [
  { name: 'profile', table: accounts, key: accounts.id, own: (_, id) => eq(accounts.id, id) },
  {
    name: 'identities',
    table: identities,
    key: joined(identities.provider, identities.subject),
    own: of(identities),
  },
  {
    name: 'access_tokens',
    table: accessTokens,
    key: accessTokens.id,
    own: of(accessTokens),
    left: ['hash'],
  },
  {
    name: 'approvals',
    table: approvals,
    key: approvals.id,
    own: of(approvals),
    left: ['input_hash'],
  },
  { name: 'audit_log', table: auditLog, key: auditLog.id, own: of(auditLog), left: ['input_hash'] },
];

const money: readonly ExportSection[] = [
  {
    name: 'wallets',
    table: quota.wallets,
    key: quota.wallets.id,
    own: (_, id) => or(eq(quota.wallets.id, id), eq(quota.wallets.mergedInto, id)),
  },
  {
    name: 'quota_movements',
    table: quota.quotaTransfers,
    key: quota.quotaTransfers.id,
    own: (_, id) => sql`${quota.quotaTransfers.walletId} in (select ${quota.wallets.id}
      from ${quota.wallets} where ${quota.wallets.id} = ${id} or ${quota.wallets.mergedInto} = ${id})`,
    left: ['request_hash'],
  },
  {
    name: 'quota_holds',
    table: quota.quotaHolds,
    key: quota.quotaHolds.reference,
    own: of(quota.quotaHolds),
  },
  {
    name: 'compensations',
    table: quota.compensations,
    key: quota.compensations.rootVideoId,
    own: of(quota.compensations),
  },
  {
    name: 'payment_customer',
    table: billing.customers,
    key: billing.customers.accountId,
    own: of(billing.customers),
  },
  {
    name: 'checkouts',
    table: billing.checkouts,
    key: billing.checkouts.id,
    own: of(billing.checkouts),
    left: ['session_id', 'url'],
  },
  {
    name: 'subscriptions',
    table: billing.subscriptions,
    key: billing.subscriptions.id,
    own: of(billing.subscriptions),
  },
  {
    name: 'purchases',
    table: billing.purchases,
    key: billing.purchases.id,
    own: of(billing.purchases),
  },
  {
    name: 'waiting_actions',
    table: billing.waitingActions,
    key: billing.waitingActions.accountId,
    own: of(billing.waitingActions),
  },
];

const talk: readonly ExportSection[] = [
  {
    name: 'conversations',
    table: chat.conversations,
    key: chat.conversations.id,
    own: of(chat.conversations),
  },
  {
    name: 'conversation_turns',
    table: chat.conversationTurns,
    key: chat.conversationTurns.id,
    own: under(chat.conversationTurns.conversationId, chat.conversations),
  },
  {
    name: 'conversation_messages',
    table: chat.conversationMessages,
    key: chat.conversationMessages.id,
    own: under(chat.conversationMessages.conversationId, chat.conversations),
  },
  {
    name: 'agent_usage',
    table: chat.agentUsage,
    key: chat.agentUsage.day,
    own: of(chat.agentUsage),
  },
  { name: 'drafts', table: chat.drafts, key: chat.drafts.id, own: of(chat.drafts) },
  { name: 'notices', table: chat.notices, key: chat.notices.id, own: of(chat.notices) },
  {
    name: 'approval_cards',
    table: chat.approvalCards,
    key: chat.approvalCards.approvalId,
    own: of(chat.approvalCards),
  },
  {
    name: 'progress_messages',
    table: chat.progressMessages,
    key: chat.progressMessages.subjectId,
    own: of(chat.progressMessages),
  },
];

const trends: readonly ExportSection[] = [
  {
    name: 'trend_searches',
    table: trend.trendSearches,
    key: trend.trendSearches.id,
    own: of(trend.trendSearches),
  },
  {
    name: 'trend_results',
    table: trend.trendResults,
    key: joined(trend.trendResults.searchId, trend.trendResults.trendId),
    own: under(trend.trendResults.searchId, trend.trendSearches),
  },
  {
    name: 'saved_trends',
    table: trend.savedTrends,
    key: joined(trend.savedTrends.trendId, trend.savedTrends.serverId),
    own: of(trend.savedTrends),
  },
  {
    name: 'trends_that_are_saved',
    table: trend.trends,
    key: trend.trends.id,
    own: (db, id) =>
      inArray(
        trend.trends.id,
        db
          .select({ id: trend.savedTrends.trendId })
          .from(trend.savedTrends)
          .where(eq(trend.savedTrends.accountId, id)),
      ),
    left: ['thumbnail_tries'],
    files: { thumbnail_key: 'thumbnail' },
  },
  { name: 'watches', table: trend.watches, key: trend.watches.id, own: of(trend.watches) },
  {
    name: 'watch_finds',
    table: trend.watchFinds,
    key: trend.watchFinds.id,
    own: under(trend.watchFinds.watchId, trend.watches),
  },
  {
    name: 'forecasts',
    table: trend.trendForecasts,
    key: trend.trendForecasts.id,
    own: of(trend.trendForecasts),
  },
];

const studio: readonly ExportSection[] = [
  {
    name: 'quotes',
    table: video.quotes,
    key: video.quotes.id,
    own: of(video.quotes),
    left: ['wish_hash'],
  },
  {
    name: 'videos',
    table: video.videos,
    key: video.videos.id,
    own: of(video.videos),
    files: { file_key: 'file', poster_key: 'poster' },
  },
  {
    name: 'shots',
    table: video.shots,
    key: video.shots.id,
    own: under(video.shots.videoId, video.videos),
    files: { file_key: 'file' },
  },
  {
    name: 'shot_attempts',
    table: video.shotAttempts,
    key: video.shotAttempts.id,
    own: (
      _,
      id,
    ) => sql`${video.shotAttempts.shotId} in (select ${video.shots.id} from ${video.shots}
      where ${video.shots.videoId} in ${idsOf(video.videos, id)})`,
    left: ['request_id', 'status_url', 'response_url', 'cancel_url'],
  },
  {
    name: 'pictures',
    table: pictures,
    key: pictures.id,
    own: of(pictures),
    files: { file_key: 'file' },
  },
  {
    name: 'channels',
    table: channels,
    key: channels.id,
    own: of(channels),
    left: ['access_token_sealed', 'refresh_token_sealed'],
  },
  {
    name: 'publications',
    table: publications,
    key: publications.id,
    own: of(publications),
    left: ['session_sealed'],
  },
  {
    name: 'publication_counts',
    table: publicationCounts,
    key: joined(publicationCounts.publicationId, publicationCounts.readAt),
    own: under(publicationCounts.publicationId, publications),
  },
  {
    name: 'events',
    table: video.events,
    key: video.events.id,
    own: (_, id) =>
      or(
        sql`${video.events.subjectId} in ${idsOf(video.videos, id)}`,
        sql`${video.events.subjectId} in ${idsOf(publications, id)}`,
      ),
  },
];

/** Everything that an account holds, table by table. */
export const exportSections: readonly ExportSection[] = [
  ...person,
  ...money,
  ...studio,
  ...trends,
  ...talk,
  ...signInSections,
];
