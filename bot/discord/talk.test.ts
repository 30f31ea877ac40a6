import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { announce, decisionEvent } from '../../core/conversation/events.ts';
import { openConversation } from '../../core/conversation/open.ts';
import { takeInTurn } from '../../core/conversation/turns.ts';
import { Fault } from '../../core/fault.ts';
import { operations } from '../../core/operations.ts';
import { conversationTurns, conversations } from '../../drizzle/schema/chat.ts';
import type { Person, Place } from '../../sandbox/discord/discord.ts';
import { accountOf, askAgentForVideo, buttonOf, plainModel } from '../../test/kit/chat-steps.ts';
import { createChat, expectNoViolation, type Chat } from '../../test/kit/chat.ts';
import { answerOpenTurns } from '../agent/queue.ts';
import { openDiscordBot } from './bot.ts';

const long = Array.from({ length: 180 }, (_, line) => `Line ${line} ${'word '.repeat(10)}`.trim());
const chatModel = plainModel((words) => {
  if (words === 'be away') return { fails: new Fault('provider_busy', { provider: 'Gemini' }) };
  if (words === 'be long') return { text: long.join('\n') };
  if (words === 'call everybody')
    return { text: 'Hi @everyone and @here, <@&123456789012345678>!' };
  return null;
});

let chat: Chat;
let number = 0;
let owner: Person;
let dm: Place;
let channel: Place;
beforeAll(async () => {
  chat = await createChat({ ports: { chatModel } });
});
afterEach(() => {
  expectNoViolation(chat);
  expect(chat.discord.invalidRequests).toBe(0);
});
afterAll(() => chat.close());

/** Somebody new, in private and in the server's channel. */
function comeIn(): void {
  owner = chat.discord.person(`owner ${(number += 1)}`);
  dm = owner.dm();
  channel = owner.in(chat.discord.guild('Studio').channel('general'));
}
/** What the bot answered at a place, oldest first, without the welcome. */
const answersAt = (place: Place) =>
  place
    .sees()
    .filter(({ author, text }) => author.isBot && !text.includes('Welcome'))
    .map(({ text }) => text);
const turnsOf = async (): Promise<(typeof conversationTurns.$inferSelect)[]> => {
  const accountId = await accountOf(chat, owner);
  const rows = await chat.world.app.database.db
    .select({ turn: conversationTurns })
    .from(conversationTurns)
    .innerJoin(conversations, eq(conversations.id, conversationTurns.conversationId))
    .where(eq(conversations.accountId, accountId))
    .orderBy(conversationTurns.id);
  return rows.map(({ turn }) => turn);
};
const slow = { timeoutMs: 10_000 };
const patience = { timeout: 10_000 };

describe('the bot answers', () => {
  test('in private, to every message, and keeps that the answer was shown', async () => {
    comeIn();
    await dm.say('hello there');
    await dm.waitFor(/^You said: hello there$/u, slow);
    await dm.waitFor(/Welcome/u);
    await vi.waitFor(async () => {
      expect(await turnsOf()).toMatchObject([{ text: 'hello there', replyTo: { shown: true } }]);
    }, patience);
    // Nor does it answer itself.
    await chat.restart();
    expect(dm.sees().filter(({ author }) => author.isBot)).toHaveLength(2);
  });

  test('in a channel where it is named, and nothing else there', async () => {
    comeIn();
    const overheard = await channel.say('just between us');
    await channel.say('@Jilo hello channel');
    const answer = await channel.waitFor(/^You said: hello channel$/u, slow);
    expect(answer.message.message_reference?.message_id).toBeDefined();
    expect((await turnsOf()).map(({ text }) => text)).toEqual(['hello channel']);
    const replies = channel
      .sees()
      .filter(({ message }) => message.message_reference?.message_id === overheard.id);
    expect(replies).toEqual([]);
    await channel.say('and this?', { replyTo: answer });
    await channel.waitFor(/^You said: and this\?$/u, slow);
  });

  test('in a thread, which is a conversation of its own', async () => {
    comeIn();
    const thread = channel.thread(`ideas ${number}`);
    await channel.say('@Jilo one');
    await thread.say('@Jilo two');
    await thread.waitFor(/^You said: two$/u, slow);
    await channel.waitFor(/^You said: one$/u, slow);
    const places = new Set((await turnsOf()).map(({ conversationId }) => conversationId));
    expect(places.size).toBe(2);
  });

  test('a mention without words with what it can do, each time', async () => {
    comeIn();
    const seen = () => channel.sees().filter(({ text }) => text.includes('Welcome')).length;
    const before = seen();
    await channel.say('@Jilo');
    await vi.waitFor(() => expect(seen()).toBe(before + 1), patience);
    await channel.say('@Jilo  ');
    await vi.waitFor(() => expect(seen()).toBe(before + 2), patience);
    expect(await turnsOf()).toEqual([]);
  });

  test('messages in a row in their order, each whole', async () => {
    comeIn();
    for (const word of ['first', 'second', 'third']) await dm.say(word);
    await dm.waitFor(/third/u, slow);
    await vi.waitFor(() => {
      expect(answersAt(dm)).toEqual(
        ['first', 'second', 'third'].map((word) => `You said: ${word}`),
      );
    }, patience);
  });

  test('that its model is out of reach, and what can be done without it', async () => {
    comeIn();
    await dm.say('be away');
    const answer = await dm.waitFor(/\/(?:trend|video) \w+/u, slow);
    expect(answer.author.isBot).toBe(true);
    await dm.say('are you back');
    await dm.waitFor(/You said: are you back/u, slow);
  });

  test('once, also when two processes hear the same message', async () => {
    comeIn();
    const services = { ...chat.world.app, ports: { ...chat.world.app.ports, chatModel } };
    const second = await openDiscordBot(services, operations, {
      token: chat.discord.token,
      onFatal: (error) => chat.fatal.push(error),
    });
    await dm.say('do you both hear me');
    await dm.waitFor(/You said: do you both hear me/u, slow);
    await second.close();
    await chat.restart();
    expect(answersAt(dm)).toEqual(['You said: do you both hear me']);
    expect(dm.sees().filter(({ text }) => text.includes('Welcome'))).toHaveLength(1);
    expect(chat.fatal).toEqual([]);
  });
});

describe('what was decided and what became of it', () => {
  test('is told by the agent that asked, each once', async () => {
    comeIn();
    const card = await askAgentForVideo(dm, '');
    await dm.click(card, buttonOf(card, 'consent-yes'));
    await dm.waitFor(/Noted: approved and done: video_generate/u, slow);
    await vi.waitFor(async () => {
      await chat.world.drain();
      await dm.waitFor(/Noted: video vid_\w+ is ready/u, { timeoutMs: 200 });
    }, patience);
    await chat.restart();
    const told = answersAt(dm).filter((text) => text.startsWith('Noted:'));
    expect(told).toHaveLength(2);
  });

  test('also where the person declines', async () => {
    comeIn();
    const card = await askAgentForVideo(dm, '');
    await dm.click(card, buttonOf(card, 'consent-no'));
    const told = await dm.waitFor(/Noted: declined: video_generate$/u, slow);
    expect(told.author.isBot).toBe(true);
  });
});

describe('an answer', () => {
  test('that is long goes on in further messages', async () => {
    comeIn();
    await dm.say('be long');
    await vi.waitFor(() => expect(answersAt(dm).join('\n')).toBe(long.join('\n')), patience);
    const answers = answersAt(dm);
    expect(answers.length).toBeGreaterThan(2);
    for (const text of answers) expect(text.length).toBeLessThanOrEqual(4000);
  });

  test('mentions nobody, whatever it says', async () => {
    comeIn();
    await dm.say('call everybody');
    const answer = await dm.waitFor(/^Hi /u, slow);
    expect(answer.text).not.toMatch(/@everyone|@here|<@/u);
    expect(answer.message.mention_everyone).toBe(false);
    const writes = chat.discord.requests.filter(
      ({ method, route }) => method !== 'GET' && /^\/channels\/\d+\/messages/u.test(route),
    );
    expect(writes.length).toBeGreaterThan(1);
    for (const { body } of writes)
      expect(body).toMatchObject({ allowed_mentions: { parse: [], replied_user: false } });
  });

  test('comes once Discord takes messages again', async () => {
    comeIn();
    await dm.say('hello');
    await dm.waitFor(/You said: hello/u, slow);
    chat.discord.fault({
      route: `/channels/${dm.channelId}/messages`,
      method: 'POST',
      status: 500,
      times: 10,
    });
    await dm.say('are you there');
    await dm.waitFor(/You said: are you there/u, slow);
    await chat.restart();
    expect(answersAt(dm)).toEqual(['You said: hello', 'You said: are you there']);
  });
});

describe('a restart', () => {
  /** Something that was taken in while the bot was away. */
  const takeIn = async (text: string): Promise<string> => {
    const accountId = await accountOf(chat, owner);
    const [before] = await turnsOf();
    const place = { accountId, surface: 'discord', place: dm.channelId, serverId: null };
    const { id } = await openConversation(chat.world.app, place);
    const { shown: _, ...replyTo } = before?.replyTo ?? {};
    const turn = {
      conversationId: id,
      key: `test:${text}`,
      kind: 'person',
      text,
      replyTo,
    } as const;
    expect(await takeInTurn(chat.world.app, turn)).toBe(true);
    return id;
  };
  /** Answers as a process that dies before anybody sees it. */
  const answerUnseen = async (conversationId: string): Promise<void> => {
    const services = { ...chat.world.app, ports: { ...chat.world.app.ports, chatModel } };
    const accountId = await accountOf(chat, owner);
    const answers = await answerOpenTurns(services, conversationId, async () => ({
      operations,
      context: {
        ...services,
        actor: { accountId, surface: 'agent', serverId: null },
        locale: 'en',
        timeZone: 'UTC',
        signal: new AbortController().signal,
      },
      mouth: { say: () => undefined, drawCard: async () => undefined },
    }));
    expect(answers).toHaveLength(1);
  };
  const meet = async (): Promise<void> => {
    comeIn();
    await dm.say('hello');
    await dm.waitFor(/You said: hello/u, slow);
    await vi.waitFor(async () => {
      expect(await turnsOf()).toMatchObject([{ replyTo: { shown: true } }]);
    }, patience);
    await chat.stop();
  };

  test('answers what was left open, once', async () => {
    await meet();
    await takeIn('left open');
    await chat.restart();
    await dm.waitFor(/You said: left open/u, slow);
    await chat.restart();
    await chat.restart();
    expect(answersAt(dm)).toEqual(['You said: hello', 'You said: left open']);
  });

  test('shows what was answered and not seen, once', async () => {
    await meet();
    await answerUnseen(await takeIn('unseen'));
    await chat.world.advance(60 * 60 - 1);
    await chat.restart();
    await dm.waitFor(/You said: unseen/u, slow);
    await chat.restart();
    await chat.restart();
    expect(answersAt(dm)).toEqual(['You said: hello', 'You said: unseen']);
  });

  test('shows what was told of an event and not seen', async () => {
    await meet();
    const [turn] = await turnsOf();
    const conversationId = turn?.conversationId ?? '';
    const text = decisionEvent({ name: 'video_generate' }, null, 'en');
    expect(await announce(chat.world.app, { conversationId, key: 'test', text })).toBe(true);
    await answerUnseen(conversationId);
    await chat.restart();
    await dm.waitFor(/Noted: declined: video_generate/u, slow);
  });

  test('leaves alone what is an hour old, and goes on', async () => {
    await meet();
    await answerUnseen(await takeIn('too old'));
    await chat.world.advance(60 * 60);
    await chat.restart();
    await dm.say('anything new');
    await dm.waitFor(/You said: anything new/u, slow);
    expect(answersAt(dm)).toEqual(['You said: hello', 'You said: anything new']);
  });

  test('does not say again what stands there, though that was not kept', async () => {
    await meet();
    const [turn] = await turnsOf();
    const { shown, ...replyTo } = turn?.replyTo ?? {};
    expect(shown).toBe(true);
    await chat.world.app.database.db
      .update(conversationTurns)
      .set({ replyTo })
      .where(and(eq(conversationTurns.id, turn?.id ?? 0)));
    await chat.restart();
    await vi.waitFor(async () => {
      expect(await turnsOf()).toMatchObject([{ replyTo: { shown: true } }]);
    }, patience);
    expect(answersAt(dm)).toEqual(['You said: hello']);
  });
});
