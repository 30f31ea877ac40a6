import { and, eq } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { accounts, identities } from '../../drizzle/schema/people.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import type { Services } from '../context.ts';
import type { Locale } from '../messages/catalogue.ts';
import { freePlan } from '../plan/catalogue.ts';
import { postTransfer } from '../quota/ledger.ts';
import { monthAfter } from '../quota/month.ts';
import { emailIdentity, readFormer } from './former.ts';
import { freeUnitsFor, type FreeUnits } from './free-units.ts';

/** What a new account may spend. */
export const signUpQuota: number = freePlan.units;

/** Who somebody is at one provider: a Discord id, a Google subject, a name at this terminal. */
export type Identity = { readonly provider: string; readonly subject: string };

export type Account = {
  readonly id: string;
  readonly displayName: string;
  readonly locale: Locale;
  /** Whether the person chose the language; else it follows their chat program's. */
  readonly localeChosen: boolean;
  readonly timeZone: string;
  /** Whether the person wants to be written to. */
  readonly notices: boolean;
  readonly createdAt: Date;
};

/** What is known of somebody who comes for the first time. */
export type FirstContact = {
  readonly displayName: string;
  readonly locale: Locale;
  /** IANA name; absent: UTC. */
  readonly timeZone?: string;
  /** Where the provider tells it; it is not kept. */
  readonly email?: string;
};

/** The account behind an identity; the first contact opens one, with the free units that it is due. */
export async function openAccount(
  services: Services,
  identity: Identity,
  first: FirstContact,
): Promise<Account> {
  const found = await findAccount(services.database.db, identity);
  if (found) return found;
  return services.database.db.transaction(async (tx) => {
    const id = services.ids.next('acc');
    const now = services.clock.now();
    const { displayName, locale, timeZone = 'UTC', email } = first;
    const opened = {
      displayName,
      locale,
      timeZone,
      id,
      localeChosen: false,
      notices: true,
      createdAt: now,
    };
    await tx.insert(accounts).values(opened);
    const taken = await tx
      .insert(identities)
      .values({ ...identity, accountId: id, createdAt: now })
      .onConflictDoNothing()
      .returning({ accountId: identities.accountId });
    if (taken.length === 0) return otherFirst(tx, identity, id);
    const minAccountDays = services.config.FREE_MIN_ACCOUNT_DAYS;
    const formerAt = await readFormer(tx, services, [
      identity,
      ...(email === undefined ? [] : [emailIdentity(email)]),
    ]);
    const newcomer = { identity, email, now, minAccountDays, formerAt };
    await openWallet(tx, id, now, freeUnitsFor(newcomer));
    return opened;
  });
}

/** A wallet with its first month, or with none: then `quota.renew` begins it when its time has come. */
async function openWallet(tx: Tx, id: string, now: Date, { from }: FreeUnits): Promise<void> {
  const isDue = from !== null && from <= now;
  const empty = { granted: 0, available: 0, held: 0, spent: 0, expired: 0 };
  const periodEnd = isDue ? monthAfter(now, now) : from;
  await tx.insert(wallets).values({ id, accountId: id, ...empty, periodStart: now, periodEnd });
  if (!isDue) return;
  await postTransfer(tx, {
    verb: 'grant',
    walletId: id,
    amount: signUpQuota,
    reference: 'sign-up',
    key: `sign-up:${id}`,
    at: now,
  });
}

/** Two first contacts at once: the one that committed first is the account. */
async function otherFirst(tx: Tx, identity: Identity, draftId: string): Promise<Account> {
  await tx.delete(accounts).where(eq(accounts.id, draftId));
  const found = await findAccount(tx, identity);
  if (!found) throw new Error('an identity vanished while its account was opened');
  return found;
}

async function findAccount(
  db: Pick<Tx, 'select'>,
  identity: Identity,
): Promise<Account | undefined> {
  const [row] = await db
    .select({
      id: accounts.id,
      displayName: accounts.displayName,
      locale: accounts.locale,
      localeChosen: accounts.localeChosen,
      timeZone: accounts.timeZone,
      notices: accounts.notices,
      createdAt: accounts.createdAt,
    })
    .from(identities)
    .innerJoin(accounts, eq(accounts.id, identities.accountId))
    .where(
      and(eq(identities.provider, identity.provider), eq(identities.subject, identity.subject)),
    );
  return row;
}
