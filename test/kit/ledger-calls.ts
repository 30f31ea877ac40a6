import { DrizzleQueryError } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

import {
  giveQuota,
  holdQuota,
  postTransfer,
  renewMonth,
  type Transfer,
} from '../../core/quota/ledger.ts';
import { decideSettlement, settleVideo, takeFreeRetry } from '../../core/quota/settlement.ts';
import type { Db } from '../../drizzle/client.ts';
import { type Answer, type Call, answerSchema, raised } from './ledger-model.ts';
import { type Asker, brokenInvariants } from './ledger-rules.ts';

export const at = '2026-11-22T08:00:00.000Z';

/** What is examined: the product, one thing changed in it, or another ledger altogether. */
export type Ledger = {
  /** Makes one call on one connection of a pool; a refusal by the database is an answer. */
  readonly call: (sql: postgres.Sql, call: Call) => Promise<Answer>;
  /** The rules that what is stored breaks; with a world, in the wallets that begin with it. */
  readonly breaches: (sql: Asker, world?: string) => Promise<string[]>;
  /** What the product makes of it for videos; absent where a ledger stands alone. */
  readonly videos?: VideoLedger;
};

export type VideoLedger = {
  readonly hold: typeof holdQuota;
  readonly decide: typeof decideSettlement;
  readonly settle: typeof settleVideo;
  readonly takeRetry: typeof takeFreeRetry;
};

/** The statements of the product, one of which a mutant stands in for. */
export type Verbs = {
  readonly post: typeof postTransfer;
  readonly renew: typeof renewMonth;
  readonly give: typeof giveQuota;
};

const productVerbs: Verbs = { post: postTransfer, renew: renewMonth, give: giveQuota };
const productVideos: VideoLedger = {
  hold: holdQuota,
  decide: decideSettlement,
  settle: settleVideo,
  takeRetry: takeFreeRetry,
};

/** The ledger of the product, as it is or with some of its parts replaced. */
export const ledgerOf = (
  changed: Partial<Verbs> & {
    readonly videos?: Partial<VideoLedger>;
    readonly breaches?: Ledger['breaches'];
  } = {},
): Ledger => {
  const verbs = { ...productVerbs, ...changed };
  return {
    call: (sql, call) => answered(() => makeCall(sql, call, verbs)),
    breaches: changed.breaches ?? brokenInvariants,
    videos: { ...productVideos, ...changed.videos },
  };
};

export const product = ledgerOf();

const pools = new WeakMap<postgres.Sql, Db>();
/** The pool as the product uses it. */
export function drizzleOf(sql: postgres.Sql): Db {
  const known = pools.get(sql);
  if (known) return known;
  const db = drizzle(sql);
  pools.set(sql, db);
  return db;
}

/** The start of a month, counted from January 2026. */
export const monthStart = (month: number): Date => new Date(Date.UTC(2026, month, 1));

/** By the product where it has words for the call, and in bare SQL where only nonsense would say it. */
async function makeCall(sql: postgres.Sql, call: Call, verbs: Verbs): Promise<unknown> {
  const { verb, wallet, amount, reference, key, month, to } = call;
  const posting = { walletId: wallet, reference, key, at: new Date(at) };
  if (verb === 'renew' && amount !== null && month !== undefined)
    return verbs.renew(drizzleOf(sql), {
      ...posting,
      amount,
      periodStart: monthStart(month),
      periodEnd: monthStart(month + 1),
    });
  if (verb === 'give' && amount !== null && to !== undefined)
    return verbs.give(drizzleOf(sql), { ...posting, toWalletId: to, amount });
  const transfer = transferOf(call, posting);
  if (transfer) return verbs.post(drizzleOf(sql), transfer);
  if (verb === 'renew' || verb === 'give') return raised('22023');
  const [row] =
    verb === 'hold'
      ? await sql`select * from quota_hold(${wallet}, ${amount}::integer, ${reference}, ${key},
          ${at}::timestamptz, ${call.asker ?? null}::text)`
      : await sql`select * from quota_post(${verb}, ${wallet}, ${amount}::integer, ${reference},
          ${key}, ${at}::timestamptz, ${call.lasting ?? false}::boolean)`;
  return row;
}

type Posting = Pick<Transfer, 'walletId' | 'reference' | 'key' | 'at'>;

/** The call in the words of the product; null when these have no place for what it says. */
function transferOf(call: Call, posting: Posting): Transfer | null {
  const { verb, amount, lasting, asker } = call;
  if (amount === null)
    return lasting === undefined && asker === undefined ? settling(verb, posting) : null;
  if (verb === 'hold' && lasting === undefined)
    return { ...posting, verb, amount, ...(asker === undefined ? {} : { accountId: asker }) };
  if (asker !== undefined) return null;
  if (verb === 'grant' || verb === 'take_back')
    return { ...posting, verb, amount, ...(lasting === undefined ? {} : { lasting }) };
  return verb === 'expire' && lasting === undefined ? { ...posting, verb, amount } : null;
}

const settling = (verb: string, posting: Posting): Transfer | null =>
  verb === 'capture' || verb === 'release' || verb === 'refund' ? { ...posting, verb } : null;

/** A connection that was ended is no answer. */
const isAnswer = ({ code }: postgres.PostgresError): boolean => !code.startsWith('57');

/** The answer of a call, or the SQLSTATE with which the database has refused it. */
export async function answered(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return answerSchema.parse(await work());
  } catch (error) {
    const cause = error instanceof DrizzleQueryError ? error.cause : error;
    if (cause instanceof postgres.PostgresError && isAnswer(cause)) return raised(cause.code);
    throw error;
  }
}
