import { eq } from 'drizzle-orm';

import { giveQuota, holdQuota, postTransfer, renewMonth } from '../../core/quota/ledger.ts';
import {
  decideSettlement,
  settleVideo,
  takeFreeRetry,
  type SettlementEffect,
  type SettlementEvent,
  type SettlementState,
} from '../../core/quota/settlement.ts';
import { compensations } from '../../drizzle/schema/quota.ts';
import { type Ledger, ledgerOf } from './ledger-calls.ts';
import type { Mutant } from './ledger-mutants.ts';
import { blindTo } from './ledger-rules.ts';

export type TypeScriptMutant = Mutant & { readonly ledger: Ledger };

type Effects = readonly SettlementEffect[];

/** A settlement that decides one thing differently; undefined: as the product does. */
const deciding = (
  wrongly: (state: SettlementState, event: SettlementEvent) => Effects | undefined,
): Ledger =>
  ledgerOf({
    videos: { decide: (state, event) => wrongly(state, event) ?? decideSettlement(state, event) },
  });

let tries = 0;

/** Each with one thing wrong in what calls the database, and in what decides about videos. */
export const typescriptMutants: readonly TypeScriptMutant[] = [
  {
    name: 'a pack is granted as units of the month',
    by: 'J11',
    ledger: ledgerOf({
      post: (tx, transfer) =>
        postTransfer(tx, transfer.verb === 'grant' ? { ...transfer, lasting: false } : transfer),
    }),
  },
  {
    name: 'every try has a key of its own',
    by: 'K05',
    ledger: ledgerOf({
      post: (tx, transfer) =>
        postTransfer(tx, { ...transfer, key: `${transfer.key} try ${(tries += 1)}` }),
    }),
  },
  {
    name: 'a replay counts as applied',
    by: 'K04',
    ledger: ledgerOf({
      post: async (tx, transfer) => {
        const posted = await postTransfer(tx, transfer);
        return posted.outcome === 'replay' ? { ...posted, outcome: 'applied' } : posted;
      },
    }),
  },
  {
    name: 'parts of a unit are rounded',
    by: 'K10',
    ledger: ledgerOf({
      post: (tx, transfer) =>
        postTransfer(
          tx,
          'amount' in transfer ? { ...transfer, amount: Math.ceil(transfer.amount) } : transfer,
        ),
    }),
  },
  {
    name: 'who has asked is not passed on',
    by: 'J09',
    ledger: ledgerOf({
      post: (tx, transfer) => {
        if (transfer.verb !== 'hold') return postTransfer(tx, transfer);
        const { verb, walletId, amount, reference, key, at } = transfer;
        return postTransfer(tx, { verb, walletId, amount, reference, key, at });
      },
    }),
  },
  {
    name: 'a new month is only a grant',
    by: 'J12',
    ledger: ledgerOf({
      renew: (tx, { walletId, amount, reference, key, at }) =>
        postTransfer(tx, { verb: 'grant', walletId, amount, reference, key, at }),
    }),
  },
  {
    name: 'a month begins when its notice comes',
    by: 'J13',
    ledger: ledgerOf({
      renew: (tx, month) =>
        renewMonth(tx, {
          ...month,
          periodStart: new Date(Date.UTC(2030, 0, 1, 0, 0, (tries += 1))),
          periodEnd: new Date(Date.UTC(2031, 0, 1)),
        }),
    }),
  },
  {
    name: 'giver and receiver are mistaken',
    by: 'J19',
    ledger: ledgerOf({
      give: (tx, gift) =>
        giveQuota(tx, { ...gift, walletId: gift.toWalletId, toWalletId: gift.walletId }),
    }),
  },
  {
    name: 'a gift is a grant and nothing more',
    by: 'K07',
    ledger: ledgerOf({
      give: (tx, { toWalletId, ...gift }) =>
        postTransfer(tx, { ...gift, walletId: toWalletId, verb: 'grant', lasting: true }),
    }),
  },
  {
    name: 'a shortage starts the video all the same',
    by: 'V07',
    ledger: ledgerOf({
      videos: {
        hold: async (tx, hold) => {
          const none = { outcome: 'applied', available: 0, held: 0, amount: hold.amount } as const;
          return holdQuota(tx, hold).catch(() => none);
        },
      },
    }),
  },
  {
    name: 'who asks pays, whoever should',
    by: 'V05',
    ledger: ledgerOf({
      videos: { hold: (tx, hold) => holdQuota(tx, { ...hold, walletId: hold.accountId }) },
    }),
  },
  {
    name: 'a video is settled in the wallet of who has asked',
    by: 'V05',
    ledger: ledgerOf({
      videos: {
        settle: async (tx, video, event, at) => {
          const posting = { walletId: video.accountId, reference: video.rootId, at };
          const verb = event === 'provider_error' ? 'release' : 'capture';
          await postTransfer(tx, { ...posting, verb, key: `${verb}:${video.rootId}` });
          return [verb];
        },
      },
    }),
  },
  {
    name: 'anybody takes the free retry',
    by: 'V06',
    ledger: ledgerOf({
      videos: {
        takeRetry: async (tx, root, at) => {
          const [row] = await tx
            .select({ accountId: compensations.accountId })
            .from(compensations)
            .where(eq(compensations.rootVideoId, root.id));
          return takeFreeRetry(tx, { ...root, ...row }, at);
        },
      },
    }),
  },
  {
    name: 'a time-out gives no free retry',
    by: 'V06',
    ledger: ledgerOf({
      videos: {
        settle: (tx, video, event, at) =>
          settleVideo(tx, video, event === 'timeout' ? 'cancelled_late' : event, at),
      },
    }),
  },
  {
    name: 'a late delivery is charged once more',
    by: 'V01',
    ledger: deciding(({ hold, isRetry }, event) =>
      !isRetry && hold === 'captured' && event === 'success' ? ['capture'] : undefined,
    ),
  },
  {
    name: 'a time-out of a retry opens another',
    by: 'V02',
    ledger: deciding(({ isRetry, compensation }, event) =>
      isRetry && compensation === 'retry_used' && event === 'timeout' ? ['open_retry'] : undefined,
    ),
  },
  {
    name: 'a late failure is refunded beside the retry',
    by: 'V02',
    ledger: deciding(({ isRetry, hold, compensation }, event) =>
      !isRetry && hold === 'captured' && compensation === 'retry_used' && event === 'provider_error'
        ? ['refund_root']
        : undefined,
    ),
  },
  {
    name: 'a retry that fails is refunded though the root has arrived',
    by: 'V03',
    ledger: deciding((state, event) =>
      state.isRetry ? decideSettlement({ ...state, delivered: false }, event) : undefined,
    ),
  },
  {
    name: 'a time-out costs nothing',
    by: 'V04',
    ledger: deciding(({ isRetry, hold }, event) =>
      !isRetry && hold === 'held' && event === 'timeout' ? ['release'] : undefined,
    ),
  },
  {
    name: 'a late delivery leaves the free retry open',
    by: 'V04',
    ledger: deciding(({ isRetry, hold }, event) =>
      !isRetry && hold === 'captured' && event === 'success' ? [] : undefined,
    ),
  },
  {
    name: 'a cancellation of what is being made costs nothing',
    by: 'V04',
    ledger: deciding(({ isRetry, hold }, event) =>
      !isRetry && hold === 'held' && event === 'cancelled_late' ? ['release'] : undefined,
    ),
  },
  {
    name: 'a failure is charged',
    by: 'V04',
    ledger: deciding(({ isRetry, hold }, event) =>
      !isRetry && hold === 'held' && event === 'provider_error' ? ['capture'] : undefined,
    ),
  },
  {
    name: 'the replay does not compare the wallets',
    by: 'K03',
    ledger: ledgerOf({ breaches: blindTo('the wallet is what the journal adds up to') }),
  },
  {
    name: 'the replay does not compare what is given with what is received',
    by: 'K03',
    ledger: ledgerOf({ breaches: blindTo('what is given is received') }),
  },
];
