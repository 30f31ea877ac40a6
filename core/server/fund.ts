import { eq } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { giveQuota } from '../quota/ledger.ts';
import { requireManagedServer } from './settings.ts';
import { openServerWallet, readServerBalance, wakeServerLedger } from './wallet.ts';

export const serverFund = defineOperation({
  name: 'server_fund',
  summary: {
    en: "Give units of your packs to this server's wallet.",
    zh: '把自己加量包的配额转入本服务器钱包。',
  },
  effect: 'spend',
  audience: 'people',
  needs: [],
  input: z.object({
    units: z.int().min(1).max(100_000).describe('How many units of your packs to give; for good'),
  }),
  output: z.object({
    given: z.int(),
    packs_left: z.int().describe('Units of packs that the giver has left'),
    available: z.int().describe("Units in the server's wallet"),
  }),
  async preview({ units }, context) {
    const serverId = requireManagedServer(context.actor);
    const { db } = context.database;
    const packs = await readPacks(db, context.actor.accountId);
    // Nobody is asked to confirm what cannot be had.
    if (packs < units) throw new Fault('packs_short', { needed: units, available: packs });
    const { available } = await readServerBalance(db, serverId, context.clock.now());
    const { preview, words } = catalogue(context.locale);
    return {
      title: preview.server_fund({ units }),
      lines: [
        [preview.serverWallet, String(available)],
        [words.quota, String(units)],
        [preview.packsAfter, String(packs - units)],
      ],
      cost: units,
    };
  },
  async run({ units }, context) {
    const serverId = requireManagedServer(context.actor);
    const { db } = context.database;
    await db.transaction((tx) => give(tx, context, { serverId, units }));
    const { available } = await readServerBalance(db, serverId, context.clock.now());
    const left = await readPacks(db, context.actor.accountId);
    return { given: units, packs_left: left, available };
  },
  say: ({ given, packs_left: packs, available }, locale) =>
    catalogue(locale).say.server_fund({ given, available, packs }),
});

/** Units of packs in a wallet: the part that does not end with the month. */
async function readPacks(db: Pick<Tx, 'select'>, walletId: string): Promise<number> {
  const [row] = await db
    .select({ lasting: wallets.lasting })
    .from(wallets)
    .where(eq(wallets.id, walletId));
  return row?.lasting ?? 0;
}

/** Moves the units once per approval. @throws Fault `packs_short`. */
async function give(
  tx: Tx,
  { actor, approvalId, clock }: Context,
  gift: { readonly serverId: string; readonly units: number },
): Promise<void> {
  if (approvalId === undefined) throw new Error('nobody has approved this gift');
  const toWalletId = await openServerWallet(tx, gift.serverId);
  const posted = await giveQuota(tx, {
    walletId: actor.accountId,
    toWalletId,
    amount: gift.units,
    reference: toWalletId,
    key: `fund:${approvalId}`,
    at: clock.now(),
  });
  if (posted.outcome === 'short')
    throw new Fault('packs_short', { needed: gift.units, available: posted.available });
  if (posted.outcome !== 'applied' && posted.outcome !== 'replay')
    throw new Error(`the gift ${approvalId}: ${posted.outcome}`);
  await wakeServerLedger(tx, gift.serverId);
}
