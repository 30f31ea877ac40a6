import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Seen } from '../../sandbox/discord/types.ts';
import { createChat, type Chat } from '../kit/chat.ts';
import { createStory, languages, type Story } from '../kit/story.ts';
import { allow, becomes, makeVideo } from '../kit/story-video.ts';
import { live } from '../kit/trips.ts';

/** A ready video and its publish form, with a channel connected from the form as it is then. */
async function openForm(
  story: Story,
  fillIn: (form: Seen) => Promise<unknown> = async () => undefined,
): Promise<Seen> {
  const { owner } = story;
  const ready = await makeVideo(story);
  const form = await owner.press(ready, 'publish-open');
  await fillIn(form);
  const connect = await owner.press(form, 'channel-connect');
  expect(connect.ephemeral).toBe(true);
  await allow(connect);
  return owner.press(form, 'publish-check');
}

/** Sends the form, confirms, and finds the message that follows the upload. */
async function publish(story: Story, form: Seen): Promise<Seen> {
  const { owner } = story;
  const card = await owner.press(form, 'publish-send');
  story.moment('What is confirmed', card);
  await owner.press(card, 'consent-yes');
  return owner.finds('publication-show');
}

describe.each(languages)('in %s', (language) => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await createChat();
  });
  afterAll(() => chat.close());

  test('a video is published with texts of the person, and its true state is told', async () => {
    const story = await createStory(chat, 'publish', language);
    const { owner, direct } = story;
    const ready = await makeVideo(story);
    const first = await owner.press(ready, 'publish-open');
    story.moment('The form, before a channel is connected', first);
    expect(first.buttons.find(({ customId }) => customId?.includes('publish-send'))?.disabled).toBe(
      true,
    );
    const unlisted = await owner.pick(first, 'publish-privacy', ['unlisted']);
    expect(unlisted.id).toBe(first.id);
    await allow(await owner.press(first, 'channel-connect'));
    const form = await owner.press(first, 'publish-check');
    story.moment('The form, with a channel', form);
    await owner.pick(form, 'publish-title', ['1']);
    const texts = await owner.pressForForm(form, 'publish-edit');
    story.form('Its texts', texts);
    const title = story.in({
      en: 'A paper boat, 3 streets, 1 night',
      zh: '一只纸船，三条街，一个夜晚',
    });
    const tags = story.in({ en: 'boat, rain', zh: '纸船,下雨' });
    const filled = await owner.fill(texts, { title, tags, category: '24' });
    expect(filled.text).toContain(title);
    await owner.pick(form, 'publish-options', ['notify']);
    const progress = await publish(story, form);
    story.moment('While it is uploaded', progress);
    await chat.world.drain();
    const done = await owner.until(progress, story.in({ en: /✅/, zh: /✅/ }));
    expect(done.text).toContain(title);
    await direct.place.waitFor(story.in({ en: /is on YouTube\./, zh: /已发布到 YouTube，/ }));
    expect(chat.world.emulators.google.videos.at(-1)).toMatchObject({
      title,
      privacy: 'unlisted',
      categoryId: '24',
    });
    const watch = done.buttons.find(({ url }) => url)?.url ?? '';
    expect((await fetch(watch)).status).toBe(200);
    await owner.ask('publication list');
    await owner.ask('channel list');
    await story.end();
  });

  test('an access that was taken away asks for a new connection, and then goes on', async () => {
    const story = await createStory(chat, 'reconnect', language);
    const { owner, direct } = story;
    const form = await openForm(story);
    const uploads = chat.world.emulators.google.videos.length;
    const progress = await publish(story, form);
    chat.world.emulators.google.removeAccess();
    await live(chat.world, 60, { step: 30 });
    const notice = await direct.place.waitFor(story.in({ en: /no longer lets/, zh: /已失效/ }));
    story.moment('The upload waits', await becomes(owner, progress, 'channel-connect'));
    expect(chat.world.emulators.google.videos).toHaveLength(uploads);
    await owner.ask('channel list');
    await allow(await direct.press(notice, 'channel-connect'));
    await live(chat.world, 60, { step: 30 });
    const done = await owner.until(progress, /🔒/);
    expect(done.text).toContain(story.in({ en: 'private', zh: '私享' }));
    expect(chat.world.emulators.google.videos).toHaveLength(uploads + 1);
    await direct.place.waitFor(story.in({ en: /is on YouTube\./, zh: /已发布到 YouTube，/ }));
    await story.end({ warnings: /access|token|google|youtube/i });
  });

  test('planned for eight this evening in the zone of the person, it goes public then', async () => {
    const story = await createStory(chat, 'publish-tonight', language);
    const { owner, direct } = story;
    const form = await openForm(story, async (empty) => {
      const time = await owner.pressForForm(empty, 'publish-time');
      story.form('When it goes public', time);
      await owner.fill(time, { when: 'other', time: story.in({ en: 'next week', zh: '下周' }) });
      const again = await owner.pressForForm(empty, 'publish-time');
      await owner.fill(again, { when: 'tonight' });
    });
    const progress = await publish(story, form);
    await chat.world.drain();
    const planned = await owner.until(progress, /20:00/);
    story.moment('Planned', await owner.until(planned, story.in({ en: /cheduled/, zh: /已排期/ })));
    await direct.place.waitFor(
      story.in({ en: /at the time you chose/, zh: /将在您选择的时间公开/ }),
    );
    const hours = story.in({ en: 12, zh: 4 });
    await live(chat.world, hours * 3600, { step: 7200 });
    await live(chat.world, 900, { step: 300 });
    const done = await owner.until(progress, /✅/);
    expect(done.text).not.toContain('20:00');
    await direct.place.waitFor(story.in({ en: /is on YouTube\./, zh: /已发布到 YouTube，/ }));
    await story.end();
  });

  test('a project that YouTube has not audited keeps it private, and that is said', async () => {
    const locked = await createChat({ projectLocked: true });
    const story = await createStory(locked, 'project-locked', language);
    const { owner, direct } = story;
    const form = await openForm(story, (empty) => owner.pick(empty, 'publish-privacy', ['public']));
    const progress = await publish(story, form);
    await live(locked.world, 60, { step: 10 });
    const done = await owner.until(progress, /🔒/);
    expect(done.text).toContain(story.in({ en: 'audited', zh: '审核' }));
    await direct.place.waitFor(/YouTube/);
    await story.end();
    await locked.close();
  });
});
