import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { App } from '../../../core/app.ts';
import { copyDatabase } from '../../kit/database.ts';
import { openBillingWorld, playBilling } from './run.ts';

const runs = 40;

let app: App;
let close: () => Promise<void>;
beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'jilo-billing-test-'));
  const database = await copyDatabase();
  app = await openBillingWorld({ databaseUrl: database.url, dataDir });
  close = async () => {
    await app.close();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  };
});
afterAll(() => close());

test(`${runs} lives with plans and packs end as the books of the payment service say`, async () => {
  const seen = new Set<string>();
  for (let run = 0; run < runs; run += 1) {
    const { broken, counts } = await playBilling(app, { seed: 1, run });
    expect(broken).toEqual([]);
    for (const kind of counts.keys()) seen.add(kind);
  }
  expect([...seen].toSorted()).toEqual(
    expect.arrayContaining([
      'a month of a plan',
      'changes the plan',
      'death',
      'delivered twice',
      'dispute',
      'pays after all',
      'pays for a pack',
      'pays for a plan',
      'refund',
    ]),
  );
}, 120_000);
