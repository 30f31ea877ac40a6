import type postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';

import { copyDatabase } from '../../test/kit/database.ts';
import { type Ledger, product } from '../../test/kit/ledger-calls.ts';
import { openLedger, runCheck } from '../../test/kit/ledger-checks.ts';
import { allChecks } from '../../test/kit/ledger-all.ts';
import { installMutant, type Mutant, sqlMutants } from '../../test/kit/ledger-mutants.ts';
import { typescriptMutants } from '../../test/kit/ledger-mutants-typescript.ts';

/** The ids of the promises that do not hold of `ledger` in a database that `prepare` has changed. */
async function brokenPromises(
  ledger: Ledger,
  prepare?: (sql: postgres.Sql) => Promise<void>,
): Promise<string[]> {
  const { url, drop } = await copyDatabase();
  const sql = openLedger(url);
  const broken: string[] = [];
  try {
    await prepare?.(sql);
    for (const check of allChecks) {
      const failure = await runCheck(sql, ledger, check, 1).then(
        () => null,
        (error: unknown) => error,
      );
      if (failure === null) continue;
      // A database that is gone breaks every promise and proves nothing: then this throws.
      await sql`select 1 as here`;
      broken.push(check.id);
    }
    return broken;
  } finally {
    await sql.end({ timeout: 1 });
    await drop();
  }
}

const caught: { readonly mutant: Mutant; readonly kind: string; readonly red: string[] }[] = [];

/** A waiting machine makes a mutant that locks itself up slow. */
const timeout = 120_000;

describe('a ledger with one thing wrong', () => {
  it('is not the real one, which breaks no promise', { timeout }, async () => {
    expect(await brokenPromises(product)).toEqual([]);
  });

  it.each(sqlMutants)('in SQL is found out: $name', { timeout }, async (mutant) => {
    const red = await brokenPromises(product, (sql) => installMutant(sql, mutant));
    caught.push({ mutant, kind: 'SQL', red });
    expect(red, 'the promise that it declares').toContain(mutant.by);
  });

  it.each(typescriptMutants)('in TypeScript is found out: $name', { timeout }, async (mutant) => {
    const red = await brokenPromises(mutant.ledger);
    caught.push({ mutant, kind: 'TypeScript', red });
    expect(red, 'the promise that it declares').toContain(mutant.by);
  });

  it('is there for every promise, and one that breaks few others', () => {
    const fewest = new Map(allChecks.map(({ id }) => [id, Number.POSITIVE_INFINITY]));
    for (const { mutant, red } of caught)
      fewest.set(mutant.by, Math.min(fewest.get(mutant.by) ?? 0, red.length - 1));
    expect([...fewest].filter(([, others]) => others > 8)).toEqual([]);
  });

  afterAll(() => {
    const width = Math.max(...caught.map(({ mutant }) => mutant.name.length));
    const lines = caught.map(({ mutant: { name, by }, kind, red }) => {
      const others = red.filter((id) => id !== by).join(' ');
      return `  ${name.padEnd(width)}  ${kind.padEnd(10)}  ${red.includes(by) ? by : 'MISSED'}  ${others}`;
    });
    const head = `${caught.length} mutants, the promise that each declares and breaks, and what else went red`;
    process.stdout.write(`${head}\n${lines.join('\n')}\n`);
  });
});
