import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { pacificDay } from '../../core/pacific-day.ts';
import { hostAllowances } from '../../drizzle/schema/publishing.ts';
import type { Seen } from '../../sandbox/discord/types.ts';
import { createChat, type Chat } from '../kit/chat.ts';
import { createStory, languages, type Story } from '../kit/story.ts';
import { allow, becomes, ideas, makeVideo, quick } from '../kit/story-video.ts';
import { live } from '../kit/trips.ts';

/** Encoding takes its time where several tests share a machine. */
const slowMs = 180_000;

/** A form of the publish form that opens by a pick from a list. */
async function pickForForm({ owner }: Story, form: Seen, action: string, value: string) {
  const list = form.selects.find(({ customId }) => customId.includes(action));
  return (await owner.place.select(form, list?.customId ?? '', [value])).modal();
}

/** Connects what the form asks for, and looks at it again. */
async function connect({ owner }: Story, form: Seen): Promise<Seen> {
  await allow(await owner.press(form, 'channel-connect'));
  return owner.press(form, 'publish-check');
}

/** Sends the form, confirms, and finds the message that follows the upload. */
async function publish(story: Story, form: Seen): Promise<Seen> {
  const { owner } = story;
  const card = await owner.press(form, 'publish-send');
  story.moment('What is confirmed', card);
  await owner.press(card, 'consent-yes');
  return owner.finds('publication-stop');
}

const published = { en: /✅ Published/u, zh: /✅ 发布成功/u };
const isPublic = { en: /is on YouTube\./u, zh: /已发布到 YouTube，/u };

describe.each(languages)('in %s', (language) => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await createChat();
  });
  afterAll(() => chat.close());
  const newest = () => chat.world.emulators.google.videos.at(-1);

  test(
    'a playlist, captions and a drawn picture go along, and each is told',
    { timeout: slowMs },
    async () => {
      const story = await createStory(chat, 'publish-extras', language);
      const { owner, direct } = story;
      const wish = { prompt: story.in(ideas), ...quick, seconds: 15, voice: 'female' };
      const quote = await owner.ask('video quote', wish);
      await owner.press(await owner.press(quote, 'quote-generate'), 'consent-yes');
      const making = await owner.finds('video-cancel');
      await live(chat.world, 60, { step: 10 });
      const ready = await becomes(owner, making, 'publish-open');
      const form = await owner.press(ready, 'publish-open');
      await owner.pick(form, 'publish-privacy', ['public']);
      await owner.pick(form, 'publish-options', ['captions']);
      const connected = await connect(story, form);
      const playlist = await pickForForm(story, connected, 'publish-playlist', 'other');
      story.form('Its playlist', playlist);
      await owner.fill(playlist, { title: story.in({ en: 'Boats', zh: '纸船' }) });
      story.moment('The form', await owner.pick(form, 'publish-thumbnail', ['generated']));
      const progress = await publish(story, form);
      await live(chat.world, 60, { step: 10 });
      const done = await owner.until(progress, (now) =>
        story
          .in({
            en: /picture set · In the playlist Boats · Captions added/u,
            zh: /封面已设置 · 已加入播放列表“纸船” · 字幕已添加/u,
          })
          .test(now.text),
      );
      expect(done.text).toMatch(story.in(published));
      expect(newest()).toMatchObject({ privacy: 'public', thumbnail: { times: 1 } });
      expect(chat.world.emulators.google.playlists.at(-1)?.videoIds).toEqual([newest()?.id]);
      await direct.place.waitFor(story.in(isPublic));
      await story.end();
    },
  );

  test('more access is asked for when it is needed, and what went out is taken back', async () => {
    const story = await createStory(chat, 'access-and-undo', language);
    const { owner, direct } = story;
    // Google remembers what the same person has allowed before.
    chat.world.emulators.google.removeAccess();
    const form = await owner.press(await makeVideo(story), 'publish-open');
    const small = await owner.press(form, 'channel-connect');
    story.moment('What is allowed for a private video', small);
    await allow(small);
    story.moment('Enough for a private video', await owner.press(form, 'publish-check'));
    const needy = await owner.pick(form, 'publish-privacy', ['public']);
    story.moment('What a public one needs', needy);
    const send = needy.buttons.find(({ customId }) => customId?.includes('publish-send'));
    expect(send?.disabled).toBe(true);
    await connect(story, form);
    await owner.ask('channel list');
    const progress = await publish(story, form);
    await live(chat.world, 30, { step: 10 });
    const done = await owner.until(progress, story.in(published));
    story.moment('Public', done);
    expect(newest()).toMatchObject({ privacy: 'public' });
    await direct.place.waitFor(story.in(isPublic));
    await owner.press(done, 'publication-stop');
    await owner.until(progress, /🔒/u);
    await owner.place.waitFor(/↩️ (?:Taken back|已撤回)/u);
    expect(newest()).toMatchObject({ privacy: 'private' });
    await story.end();
  });

  test('texts and visibility are changed afterwards, and the channel is disconnected', async () => {
    const story = await createStory(chat, 'changed-later', language);
    const { owner, direct } = story;
    const form = await owner.press(await makeVideo(story), 'publish-open');
    await owner.pick(form, 'publish-privacy', ['unlisted']);
    await connect(story, form);
    const progress = await publish(story, form);
    await live(chat.world, 30, { step: 10 });
    await owner.until(progress, story.in(published));
    await direct.place.waitFor(story.in(isPublic));
    const texts = await owner.pressForForm(progress, 'publication-change');
    story.form('What can be changed', texts);
    const title = story.in({ en: 'The boat that sails at night', zh: '夜航的纸船' });
    const before = newest();
    const asked = await owner.fill(texts, { title });
    story.moment('The change that is confirmed', asked);
    const changed = await owner.press(asked, 'consent-yes');
    expect(changed.ephemeral).toBe(true);
    expect(newest()).toMatchObject({ title, description: before?.description });
    const wider = await owner.pick(progress, 'publication-privacy', ['public']);
    story.moment('The visibility that is confirmed', wider);
    await owner.press(wider, 'consent-yes');
    await live(chat.world, 30, { step: 10 });
    expect(newest()).toMatchObject({ title, privacy: 'public' });
    const shown = await owner.press(progress, 'publication-show');
    expect(shown.text).toContain(title);
    const channels = await owner.ask('channel list');
    const leave = await owner.press(channels, 'channel-disconnect');
    story.moment('The channel that is disconnected', leave);
    await owner.press(leave, 'consent-yes');
    await owner.place.waitFor(story.in({ en: /is disconnected/u, zh: /已断开/u }));
    const left = await owner.ask('channel list');
    expect(left.text).toContain(story.in({ en: 'No channel', zh: '还没有连接频道' }));
    await story.end();
  });

  test('with the allowance of the day used up it waits, says until when, and goes on the next day', async () => {
    const story = await createStory(chat, 'allowance-used-up', language);
    const { owner, direct } = story;
    const { world } = chat;
    const form = await owner.press(await makeVideo(story), 'publish-open');
    await connect(story, form);
    const day = pacificDay(world.now());
    const all = world.app.config.YOUTUBE_DAILY_UPLOADS;
    const used = { day, bucket: 'uploads' as const, used: all };
    await world.app.database.db
      .insert(hostAllowances)
      .values(used)
      .onConflictDoUpdate({ target: [hostAllowances.day, hostAllowances.bucket], set: used });
    const uploads = world.emulators.google.videos.length;
    const progress = await publish(story, form);
    await world.drain();
    story.moment('It waits', await owner.until(progress, /⏸️/u));
    await direct.place.waitFor(story.in({ en: /used up/u, zh: /额度已用完/u }));
    await live(world, 86_400, { step: 14_400 });
    await live(world, 1800, { step: 300 });
    await owner.until(progress, /🔒/u);
    expect(world.emulators.google.videos).toHaveLength(uploads + 1);
    await direct.place.waitFor(story.in(isPublic));
    await story.end({ warnings: /allowance|YouTube|upload/iu });
  });
});
