import { and, eq, gt } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { accountLinks } from '../../drizzle/schema/account-links.ts';
import { requirePublicUrl, type Services } from '../context.ts';
import { Fault } from '../fault.ts';

/** A link is answered within this long, and confirmed within as long after that. */
export const linkSeconds = 15 * 60;

type LinkRow = typeof accountLinks.$inferSelect;

/** A link that the other side has accepted. */
export type AnsweredLink = Pick<LinkRow, 'id' | 'fromAccount'> & {
  readonly toAccount: string;
  readonly staysAccount: string;
};

/** The signed address of a link. @throws Fault `service_missing` while no web app runs. */
export function accountLinkUrl(services: Services, id: string): string {
  const url = new URL(`/link/${id}`, requirePublicUrl(services));
  url.searchParams.set('sig', services.crypto.sign('account-link', id));
  return url.href;
}

/** @throws Fault `link_not_valid` unless `signature` is ours for this link. */
export function checkSignature(services: Services, id: string, signature: string): void {
  if (!services.crypto.verify(signature, 'account-link', id)) throw new Fault('link_not_valid', {});
}

/** A link that nobody has answered. @throws Fault `link_not_valid` when it is used, too old, or replaced. */
export async function readOpenLink(
  db: Pick<Tx, 'select'>,
  id: string,
  now: Date,
): Promise<LinkRow> {
  const [row] = await db
    .select()
    .from(accountLinks)
    .where(
      and(
        eq(accountLinks.id, id),
        eq(accountLinks.status, 'open'),
        gt(accountLinks.expiresAt, now),
      ),
    );
  if (!row) throw new Fault('link_not_valid', {});
  return row;
}

type Asked = { readonly by: string; readonly now: Date };

/**
 * A link of the account `by` that the other side has accepted.
 * @throws Fault `not_found` for a link of somebody else, `not_ready` before it is answered,
 * `link_not_valid` when it is used, declined, too old, or replaced.
 */
export async function readAnswered(
  db: Pick<Tx, 'select'>,
  id: string,
  asked: Asked,
): Promise<AnsweredLink> {
  const [row] = await db.select().from(accountLinks).where(eq(accountLinks.id, id));
  return checkAnswered(row, id, asked);
}

/** The same, which nobody else uses until `tx` ends. */
export async function lockAnswered(tx: Tx, id: string, asked: Asked): Promise<AnsweredLink> {
  const [row] = await tx.select().from(accountLinks).where(eq(accountLinks.id, id)).for('update');
  return checkAnswered(row, id, asked);
}

function checkAnswered(row: LinkRow | undefined, id: string, { by, now }: Asked): AnsweredLink {
  if (!row || row.fromAccount !== by)
    throw new Fault('not_found', { what: 'link', id }, { field: 'link' });
  const { fromAccount, toAccount, staysAccount, status, expiresAt } = row;
  const isOver = (status !== 'open' && status !== 'answered') || expiresAt <= now;
  if (isOver) throw new Fault('link_not_valid', {});
  if (toAccount === null || staysAccount === null)
    throw new Fault('not_ready', { what: 'link', status });
  return { id, fromAccount, toAccount, staysAccount };
}
