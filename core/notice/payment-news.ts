import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { purchases, subscriptions } from '../../drizzle/schema/billing.ts';
import { events } from '../../drizzle/schema/videos.ts';
import type { PaymentFailure } from '../ports/payments.ts';
import type { NoticeKind } from './record.ts';

/** What there is to tell about a payment, as it is now. */
export type PaymentNews =
  | {
      readonly kind: 'received';
      readonly product: string;
      /** What it has brought. */
      readonly units: number;
      readonly amount: number;
      readonly currency: string;
      /** When the month ends that was paid for; null for what does not end. */
      readonly until: Date | null;
    }
  | {
      readonly kind: 'failed';
      readonly failure: PaymentFailure;
      /** Where it can be paid or confirmed after all. */
      readonly payUrl: string | null;
    }
  | {
      readonly kind: 'returned';
      readonly product: string;
      /** How much of its quota is taken back; what was used already cannot be. */
      readonly units: number;
      /** Whether the money has come again, as after a dispute that was won. */
      readonly isBack: boolean;
    }
  | { readonly kind: 'ended'; readonly plan: string | null };

/** What a notice about a payment has to tell; null where nothing is known of it any more, and for other notices. */
export async function readPaymentNews(
  tx: Pick<Tx, 'select'>,
  { kind, subjectId }: { readonly kind: NoticeKind; readonly subjectId: string },
): Promise<PaymentNews | null> {
  if (kind === 'payment_received') return readReceived(tx, subjectId);
  if (kind === 'payment_returned') return readReturned(tx, subjectId);
  if (kind === 'payment_failed') return readFailed(tx, subjectId);
  return kind === 'plan_ended' ? readEnded(tx, subjectId) : null;
}

async function findPurchase(tx: Pick<Tx, 'select'>, id: string) {
  const [row] = await tx.select().from(purchases).where(eq(purchases.id, id));
  return row ?? null;
}

async function readReceived(tx: Pick<Tx, 'select'>, id: string): Promise<PaymentNews | null> {
  const bought = await findPurchase(tx, id);
  if (!bought) return null;
  const { product, units, amount, currency, periodEnd } = bought;
  return { kind: 'received', product, units, amount, currency, until: periodEnd };
}

async function readReturned(tx: Pick<Tx, 'select'>, id: string): Promise<PaymentNews | null> {
  const bought = await findPurchase(tx, id);
  if (!bought) return null;
  const { product, takenBack, missing } = bought;
  return { kind: 'returned', product, units: takenBack, isBack: takenBack + missing === 0 };
}

const failedSchema = z.object({
  failure: z.enum(['no_funds', 'declined', 'network', 'needs_confirmation']),
  payUrl: z.string().nullable(),
});

/** Of several attempts the last one counts; what is paid by now has not failed. */
async function readFailed(tx: Pick<Tx, 'select'>, invoiceId: string): Promise<PaymentNews | null> {
  if (await findPurchase(tx, invoiceId)) return null;
  const [row] = await tx
    .select({ data: events.data })
    .from(events)
    .where(and(eq(events.subjectId, invoiceId), eq(events.kind, 'payment_failed')))
    .orderBy(desc(events.id))
    .limit(1);
  const told = failedSchema.safeParse(row?.data);
  return told.success ? { kind: 'failed', ...told.data } : null;
}

async function readEnded(tx: Pick<Tx, 'select'>, id: string): Promise<PaymentNews | null> {
  const [row] = await tx
    .select({ plan: subscriptions.plan })
    .from(subscriptions)
    .where(eq(subscriptions.id, id));
  return row ? { kind: 'ended', plan: row.plan } : null;
}
