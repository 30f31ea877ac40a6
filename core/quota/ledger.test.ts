import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDatabase } from '../../drizzle/client.ts';
import { createRandom } from '../../sandbox/apify/random.ts';
import { copyDatabase } from '../../test/kit/database.ts';
import { allChecks } from '../../test/kit/ledger-all.ts';
import { product } from '../../test/kit/ledger-calls.ts';
import {
  brokenInvariants,
  openLedger,
  openWallet,
  runCheck,
  Scene,
} from '../../test/kit/ledger-checks.ts';
import { drain } from '../../test/kit/ledger-conformance.ts';
import { checkHistories } from '../../test/kit/ledger-histories.ts';
import { mutate, sqlMutants } from '../../test/kit/ledger-mutants.ts';
import { postTransfer, renewMonth } from './ledger.ts';

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

/** `seeds.test.ts` looks at twenty. */
const seeds = [1, 2, 3];

describe('the ledger', () => {
  it.each(allChecks)('keeps its promise $id: $name', async (check) => {
    for (const seed of seeds)
      await expect(runCheck(sql, product, check, seed)).resolves.toBeUndefined();
  });

  it('has the text that its mutants change, each in one place', () => {
    const changed = sqlMutants.map((mutant) => mutate(mutant) + (mutant.unprotected ?? ''));
    expect(new Set(changed).size).toBe(sqlMutants.length);
  });

  it('answers every history as the model does, and meets every answer there is', async () => {
    const seen = await checkHistories(sql, product, { numRuns: 40, seed: 2 });
    const verbs = ['grant', 'hold', 'capture', 'release', 'refund', 'expire', 'take_back'];
    const expected = [...verbs, 'renew', 'give'].map((verb) => `applied ${verb}`);
    const refusals = ['replay', 'key_reused', 'short', 'settled', 'hold_missing', 'stale'];
    const raised = ['22023', 'P0002', '23505', '23502'].map((code) => `raised:${code}`);
    expect([...seen.keys()].toSorted()).toEqual([...expected, ...refusals, ...raised].toSorted());
  });

  it('gives exactly 10 of 100 holds at once where 10 are left, in each of 20 rounds', async () => {
    for (let round = 0; round < 20; round += 1) {
      const scene = new Scene(sql, product, createRandom(`round ${round}`));
      const { tally, balances } = await drain(scene, 10, 100);
      expect(tally).toEqual({ applied: 10, short: 90 });
      expect(balances).toMatchObject({ granted: 10, available: 0, held: 10, spent: 0 });
    }
  });

  it('breaks no rule in all that these tests have stored', async () => {
    expect(await brokenInvariants(sql)).toEqual([]);
  });
});

describe('the ledger from TypeScript', () => {
  const at = new Date('2026-11-22T08:00:00Z');

  it('goes back with the transaction around it', async () => {
    await openWallet(sql, 'back', 3);
    const database = openDatabase(url, 1);
    const posting = { walletId: 'back', reference: 'back:1', key: 'back:1', at };
    const periodStart = new Date('2026-11-01T00:00:00Z');
    const periodEnd = new Date('2026-12-01T00:00:00Z');
    const month = { ...posting, key: 'back:month', amount: 9, periodStart, periodEnd };
    const broken = database.db.transaction(async (tx) => {
      await postTransfer(tx, { ...posting, verb: 'hold', amount: 3 });
      await renewMonth(tx, month);
      throw new Error('the rest failed');
    });
    await expect(broken).rejects.toThrow('the rest failed');
    const again = await postTransfer(database.db, { ...posting, verb: 'hold', amount: 3 });
    expect(again).toMatchObject({ outcome: 'applied', available: 0, held: 3 });
    expect(await renewMonth(database.db, month)).toMatchObject({ outcome: 'applied', amount: 0 });
    await database.close();
  });

  it.each([1.5, Number.NaN, 2 ** 31])('refuses the amount %d', async (amount) => {
    const walletId = `odd:${amount}`;
    await openWallet(sql, walletId, 3);
    const database = openDatabase(url, 1);
    const grant = { verb: 'grant', walletId, reference: 'x', key: walletId, at } as const;
    await expect(postTransfer(database.db, { ...grant, amount })).rejects.toThrow('Failed query');
    await database.close();
    expect(await brokenInvariants(sql, walletId)).toEqual([]);
  });
});
