import { and, eq, isNull } from 'drizzle-orm';

import { waitingActions } from '../../drizzle/schema/billing.ts';
import { contextOfAccount } from '../account/acting.ts';
import { leaveWord } from '../consent/word.ts';
import type { JobContext } from '../context.ts';
import { isFault } from '../fault.ts';
import { defineJob } from '../job.ts';
import { perform } from '../operation.ts';
import { operations } from '../operations.ts';
import { readWaiting, waitingAskKind, type WaitingAction } from './waiting.ts';

/**
 * Asks the person again for what they could not pay for, now that they can: one press, and it goes
 * on. It asks as the agent does, so that the same open question is asked once; nothing is spent here.
 */
export const askWaiting = defineJob({
  ...waitingAskKind,
  attempts: 5,
  backoff: { seconds: 5, maxSeconds: 60 },
  timeoutSeconds: 120,
  async run({ accountId }, context) {
    const waiting = await readWaiting(context.database.db, accountId, context.clock.now());
    if (waiting && waiting.approvalId === null) await ask(context, waiting);
  },
});

async function ask(context: JobContext, waiting: WaitingAction): Promise<void> {
  const { id, accountId, operation: name, input, serverId } = waiting;
  const operation = operations.find((one) => one.name === name);
  if (!operation) return;
  const { signal } = context;
  const asking = await contextOfAccount(context, { accountId, surface: 'agent', signal });
  const placed = { ...asking, actor: { ...asking.actor, serverId } };
  const outcome = await perform(operation, input, placed, { isRepeat: true });
  if (outcome.ok || !isFault(outcome.fault, 'approval_required')) return;
  const { id: approvalId } = outcome.fault.params;
  await context.database.db.transaction(async (tx) => {
    const asked = await tx
      .update(waitingActions)
      .set({ approvalId })
      .where(and(eq(waitingActions.id, id), isNull(waitingActions.approvalId)))
      .returning({ id: waitingActions.id });
    if (asked.length > 0) await leaveWord(tx, placed, approvalId);
  });
}
