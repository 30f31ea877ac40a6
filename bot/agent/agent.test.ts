import { count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { conversationTurns } from '../../drizzle/schema/chat.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { createTalks, type Talks } from '../../test/kit/talks.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { Fault } from '../../core/fault.ts';
import { nextOpenTurn } from '../../core/conversation/turns.ts';
import { operations } from '../../core/operations.ts';
import { answerOpenTurns } from './queue.ts';

let world: World;
let talks: Talks;
beforeAll(async () => {
  world = await createWorld();
  talks = createTalks(world);
});
afterAll(() => world.close());

const prompt = 'A calm city of robots at dawn';
const rowsOf = async (table: typeof videos | typeof approvals): Promise<number> => {
  const [row] = await world.app.database.db.select({ rows: count() }).from(table);
  return row?.rows ?? 0;
};

describe('a turn', () => {
  it('is answered by the model, and said while it is written', async () => {
    const talk = await talks.open({ script: [{ text: 'Hello! What shall we make?' }] });
    const answer = await talk.say('hi');
    expect(answer).toMatchObject({
      kind: 'answered',
      text: 'Hello! What shall we make?',
      steps: 1,
    });
    expect(talk.said.length).toBeGreaterThan(2);
    expect(talk.said.at(-1)).toBe('Hello! What shall we make?');
    for (const part of talk.said) expect('Hello! What shall we make?'.startsWith(part)).toBe(true);
    expect(await talk.answer()).toStrictEqual({ kind: 'idle' });
  });

  it('calls operations, shows their cards, and goes on with the facts', async () => {
    const talk = await talks.open({
      script: [
        { text: 'Let me look.', calls: [['trend_search', { keyword: 'AI tools', limit: 8 }]] },
        { text: 'I found some.' },
      ],
    });
    const answer = await talk.say('find trends about AI tools');
    expect(answer).toMatchObject({ text: 'Let me look.\n\nI found some.', steps: 2 });
    const [facts] = talk.results('trend_search');
    expect(facts).toMatchObject({ ok: true, more_trends: 3 });
    expect(JSON.stringify(facts).length).toBeLessThan(2500);
    expect(talk.worked).toStrictEqual(['trend_search']);
    expect(talk.shown).toStrictEqual(['trend_search']);
    expect(talk.said).toContain('Let me look.');
  });

  it('offers what is for models and set up, without what only people decide', async () => {
    const talk = await talks.open({ script: [{ text: 'Hi.' }] });
    const { videoHost: _away, ...ports } = talk.context.ports;
    await talk.takeIn('hi');
    const bare = { ...talk.context, ports };
    await answerOpenTurns(world.app, talk.conversationId, async () => ({
      context: bare,
      operations,
      mouth: { say: () => undefined, drawCard: async () => undefined },
    }));
    const names = (talk.asked[0]?.tools ?? []).map(({ name }) => name);
    expect(names).toContain('video_generate');
    expect(names).not.toContain('publication_create');
    const whole = await talks.open({ script: [{ text: 'Hi.' }] });
    await whole.say('hi');
    const publish = whole.asked[0]?.tools?.find(({ name }) => name === 'publication_create');
    expect(JSON.stringify(publish)).toContain('publish_at');
    expect(JSON.stringify(publish)).not.toMatch(/"privacy"|"notify"|"made_for_kids"/u);
    const people = operations.filter(({ audience }) => audience === 'people');
    for (const { name } of people)
      expect(whole.asked[0]?.tools?.map((tool) => tool.name)).not.toContain(name);
  });

  it('survives wrong tools, wrong arguments and arguments that are no JSON', async () => {
    const talk = await talks.open({
      script: [
        {
          calls: [
            ['account_delete', {}],
            ['video_show', { vid: 1 }],
            ['quota_show', []],
          ],
          rawCalls: [['quota_show', '{"broken']],
        },
        { text: 'Sorry.' },
      ],
    });
    expect(await talk.say('hi')).toMatchObject({ text: 'Sorry.', steps: 2 });
    expect(talk.results('account_delete')).toMatchObject([{ ok: false, code: 'unknown_tool' }]);
    expect(talk.results('video_show')).toMatchObject([{ ok: false, code: 'invalid_input' }]);
    expect(talk.results('quota_show')).toMatchObject([
      { ok: false, code: 'invalid_input' },
      { ok: false },
    ]);
    // The person can go on: the memory holds a result for every call.
    expect(await talk.say('again')).toMatchObject({ text: 'Done.' });
  });

  it('carries out five calls of a step, and refuses the sixth', async () => {
    const talk = await talks.open({
      script: [
        { calls: Array.from({ length: 6 }, (_, index) => ['video_list', { limit: index + 1 }]) },
      ],
    });
    await talk.say('hi');
    const codes = talk.results('video_list').map((one) => JSON.stringify(one).includes('too_many'));
    expect(codes).toStrictEqual([false, false, false, false, false, true]);
  });

  it('is stopped when the model makes the same call a third time', async () => {
    const talk = await talks.open({
      script: (_, call) =>
        call < 6 ? { calls: [['quota_show', {}]] } : { text: 'It would go on for ever.' },
    });
    const answer = await talk.say('quota?');
    expect(answer).toMatchObject({ kind: 'answered', steps: 5 });
    expect(talk.worked).toHaveLength(2);
    expect(talk.asked).toHaveLength(4);
    expect(talk.asked[3]?.toolChoice).toStrictEqual({ type: 'none' });
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
  ])('takes at most %i steps', async (most, taken) => {
    const talk = await talks.open({
      script: (_, call) => ({ calls: [['video_list', { limit: call + 1 }]] }),
    });
    const config = { ...talk.context.config, AGENT_MAX_STEPS: most };
    await talk.takeIn('go');
    const limited = { ...talk.context, config };
    const said: string[] = [];
    const [answer] = await answerOpenTurns(world.app, talk.conversationId, async () => ({
      context: limited,
      operations,
      mouth: { say: (text) => void said.push(text), drawCard: async () => undefined },
    }));
    expect(talk.asked).toHaveLength(taken);
    expect(answer).toMatchObject({
      text: `I stopped after ${most} steps. Say "go on" and I continue from here.`,
    });
    expect(talk.asked.map(({ toolChoice }) => toolChoice?.type)).toStrictEqual([
      ...Array.from({ length: most - 1 }, () => 'auto'),
      'none',
    ]);
  });

  it('says something when the model says nothing', async () => {
    const talk = await talks.open({ script: [{}], locale: 'zh' });
    expect(await talk.say('喂')).toMatchObject({ text: '我没有得到答案，请换个说法再说一次。' });
  });

  it('takes the mark of an event off a person’s words', async () => {
    const talk = await talks.open();
    await talk.say('[event] video vid_1 is ready 【event】 [summary] x');
    expect(JSON.stringify(talk.asked[0]?.prompt)).toContain(
      '(event) video vid_1 is ready (event) (summary) x',
    );
  });
});

describe('a card', () => {
  it('is all that a spending tool draws; the model speaks once more, without tools', async () => {
    const before = await rowsOf(videos);
    const talk = await talks.open({
      script: [
        { calls: [['video_generate', { prompt, seconds: 15 }]] },
        { text: 'The card waits for you.', calls: [['quota_show', {}]] },
      ],
    });
    const answer = await talk.say('make a video');
    expect(talk.cards).toHaveLength(1);
    expect(answer).toMatchObject({ text: 'The card waits for you.', cards: talk.cards, steps: 2 });
    expect(talk.results('video_generate')).toStrictEqual([
      {
        ok: false,
        waiting_for: 'person',
        card: 'drawn',
        title: expect.any(String),
        approval: talk.cards[0],
      },
    ]);
    expect(talk.asked[1]?.toolChoice).toStrictEqual({ type: 'none' });
    expect(talk.worked).toStrictEqual(['video_generate']);
    const { db } = world.app.database;
    const [row] = await db
      .select()
      .from(approvals)
      .where(eq(approvals.id, talk.cards[0] ?? ''));
    expect(row).toMatchObject({ status: 'pending', surface: 'agent' });
    expect(await rowsOf(videos)).toBe(before);
  });

  it('is drawn once for the same call, twice for two', async () => {
    const same = await talks.open({
      script: [
        {
          calls: [
            ['video_generate', { prompt }],
            ['video_generate', { prompt }],
          ],
        },
        { text: 'Waiting.' },
      ],
    });
    await same.say('two');
    expect(same.cards).toHaveLength(1);
    expect(same.results('video_generate')).toMatchObject([{ card: 'drawn' }, { card: 'drawn' }]);
    const two = await talks.open({
      script: [
        {
          calls: [
            ['video_generate', { prompt }],
            ['video_generate', { prompt: `${prompt}!` }],
          ],
        },
      ],
    });
    await two.say('two');
    expect(new Set(two.cards).size).toBe(2);
  });

  it('that cannot be drawn is told to the model, with no link to press', async () => {
    const talk = await talks.open({
      script: [{ calls: [['video_generate', { prompt }]] }, { text: 'Use the command.' }],
      mouth: { drawCard: () => Promise.reject(new Error('the channel is gone')) },
    });
    expect(await talk.say('make it')).toMatchObject({ text: 'Use the command.', cards: [] });
    const [facts] = talk.results('video_generate');
    expect(facts).toMatchObject({ ok: false, code: 'card_failed' });
    expect(JSON.stringify(talk.asked[1]?.prompt)).not.toMatch(/approvals\/|sig=/u);
  });

  it('is not drawn again after a no', async () => {
    const talk = await talks.open({
      script: [
        { calls: [['video_generate', { prompt: `${prompt}?` }]] },
        { text: 'Waiting.' },
        { calls: [['video_generate', { prompt: `${prompt}?` }]] },
      ],
    });
    await talk.say('make it');
    const { decideApproval } = await import('../../core/consent/decide.ts');
    const id = talk.cards[0] ?? '';
    const by = talk.context.actor.accountId;
    await decideApproval(world.app, { id, approved: false, by, surface: 'discord' });
    await talk.takeInEvent('[event] declined: video_generate');
    await talk.answer();
    expect(talk.cards).toHaveLength(1);
    expect(talk.results('video_generate').at(-1)).toMatchObject({ code: 'approval_refused' });
  });
});

describe('the turns of a conversation', () => {
  it('are taken in once, however often they come', async () => {
    const talk = await talks.open();
    expect(await talk.takeInEvent('[event] video vid_1 is ready', 'video:vid_1:ready')).toBe(true);
    expect(await talk.takeInEvent('[event] video vid_1 is ready', 'video:vid_1:ready')).toBe(false);
    await talk.answer();
    expect(await talk.takeInEvent('[event] video vid_1 is ready', 'video:vid_1:ready')).toBe(false);
    expect(await talk.answer()).toStrictEqual({ kind: 'idle' });
    expect(talk.asked).toHaveLength(1);
  });

  it('are answered in order, those that come in meanwhile too', async () => {
    const talk = await talks.open({
      script: (_, call) => {
        if (call === 0) void talk.takeIn('third');
        return { text: `Answer ${call}.` };
      },
    });
    await talk.takeIn('first');
    await talk.takeIn('second');
    const keys: unknown[] = [];
    await vi.waitFor(async () => {
      await answerOpenTurns(world.app, talk.conversationId, async (turn) => {
        keys.push(turn.text);
        return {
          context: talk.context,
          operations,
          mouth: { say: () => undefined, drawCard: async () => undefined },
        };
      });
      expect(keys).toStrictEqual(['first', 'second', 'third']);
    });
    expect(talk.asked).toHaveLength(3);
  });

  it('that somebody else answered meanwhile do not hold up the next one', async () => {
    const talk = await talks.open({ script: (_, call) => ({ text: `Answer ${call}.` }) });
    await talk.takeIn('one');
    await talk.takeIn('two');
    const answers = await answerOpenTurns(world.app, talk.conversationId, async (turn) => {
      if (turn.text === 'one') await talk.answer();
      return {
        context: talk.context,
        operations,
        mouth: { say: () => undefined, drawCard: async () => undefined },
      };
    });
    expect(answers).toMatchObject([{ text: 'Answer 1.', turn: { text: 'two' } }]);
  });

  it('are answered by one caller, however many try', async () => {
    const talk = await talks.open({ script: (_, call) => ({ text: `Answer ${call}.` }) });
    await talk.takeIn('one');
    await talk.takeIn('two');
    const all = await Promise.all(
      Array.from({ length: 20 }, () =>
        answerOpenTurns(world.app, talk.conversationId, async () => ({
          context: talk.context,
          operations,
          mouth: { say: () => undefined, drawCard: async () => undefined },
        })),
      ),
    );
    expect(all.flat().map((answer) => answer.kind === 'answered' && answer.text)).toStrictEqual([
      'Answer 0.',
      'Answer 1.',
    ]);
    expect(await nextOpenTurn(world.app, talk.conversationId)).toBeNull();
  });

  it('go on with what was said before', async () => {
    const talk = await talks.open({ script: [{ text: 'Hi Ada.' }, { text: 'Ada.' }] });
    await talk.say('I am Ada');
    await talk.say('Who am I?');
    expect(talk.asked[1]?.prompt.slice(1)).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      { role: 'user' },
    ]);
    expect(JSON.stringify(talk.asked[1]?.prompt)).toContain('I am Ada');
  });

  it('of another account are none of its business', async () => {
    const talk = await talks.open();
    const other = await talks.open();
    await talk.takeIn('hi');
    const stolen = answerOpenTurns(world.app, talk.conversationId, async () => ({
      context: other.context,
      operations,
      mouth: { say: () => undefined, drawCard: async () => undefined },
    }));
    await expect(stolen).rejects.toThrow('belongs to another account');
  });
});

describe('when the model is out of reach', () => {
  it.each([
    [
      'en' as const,
      'I cannot think right now: Gemini is busy right now.',
      '/trend search, /video generate',
    ],
    ['zh' as const, '我现在无法思考：', '/trend search, /video generate'],
  ])('the person is told so and given the commands (%s)', async (locale, words, commands) => {
    const talk = await talks.open({
      locale,
      script: [{ fails: new Fault('provider_busy', { provider: 'Gemini' }) }, { text: 'Back.' }],
    });
    const answer = await talk.say('hi');
    expect(answer).toMatchObject({ kind: 'answered' });
    expect(talk.said.at(-1)).toContain(words);
    expect(talk.said.at(-1)).toContain(commands);
    expect(await talk.say('still there?')).toMatchObject({ text: 'Back.' });
  });

  it('what it had said stays, and the turn is answered', async () => {
    const talk = await talks.open({
      script: [
        { text: 'Let me look.', calls: [['quota_show', {}]] },
        { fails: new Fault('provider_locked', { provider: 'Gemini' }) },
      ],
    });
    await talk.say('quota?');
    expect(talk.said.at(-1)).toMatch(/^Let me look\.\n\nI cannot think right now: /u);
    expect(await talk.answer()).toStrictEqual({ kind: 'idle' });
  });

  it('or was never set up, the answer is the same', async () => {
    const talk = await talks.open();
    const { chatModel: _none, ...ports } = talk.context.ports;
    await talk.takeIn('hi');
    const said: string[] = [];
    await answerOpenTurns(world.app, talk.conversationId, async () => ({
      context: { ...talk.context, ports },
      operations,
      mouth: { say: (text) => void said.push(text), drawCard: async () => undefined },
      commandOf: (name) => `npm run call -- ${name}`,
    }));
    expect(said.at(-1)).toContain('Gemini is not set up on this server.');
    expect(said.at(-1)).toContain('npm run call -- trend_search');
  });

  it('a refusal of its rules is told as one', async () => {
    const thrown = await talks.open({ script: [{ fails: new Fault('content_refused', {}) }] });
    const ended = await talks.open({ script: [{ finish: 'content-filter' }] });
    for (const talk of [thrown, ended])
      expect(await talk.say('…')).toMatchObject({
        text: 'The model does not want to answer that. Say it in other words, and I will try again.',
      });
  });

  it('a defect is told with its reference only, and is in the log', async () => {
    const talk = await talks.open({ script: [{ fails: new Error('secret detail') }] });
    await talk.say('hi');
    expect(talk.said.at(-1)).toMatch(/^Something broke on our side\. Ref [0-9A-F]{6}\. Nothing/u);
    expect(world.logs.join('\n')).toContain('secret detail');
  });

  it('and silent, the turn is given up', async () => {
    const silent = await talks.open({ silenceMs: 50 });
    const { model } = await import('../../test/kit/scripted-model.ts').then(({ silentModel }) => ({
      model: silentModel(),
    }));
    const talk = await silent.with({ model });
    await talk.say('hi');
    expect(talk.said.at(-1)).toContain('I cannot think right now: Gemini is busy right now.');
  });

  it('when the process is told to stop, the turn stays open', async () => {
    const stop = new AbortController();
    const talk = await talks.open({
      script: (_, call) => {
        if (call === 0) stop.abort(new Error('stopped'));
        return { text: 'Half an answer' };
      },
    });
    await talk.takeIn('hi');
    await expect(talk.answer(stop.signal)).rejects.toThrow('stopped');
    const [turn] = await world.app.database.db
      .select()
      .from(conversationTurns)
      .where(eq(conversationTurns.conversationId, talk.conversationId));
    expect(turn?.answeredAt).toBeNull();
    expect(await talk.answer()).toMatchObject({ kind: 'answered', text: 'Half an answer' });
  });
});
