import { eq } from 'drizzle-orm';

import { checkouts, purchases } from '../../drizzle/schema/billing.ts';
import { isDeleted } from '../account/deleted.ts';
import { readOpenQuestion } from '../consent/decide.ts';
import { approvalLink } from '../consent/link.ts';
import type { Services } from '../context.ts';
import { Fault } from '../fault.ts';
import { isBillingPage } from './pages.ts';
import { readWaiting } from './waiting.ts';

/** What the person sees who comes back from paying. */
export type CheckoutResult = {
  /** `confirming`: paid there, and the message of it has not come yet, or the bank takes its time. */
  readonly state: 'paid' | 'confirming' | 'open' | 'over';
  readonly product: string;
  readonly units: number;
  /** What had been wanted before and can be had now. */
  readonly waiting: { readonly title: string; readonly link: string } | null;
};

/**
 * How a checkout stands, for whoever holds its signed address.
 * @throws Fault `link_not_valid` for any other.
 */
export async function readResult(
  services: Services,
  checkoutId: string,
  signature: string,
): Promise<CheckoutResult> {
  const { db } = services.database;
  if (!isBillingPage(services, checkoutId, signature)) throw new Fault('link_not_valid', {});
  const [row] = await db.select().from(checkouts).where(eq(checkouts.id, checkoutId));
  if (!row || (await isDeleted(db, row.accountId))) throw new Fault('link_not_valid', {});
  const about = { product: row.product, units: 0, waiting: null };
  const units = await unitsOf(services, row);
  if (units !== null)
    return { ...about, state: 'paid', units, waiting: await waitingOf(services, row.accountId) };
  if (row.status === 'expired' || row.status === 'failed') return { ...about, state: 'over' };
  return { ...about, state: row.sessionId === null ? 'open' : 'confirming' };
}

/** What a checkout has brought; null while nothing has come of it. */
async function unitsOf(
  { database }: Services,
  row: typeof checkouts.$inferSelect,
): Promise<number | null> {
  const bought = await database.db
    .select({
      id: purchases.id,
      kind: purchases.kind,
      paidAt: purchases.paidAt,
      units: purchases.units,
    })
    .from(purchases)
    .where(eq(purchases.accountId, row.accountId));
  const own = bought.find(({ id, kind, paidAt }) =>
    row.kind === 'pack' ? id === row.sessionId : kind === 'plan' && paidAt >= row.createdAt,
  );
  return own?.units ?? null;
}

async function waitingOf(services: Services, accountId: string) {
  const now = services.clock.now();
  const { db } = services.database;
  const waiting = await readWaiting(db, accountId, now);
  const question = waiting?.approvalId ? await readOpenQuestion(db, waiting.approvalId, now) : null;
  const link = question && approvalLink(services, question.id);
  return question && link ? { title: question.preview.title, link } : null;
}
