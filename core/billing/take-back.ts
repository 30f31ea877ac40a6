import { eq, or } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { purchases } from '../../drizzle/schema/billing.ts';
import type { Services } from '../context.ts';
import { recordNotice } from '../notice/record.ts';
import type { Payment } from '../ports/payments.ts';
import { postTransfer } from '../quota/ledger.ts';
import { walletNow } from '../quota/merge.ts';

type Purchase = typeof purchases.$inferSelect;

/** How many units of a purchase the money that went back stands for. @internal */
export function unitsToTakeBack(
  { units, amount }: Pick<Purchase, 'units' | 'amount'>,
  { refunded, dispute }: Pick<Payment, 'refunded' | 'dispute'>,
): number {
  if (dispute === 'open' || dispute === 'lost') return units;
  if (refunded <= 0 || amount <= 0) return 0;
  return refunded >= amount ? units : Math.floor((units * refunded) / amount);
}

/**
 * Brings what a payment has bought in line with what became of its money: units go back as far as
 * they are still there, never below zero, and what is missing is noted. When a dispute is won they
 * come back. Run again it changes nothing.
 */
export async function followMoney(tx: Tx, services: Services, payment: Payment): Promise<void> {
  const bought = await tx
    .select()
    .from(purchases)
    .where(
      or(
        eq(purchases.paymentId, payment.id),
        payment.invoiceId === null ? undefined : eq(purchases.id, payment.invoiceId),
      ),
    )
    .for('update');
  for (const purchase of bought) await adjust(tx, services, purchase, payment);
}

async function adjust(
  tx: Tx,
  services: Services,
  purchase: Purchase,
  payment: Payment,
): Promise<void> {
  const owed = unitsToTakeBack(purchase, payment);
  const so = purchase.takenBack + purchase.missing;
  if (owed === so || purchase.units === 0) return;
  const at = services.clock.now();
  const posting = {
    // What was granted before two accounts became one is in the wallet of the one that stayed.
    walletId: await walletNow(tx, purchase.walletId),
    lasting: purchase.kind === 'pack',
    reference: purchase.id,
    key: `adjust:${purchase.id}:${purchase.adjustments + 1}`,
    at,
  };
  const change =
    owed > so
      ? await takeBack(tx, posting, owed - so)
      : await giveBack(tx, posting, { purchase, units: so - owed });
  await tx
    .update(purchases)
    .set({
      takenBack: purchase.takenBack + change.takenBack,
      missing: purchase.missing + change.missing,
      adjustments: purchase.adjustments + 1,
    })
    .where(eq(purchases.id, purchase.id));
  const { accountId, id } = purchase;
  await recordNotice(tx, { accountId, kind: 'payment_returned', subjectId: id, at });
}

type Change = { readonly takenBack: number; readonly missing: number };
type Posting = {
  readonly walletId: string;
  readonly lasting: boolean;
  readonly reference: string;
  readonly key: string;
  readonly at: Date;
};

async function takeBack(tx: Tx, posting: Posting, units: number): Promise<Change> {
  const posted = await postTransfer(tx, { ...posting, verb: 'take_back', amount: units });
  if (posted.outcome === 'short') return { takenBack: 0, missing: units };
  if (posted.outcome !== 'applied') throw new Error(`${posting.key}: ${posted.outcome}`);
  return { takenBack: posted.amount, missing: units - posted.amount };
}

/** What was noted as missing is forgiven first: it was never taken. */
async function giveBack(
  tx: Tx,
  posting: Posting,
  { purchase, units }: { readonly purchase: Purchase; readonly units: number },
): Promise<Change> {
  const forgiven = Math.min(purchase.missing, units);
  const given = units - forgiven;
  if (given > 0) {
    const posted = await postTransfer(tx, { ...posting, verb: 'grant', amount: given });
    if (posted.outcome !== 'applied') throw new Error(`${posting.key}: ${posted.outcome}`);
  }
  return { takenBack: given === 0 ? 0 : -given, missing: forgiven === 0 ? 0 : -forgiven };
}
