import { and, eq, inArray, notExists, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { accessTokens } from '../../drizzle/schema/access.ts';
import { checkouts } from '../../drizzle/schema/billing.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { pictures } from '../../drizzle/schema/pictures.ts';
import { channels, publicationCounts, publications } from '../../drizzle/schema/publishing.ts';
import {
  trendForecasts,
  trendResults,
  trendSearches,
  trendSearchHarvests,
  watches,
  watchFinds,
} from '../../drizzle/schema/trends.ts';
import { events, inbox, quotes, shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import { forgetNotices, type EraseStep } from './erase-steps.ts';

const publicationsOf = (tx: Tx, accountId: string) =>
  tx
    .select({ id: publications.id })
    .from(publications)
    .where(eq(publications.accountId, accountId));

const videosOf = (tx: Tx, accountId: string) =>
  tx.select({ id: videos.id }).from(videos).where(eq(videos.accountId, accountId));

/** What is on the host stays there; our notes of it go. */
const dropPublications: EraseStep = async (tx, accountId) => {
  const own = publicationsOf(tx, accountId);
  await tx.delete(publicationCounts).where(inArray(publicationCounts.publicationId, own));
  await tx.delete(trendForecasts).where(eq(trendForecasts.accountId, accountId));
  await tx.delete(events).where(inArray(events.subjectId, own));
  await tx.delete(publications).where(eq(publications.accountId, accountId));
};

/** Those whose keys are gone: a row that still has some is needed to tell Google. */
const dropChannels: EraseStep = async (tx, accountId) => {
  await tx
    .delete(channels)
    .where(and(eq(channels.accountId, accountId), eq(channels.status, 'disconnected')));
};

const dropPictures: EraseStep = async (tx, accountId) => {
  await tx.delete(pictures).where(eq(pictures.accountId, accountId));
};

const dropSearches: EraseStep = async (tx, accountId) => {
  const watched = tx
    .select({ id: watches.id })
    .from(watches)
    .where(eq(watches.accountId, accountId));
  const own = tx
    .select({ id: trendSearches.id })
    .from(trendSearches)
    .where(eq(trendSearches.accountId, accountId));
  await tx.delete(watchFinds).where(inArray(watchFinds.watchId, watched));
  await tx.delete(watches).where(eq(watches.accountId, accountId));
  await tx.delete(trendResults).where(inArray(trendResults.searchId, own));
  await tx.delete(trendSearchHarvests).where(inArray(trendSearchHarvests.searchId, own));
  await tx.delete(trendSearches).where(eq(trendSearches.accountId, accountId));
};

/** Videos and shots are what the journal has paid for: the rows stay, without a word of their person. */
const blankVideos: EraseStep = async (tx, accountId) => {
  const own = videosOf(tx, accountId);
  const clips = tx.select({ id: shots.id }).from(shots).where(inArray(shots.videoId, own));
  const sent = tx
    .select({ id: shotAttempts.id })
    .from(shotAttempts)
    .where(inArray(shotAttempts.shotId, clips));
  await tx.delete(events).where(inArray(events.subjectId, own));
  await tx.delete(inbox).where(inArray(inbox.attemptId, sent));
  await tx
    .update(shots)
    .set({ prompt: '', caption: null, sha256: null })
    .where(inArray(shots.videoId, own));
  await tx
    .update(videos)
    .set({ prompt: '', options: {}, sha256: null, serverId: null })
    .where(eq(videos.accountId, accountId));
};

const dropQuotes: EraseStep = async (tx, accountId) => {
  const made = tx.select({ id: videos.id }).from(videos).where(eq(videos.quoteId, quotes.id));
  await tx.delete(quotes).where(and(eq(quotes.accountId, accountId), notExists(made)));
  await tx
    .update(quotes)
    .set({ prompt: '', options: {}, shots: [], wishHash: '' })
    .where(eq(quotes.accountId, accountId));
};

/** That something was approved stays, as the videos say so; what it was does not. */
const blankApprovals: EraseStep = async (tx, accountId) => {
  const preview = sql`jsonb_build_object('title', '', 'lines', '[]'::jsonb,
    'cost', coalesce(${approvals.preview} -> 'cost', '0'::jsonb))`;
  await tx
    .update(approvals)
    .set({ input: {}, choices: {}, inputHash: '', preview })
    .where(eq(approvals.accountId, accountId));
};

const dropTokens: EraseStep = async (tx, accountId) => {
  await tx.delete(accessTokens).where(eq(accessTokens.accountId, accountId));
};

/** The payment service still names them in its messages; nobody needs the pages any more. */
const blankCheckouts: EraseStep = async (tx, accountId) => {
  await tx.update(checkouts).set({ url: null }).where(eq(checkouts.accountId, accountId));
};

/** What goes once files and channels are gone, each in a commit of its own. */
export const rowSteps: readonly EraseStep[] = [
  dropPublications,
  dropChannels,
  dropPictures,
  dropSearches,
  blankVideos,
  dropQuotes,
  blankApprovals,
  dropTokens,
  blankCheckouts,
  // Telling the host has left word of it.
  forgetNotices,
];
