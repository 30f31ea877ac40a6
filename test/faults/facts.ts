import { asc, eq, inArray } from 'drizzle-orm';

import { approvals } from '../../drizzle/schema/consent.ts';
import { notices } from '../../drizzle/schema/chat.ts';
import { compensations, quotaHolds, quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { events, shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import type { Delivery } from '../../sandbox/fal/webhooks.ts';
import type { FaultWorld } from './world.ts';

/** A cancel as its person saw it. */
export type CancelFact = {
  readonly video: string;
  readonly at: Date;
  readonly charged: boolean | null;
};

/** One message to a person. */
export type TellFact = { readonly video: string; readonly kind: string };

/** Everything that one run has left behind, from the product's tables and from outside. */
export type Facts = Awaited<ReturnType<typeof gatherFacts>>;

export type Witness = {
  readonly accounts: readonly string[];
  readonly cancels: readonly CancelFact[];
  readonly tells: readonly TellFact[];
  /** Attempts that the emulator was asked to take, as often as it took them. */
  readonly unknownSubmits: readonly string[];
};

export async function gatherFacts(world: FaultWorld, witness: Witness) {
  const { db, sql } = world.web.database;
  const mine = [...witness.accounts];
  const rows = await db
    .select()
    .from(videos)
    .where(inArray(videos.accountId, mine))
    .orderBy(asc(videos.createdAt), asc(videos.id));
  const ids = rows.map(({ id }) => id);
  const shotRows = await db
    .select({ shot: shots })
    .from(shots)
    .innerJoin(videos, eq(videos.id, shots.videoId))
    .where(inArray(videos.accountId, mine));
  const attempts = await db
    .select({ attempt: shotAttempts, shot: shots })
    .from(shotAttempts)
    .innerJoin(shots, eq(shots.id, shotAttempts.shotId))
    .innerJoin(videos, eq(videos.id, shots.videoId))
    .where(inArray(videos.accountId, mine));
  const own = { wallets: inArray(wallets.accountId, mine) };
  return {
    now: world.clock.now(),
    videos: rows,
    shots: shotRows.map(({ shot }) => shot),
    attempts: attempts.map(({ attempt, shot }) => ({ ...attempt, videoId: shot.videoId })),
    wallets: await db.select().from(wallets).where(own.wallets),
    transfers: await db.select().from(quotaTransfers).where(inArray(quotaTransfers.walletId, mine)),
    holds: await db.select().from(quotaHolds).where(inArray(quotaHolds.accountId, mine)),
    compensations: await db
      .select()
      .from(compensations)
      .where(inArray(compensations.accountId, mine)),
    events:
      ids.length === 0
        ? []
        : await db
            .select()
            .from(events)
            .where(inArray(events.subjectId, ids))
            .orderBy(asc(events.id)),
    approvals: await db.select().from(approvals).where(inArray(approvals.accountId, mine)),
    notices: await db.select().from(notices).where(inArray(notices.accountId, mine)),
    work: await sql<{ name: string; state: string; after: Date }[]>`
      select name, state::text, start_after as after from pgboss.job
      where state in ('created', 'retry', 'active')`,
    files: world.files(),
    requests: world.requests(),
    deliveries: [...world.fal.deliveries],
    ...witness,
  };
}

/** Whether the subscriber took a delivery. */
export const isTaken = ({ status }: Delivery): boolean =>
  status !== null && status >= 200 && status < 300;
