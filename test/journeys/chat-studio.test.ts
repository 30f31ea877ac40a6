import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Seen } from '../../sandbox/discord/types.ts';
import { createChat, type Chat } from '../kit/chat.ts';
import { createStory, languages, type Hand, type Story } from '../kit/story.ts';
import { becomes, following, ideas, quick } from '../kit/story-video.ts';
import { live, withVideoModels } from '../kit/trips.ts';

/** Encoding takes its time where several tests share a machine. */
const slowMs = 180_000;

/** Approves what a quote's button asks for; the message that follows it. */
async function approve(story: Story, card: Seen): Promise<Seen> {
  await story.owner.press(card, 'consent-yes');
  return story.owner.finds('video-cancel');
}

/** The finished video of a command's wish, and the message that shows it. */
async function makeReady(
  story: Story,
  wish: Readonly<Record<string, string | number | boolean>>,
): Promise<Seen> {
  const { owner, chat } = story;
  const quote = await owner.ask('video quote', wish);
  const progress = await approve(story, await owner.press(quote, 'quote-generate'));
  await live(chat.world, 60, { step: 10 });
  return becomes(owner, progress, 'publish-open');
}

/** Messages of running takes, in the order in which they stand. */
async function takesOf(hand: Hand, count: number): Promise<readonly Seen[]> {
  await hand.place.waitFor(() => following(hand).length >= count, { timeoutMs: 10_000 });
  return following(hand);
}

describe.each(languages)('in %s', (language) => {
  describe('with a provider that answers at once', () => {
    let chat: Chat;
    beforeAll(async () => {
      chat = await createChat();
    });
    afterAll(() => chat.close());
    const begin = (name: string): Promise<Story> => createStory(chat, name, language);

    test('look, captions and voice are chosen on the quote, which tells every shot', async () => {
      const story = await begin('options-chosen');
      const { owner } = story;
      const wish = { prompt: story.in(ideas), model: 'minimax', seconds: 30 };
      const quote = await owner.ask('video quote', wish);
      story.moment('The quote, as it is asked for', quote);
      const form = await owner.pressForForm(quote, 'quote-options');
      story.form('The options', form);
      const chosen = await owner.fill(form, {
        style: ['cinematic'],
        tone: ['warm'],
        pace: 'fast',
        voice: 'female',
        extras: ['captions', 'pad'],
      });
      expect(chosen.id).toBe(quote.id);
      expect(chosen.text).toContain('🎙️');
      const again = await owner.pressForForm(chosen, 'quote-options');
      expect(again.fields.map(({ value }) => value)).toEqual([
        ['cinematic'],
        ['warm'],
        ['fast'],
        ['female'],
        ['captions', 'pad'],
      ]);
      const editor = await owner.pressForForm(chosen, 'quote-edit');
      const edited = await owner.fill(editor, { seconds: '15' });
      expect(edited.text).toContain('🎙️');
      const card = await owner.press(edited, 'quote-generate');
      story.moment('What is confirmed', card);
      await owner.press(card, 'consent-no');
      await story.end();
    });

    test(
      'a refused prompt says which word, and is made in the safer wording',
      { timeout: slowMs },
      async () => {
        const story = await begin('prompt-refused');
        const { owner } = story;
        const bad = story.in({
          en: 'A knight rides through a burning castle, a prisoner is beheaded on the wall, ravens circle above',
          zh: '骑士穿过燃烧的城堡，囚犯在城墙上被斩首，乌鸦在空中盘旋',
        });
        const form = await owner.open('video generate');
        const refused = await owner.fill(form, {
          prompt: bad,
          model: quick.model,
          seconds: String(quick.seconds),
          shape: quick.shape,
        });
        expect(refused.ephemeral).toBe(true);
        expect(refused.text).toContain(story.in({ en: 'beheaded', zh: '斩首' }));
        const editor = await owner.pressForForm(refused, 'prompt-edit');
        expect(editor.fields[0]?.value).toBe(bad);
        const quote = await owner.press(refused, 'prompt-reword');
        expect(quote.text).not.toContain(story.in({ en: 'beheaded', zh: '斩首' }));
        const progress = await approve(story, await owner.press(quote, 'quote-generate'));
        await chat.world.drain();
        await becomes(owner, progress, 'publish-open');
        const checked = await owner.ask('prompt check', { prompt: bad });
        expect(checked.text).toContain('⛔');
        const fine = await owner.ask('prompt check', { prompt: story.in(ideas) });
        expect(fine.text).toContain('✅');
        await story.end();
      },
    );

    test(
      'a model that makes wide pictures alone: cropped to upright',
      { timeout: slowMs },
      async () => {
        const story = await begin('cropped');
        const wish = { prompt: story.in(ideas), model: 'minimax', seconds: 15 };
        const ready = await makeReady(story, wish);
        expect(ready.attachments).toHaveLength(1);
        expect(ready.text).toMatch(/720×1280/u);
        await story.end();
      },
    );

    test('captions and a voice', { timeout: slowMs }, async () => {
      const story = await begin('captions-and-voice');
      const wish = {
        prompt: story.in(ideas),
        ...quick,
        seconds: 15,
        captions: true,
        voice: 'female',
      };
      const ready = await makeReady(story, wish);
      expect(ready.attachments).toHaveLength(1);
      await story.end();
    });

    test('a model of another provider', { timeout: slowMs }, async () => {
      const story = await begin('runway');
      const wish = { prompt: story.in(ideas), model: 'runway', seconds: 15 };
      const ready = await makeReady(story, wish);
      expect(ready.text).toContain('Runway');
      await story.end();
    });
  });

  describe('with a provider that makes one shot at a time', () => {
    let chat: Chat;
    beforeAll(async () => {
      chat = await createChat({ generationMs: 30_000, settings: { FAL_CONCURRENCY: '1' } });
    });
    afterAll(() => chat.close());

    test(
      'two takes: each has its message, one waits for its turn, and the best is picked',
      { timeout: slowMs },
      async () => {
        const story = await createStory(chat, 'two-takes', language);
        const { owner } = story;
        const quote = await owner.ask('video quote', { prompt: story.in(ideas), ...quick });
        const card = await owner.pick(quote, 'quote-takes', ['2']);
        story.moment('What is confirmed', card);
        await owner.press(card, 'consent-yes');
        const [first, second] = await takesOf(owner, 2);
        if (!first || !second) throw new Error('two takes have two messages');
        await chat.world.drain();
        await owner.until(first, /20%/);
        story.moment('The second take, while the first is made', await owner.until(second, /⏳/u));
        await live(chat.world, 150, { step: 10 });
        await becomes(owner, first, 'publish-open');
        const ready = await becomes(owner, second, 'publish-open');
        const together = await owner.press(ready, 'takes-show');
        expect(together.attachments).toHaveLength(2);
        const quota = await owner.ask('quota show');
        expect(quota.text).toContain('**98**');
        const remove = await owner.press(first, 'video-delete');
        await owner.press(remove, 'consent-yes');
        await owner.place.waitFor(story.in({ en: /is deleted/, zh: /已删除/ }));
        await chat.world.drain();
        await story.end();
      },
    );

    test(
      'after 15 minutes without a result it is made again once, free of charge',
      { timeout: slowMs },
      async () => {
        const story = await createStory(chat, 'free-retry', language);
        const { owner, direct } = story;
        const { world } = chat;
        const quote = await owner.ask('video quote', { prompt: story.in(ideas), ...quick });
        const progress = await approve(story, await owner.press(quote, 'quote-generate'));
        await world.drain();
        await live(world, 31, { step: 31 });
        world.emulators.fal.misbehave({ on: 'webhook', how: 'lost', times: 1 });
        const silence = {
          fetchOutcome: async () => null,
          cancel: async () => 'requested' as const,
        };
        const ports = withVideoModels(world, silence);
        await live(world, 990, { step: 30, ports });
        const failed = await becomes(owner, progress, 'video-retry-free');
        story.moment('After 15 minutes', failed);
        expect(await owner.place.suggest('/video retry', 'video', '')).toHaveLength(1);
        await direct.place.waitFor(/./);
        const card = await owner.press(failed, 'video-retry-free');
        story.moment('What is confirmed', card);
        const again = await approve(story, card);
        await live(world, 60, { step: 10 });
        await becomes(owner, again, 'publish-open');
        expect(await owner.place.suggest('/video retry', 'video', '')).toEqual([]);
        // What the provider had lost arrives after all, and is kept.
        await becomes(owner, progress, 'publish-open');
        await direct.place.waitFor(() => direct.place.sees().length === 3);
        const quota = await owner.ask('quota show');
        expect(quota.text).toContain('**99**');
        await story.end();
      },
    );
  });
});
