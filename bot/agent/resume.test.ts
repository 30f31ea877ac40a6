import { count, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { conversationMessages, conversationTurns } from '../../drizzle/schema/chat.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { trendSearches } from '../../drizzle/schema/trends.ts';
import { appendMessages } from '../../core/conversation/memory.ts';
import { listOpenTurns, nextOpenTurn } from '../../core/conversation/turns.ts';
import { openDatabase } from '../../drizzle/client.ts';
import type { ScriptedStep } from '../../test/kit/scripted-model.ts';
import { createTalks, type Talk, type Talks } from '../../test/kit/talks.ts';
import { createWorld, type World } from '../../test/kit/world.ts';

let world: World;
let talks: Talks;
beforeAll(async () => {
  world = await createWorld();
  talks = createTalks(world);
});
afterAll(() => world.close());

const searching: ScriptedStep = {
  text: 'Let me look.',
  calls: [
    ['trend_search', { keyword: 'AI tools', limit: 5 }],
    ['quota_show', {}],
  ],
};
const making: ScriptedStep = {
  calls: [['video_generate', { prompt: 'A calm city of robots at dawn' }]],
};
const script = [searching, making, { text: 'The card waits.' }];

/** Takes back the last `rows` stored messages, as if the process had died before storing them. */
async function forgetLast(talk: Talk, rows: number): Promise<void> {
  const { db } = world.app.database;
  await db.execute(sql`delete from conversation_messages where id in (
    select id from conversation_messages where conversation_id = ${talk.conversationId}
    order by id desc limit ${rows})`);
  await db
    .update(conversationTurns)
    .set({ answeredAt: null })
    .where(eq(conversationTurns.conversationId, talk.conversationId));
}

const searches = async (talk: Talk): Promise<number> => {
  const [row] = await world.app.database.db
    .select({ rows: count() })
    .from(trendSearches)
    .where(eq(trendSearches.accountId, talk.context.actor.accountId));
  return row?.rows ?? 0;
};

describe('a turn that died', () => {
  // Stored: words, step 1, its two results, step 2, its result, step 3.
  const all = 7;

  it.each(Array.from({ length: all }, (_, index) => index))(
    'with %i messages stored goes on from there, and nothing is done twice',
    async (kept) => {
      const first = await talks.open({ script });
      await first.say('make a video of a trend');
      expect(await first.messages()).toHaveLength(all);
      await forgetLast(first, all - kept);
      const before = await searches(first);
      // What is left of the script once the stored steps are taken off.
      const steps = [1, 4, 6].filter((at) => at < kept).length;
      const second = await first.with({ script: script.slice(steps) });
      const answer = await second.answer();
      expect(answer).toMatchObject({
        kind: 'answered',
        text: expect.stringMatching(/card waits\.$/u),
      });
      expect(answer).toMatchObject({ text: expect.stringMatching(/^Let me look\./u) });
      // A search that had begun is not begun again; one that was not is.
      const begunAgain = kept <= 1 ? 1 : 0;
      expect((await searches(first)) - before).toBe(begunAgain);
      // The same card may be put again, never another one.
      expect(new Set([...first.cards, ...second.cards]).size).toBe(1);
      expect(await second.answer()).toStrictEqual({ kind: 'idle' });
    },
  );

  it('in the middle of a change is told so; what only reads is run again', async () => {
    const first = await talks.open({ script: [searching, { text: 'Found.' }] });
    await first.say('look');
    await forgetLast(first, 3);
    const second = await first.with({ script: [{ text: 'Sorry, I was interrupted.' }] });
    await second.answer();
    expect(second.results('trend_search')).toMatchObject([{ ok: false, code: 'interrupted' }]);
    expect(second.results('quota_show')).toMatchObject([{ ok: true, available: 100 }]);
  });

  it('because the process was told to stop in the middle of a call, keeps no result of it', async () => {
    const stop = new AbortController();
    const first = await talks.open({
      script: [{ calls: [['quota_show', {}]] }],
      mouth: { working: () => stop.abort(new Error('stopped')) },
    });
    await first.takeIn('quota?');
    await expect(first.answer(stop.signal)).rejects.toThrow('stopped');
    expect(await first.messages()).toHaveLength(2);
    const second = await first.with({ script: [{ text: '100.' }], mouth: {} });
    expect(await second.answer()).toMatchObject({ text: '100.', steps: 2 });
    expect(second.results('quota_show')).toMatchObject([{ ok: true, available: 100 }]);
  });

  it('is found by the sweep, with where its answer goes', async () => {
    const talk = await talks.open({ script: [{ text: 'Here.' }] });
    await talk.takeIn('hi');
    const open = await listOpenTurns(world.app, 'test');
    const ours = open.filter(({ conversationId }) => conversationId === talk.conversationId);
    expect(ours).toMatchObject([
      { kind: 'person', text: 'hi', accountId: talk.context.actor.accountId },
    ]);
    await talk.answer();
    const left = await listOpenTurns(world.app, 'test');
    expect(
      left.filter(({ conversationId }) => conversationId === talk.conversationId),
    ).toHaveLength(0);
  });

  it('does not get its steps back', async () => {
    const first = await talks.open({
      script: (_, call) => ({ calls: [['video_list', { limit: call + 1 }]] }),
    });
    const most = first.context.config.AGENT_MAX_STEPS;
    await first.say('loop');
    expect(first.asked).toHaveLength(most);
    await forgetLast(first, 2);
    const second = await first.with({
      script: (_, call) => ({ calls: [['video_list', { limit: call + 30 }]] }),
    });
    await second.answer();
    expect(second.asked).toHaveLength(1);
  });
});

describe('two processes', () => {
  it('do not answer the same turn', async () => {
    const other = openDatabase(world.databaseUrl, 2);
    const talk = await talks.open({ script: (_, call) => ({ text: `Answer ${call}.` }) });
    const rival = await talk.with({ script: (_, call) => ({ text: `Rival ${call}.` }) });
    const elsewhere = { ...rival, context: { ...rival.context, database: other } };
    for (let round = 0; round < 5; round += 1) {
      await talk.takeIn(`hi ${round}`);
      const { answerTurn } = await import('./agent.ts');
      const mouth = { say: () => undefined, drawCard: async () => undefined };
      const { conversationId } = talk;
      const both = await Promise.all([
        talk.answer(),
        answerTurn({ conversationId, context: elsewhere.context, operations: [], mouth }),
      ]);
      const kinds = both.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'answered')).toHaveLength(1);
    }
    expect(talk.asked.length + rival.asked.length).toBe(5);
    await other.close();
  });

  it('that both believe to hold a turn cannot both go on', async () => {
    const talk = await talks.open();
    await talk.takeIn('hi');
    const turn = await nextOpenTurn(world.app, talk.conversationId);
    if (!turn) throw new Error('no turn');
    const news = {
      conversationId: talk.conversationId,
      accountId: talk.context.actor.accountId,
      turnId: turn.id,
      after: 0,
      messages: [{ message: { role: 'user', content: 'hi' }, tokens: 1 }],
    };
    const both = await Promise.all([
      appendMessages(world.app, news),
      appendMessages(world.app, news),
    ]);
    expect(both.filter((id) => id === null)).toHaveLength(1);
    const [row] = await world.app.database.db
      .select({ rows: count() })
      .from(conversationMessages)
      .where(eq(conversationMessages.conversationId, talk.conversationId));
    expect(row?.rows).toBe(1);
  });

  it('a turn that somebody else went on with is left to them', async () => {
    const talk = await talks.open({
      script: () => {
        throw new Error('unused');
      },
    });
    const model = {
      open: async () => {
        const [last] = await world.app.database.db
          .select({ id: conversationMessages.id, turnId: conversationMessages.turnId })
          .from(conversationMessages)
          .where(eq(conversationMessages.conversationId, talk.conversationId));
        await appendMessages(world.app, {
          conversationId: talk.conversationId,
          accountId: talk.context.actor.accountId,
          turnId: last?.turnId ?? 0,
          after: last?.id ?? 0,
          messages: [{ message: { role: 'assistant', content: 'Theirs.' }, tokens: 1 }],
          answered: true,
        });
        const { scriptedModel } = await import('../../test/kit/scripted-model.ts');
        return scriptedModel([{ text: 'Ours.' }]).model;
      },
      toFault: () => null,
    };
    const late = await talk.with({ model });
    expect(await late.say('hi')).toStrictEqual({ kind: 'busy' });
    expect(JSON.stringify(await talk.messages())).not.toContain('Ours.');
  });
});

describe('approvals after a restart', () => {
  it('are the same ones', async () => {
    const first = await talks.open({ script: [making, { text: 'Waiting.' }] });
    await first.say('make it');
    await forgetLast(first, 2);
    const second = await first.with({ script: [{ text: 'Waiting.' }] });
    await second.answer();
    expect(second.cards).toStrictEqual(first.cards);
    const rows = await world.app.database.db
      .select()
      .from(approvals)
      .where(eq(approvals.accountId, first.context.actor.accountId));
    expect(rows).toHaveLength(1);
  });
});
