import { and, inArray, isNull, lt } from 'drizzle-orm';

import { checkouts, paymentNotices, subscriptions } from '../../drizzle/schema/billing.ts';
import { secondsAfter } from '../clock.ts';
import { requirePort, type JobContext } from '../context.ts';
import { defineJob, type JobKind } from '../job.ts';
import { liveStatuses } from '../plan/current.ts';
import type { Payments } from '../ports/payments.ts';
import { z } from 'zod';

import { followSubject } from './follow.ts';
import { paymentNoticeJob } from './notice-kind.ts';
import { receivePaymentNotice } from './receive.ts';

const daySeconds = 24 * 60 * 60;
/** The service keeps its messages for thirty days; all of them are compared, whatever nights were missed. */
const keptSeconds = 30 * daySeconds;
/** What is so old and has not had its effect is taken up again. */
const stuckSeconds = 60 * 60;

const reconcileKind: JobKind<Record<never, never>> = {
  name: 'payment.reconcile',
  payload: z.object({}),
};

/** Asks the payment service every night for what its messages have missed. */
export const reconcilePayments = defineJob({
  ...reconcileKind,
  attempts: 6,
  backoff: { seconds: 60, maxSeconds: 1800 },
  timeoutSeconds: 1800,
  cron: '17 3 * * *',
  async run(_, context) {
    if (!context.ports.payments) return;
    const payments = requirePort(context.ports, 'payments');
    await takeInMissed(context, payments);
    await takeUpStuck(context);
    await readStale(context, payments);
  },
});

async function takeInMissed(context: JobContext, payments: Payments): Promise<void> {
  const earliest = secondsAfter(context.clock.now(), -keptSeconds);
  let found = 0;
  for await (const notice of payments.listNotices(earliest)) {
    const taken = await receivePaymentNotice(context, notice, 'reconcile');
    if (taken === 'accepted') found += 1;
  }
  if (found > 0) context.log.warn({ found }, 'messages of the payment service had been lost');
}

async function takeUpStuck(context: JobContext): Promise<void> {
  const { db } = context.database;
  const stuck = await db
    .select({ id: paymentNotices.id })
    .from(paymentNotices)
    .where(
      and(
        isNull(paymentNotices.handledAt),
        lt(paymentNotices.receivedAt, secondsAfter(context.clock.now(), -stuckSeconds)),
      ),
    );
  for (const { id } of stuck)
    await db.transaction((tx) => context.queue.enqueue(tx, paymentNoticeJob, { notice: id }));
}

/** Months that should have been renewed by now, and checkouts that should be over. */
async function readStale(context: JobContext, payments: Payments): Promise<void> {
  const { db } = context.database;
  const late = secondsAfter(context.clock.now(), -stuckSeconds);
  const owed = await db
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(and(inArray(subscriptions.status, liveStatuses), lt(subscriptions.periodEnd, late)));
  const open = await db
    .select({ id: checkouts.sessionId })
    .from(checkouts)
    .where(and(inArray(checkouts.status, ['open']), lt(checkouts.expiresAt, late)));
  const subjects = [
    ...owed.map(({ id }) => ({ kind: 'subscription' as const, id })),
    ...open.flatMap(({ id }) => (id === null ? [] : [{ kind: 'checkout' as const, id }])),
  ];
  for (const subject of subjects)
    await followSubject(context, payments, { ...subject, type: 'reconcile' }, async () => true);
}
