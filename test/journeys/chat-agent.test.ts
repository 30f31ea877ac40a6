import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Seen } from '../../sandbox/discord/types.ts';
import { createChat, type Chat } from '../kit/chat.ts';
import { createStory, languages, type Hand } from '../kit/story.ts';
import { allow, becomes } from '../kit/story-video.ts';

/** Says something and reads the answer as soon as it has come to `until`. */
async function tell(hand: Hand, text: string, until: RegExp): Promise<Seen> {
  const before = new Set(hand.place.sees().map(({ id }) => id));
  await hand.place.say(text);
  return hand.place.waitFor(
    (message) => !before.has(message.id) && message.author.isBot && until.test(message.text),
    { timeoutMs: 10_000 },
  );
}

/** A card to be decided that is none of these. */
const newCard = (hand: Hand, known: readonly Seen[]): Promise<Seen> =>
  hand.place.waitFor(
    ({ id }) => cards(hand).some((card) => card.id === id) && !known.some((card) => card.id === id),
    { timeoutMs: 10_000 },
  );

const cards = (hand: Hand): readonly Seen[] =>
  hand.place
    .sees()
    .filter(({ buttons }) => buttons.some(({ customId }) => customId?.includes('consent-yes')));

describe.each(languages)('in %s', (language) => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await createChat();
  });
  afterAll(() => chat.close());

  test('one sentence becomes, after two approvals, a planned publication', async () => {
    const story = await createStory(chat, 'one-sentence', language);
    const { direct, owner } = story;
    await allow(await owner.ask('channel connect', { access: 'manage' }));
    const sentence = story.in({
      en: 'Find something going viral about AI tools, make a 30 second vertical video from it and post it to my channel at 8 pm',
      zh: '找一个关于AI工具的爆款，做个30秒竖屏视频，晚上8点发到我的频道',
    });
    await direct.place.say(sentence);
    const spend = await direct.finds('consent-yes');
    expect(chat.world.emulators.fal.submits).toHaveLength(0);
    await direct.press(spend, 'consent-yes');
    const progress = await direct.finds('video-cancel');
    await direct.place.waitFor(story.in({ en: /^Started; .*\.$/, zh: /^开始制作了.*。$/ }));
    await chat.world.drain();
    await becomes(direct, progress, 'publish-open');
    const publish = await newCard(direct, [spend]);
    story.moment('What is to be published', publish);
    await direct.press(publish, 'consent-yes');
    const uploading = await direct.finds('publication-show');
    await direct.place.waitFor(story.in({ en: /on its way to .*\.$/, zh: /正在上传到.*。$/ }));
    await chat.world.drain();
    await direct.until(uploading, story.in({ en: /cheduled/, zh: /已排期/ }));
    await direct.place.waitFor(
      story.in({ en: /^Your video is scheduled.*\.$/, zh: /^你的视频已经定时.*。$/ }),
    );
    expect(cards(direct)).toEqual([]);
    expect(chat.world.emulators.google.videos).toMatchObject([{ privacy: 'private' }]);
    await story.end();
  });

  test('asks for the topic, takes corrections, and starts nothing when it is declined', async () => {
    const story = await createStory(chat, 'corrections', language);
    const { owner } = story;
    const submits = chat.world.emulators.fal.submits.length;
    const said = (texts: { en: string; zh: string }) => `@Jilo ${story.in(texts)}`;
    await tell(owner, said({ en: 'make me a video', zh: '帮我做个视频' }), /[?？]$/);
    await owner.place.say(
      said({ en: 'about a paper boat in the rain, 15 seconds', zh: '一只雨中的纸船，15秒' }),
    );
    const first = await newCard(owner, []);
    story.moment('The first card', first);
    await owner.place.say(said({ en: 'no, make it 60 seconds', zh: '不对，改成60秒' }));
    const second = await newCard(owner, [first]);
    story.moment('The card after the correction', second);
    expect(second.text).toContain(story.in({ en: '60 s', zh: '60 秒' }));
    await owner.press(second, 'consent-no');
    await owner.place.waitFor(story.in({ en: /or leave it\.$/, zh: /或者就先放着。$/ }));
    const asked = said({ en: 'how much quota is left?', zh: '我还剩多少配额？' });
    const quota = await tell(owner, asked, story.in({ en: /left\.$/, zh: /100。$/ }));
    expect(quota.text).toContain('100');
    expect(chat.world.emulators.fal.submits).toHaveLength(submits);
    await story.end();
  });

  test('with the model out of reach it says so and offers the commands', async () => {
    const story = await createStory(chat, 'agent-away', language);
    const { direct } = story;
    chat.world.emulators.gemini.misbehave({ how: 'http_503', times: 50 });
    const words = story.in({ en: 'find trends about tea', zh: '找找关于茶的爆款' });
    const answer = await tell(direct, words, story.in({ en: /show\.$/, zh: /show。$/ }));
    expect(answer.text).toContain('/trend search');
    await story.end({ warnings: /model|gemini/i });
  });
});
