import { and, eq, sql } from 'drizzle-orm';

import type { Db, Tx } from '../../drizzle/client.ts';
import { agentUsage } from '../../drizzle/schema/chat.ts';
import type { Services } from '../context.ts';

/** What calls to the model have taken. */
export type Usage = {
  readonly steps: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

/** The UTC day of a moment, such as 2026-11-22. */
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** What an account's agent has used since midnight UTC. */
export async function readUsage(services: Services, accountId: string): Promise<Usage> {
  const [row] = await services.database.db
    .select()
    .from(agentUsage)
    .where(
      and(eq(agentUsage.accountId, accountId), eq(agentUsage.day, dayOf(services.clock.now()))),
    );
  return row ?? { steps: 0, inputTokens: 0, outputTokens: 0 };
}

/** Adds to what an account's agent has used on the day of `at`. */
export async function addUsage(
  db: Pick<Db | Tx, 'insert'>,
  accountId: string,
  used: Usage,
  at: Date,
): Promise<void> {
  const { steps, inputTokens, outputTokens } = used;
  await db
    .insert(agentUsage)
    .values({ accountId, day: dayOf(at), steps, inputTokens, outputTokens })
    .onConflictDoUpdate({
      target: [agentUsage.accountId, agentUsage.day],
      set: {
        steps: sql`${agentUsage.steps} + ${steps}`,
        inputTokens: sql`${agentUsage.inputTokens} + ${inputTokens}`,
        outputTokens: sql`${agentUsage.outputTokens} + ${outputTokens}`,
      },
    });
}

/** The next midnight UTC, when the day's use starts at nothing again. */
export function nextReset(at: Date): Date {
  const day = new Date(at);
  day.setUTCHours(24, 0, 0, 0);
  return day;
}
