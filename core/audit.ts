import { auditLog } from '../drizzle/schema/consent.ts';
import type { Context } from './context.ts';
import type { AnyOperation } from './operation.ts';

/** Appends one row about an attempt at an operation; the table refuses changes. */
export async function recordAttempt(
  context: Context,
  operation: Pick<AnyOperation, 'name' | 'effect'>,
  attempt: {
    inputHash: string;
    approvalId: string | null;
    outcome: string;
    reference: string | null;
  },
): Promise<void> {
  await context.database.db.insert(auditLog).values({
    at: context.clock.now(),
    accountId: context.actor.accountId,
    surface: context.actor.surface,
    operation: operation.name,
    effect: operation.effect,
    ...attempt,
  });
}
