import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import type { Person, Place } from '../../sandbox/discord/discord.ts';
import { askForVideo, buttonOf, plainModel, spentBy } from '../../test/kit/chat-steps.ts';
import { createChat, type Chat } from '../../test/kit/chat.ts';

let chat: Chat;
let number = 0;
let owner: Person;
let place: Place;
beforeAll(async () => {
  chat = await createChat({ ports: { chatModel: plainModel() } });
});
afterAll(() => chat.close());
/** A person in a server that does not have the bot. */
beforeEach(() => {
  const guild = chat.discord.guild('Elsewhere', { botIsMember: false });
  owner = chat.discord.person(`owner ${(number += 1)}`);
  place = owner.in(guild.channel('general'));
});

/** What was refused, and what was asked of the channel that the bot is not in. */
const refusals = () => [
  ...chat.discord.violations,
  ...chat.discord.requests.filter(({ route }) => route.startsWith(`/channels/${place.channelId}`)),
];

test('answers work, and the welcome', async () => {
  expect((await (await place.slash('/model list')).reply()).text).toMatch(/Kling/u);
  await place.waitFor(/Welcome/u);
  expect(await place.suggest('/video generate', 'model', 'kling')).not.toEqual([]);
  expect(await (await place.slash('/video generate')).acked()).toBe('modal');
  expect(refusals()).toEqual([]);
});

test('a video is confirmed there, and shown in direct messages', async () => {
  const card = await askForVideo(place);
  const turn = await place.click(card, buttonOf(card, 'consent-yes'));
  await turn.reply();
  const dm = owner.dm();
  await dm.waitFor((message) => message.author.isBot);
  await chat.world.drain();
  await dm.waitFor(/ready/iu);
  expect(await spentBy(chat, owner)).toMatchObject({ videos: 1, holds: 1 });
  expect(place.sees().filter(({ text }) => text.includes('%'))).toEqual([]);
  expect(refusals()).toEqual([]);
});

test('one interaction is followed by five messages at most', async () => {
  const before = chat.discord.requests.length;
  await (await place.slash('/trend search', { keyword: 'AI tools' })).reply();
  await place.waitFor(/Welcome/u);
  await (await place.slash('/video show', { video: 'vid_0000000000000000' })).acked();
  await place.waitFor(/There is no video/u);
  const followed = new Map<string, number>();
  for (const { method, route } of chat.discord.requests.slice(before))
    if (method === 'POST' && route.startsWith('/webhooks/'))
      followed.set(route, (followed.get(route) ?? 0) + 1);
  expect(Math.max(...followed.values())).toBeLessThanOrEqual(5);
  expect(refusals()).toEqual([]);
});
