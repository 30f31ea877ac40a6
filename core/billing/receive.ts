import { paymentNotices } from '../../drizzle/schema/billing.ts';
import type { Services } from '../context.ts';
import type { PaymentNotice } from '../ports/payments.ts';
import { paymentNoticeJob } from './notice-kind.ts';

/**
 * Takes a message of the payment service in: stored once, and queued in the same commit. Nothing is
 * acted on here; the worker reads again what the message is about.
 * @returns whether it is new.
 */
export async function receivePaymentNotice(
  services: Pick<Services, 'clock' | 'database' | 'queue'>,
  notice: PaymentNotice,
  source: 'webhook' | 'reconcile',
): Promise<'accepted' | 'duplicate'> {
  return services.database.db.transaction(async (tx) => {
    const added = await tx
      .insert(paymentNotices)
      .values({
        id: notice.id,
        type: notice.type,
        subjectKind: notice.subject?.kind ?? null,
        subjectId: notice.subject?.id ?? null,
        createdAt: notice.createdAt,
        receivedAt: services.clock.now(),
        source,
      })
      .onConflictDoNothing()
      .returning({ id: paymentNotices.id });
    if (added.length === 0) return 'duplicate';
    await services.queue.enqueue(tx, paymentNoticeJob, { notice: notice.id }, { key: notice.id });
    return 'accepted';
  });
}
