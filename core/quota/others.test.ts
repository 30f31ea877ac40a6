import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRandom } from '../../sandbox/apify/random.ts';
import { copyDatabase } from '../../test/kit/database.ts';
import { allChecks } from '../../test/kit/ledger-all.ts';
import { type Ledger, product } from '../../test/kit/ledger-calls.ts';
import { NotOffered, openLedger, runCheck, Scene } from '../../test/kit/ledger-checks.ts';
import { drain } from '../../test/kit/ledger-conformance.ts';
import { naive, naiveSchema } from '../../test/kit/ledger-naive.ts';
import { seedLedger, seedSchema } from '../../test/kit/ledger-seed.ts';

let url: string;
let drop: () => Promise<void>;
const lines: string[] = [];

beforeAll(async () => {
  ({ url, drop } = await copyDatabase());
  const sql = openLedger(url, { connections: 1 });
  await sql.unsafe(naiveSchema);
  await sql.unsafe(seedSchema);
  await sql.end();
});

afterAll(async () => {
  await drop();
  process.stdout.write(`${lines.join('\n')}\n`);
});

/** What one ledger makes of every promise, and of 100 who want one of 10 units at once. */
async function examine(name: string, ledger: Ledger, schema?: string) {
  const sql = openLedger(url, schema === undefined ? {} : { schema });
  const kept: string[] = [];
  const broken: string[] = [];
  const missing: string[] = [];
  for (const check of allChecks) {
    const list = await runCheck(sql, ledger, check, 1).then(
      () => kept,
      (error: unknown) => (isNotOffered(error) ? missing : broken),
    );
    list.push(check.id);
  }
  await sql.end({ timeout: 5 });
  const crowd = openLedger(url, { connections: 101, ...(schema === undefined ? {} : { schema }) });
  const { tally, balances } = await drain(new Scene(crowd, ledger, createRandom('crowd')), 10, 100);
  await crowd.end({ timeout: 5 });
  const told = tally['applied'] ?? 0;
  lines.push(
    `${name}: keeps ${kept.length} of ${allChecks.length} promises, breaks ${broken.length}, lacks ${missing.length};` +
      ` of 100 at once on 10 units ${told} are told yes, overdrawn by ${told - 10}, ${balances.available} shown as left`,
    ...(broken.length > 0 ? [`  breaks ${broken.join(' ')}`] : []),
    ...(missing.length > 0 ? [`  lacks what is needed for ${missing.join(' ')}`] : []),
  );
  return { kept, broken, missing, told, left: balances.available };
}

/** A property wraps what it meets. */
const isNotOffered = (error: unknown): boolean =>
  error instanceof NotOffered || (error instanceof Error && error.cause instanceof NotOffered);

describe('the same promises', () => {
  it('are all kept by the ledger of the product', async () => {
    const { broken, missing, told, left } = await examine('Jilo', product);
    expect([broken, missing, told, left]).toEqual([[], [], 10, 0]);
  });

  it('are broken by a ledger that reads, checks and writes without a lock', async () => {
    const { broken, told } = await examine('Naive', naive, 'naive');
    // Without a lock it is luck which of them break in one run; most do.
    const expected = ['K02', 'K05', 'K06', 'K07', 'K09', 'K14', 'J02', 'J05', 'J12', 'J21'];
    expect(expected.filter((id) => broken.includes(id)).length).toBeGreaterThanOrEqual(7);
    expect(told).toBeGreaterThan(10);
  });

  it('are broken by the function of the concept paper, which can count to ten', async () => {
    const { broken, kept, missing, told, left } = await examine('Seed', seedLedger, 'seed');
    for (const id of ['K02', 'K05', 'J03', 'J04']) expect(broken).toContain(id);
    expect(missing).toContain('J11');
    expect(kept).toContain('K09');
    expect([told, left]).toEqual([10, 0]);
  });
});
