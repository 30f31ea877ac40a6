import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { postTransfer } from '../../core/quota/ledger.ts';
import type { Seen } from '../../sandbox/discord/types.ts';
import { createChat, type Chat } from '../kit/chat.ts';
import { createStory, greet, languages, type Language, type Story } from '../kit/story.ts';
import { askForVideo, becomes, ideas, makeVideo, startVideo } from '../kit/story-video.ts';
import { drainWith, live, withVideoModels } from '../kit/trips.ts';

/** The answer to a decision, which only the person sees. */
const isToldAlone = ({ ephemeral, buttons }: Seen): boolean =>
  ephemeral && buttons.some(({ customId }) => customId?.includes('video-again'));

const told = { charged: { en: /was charged/, zh: /扣除/ } };

describe.each(languages)('in %s', (language) => {
  describe('videos that take half a minute', () => {
    let chat: Chat;
    beforeAll(async () => {
      chat = await createChat({ generationMs: 30_000 });
    });
    afterAll(() => chat.close());
    const begin = (name: string): Promise<Story> => createStory(chat, name, language);

    test('a quote is confirmed, followed, and ends as a video that is used, repeated and deleted', async () => {
      const story = await begin('make-a-video');
      const { owner, direct } = story;
      const card = await askForVideo(story);
      expect(card.ephemeral).toBe(true);
      story.moment('What is confirmed', card);
      await owner.press(card, 'consent-yes');
      const progress = await owner.finds('video-cancel');
      story.moment('On its way', progress);
      await live(chat.world, 10, { step: 10 });
      story.moment('In the making', await owner.until(progress, /20%/));
      await live(chat.world, 30, { step: 10 });
      const ready = await becomes(owner, progress, 'publish-open');
      expect(ready.attachments).toMatchObject([{ contentType: 'video/mp4' }]);
      await direct.place.waitFor(story.in({ en: /is ready/, zh: /已完成/ }));
      const link = ready.buttons.find(({ url }) => url)?.url ?? '';
      const part = await fetch(link, { headers: { range: 'bytes=4-7' } });
      expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
      const again = await owner.pressForForm(ready, 'video-again');
      expect(again.fields[0]?.value).toBe(story.in(ideas));
      await owner.ask('quota history');
      const remove = await owner.press(ready, 'video-delete');
      await owner.press(remove, 'consent-yes');
      await owner.place.waitFor(story.in({ en: /is deleted/, zh: /已删除/ }));
      await chat.world.drain();
      expect((await fetch(link)).ok).toBe(false);
      await owner.ask('video list');
      await story.end();
    });

    test('a quote that is cancelled starts nothing, and its card is settled', async () => {
      const story = await begin('declined');
      const { owner } = story;
      const card = await askForVideo(story);
      await owner.press(card, 'consent-no');
      const quota = await owner.ask('quota show');
      expect(quota.text).toContain('**100**');
      await story.end();
    });

    test('a quote that has expired is said to be, and leads to a new one', async () => {
      const story = await begin('expired-quote');
      const { owner } = story;
      const quote = await owner.ask('video quote', { prompt: story.in(ideas), model: 'minimax' });
      await chat.world.advance(16 * 60);
      const refused = await owner.press(quote, 'quote-generate');
      expect(refused.ephemeral).toBe(true);
      await story.end();
    });

    test('stopped before the provider was asked, its quota comes back', async () => {
      const story = await begin('cancel-in-time');
      const { owner } = story;
      const progress = await startVideo(story);
      const card = await owner.press(progress, 'video-cancel');
      story.moment('What is confirmed', card);
      await owner.press(card, 'consent-yes');
      await becomes(owner, progress, 'video-retry');
      await owner.place.waitFor(isToldAlone);
      const quota = await owner.ask('quota show');
      expect(quota.text).toContain('**100**');
      await story.end();
    });

    test('stopped after the provider had started, it stays charged and says so', async () => {
      const story = await begin('cancel-too-late');
      const { owner } = story;
      const progress = await startVideo(story);
      await chat.world.drain();
      await owner.until(progress, /20%/);
      const card = await owner.press(progress, 'video-cancel');
      story.moment('What is confirmed', card);
      await owner.press(card, 'consent-yes');
      const stopped = await becomes(owner, progress, 'video-retry');
      await owner.place.waitFor(isToldAlone);
      expect(stopped.text).toMatch(story.in(told.charged));
      const quota = await owner.ask('quota show');
      expect(quota.text).toContain('**99**');
      await story.end();
    });

    test('with the quota used up it says what is left and what to do', async () => {
      const story = await begin('quota-short');
      const { owner } = story;
      const accountId = await greet(chat, owner.person);
      const how = { reference: '2026-11', key: `test:${accountId}`, at: chat.world.now() };
      await postTransfer(chat.world.app.database.db, {
        verb: 'expire',
        walletId: accountId,
        amount: 100,
        ...how,
      });
      const answer = await askForVideo(story);
      expect(answer.ephemeral).toBe(true);
      story.moment('The answer', answer);
      await owner.ask('quota show');
      await story.end();
    });

    test('what the provider refuses is said in plain words, and the quota is back', async () => {
      const story = await begin('content-refused');
      const { owner, direct } = story;
      const idea = story.in({
        en: 'A paper boat, forbidden-by-provider, in the rain',
        zh: '雨中的一只纸船 forbidden-by-provider',
      });
      const progress = await startVideo(story, idea);
      await live(chat.world, 40, { step: 10 });
      await becomes(owner, progress, 'video-retry');
      await direct.place.waitFor(/./);
      const form = await owner.pressForForm(progress, 'video-again');
      expect(form.fields[0]?.value).toBe(idea);
      const quota = await owner.ask('quota show');
      expect(quota.text).toContain('**100**');
      await story.end();
    });
  });

  test('a video too large to upload is a signed link; three failures end one and give the quota back', async () => {
    const chat = await createChat({ discord: { uploadLimit: 2000 } });
    const story = await createStory(chat, 'too-large', language);
    const ready = await makeVideo(story);
    expect(ready.attachments).toEqual([]);
    const link = ready.buttons.find(({ url }) => url)?.url ?? '';
    expect((await fetch(link, { headers: { range: 'bytes=0-0' } })).status).toBe(206);
    await story.direct.place.waitFor(/./);
    await story.end();
    await failThreeTimes(chat, language);
    await chat.close();
  }, 60_000);

  test('a provider that is silent for 15 minutes: charged and told; what arrives late is delivered', async () => {
    const chat = await createChat({ generationMs: 901_000 });
    const story = await createStory(chat, 'late-arrival', language);
    const { owner, direct } = story;
    // A provider that does not listen when it is told to stop.
    const ports = withVideoModels(chat.world, { cancel: async () => 'requested' });
    const progress = await startVideo(story);
    await drainWith(chat.world, ports);
    await live(chat.world, 900, { step: 300, ports });
    const failed = await becomes(owner, progress, 'video-retry-free');
    expect(failed.text).toContain('15');
    story.moment('After 15 minutes', failed);
    await direct.place.waitFor(/./);
    const quota = await owner.ask('quota show');
    expect(quota.text).toContain('**99**');
    await live(chat.world, 2, { step: 2, ports });
    const ready = await becomes(owner, progress, 'publish-open');
    expect(ready.attachments).toHaveLength(1);
    await direct.place.waitFor(story.in({ en: /is ready/, zh: /已完成/ }));
    expect(direct.place.sees()).toHaveLength(2);
    await story.end();
    await chat.close();
  });
});

async function failThreeTimes(chat: Chat, language: Language): Promise<void> {
  const story = await createStory(chat, 'provider-fails', language);
  const { owner, direct } = story;
  chat.world.emulators.fal.misbehave({ on: 'result', how: 'error', times: 100 });
  const progress = await startVideo(story);
  await chat.world.drain();
  await live(chat.world, 240, { step: 60 });
  const failed = await becomes(owner, progress, 'video-retry');
  expect(chat.world.emulators.fal.submits.length).toBeGreaterThanOrEqual(2 + 3);
  await direct.place.waitFor(/./);
  const quote = await owner.press(failed, 'video-retry');
  expect(quote.text).toContain(story.in(ideas));
  const quota = await owner.ask('quota show');
  expect(quota.text).toContain('**100**');
  await story.end({ warnings: /fal|provider|shot/i });
}
