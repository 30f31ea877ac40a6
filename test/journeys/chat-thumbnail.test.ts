import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Seen } from '../../sandbox/discord/types.ts';
import { createChat, type Chat } from '../kit/chat.ts';
import { createStory, languages, type Story } from '../kit/story.ts';
import { allow, makeVideo } from '../kit/story-video.ts';

/** A ready video and its publish form, with a channel connected from the form. */
async function openForm(story: Story): Promise<Seen> {
  const { owner } = story;
  const form = await owner.press(await makeVideo(story), 'publish-open');
  await owner.pick(form, 'publish-privacy', ['unlisted']);
  await allow(await owner.press(form, 'channel-connect'));
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

function drawing(): Buffer {
  const canvas = createCanvas(1920, 1080);
  const context = canvas.getContext('2d');
  context.fillStyle = '#2563eb';
  context.fillRect(0, 0, 1920, 1080);
  return canvas.toBuffer('image/png');
}

const thumbnailOf = ({ world }: Chat) => world.emulators.google.videos.at(-1)?.thumbnail;

describe.each(languages)('in %s', (language) => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await createChat();
  });
  afterAll(() => chat.close());

  test('an own picture is uploaded in the form, and stands before the video', async () => {
    const story = await createStory(chat, 'publish-picture', language);
    const { owner, direct } = story;
    const form = await openForm(story);
    const menu = form.selects.find(({ customId }) => customId.includes('publish-thumbnail'));
    const ask = async () => (await owner.place.select(form, menu?.customId ?? '', ['own'])).modal();
    const asked = await ask();
    story.form('What is asked for', asked);
    const words = { name: 'boat.png', contentType: 'image/png', data: Buffer.from('no picture') };
    await owner.place.submit(asked, { file: [words] });
    const why = await owner.place.waitFor(story.in({ en: /JPEG, PNG or WebP/, zh: /JPEG、PNG/ }));
    story.moment('What is no picture', why);
    const picture = { name: 'boat.png', contentType: 'image/png', data: drawing() };
    await owner.place.submit(await ask(), { file: [picture] });
    await owner.until(form, /1280×720/);
    const progress = await publish(story, form);
    await chat.world.drain();
    const done = await owner.until(progress, story.in({ en: /picture set/, zh: /封面已设置/ }));
    expect(done.text).toContain('✅');
    expect(thumbnailOf(chat)).toMatchObject({ contentType: 'image/jpeg', times: 1 });
    await direct.place.waitFor(story.in({ en: /on YouTube/, zh: /YouTube/ }));
    await story.end();
  });

  test('a channel that may not have its own keeps the video, and it is said how to help', async () => {
    const story = await createStory(chat, 'picture-refused', language);
    const { owner } = story;
    const { google } = chat.world.emulators;
    for (const { id } of google.channels) google.verify(id, false);
    const form = await openForm(story);
    const shown = await owner.pick(form, 'publish-thumbnail', ['first_frame']);
    expect(shown.text).toContain(story.in({ en: 'The first frame', zh: '视频首帧' }));
    const progress = await publish(story, form);
    await chat.world.drain();
    const done = await owner.until(progress, /youtube\.com\/verify/);
    expect(done.text).toContain('✅');
    expect(thumbnailOf(chat)).toBeNull();
    await story.end({ warnings: /thumbnail/ });
  });
});
