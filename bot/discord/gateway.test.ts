import { afterEach, describe, expect, test, vi } from 'vitest';

import type { DiscordOptions } from '../../sandbox/discord/discord.ts';
import { plainModel } from '../../test/kit/chat-steps.ts';
import { createChat, expectNoViolation, type Chat } from '../../test/kit/chat.ts';
import { GatewayEnded } from './gateway.ts';

let chat: Chat | null = null;
afterEach(async () => {
  await chat?.close();
  chat = null;
});
const open = async (
  discord: Partial<DiscordOptions> = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<Chat> => {
  chat = await createChat({ ports: { chatModel: plainModel() }, discord, settings });
  return chat;
};
const slow = { timeoutMs: 12_000 };
const patience = { timeout: 12_000 };

/** Nothing was said, and then this is answered. */
async function expectAlive({ discord }: Chat, words: string): Promise<void> {
  const dm = discord.person('owner').dm();
  await dm.say(words);
  await dm.waitFor((message) => message.text === `You said: ${words}`, slow);
  await (await dm.slash('/quota show')).reply();
}
const answersTo = ({ discord }: Chat, words: string): number =>
  discord
    .person('owner')
    .dm()
    .sees()
    .filter(({ text }) => text === `You said: ${words}`).length;

describe('a connection that is lost', () => {
  test('is resumed, and what was said meanwhile is answered once', async () => {
    const opened = await open();
    const { discord, fatal } = opened;
    const dm = discord.person('owner').dm();
    await dm.say('before');
    discord.drop();
    await dm.say('meanwhile');
    const turn = await dm.slash('/model list');
    await dm.waitFor(/You said: meanwhile/u, slow);
    await turn.reply();
    expect(discord.sessions()).toMatchObject([{ resumes: 1, connected: true }]);
    discord.askReconnect();
    await vi.waitFor(
      () => expect(discord.sessions()).toMatchObject([{ resumes: 2, connected: true }]),
      patience,
    );
    await expectAlive(opened, 'after');
    await opened.restart();
    for (const words of ['before', 'meanwhile', 'after']) expect(answersTo(opened, words)).toBe(1);
    expect(fatal).toEqual([]);
    expect(discord.violations).toEqual([]);
    expect(discord.invalidRequests).toBe(0);
  });

  test('with a session that Discord has forgotten begins a new one', async () => {
    const opened = await open();
    opened.discord.forgetSessions();
    opened.discord.drop();
    await vi.waitFor(
      () => expect(opened.discord.sessions()).toMatchObject([{}, { connected: true }]),
      patience,
    );
    await expectAlive(opened, 'in a new session');
    expect(opened.discord.sessions()).toHaveLength(2);
    expect(opened.fatal).toEqual([]);
  });
});

describe('what Discord ends for good', () => {
  test.each([
    [4004, /DISCORD_TOKEN/u],
    [4014, /intent/u],
  ])('%i is told to whoever runs the bot', async (code, words) => {
    const { discord, fatal } = await open();
    discord.closeWith(code);
    await vi.waitFor(() => expect(fatal.length).toBeGreaterThan(0), patience);
    expect(fatal[0]).toBeInstanceOf(GatewayEnded);
    expect(fatal[0]?.message).toMatch(words);
  });

  test('a token that it does not know ends the start, with the name of the setting', async () => {
    const opening = createChat({ settings: {}, discord: { token: 'another-token' } });
    await expect(opening).rejects.toThrow(/DISCORD_TOKEN/u);
  });

  test('closing on purpose is no such end', async () => {
    const opened = await open();
    await opened.restart();
    expect(opened.fatal).toEqual([]);
  });
});

describe('a refusal', () => {
  test('of one request does not cost the token', async () => {
    const opened = await open();
    const { discord } = opened;
    await expectAlive(opened, 'before');
    discord.fault({ route: /^\/channels\/\d+\/messages/u, method: 'POST', status: 401 });
    const dm = discord.person('owner').dm();
    await dm.say('into the refusal');
    await dm.waitFor(/You said: into the refusal/u, slow);
    await expectAlive(opened, 'after');
    expect(discord.invalidRequests).toBe(1);
  });

  test('for haste is obeyed: it waits as long as it is told', async () => {
    const opened = await open();
    const { discord } = opened;
    const dm = discord.person('owner').dm();
    await dm.say('first');
    await dm.waitFor(/You said: first/u, slow);
    const route = `/channels/${dm.channelId}/messages`;
    discord.fault({ route, method: 'POST', status: 429, retryAfter: 0.5 });
    await dm.say('second');
    await dm.waitFor(/You said: second/u, slow);
    const sent = discord.requests.filter((one) => one.method === 'POST' && one.route === route);
    const refused = sent.findIndex(({ status }) => status === 429);
    const [early, late] = [sent[refused], sent[refused + 1]].map((one) =>
      Date.parse(one?.at ?? ''),
    );
    expect(late).toBeGreaterThanOrEqual((early ?? 0) + 490);
    expect(discord.invalidRequests).toBe(1);
  });
});

test('two shards serve their servers, and direct messages come to the first', async () => {
  const opened = await open({ shards: 2 }, { DISCORD_SHARDS: '2' });
  const { discord } = opened;
  const guilds = [discord.guild('Studio'), discord.guild('Atelier')];
  const shards = guilds.map(({ id }) => Number((BigInt(id) >> 22n) % 2n));
  expect(new Set(shards)).toEqual(new Set([0, 1]));
  expect(discord.sessions().map(({ shard }) => shard)).toEqual([
    [0, 2],
    [1, 2],
  ]);
  const owner = discord.person('owner');
  for (const guild of guilds) {
    const place = owner.in(guild.channel('general'));
    await place.say(`@Jilo hello ${guild.name}`);
    await place.waitFor((message) => message.text === `You said: hello ${guild.name}`, slow);
    await (await place.slash('/model list')).reply();
  }
  await expectAlive(opened, 'and here');
  expectNoViolation(opened);
  expect(opened.fatal).toEqual([]);
});
