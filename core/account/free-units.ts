import { and, eq, inArray } from 'drizzle-orm';

import { quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import { ownWallets } from '../quota/wallet.ts';
import { isDisposableEmail } from './disposable-email.ts';
import { formerSeconds } from './former.ts';

/** From when on somebody has the free units of each month; null: never. */
export type FreeUnits = { readonly from: Date | null };

type Newcomer = {
  readonly identity: { readonly provider: string; readonly subject: string };
  readonly email: string | undefined;
  readonly now: Date;
  /** FREE_MIN_ACCOUNT_DAYS */
  readonly minAccountDays: number;
  /** When somebody with this identity or address has deleted their account lately; null: they have not. */
  readonly formerAt?: Date | null;
};

const daySeconds = 86_400;

/**
 * When somebody who comes for the first time is given free units: at once, but a Discord account has
 * to be old enough first, who has deleted an account waits for 30 days, and a disposable e-mail address
 * never gets any.
 */
export function freeUnitsFor(newcomer: Newcomer): FreeUnits {
  const { identity, email, now, minAccountDays, formerAt = null } = newcomer;
  if (email !== undefined && isDisposableEmail(email)) return { from: null };
  const waits = [now];
  if (identity.provider === 'discord')
    waits.push(secondsAfter(snowflakeTime(identity.subject), minAccountDays * daySeconds));
  if (formerAt !== null) waits.push(secondsAfter(formerAt, formerSeconds));
  return { from: new Date(Math.max(...waits.map((moment) => moment.getTime()))) };
}

const discordEpochMs = 1_420_070_400_000;

/** When Discord gave this id out. */
const snowflakeTime = (id: string): Date => new Date(Number(BigInt(id) >> 22n) + discordEpochMs);

/**
 * From when on an account has its free units: a moment to come while it still waits for the first,
 * null where it gets none. @throws Error for an account without a wallet.
 */
export async function freeUnitsOf(
  { database: { db } }: Pick<Services, 'database'>,
  accountId: string,
): Promise<FreeUnits> {
  const [wallet] = await db
    .select({ start: wallets.periodStart, end: wallets.periodEnd })
    .from(wallets)
    .where(eq(wallets.id, accountId));
  if (!wallet) throw new Error(`account ${accountId} has no wallet`);
  if (wallet.end === null) return { from: null };
  // Units of packs may have come before: only those of a month say that the months have begun.
  const [begun] = await db
    .select({ at: quotaTransfers.at })
    .from(quotaTransfers)
    .where(
      and(
        inArray(quotaTransfers.walletId, ownWallets(accountId)),
        eq(quotaTransfers.verb, 'grant'),
        eq(quotaTransfers.lasting, 0),
      ),
    )
    .orderBy(quotaTransfers.id)
    .limit(1);
  return { from: begun?.at ?? wallet.end };
}
