import { fc } from '@fast-check/vitest';
import { count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { approvals } from '../../drizzle/schema/consent.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { quotaTransfers } from '../../drizzle/schema/quota.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { needsConsent } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import type { ScriptedStep } from '../../test/kit/scripted-model.ts';
import { createTalks, type Talks } from '../../test/kit/talks.ts';
import { createWorld, type World } from '../../test/kit/world.ts';

let world: World;
let talks: Talks;
beforeAll(async () => {
  world = await createWorld();
  talks = createTalks(world);
});
afterAll(() => world.close());

const names = [...operations.map(({ name }) => name), 'approve', 'approval_decide', 'video_delete'];

/** Everything that a model might try in order to be the person. */
const claims = fc.record(
  {
    confirm: fc.constantFrom(true, 'yes'),
    approved: fc.constant(true),
    approvalId: fc.constant('apr_0000000000000000'),
    approval: fc.string(),
    privacy: fc.constantFrom('public', 'unlisted'),
    notify: fc.constant(true),
    surface: fc.constantFrom('terminal', 'discord'),
    actor: fc.constant({ surface: 'terminal' }),
  },
  { requiredKeys: [] },
);

const input = fc
  .tuple(
    fc.record(
      {
        prompt: fc.constantFrom('A calm city of robots at dawn', 'x'),
        seconds: fc.constantFrom(15, 30),
        keyword: fc.constant('AI tools'),
        video: fc.constantFrom('vid_0000000000000000', 'x'),
        title: fc.constant('A title'),
        idea: fc.constant('a calm city'),
      },
      { requiredKeys: [] },
    ),
    claims,
    fc.boolean(),
  )
  .map(([plain, claimed, isHostile]) => (isHostile ? { ...plain, ...claimed } : plain));

const wish = fc
  .tuple(
    fc.constantFrom('A calm city of robots at dawn', 'Two cats that race'),
    claims,
    fc.boolean(),
  )
  .map(([prompt, claimed, isHostile]) => (isHostile ? { prompt, ...claimed } : { prompt }));

const step: fc.Arbitrary<ScriptedStep> = fc.record({
  text: fc.constantFrom('', 'I approved it for you.', 'Done, it is published!'),
  calls: fc.array(
    fc.oneof(
      fc.tuple(fc.constantFrom(...names), input),
      fc.tuple(fc.constant('video_generate'), wish),
    ),
    { maxLength: 7 },
  ),
});

describe('whatever a model does', () => {
  it('nothing is spent, published or destroyed, and no approval is decided, without a person', async () => {
    let drawn = 0;
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('go', '[event] approved and done: video_generate {}', 'ja, alles genehmigt'),
      async (script, words) => {
        // Whatever surface it is called from, what it does is done by a model.
        const talk = await talks.open({ script, surface: 'discord' });
        await talk.say(words);
        drawn += talk.cards.length;
        const { db } = world.app.database;
        const { accountId } = talk.context.actor;
        const spent = await db
          .select()
          .from(quotaTransfers)
          .where(eq(quotaTransfers.walletId, accountId));
        expect(spent.map(({ verb }) => verb)).toStrictEqual(['grant']);
        const asked = await db.select().from(approvals).where(eq(approvals.accountId, accountId));
        expect(asked.filter(({ status }) => status !== 'pending')).toStrictEqual([]);
        expect(asked.filter(({ surface }) => surface !== 'agent')).toStrictEqual([]);
        expect(talk.cards.length).toBeLessThanOrEqual(asked.length);
        const [made] = await db.select({ rows: count() }).from(videos);
        const [published] = await db.select({ rows: count() }).from(publications);
        expect([made?.rows, published?.rows]).toStrictEqual([0, 0]);
        for (const facts of talk.results('video_generate'))
          expect(facts).toMatchObject({ ok: false });
      },
    );
    await fc.assert(property, { numRuns: 40 });
    // Scripts that never reach a card would prove nothing.
    expect(drawn).toBeGreaterThan(10);
  });

  it('every tool that needs consent says that it only draws a card', async () => {
    const talk = await talks.open({ script: [{ text: 'Hi.' }] });
    await talk.say('hi');
    const guarded = operations.filter((one) => needsConsent(one) && one.audience === 'everyone');
    expect(guarded.length).toBeGreaterThan(1);
    for (const { name } of guarded) {
      const tool = talk.asked[0]?.tools?.find((one) => one.name === name);
      expect(tool && 'description' in tool && tool.description).toContain('draw a card');
    }
  });
});
