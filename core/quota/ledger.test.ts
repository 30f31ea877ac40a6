import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDatabase } from '../../drizzle/client.ts';
import { copyDatabase } from '../../test/kit/database.ts';
import {
  brokenInvariants,
  checkHistories,
  openLedger,
  openWallet,
} from '../../test/kit/ledger-checks.ts';
import { ledgerChecks, raceDuplicates, raceHolds } from '../../test/kit/ledger-promises.ts';
import { isFault } from '../fault.ts';
import { holdQuota, postTransfer } from './ledger.ts';

let sql: postgres.Sql;
let url: string;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ url, drop } = await copyDatabase());
  sql = openLedger(url);
});

afterAll(async () => {
  await sql.end({ timeout: 5 });
  await drop();
});

describe('the ledger', () => {
  it.each(ledgerChecks)('keeps its promise: $name', async ({ run }) => {
    await run(sql);
    expect(await brokenInvariants(sql)).toEqual([]);
  });

  it('answers every history as the model does, alone and in bursts', async () => {
    const seen = await checkHistories(sql, { numRuns: 80 });
    const expected = ['grant', 'hold', 'capture', 'release', 'refund', 'expire'].map(
      (verb) => `applied ${verb}`,
    );
    const refusals = ['replay', 'key_reused', 'short', 'settled', 'hold_missing'];
    const raised = ['raised:22023', 'raised:P0002', 'raised:23505'];
    expect([...seen.keys()].toSorted()).toEqual([...expected, ...refusals, ...raised].toSorted());
  });

  it('applies one of 64 duplicates at once and calls 63 a replay', async () => {
    const { tally, balances } = await raceDuplicates(sql, 64);
    expect(tally).toEqual({ applied: 1, replay: 63 });
    expect(balances).toEqual({ granted: 7, available: 7, held: 0, spent: 0, expired: 0 });
  });

  it('gives exactly 10 of 100 holds at once where 10 are left, in each of 20 rounds', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { tally, balances } = await raceHolds(sql, 10, 100);
      expect(tally).toEqual({ applied: 10, short: 90 });
      expect(balances).toEqual({ granted: 10, available: 0, held: 10, spent: 0, expired: 0 });
    }
    expect(await brokenInvariants(sql)).toEqual([]);
  });
});

describe('the ledger from TypeScript', () => {
  const at = new Date('2026-11-22T08:00:00Z');

  it('holds for a video, and tells what is missing', async () => {
    await openWallet(sql, 'ts', 3);
    const database = openDatabase(url, 1);
    const hold = { accountId: 'ts', videoId: 'ts:1', amount: 2, at };
    expect(await holdQuota(database.db, hold)).toEqual({
      outcome: 'applied',
      available: 1,
      held: 2,
      amount: 2,
    });
    const short = await holdQuota(database.db, { ...hold, videoId: 'ts:2' }).catch(
      (error: unknown) => error,
    );
    expect(isFault(short, 'quota_short') && short.params).toEqual({ needed: 2, available: 1 });
    await expect(holdQuota(database.db, hold)).rejects.toThrow('hold of ts:1: replay');
    await database.close();
  });

  it('goes back with the transaction around it', async () => {
    await openWallet(sql, 'back', 3);
    const database = openDatabase(url, 1);
    const posting = { accountId: 'back', reference: 'back:1', key: 'back:1', at };
    const broken = database.db.transaction(async (tx) => {
      await postTransfer(tx, { ...posting, verb: 'hold', amount: 3 });
      throw new Error('the rest failed');
    });
    await expect(broken).rejects.toThrow('the rest failed');
    const again = await postTransfer(database.db, { ...posting, verb: 'hold', amount: 3 });
    expect(again).toMatchObject({ outcome: 'applied', available: 0, held: 3 });
    await database.close();
  });

  it.each([1.5, Number.NaN, 2 ** 31])('refuses the amount %d', async (amount) => {
    const account = `odd:${amount}`;
    await openWallet(sql, account, 3);
    const database = openDatabase(url, 1);
    const grant = { verb: 'grant', accountId: account, reference: 'x', key: account, at } as const;
    await expect(postTransfer(database.db, { ...grant, amount })).rejects.toThrow('Failed query');
    await database.close();
    expect(await brokenInvariants(sql)).toEqual([]);
  });
});

describe('the function this ledger replaces', () => {
  /** `atomic_deduct_quota` of the concept paper, written anew from its description. */
  const seed = `
    create schema seed;
    create table seed.users (id text primary key, quota integer);
    create table seed.quota_transactions (user_id text, amount integer, type text);
    create function seed.atomic_deduct_quota(who text, amount integer) returns boolean
    language plpgsql as $$
    declare current integer;
    begin
      select quota into current from seed.users where id = who for update;
      if current < amount then return false; end if;
      update seed.users set quota = quota - amount where id = who;
      insert into seed.quota_transactions values (who, -amount, 'video_generation');
      return true;
    end $$;
    insert into seed.users values ('ann', 10)`;

  it('charges strangers nothing, mints from negatives, and charges a retry twice', async () => {
    await sql.unsafe(seed);
    const deduct = async (who: string, amount: number | null) => {
      const [row] = await sql<{ paid: boolean }[]>`
        select seed.atomic_deduct_quota(${who}, ${amount}::integer) as paid`;
      return row?.paid;
    };
    const quota = async () => {
      const [row] = await sql<{ quota: number | null }[]>`
        select quota from seed.users where id = 'ann'`;
      return row?.quota;
    };
    const rowsOf = async (who: string) => {
      const rows = await sql`select 1 from seed.quota_transactions where user_id = ${who}`;
      return rows.length;
    };
    // An unknown person is told that they paid, and the books say so.
    expect(await deduct('nobody', 1)).toBe(true);
    expect(await rowsOf('nobody')).toBe(1);
    // One request sent twice is charged twice.
    expect([await deduct('ann', 1), await deduct('ann', 1)]).toEqual([true, true]);
    expect(await quota()).toBe(8);
    // A negative amount makes quota out of nothing.
    expect(await deduct('ann', -100)).toBe(true);
    expect(await quota()).toBe(108);
    // No amount wipes the balance out.
    expect(await deduct('ann', null)).toBe(true);
    expect(await quota()).toBe(null);
  });
});
