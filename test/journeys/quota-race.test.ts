import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { decideApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { perform } from '../../core/operation.ts';
import { postTransfer } from '../../core/quota/ledger.ts';
import { readBalance } from '../../core/quota/wallet.ts';
import { videoGenerate } from '../../core/video/generate.ts';
import { quoteFor, wishOf } from '../../core/video/quote.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { createWorld, type World } from '../kit/world.ts';

const rounds = 20;
const requests = 100;
const quota = 10;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** A person with ten units left, whose hundred requests have all been approved. */
async function prepare(
  round: number,
): Promise<{ context: Context; quote: string; approvals: string[] }> {
  const context = await world.context('terminal', `racer-${round}`);
  await postTransfer(world.app.database.db, {
    verb: 'expire',
    walletId: context.actor.accountId,
    amount: 100 - quota,
    reference: 'race',
    key: `race:${round}`,
    at: world.now(),
  });
  const wish = { prompt: 'a fox runs through the snow', model: 'kling' as const, seconds: 15 };
  const { id: quote } = await quoteFor(context, wishOf(wish));
  const approvals = await Promise.all(
    Array.from({ length: requests }, async () => {
      const asked = await perform(videoGenerate, { quote }, context);
      if (asked.ok || !isFault(asked.fault, 'approval_required'))
        throw new Error('nobody was asked');
      return asked.fault.params.id;
    }),
  );
  const by = context.actor.accountId;
  for (const id of approvals)
    await decideApproval(world.app, { id, approved: true, by, surface: 'terminal' });
  return { context, quote, approvals };
}

test(`${requests} requests at once with ${quota} units left, ${rounds} rounds`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { context, quote, approvals } = await prepare(round);
    const outcomes = await Promise.all(
      approvals.map((approvalId) => perform(videoGenerate, { quote }, context, { approvalId })),
    );
    const refused = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.fault.code]));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(quota);
    expect(refused).toEqual(Array.from({ length: requests - quota }, () => 'quota_short'));
    const { accountId } = context.actor;
    const balance = await readBalance(world.app.database.db, accountId);
    expect(balance).toEqual({ granted: 100, available: 0, held: quota, spent: 0 });
    const made = await world.app.database.db
      .select()
      .from(videos)
      .where(eq(videos.accountId, accountId));
    expect(made).toHaveLength(quota);
  }
}, 180_000);
