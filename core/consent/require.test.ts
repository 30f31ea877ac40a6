import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { approvals } from '../../drizzle/schema/consent.ts';
import { untilWaiting } from '../../test/kit/ledger-checks.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { perform } from '../operation.ts';
import { videoGenerate } from '../video/generate.ts';
import { decideApproval } from './decide.ts';

let world: World;
let model: Context;
beforeAll(async () => {
  world = await createWorld();
  model = await world.context('mcp');
});
afterAll(() => world.close());

/** What a person has approved for this prompt. */
async function approve(prompt: string): Promise<{ id: string; inputHash: string }> {
  const outcome = await perform(videoGenerate, { prompt }, model);
  if (outcome.ok || !isFault(outcome.fault, 'approval_required')) throw new Error('not asked');
  const { id } = outcome.fault.params;
  const by = model.actor.accountId;
  await decideApproval(world.app, { id, approved: true, by, surface: 'web' });
  const { db } = world.app.database;
  const [row] = await db.select().from(approvals).where(eq(approvals.id, id));
  if (!row) throw new Error('nothing is written down');
  return { id, inputHash: row.inputHash };
}

/** How the approval is; nothing where somebody has touched it and not ended yet. */
const untouched = (id: string) =>
  world.app.database.db
    .select({ status: approvals.status })
    .from(approvals)
    .where(eq(approvals.id, id))
    .for('update', { skipLocked: true });

it('a call that names no approval touches none before it has its turn', async () => {
  const prompt = 'A paper boat crosses the city';
  const { id, inputHash } = await approve(prompt);
  const { database } = world.app;
  const [call] = await database.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${inputHash}, 0))`);
    const begun = perform(videoGenerate, { prompt }, model);
    await untilWaiting(database.sql, () => 1);
    expect(await untouched(id)).toEqual([{ status: 'approved' }]);
    // An array, so that the transaction does not wait for what waits for it.
    return [begun];
  });
  expect(await call).toMatchObject({ ok: true });
  expect(await untouched(id)).toEqual([{ status: 'used' }]);
});
