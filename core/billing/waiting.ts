import { and, eq, gt } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { waitingActions } from '../../drizzle/schema/billing.ts';
import { secondsAfter } from '../clock.ts';
import type { Context, Services } from '../context.ts';
import type { JobKind } from '../job.ts';

/** Nobody remembers after a day what they had wanted. */
const rememberedSeconds = 24 * 60 * 60;

export const waitingAskKind: JobKind<{ accountId: string }> = {
  name: 'waiting.ask',
  payload: z.object({ accountId: z.string() }),
};

export type WaitingAction = typeof waitingActions.$inferSelect;

/** Keeps what somebody wanted and could not pay for; the last one counts. */
export async function rememberWaiting(
  context: Context,
  wanted: {
    readonly operation: string;
    readonly input: Record<string, unknown>;
    readonly needed: number;
  },
): Promise<void> {
  const { accountId, surface, serverId } = context.actor;
  const row = {
    ...wanted,
    id: context.ids.next('wai'),
    surface,
    serverId: serverId ?? null,
    approvalId: null,
    createdAt: context.clock.now(),
  };
  await context.database.db
    .insert(waitingActions)
    .values({ accountId, ...row })
    .onConflictDoUpdate({ target: waitingActions.accountId, set: row });
}

/** What the account waits for; null when there is nothing, or it is too long ago. */
export async function readWaiting(
  db: Pick<Tx, 'select'>,
  accountId: string,
  now: Date,
): Promise<WaitingAction | null> {
  const [row] = await db
    .select()
    .from(waitingActions)
    .where(
      and(
        eq(waitingActions.accountId, accountId),
        gt(waitingActions.createdAt, secondsAfter(now, -rememberedSeconds)),
      ),
    );
  return row ?? null;
}

/** Has what waits put before its person again, once quota has come with `tx`. */
export async function askForWaiting(tx: Tx, services: Services, accountId: string): Promise<void> {
  const waiting = await readWaiting(tx, accountId, services.clock.now());
  if (waiting === null || waiting.approvalId !== null) return;
  await services.queue.enqueue(tx, waitingAskKind, { accountId });
}
