import { expect, it } from 'vitest';

import { copyDatabase } from '../../test/kit/database.ts';
import { allChecks } from '../../test/kit/ledger-all.ts';
import { product } from '../../test/kit/ledger-calls.ts';
import { brokenInvariants, openLedger, runCheck } from '../../test/kit/ledger-checks.ts';

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

it.each(allChecks)(
  'the ledger keeps $id on 20 seeds: $name',
  { timeout: 120_000 },
  async (check) => {
    const { url, drop } = await copyDatabase();
    const sql = openLedger(url);
    try {
      for (const seed of seeds) await runCheck(sql, product, check, seed);
      expect(await brokenInvariants(sql)).toEqual([]);
    } finally {
      await sql.end({ timeout: 5 });
      await drop();
    }
  },
);
