import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createChat, type Chat } from '../kit/chat.ts';
import { createStory, expectHealthy, languages } from '../kit/story.ts';
import { askForVideo, becomes, ideas, quick, startVideo } from '../kit/story-video.ts';

describe.each(languages)('in %s', (language) => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await createChat();
  });
  afterAll(() => chat.close());

  test('a manager settles where, for whom, in which language and for whose eyes it answers', async () => {
    const story = await createStory(chat, 'server-settings', language);
    const { owner, guild } = story;
    const manager = await story.newcomer('manager', { isManager: true });
    const studio = guild.channel('studio');
    const settings = await manager.ask('server show');
    story.moment('The settings, before', settings);
    await manager.pick(settings, 'server-channels', [studio.id]);
    const other = story.in({ en: 'zh', zh: 'en' });
    await manager.pick(settings, 'server-locale', [other]);
    const changed = await manager.pick(settings, 'server-visibility', ['person']);
    story.moment('The settings, after', changed);
    const refused = await owner.ask('model list');
    expect(refused.ephemeral).toBe(true);
    expect(refused.text).toContain(`<#${studio.id}>`);
    const inside = owner.at(owner.person.in(studio));
    const models = await inside.ask('model list');
    expect(models.ephemeral).toBe(true);
    expect(models.text).toContain(story.in({ en: '视频模型', zh: 'Video models' }));
    await expect(owner.ask('server show')).rejects.toThrow('server');
    await story.end({ places: [inside.place] });
  });

  test("somebody else's press does nothing, a card is used once, and other servers see nothing", async () => {
    const story = await createStory(chat, 'not-yours', language);
    const { owner } = story;
    const other = await story.newcomer('other');
    const quote = await owner.ask('video quote', { prompt: story.in(ideas), ...quick });
    const refused = await other.press(quote, 'quote-generate');
    expect(refused.ephemeral).toBe(true);
    const card = await owner.press(quote, 'quote-generate');
    await owner.press(card, 'consent-yes');
    await expect(owner.press(card, 'consent-yes')).rejects.toThrow('consent-yes');
    const progress = await owner.finds('video-cancel');
    await chat.world.drain();
    await becomes(owner, progress, 'publish-open');
    await story.direct.place.waitFor(/./);
    expect(owner.place.sees().filter(({ attachments }) => attachments.length > 0)).toHaveLength(1);
    const elsewhere = owner.at(owner.person.in(chat.discord.guild('elsewhere').channel('general')));
    const list = await elsewhere.ask('video list');
    expect(list.text).not.toContain(story.in(ideas));
    await story.end({ places: [elsewhere.place] });
  });

  test('who takes no direct messages is called where it was asked for', async () => {
    const story = await createStory(chat, 'closed-messages', language);
    const { owner } = story;
    owner.person.setAcceptsDms(false);
    const progress = await startVideo(story);
    await chat.world.drain();
    await becomes(owner, progress, 'publish-open');
    const called = await owner.place.waitFor(new RegExp(`<@${owner.person.id}>`));
    expect(called.message.mentions.map(({ id }) => id)).toEqual([owner.person.id]);
    await story.end({ isClosed: true });
  });
});

test('one process holds two shards, and a server of each is answered', async () => {
  const chat = await createChat({ settings: { DISCORD_SHARDS: '2' }, discord: { shards: 2 } });
  const shardOf = (id: string) => Number((BigInt(id) >> 22n) % 2n);
  const stories = [
    await createStory(chat, 'shard-one', 'en-US'),
    await createStory(chat, 'shard-two', 'zh-CN'),
  ];
  expect(stories.map(({ guild }) => shardOf(guild.id)).toSorted((a, b) => a - b)).toEqual([0, 1]);
  expect(chat.discord.sessions().map(({ shard }) => shard)).toEqual([
    [0, 2],
    [1, 2],
  ]);
  for (const story of stories) {
    await story.owner.press(await askForVideo(story), 'consent-yes');
    const progress = await story.owner.finds('video-cancel');
    await chat.world.drain();
    await becomes(story.owner, progress, 'publish-open');
    await story.direct.place.waitFor(/./);
  }
  await expectHealthy(chat);
  await chat.close();
});
