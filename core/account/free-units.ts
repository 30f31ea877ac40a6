import { and, eq } from 'drizzle-orm';

import { quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import { isDisposableEmail } from './disposable-email.ts';

/** From when on somebody has the free units of each month; null: never. */
export type FreeUnits = { readonly from: Date | null };

type Newcomer = {
  readonly identity: { readonly provider: string; readonly subject: string };
  readonly email: string | undefined;
  readonly now: Date;
  /** FREE_MIN_ACCOUNT_DAYS */
  readonly minAccountDays: number;
};

const daySeconds = 86_400;

/**
 * When somebody who comes for the first time is given free units: at once, but a Discord account has
 * to be old enough first, and a disposable e-mail address never gets any.
 */
export function freeUnitsFor({ identity, email, now, minAccountDays }: Newcomer): FreeUnits {
  if (email !== undefined && isDisposableEmail(email)) return { from: null };
  if (identity.provider !== 'discord') return { from: now };
  const oldEnough = secondsAfter(snowflakeTime(identity.subject), minAccountDays * daySeconds);
  return { from: oldEnough > now ? oldEnough : now };
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
        eq(quotaTransfers.walletId, accountId),
        eq(quotaTransfers.verb, 'grant'),
        eq(quotaTransfers.lasting, 0),
      ),
    )
    .orderBy(quotaTransfers.id)
    .limit(1);
  return { from: begun?.at ?? wallet.end };
}
