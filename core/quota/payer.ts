import { eq } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { servers } from '../../drizzle/schema/chat.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import type { Actor, Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { readServerBalance, unitsToday, walletOfServer } from '../server/wallet.ts';
import { requireDailyCap } from './daily-cap.ts';
import { readBalance } from './wallet.ts';

/** The name under which a limit holds for members without a role of their own. */
export const everyoneRole = 'everyone';

/** Why a server that pays for its members does not pay for this. */
export type NotPaid = 'no_limit' | 'limit_reached' | 'server_short';

/** Whose wallet pays for something; units. */
export type Payer = {
  readonly walletId: string;
  readonly available: number;
} & (
  | {
      readonly kind: 'server';
      /** What the member may still spend of it today. */
      readonly leftToday: number;
    }
  | {
      readonly kind: 'person';
      /** null where no server pays for its members. */
      readonly notPaid: NotPaid | null;
    }
);

type Asking = Pick<Context, 'actor' | 'clock'>;

/**
 * Who pays so many units for something that is asked for here: the server, where it pays for its
 * members and both the limit of the member's best role and its wallet reach for it; else the person.
 */
export async function payerOf(
  db: Pick<Tx, 'select'>,
  context: Asking,
  cost: number,
): Promise<Payer> {
  const { accountId, serverId } = context.actor;
  const offer = serverId ? await offerOf(db, context, { serverId, cost }) : null;
  if (offer !== null && typeof offer !== 'string') return offer;
  const { available } = await readBalance(db, accountId);
  return { walletId: accountId, kind: 'person', available, notPaid: offer };
}

/** The server as payer, or why not; null where it pays for nobody. */
async function offerOf(
  db: Pick<Tx, 'select'>,
  { actor, clock }: Asking,
  { serverId, cost }: { readonly serverId: string; readonly cost: number },
): Promise<Payer | NotPaid | null> {
  const [settings] = await db
    .select({ pays: servers.pays, limits: servers.roleLimits })
    .from(servers)
    .where(eq(servers.id, serverId));
  if (settings?.pays !== 'server') return null;
  const limit = bestLimit(settings.limits, actor);
  if (limit === 0) return 'no_limit';
  const walletId = walletOfServer(serverId);
  const now = clock.now();
  const used = await unitsToday(db, { walletId, accountId: actor.accountId }, now);
  if (used + cost > limit) return 'limit_reached';
  const { available } = await readServerBalance(db, serverId, now);
  if (available < cost) return 'server_short';
  return { walletId, kind: 'server', available, leftToday: limit - used };
}

/** The highest limit of the roles that the member has; 0 without any. */
const bestLimit = (limits: Readonly<Record<string, number>>, { roleIds = [] }: Actor): number =>
  Math.max(0, ...[everyoneRole, ...roleIds].map((role) => limits[role] ?? 0));

/**
 * Makes sure that the wallet which the person was told of still pays so many units; attempts take
 * turns at this until their transaction ends, so place the holds in the same one. Answers with the
 * wallet's id.
 * @throws Fault `payer_changed` where the server does not pay any more, `daily_cap`.
 */
export async function requirePayer(tx: Tx, context: Context, amount: number): Promise<string> {
  const walletId = context.payer ?? context.actor.accountId;
  if (walletId === context.actor.accountId) {
    await requireDailyCap(tx, context, { walletId, amount });
    return walletId;
  }
  // The wallet first and the sum after it: what others have set aside meanwhile is counted.
  await tx.select({ id: wallets.id }).from(wallets).where(eq(wallets.id, walletId)).for('update');
  const payer = await payerOf(tx, context, amount);
  if (payer.walletId !== walletId) throw new Fault('payer_changed', {});
  return walletId;
}
