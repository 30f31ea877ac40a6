import { and, eq } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { identities } from '../../drizzle/schema/people.ts';
import type { Context } from '../context.ts';
import { recordNotice } from '../notice/record.ts';

/** Leaves word of a question for a person who can be asked in Discord as well. */
export async function leaveWord(tx: Tx, context: Context, approvalId: string): Promise<void> {
  const { accountId } = context.actor;
  const [chat] = await tx
    .select({ subject: identities.subject })
    .from(identities)
    .where(and(eq(identities.accountId, accountId), eq(identities.provider, 'discord')))
    .limit(1);
  if (!chat) return;
  const at = context.clock.now();
  await recordNotice(tx, { accountId, kind: 'approval_asked', subjectId: approvalId, at });
}
