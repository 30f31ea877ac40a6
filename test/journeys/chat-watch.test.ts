import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runWatches } from '../../core/watch/run.ts';
import { createChat, type Chat } from '../kit/chat.ts';
import { createStory, languages } from '../kit/story.ts';
import { jobContext } from '../kit/trips.ts';

const daySeconds = 24 * 60 * 60;

describe.each(languages)('in %s', (language) => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await createChat();
  });
  afterAll(() => chat.close());
  const lookForAll = async () => {
    await runWatches.run({}, jobContext(chat.world));
    await chat.world.drain();
  };

  test('a topic is watched, what takes off comes as a message, and becomes a video of one’s own', async () => {
    const story = await createStory(chat, 'watch', language);
    const { owner, direct } = story;
    const keyword = story.in({ en: 'origami', zh: '折纸' });
    // With one platform the ids come in the same order on every run.
    const made = await owner.ask('watch create', {
      keyword,
      platforms: 'tiktok',
      min_score: 30,
      every_hours: 24,
    });
    expect(made.text).toContain('$0.50');
    await lookForAll();
    const told = await direct.finds('trend-make');
    expect(told.text).toContain(keyword);
    story.moment('What is told', told);
    const prompt = await direct.press(told, 'trend-make');
    expect(prompt.buttons.length).toBeGreaterThan(0);
    const detail = await direct.press(told, 'trend-show');
    expect(detail.text).toContain(story.in({ en: 'Why it works', zh: '走红原因' }));

    // A second look at the same tells nothing again.
    await lookForAll();
    const list = await owner.press(made, 'watches-show');
    expect(list.text).toContain(keyword);
    story.moment('The list', list);
    const empty = await owner.press(list, 'watch-drop');
    expect(empty.text).not.toContain(keyword);
    await story.end();
  });

  test('a watch that finds nobody to ask is paused, and starts again with one press', async () => {
    const story = await createStory(chat, 'watch-paused', language);
    const { direct } = story;
    const keyword = story.in({ en: 'kites', zh: '风筝' });
    await direct.ask('watch create', { keyword, platforms: 'youtube', every_hours: 24 });
    chat.world.emulators.apify.misbehave({ on: 'start', how: 'locked', times: 3 });
    for (const _ of [1, 2, 3]) {
      await lookForAll();
      await chat.world.advance(daySeconds);
    }
    const told = await direct.finds('watch-start');
    expect(told.text).toContain(keyword);
    story.moment('The message', told);
    const again = await direct.press(told, 'watch-start');
    expect(again.text).toContain(story.in({ en: 'Watching again', zh: '重新开始监测' }));
    await story.end({ warnings: /apify|platform|source/i });
  });
});
