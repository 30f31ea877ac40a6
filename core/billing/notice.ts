import { and, eq, isNull } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { paymentNotices } from '../../drizzle/schema/billing.ts';
import { requirePort, type JobContext } from '../context.ts';
import { defineJob } from '../job.ts';
import type { Payments } from '../ports/payments.ts';
import { followSubject, type Subject } from './follow.ts';
import { paymentNoticeJob } from './notice-kind.ts';

/**
 * Does what a message of the payment service stands for. The message says only where to look: the
 * service is asked how things are, under the lock of the customer, so that messages may come twice,
 * late and in any order. The effect and the mark that it is done commit together.
 */
export const followNotice = defineJob({
  ...paymentNoticeJob,
  attempts: 20,
  backoff: { seconds: 5, maxSeconds: 600 },
  timeoutSeconds: 120,
  async run({ notice: id }, context) {
    const payments = requirePort(context.ports, 'payments');
    const [row] = await context.database.db
      .select()
      .from(paymentNotices)
      .where(and(eq(paymentNotices.id, id), isNull(paymentNotices.handledAt)));
    if (!row) return;
    const subject = subjectOf(row);
    const claim = (tx: Tx) => markHandled(tx, context, id);
    if (!subject || !(await follow(context, payments, subject, claim)))
      await context.database.db.transaction(claim);
  },
});

type Row = typeof paymentNotices.$inferSelect;

const subjectOf = ({ subjectKind, subjectId, type }: Row): Subject | null =>
  subjectKind === null || subjectId === null ? null : { kind: subjectKind, id: subjectId, type };

const follow = (
  context: JobContext,
  payments: Payments,
  subject: Subject,
  claim: (tx: Tx) => Promise<boolean>,
): Promise<boolean> => followSubject(context, payments, subject, claim);

/** False when another run was first. */
async function markHandled(tx: Tx, context: JobContext, id: string): Promise<boolean> {
  const marked = await tx
    .update(paymentNotices)
    .set({ handledAt: context.clock.now() })
    .where(and(eq(paymentNotices.id, id), isNull(paymentNotices.handledAt)))
    .returning({ id: paymentNotices.id });
  return marked.length > 0;
}
