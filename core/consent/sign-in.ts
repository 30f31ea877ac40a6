import { and, eq } from 'drizzle-orm';

import { approvals } from '../../drizzle/schema/consent.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { isModelSurface, type Services } from '../context.ts';

/**
 * The account that has to be signed in where the link of an approval is opened: the approver's own, when
 * a model has asked, which knows the link and could press as well; null where the link is enough, as for
 * people who never sign in on the web.
 */
export async function signInNeededFor(
  { database: { db } }: Pick<Services, 'database'>,
  approvalId: string,
): Promise<string | null> {
  const [row] = await db
    .select({ approverId: approvals.approverId, surface: approvals.surface })
    .from(approvals)
    .innerJoin(
      identities,
      and(eq(identities.accountId, approvals.approverId), eq(identities.provider, 'web')),
    )
    .where(eq(approvals.id, approvalId))
    .limit(1);
  return row && isModelSurface(row.surface) ? row.approverId : null;
}
