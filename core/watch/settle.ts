import { and, eq, inArray, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { trendResults, trendSearches, watches, watchFinds } from '../../drizzle/schema/trends.ts';
import type { FaultCode } from '../fault.ts';
import { recordNotice } from '../notice/record.ts';
import type { SearchAnswer } from '../trend/search-answer.ts';
import type { Look } from './begin.ts';
import type { WatchRow } from './row.ts';

/** After so many failures in a row it waits until its person starts it again. */
const mostFailures = 3;

/**
 * Keeps what a look has found and was not told before, and leaves word of all of it at once, in one commit;
 * a look is settled once. What was found in a server is found in the private talk as well, where it is told.
 */
export async function settleFinds(look: Look, answer: SearchAnswer): Promise<void> {
  const { context, searchId } = look;
  await context.database.db.transaction(async (tx) => {
    const watch = await lockWatch(tx, look);
    if (!watch || !(await markSettled(tx, searchId, 'looked'))) return;
    await tx.update(watches).set({ failures: 0 }).where(eq(watches.id, watch.id));
    const told = await storeFinds(tx, look, { watch, answer });
    if (told.length === 0) return;
    const subjectId =
      watch.serverId === null ? searchId : await copyForPrivateTalk(tx, look, { watch, told });
    const at = context.clock.now();
    await recordNotice(tx, { accountId: watch.accountId, kind: 'watch_found', subjectId, at });
  });
}

/** Counts a look that brought nothing because nobody could be asked; the third in a row pauses the watch. */
export async function settleFailure(look: Look, code: FaultCode): Promise<void> {
  const { context, searchId } = look;
  await context.database.db.transaction(async (tx) => {
    const watch = await lockWatch(tx, look);
    if (!watch || !(await markSettled(tx, searchId, code))) return;
    const { id, accountId } = watch;
    const failures = watch.failures + 1;
    const isOver = failures >= mostFailures;
    const status = isOver ? ('paused' as const) : watch.status;
    await tx.update(watches).set({ failures, status }).where(eq(watches.id, id));
    if (!isOver) return;
    const at = context.clock.now();
    await recordNotice(tx, { accountId, kind: 'watch_paused', subjectId: id, at });
  });
}

/** null for a watch that was ended meanwhile. */
async function lockWatch(tx: Tx, { watch }: Look): Promise<WatchRow | null> {
  const [row] = await tx.select().from(watches).where(eq(watches.id, watch.id)).for('update');
  return row?.status === 'active' ? row : null;
}

/** Whether it is settled here: the search keeps how its look ended. */
async function markSettled(tx: Tx, searchId: string, ended: string): Promise<boolean> {
  const { request } = trendSearches;
  const marked = await tx
    .update(trendSearches)
    .set({ request: sql`${request} || jsonb_build_object('ended', ${ended}::text)` })
    .where(and(eq(trendSearches.id, searchId), sql`${request}->>'ended' is null`))
    .returning({ id: trendSearches.id });
  return marked.length > 0;
}

/** Ids of the videos that are new to this watch. */
async function storeFinds(
  tx: Tx,
  { context, searchId }: Look,
  { watch, answer }: { readonly watch: WatchRow; readonly answer: SearchAnswer },
): Promise<string[]> {
  const good = answer.trends.filter(({ score }) => score >= watch.minScore);
  if (good.length === 0) return [];
  const foundAt = context.clock.now();
  const finds = good.map(({ id, score }) => {
    const find = { id: context.ids.next('wfd'), watchId: watch.id, trendId: id };
    return { ...find, searchId, score, foundAt };
  });
  const stored = await tx
    .insert(watchFinds)
    .values(finds)
    .onConflictDoNothing()
    .returning({ trendId: watchFinds.trendId });
  return stored.map(({ trendId }) => trendId);
}

async function copyForPrivateTalk(
  tx: Tx,
  { context, searchId }: Look,
  { watch, told }: { readonly watch: WatchRow; readonly told: readonly string[] },
): Promise<string> {
  const { ids, clock } = context;
  const id = ids.next('sea');
  const { accountId, keyword } = watch;
  await tx.insert(trendSearches).values({
    id,
    accountId,
    keyword,
    request: { keyword, watch: watch.id, told: searchId },
    status: 'ready',
    skipped: {},
    notes: [],
    costUsd: 0,
    serverId: null,
    createdAt: clock.now(),
  });
  const results = await tx
    .select()
    .from(trendResults)
    .where(and(eq(trendResults.searchId, searchId), inArray(trendResults.trendId, [...told])));
  await tx.insert(trendResults).values(results.map((result) => ({ ...result, searchId: id })));
  return id;
}
