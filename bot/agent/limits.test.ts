import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { addUsage, readUsage } from '../../core/conversation/usage.ts';
import { operations } from '../../core/operations.ts';
import { createTalks, type Talk, type Talks } from '../../test/kit/talks.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { answerTurn } from './agent.ts';

let world: World;
let talks: Talks;
beforeAll(async () => {
  world = await createWorld({ settings: { AGENT_DAILY_TOKENS: '1000' } });
  talks = createTalks(world);
});
afterAll(() => world.close());

const use = (talk: Talk, inputTokens: number, outputTokens: number): Promise<void> => {
  const { accountId } = talk.context.actor;
  const used = { steps: 1, inputTokens, outputTokens };
  return addUsage(world.app.database.db, accountId, used, world.now());
};

/** Answers under other settings than the world's. */
async function answerWith(talk: Talk, settings: object, text = 'hi'): Promise<string> {
  await talk.takeIn(text);
  const said: string[] = [''];
  await answerTurn({
    conversationId: talk.conversationId,
    context: { ...talk.context, config: { ...talk.context.config, ...settings } },
    operations,
    mouth: { say: (so) => void said.push(so), drawCard: async () => undefined },
  });
  return said.at(-1) ?? '';
}

describe('the tokens of a day', () => {
  it.each([
    [999, true],
    [1000, false],
    [1001, false],
  ])('after %i of 1000 the model is asked: %s', async (tokens, isAsked) => {
    const talk = await talks.open({ script: [{ text: 'Hello.' }] });
    await use(talk, tokens - 100, 100);
    await talk.say('hi');
    expect(talk.asked).toHaveLength(isAsked ? 1 : 0);
    expect(talk.said.at(-1)).toBe(
      isAsked
        ? 'Hello.'
        : 'You have used up what the agent may use for you today. It is back at 23 Nov 2026, 00:00. Until then the commands work as always: /trend search, /video generate, /video show, /quota show.',
    );
    expect(await talk.answer()).toStrictEqual({ kind: 'idle' });
  });

  it('are told in the person’s language and time zone', async () => {
    const talk = await talks.open({ locale: 'zh', timeZone: 'Asia/Shanghai' });
    await use(talk, 1000, 0);
    await talk.say('你好');
    expect(talk.said.at(-1)).toContain('您今天的智能助手用量已经用完。2026年11月23日 08:00 恢复。');
  });

  it('are counted for each step, and end a turn between two of them', async () => {
    const talk = await talks.open({
      script: [
        { text: 'One.', calls: [['quota_show', {}]], inputTokens: 990, outputTokens: 10 },
        { text: 'Two.' },
      ],
    });
    await talk.say('hi');
    expect(await readUsage(world.app, talk.context.actor.accountId)).toStrictEqual(
      expect.objectContaining({ steps: 1, inputTokens: 990, outputTokens: 10 }),
    );
    expect(talk.asked).toHaveLength(1);
    expect(talk.said.at(-1)).toMatch(/^One\.\n\nYou have used up/u);
  });

  it('belong to one account, and to one day', async () => {
    const talk = await talks.open();
    const other = await talks.open();
    await use(talk, 1000, 0);
    expect(await other.say('hi')).toMatchObject({ text: 'Done.' });
    await world.advance(16 * 3600 - 1);
    await talk.say('still?');
    expect(talk.asked).toHaveLength(0);
    await world.advance(1);
    expect(await talk.say('and now?')).toMatchObject({ text: 'Done.' });
  });

  it('add up when many are counted at once', async () => {
    const talk = await talks.open();
    await Promise.all(Array.from({ length: 50 }, () => use(talk, 3, 1)));
    expect(await readUsage(world.app, talk.context.actor.accountId)).toMatchObject({
      steps: 50,
      inputTokens: 150,
      outputTokens: 50,
    });
  });
});

describe('the dollars of a day', () => {
  const settings = { AGENT_DAILY_USD: 0.01, GEMINI_INPUT_USD: 10, GEMINI_OUTPUT_USD: 40 };

  it.each([
    // 10 dollars a million in, 40 out: 0.008 for these input tokens.
    [49, true],
    [50, false],
    [51, false],
  ])('with %i output tokens on top the model is asked: %s', async (tokens, isAsked) => {
    const talk = await talks.open();
    await use(talk, 800, tokens);
    const text = await answerWith(talk, settings);
    expect(text).toMatch(isAsked ? /^Done\.$/u : /^You have used up/u);
  });

  it('count for nothing while the prices are not known', async () => {
    const talk = await talks.open();
    await use(talk, 900, 50);
    expect(await answerWith(talk, { AGENT_DAILY_USD: 0.01 })).toBe('Done.');
  });
});
