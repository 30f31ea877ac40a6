import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { channels, oauthStates } from '../../drizzle/schema/publishing.ts';
import { answerOfHost } from '../../test/kit/host-answer.ts';
import { untilWaiting } from '../../test/kit/ledger-checks.ts';
import { faultOf } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { sha256Hex } from '../crypto.ts';
import { completeConnection } from './complete.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test('a state that another return is just using up is waited for, and then good for nothing', async () => {
  const answer = await answerOfHost(world, await world.context());
  const { calls } = world.emulators.google;
  const before = calls.length;
  const { db, sql } = world.app.database;
  const [late] = await db.transaction(async (tx) => {
    const used = await tx
      .update(oauthStates)
      .set({ usedAt: world.now() })
      .where(eq(oauthStates.stateHash, sha256Hex(answer.state)))
      .returning();
    expect(used).toHaveLength(1);
    const end = faultOf(completeConnection(world.app, answer));
    await untilWaiting(sql, () => 1);
    // An array, so that the transaction does not wait for what waits for it.
    return [end];
  });
  expect(await late).toBe('link_not_valid');
  expect(calls.slice(before)).toEqual([]);
  expect(await db.select().from(channels)).toEqual([]);
});
