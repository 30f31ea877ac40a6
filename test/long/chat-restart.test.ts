import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { conversationTurns } from '../../drizzle/schema/chat.ts';
import { quotaTransfers } from '../../drizzle/schema/quota.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { ModalSeen, Seen } from '../../sandbox/discord/types.ts';
import { createChat, type Chat } from '../kit/chat.ts';
import { createStory, expectHealthy, greet, type Story } from '../kit/story.ts';
import { allow, askForVideo, becomes, following, ideas, startVideo } from '../kit/story-video.ts';
import { live } from '../kit/trips.ts';

let chat: Chat;
beforeAll(async () => {
  chat = await createChat({ generationMs: 5000 });
});
afterAll(() => chat.close());

/** What a flow hands from one step to the next: what the person still has before their eyes. */
type Eyes = { seen: Seen; form?: ModalSeen };
type Step = (story: Story, eyes: Eyes) => Promise<Partial<Eyes>>;
type Flow = { readonly steps: readonly Step[]; readonly ends: Ends };
type Ends = { readonly videos: number; readonly publications: number; readonly notices: number };

const press =
  (action: string): Step =>
  async ({ owner }, { seen }) => ({ seen: await owner.press(seen, action) });
const open =
  (action: string): Step =>
  async ({ owner }, { seen }) => ({ form: await owner.pressForForm(seen, action) });
const fill =
  (fields: Readonly<Record<string, string>>): Step =>
  async ({ owner }, { form }) => {
    if (!form) throw new Error('no form is open');
    return { seen: await owner.fill(form, fields) };
  };
/** Confirms and finds the message that offers `action`. */
const confirm =
  (action: string): Step =>
  async ({ owner }, { seen }) => {
    await owner.press(seen, 'consent-yes');
    return { seen: await owner.finds(action) };
  };
const work =
  (action: string, seconds = 0): Step =>
  async ({ owner }, { seen }) => {
    if (seconds > 0) await live(chat.world, seconds, { step: seconds });
    else await live(chat.world, 15, { step: 5 });
    return { seen: await becomes(owner, seen, action) };
  };

const quote: Step = async ({ owner }) => ({
  seen: await owner.ask('video quote', { prompt: ideas.en, model: 'minimax', seconds: 15 }),
});
const finish: readonly Step[] = [confirm('video-cancel'), work('publish-open')];

const flows: Record<string, Flow> = {
  'from a search to a video': {
    steps: [
      async ({ owner }) => ({ seen: await owner.ask('trend search', { keyword: 'tea' }) }),
      press('trend-show'),
      press('trend-save'),
      press('trend-make'),
      open('prompt-edit'),
      fill({ model: 'minimax', seconds: '15', shape: '16:9' }),
      press('quote-generate'),
      ...finish,
    ],
    ends: { videos: 1, publications: 0, notices: 1 },
  },
  'the editor': {
    steps: [
      async ({ owner }) => ({ form: await owner.open('video generate') }),
      fill({ prompt: 'A prisoner is beheaded on the wall, ravens circle above' }),
      open('prompt-edit'),
      fill({ prompt: ideas.en, seconds: '15' }),
      open('quote-options'),
      fill({ tone: 'warm' }),
      open('quote-edit'),
      fill({ seconds: '30' }),
      press('quote-generate'),
      ...finish,
    ],
    ends: { videos: 1, publications: 0, notices: 1 },
  },
  'a video in the making': {
    steps: [
      quote,
      press('quote-generate'),
      confirm('video-cancel'),
      work('video-cancel', 1),
      work('video-cancel', 1),
      work('publish-open'),
      open('video-again'),
    ],
    ends: { videos: 1, publications: 0, notices: 1 },
  },
  'a video that is stopped': {
    steps: [
      quote,
      press('quote-generate'),
      confirm('video-cancel'),
      press('video-cancel'),
      async ({ owner }, { seen }) => {
        await owner.press(seen, 'consent-yes');
        return { seen: await owner.finds('video-retry') };
      },
      press('video-retry'),
    ],
    ends: { videos: 1, publications: 0, notices: 0 },
  },
  'the publish form': {
    steps: [
      async (story) => {
        const progress = await startVideo(story);
        await live(chat.world, 15, { step: 5 });
        return { seen: await becomes(story.owner, progress, 'publish-open') };
      },
      press('publish-open'),
      async ({ owner }, { seen }) => ({
        seen: await owner.pick(seen, 'publish-privacy', ['unlisted']),
      }),
      async ({ owner }, { seen }) => {
        await allow(await owner.press(seen, 'channel-connect'));
        return { seen: await owner.press(seen, 'publish-check') };
      },
      async ({ owner }, { seen }) => ({ seen: await owner.pick(seen, 'publish-title', ['2']) }),
      open('publish-edit'),
      fill({ title: 'A title of its own' }),
      press('publish-send'),
      confirm('publication-show'),
      async ({ owner }, { seen }) => {
        await chat.world.drain();
        return { seen: await owner.until(seen, /A title of its own/) };
      },
      press('publications-show'),
    ],
    ends: { videos: 1, publications: 1, notices: 2 },
  },
  'a talk that ends in a planned publication': {
    steps: [
      async ({ owner }) => {
        await allow(await owner.ask('channel connect', { access: 'manage' }));
        return {};
      },
      async ({ owner }) => {
        const before = await turnsSoFar();
        await owner.place.say(
          '@Jilo make a 15 second video about a paper boat in the rain and post it to my channel at 8 pm',
        );
        // What was taken in is kept; what is said to a bot that is away, nobody hears.
        await vi.waitFor(async () => expect(await turnsSoFar()).toBe(before + 1));
        return {};
      },
      async ({ owner }) => ({ seen: await owner.finds('consent-yes') }),
      ...finish,
      async ({ owner }) => ({ seen: await owner.finds('consent-yes') }),
      confirm('publication-show'),
      async ({ owner }, { seen }) => {
        await chat.world.drain();
        return { seen: await owner.until(seen, /Scheduled/) };
      },
    ],
    ends: { videos: 1, publications: 1, notices: 2 },
  },
};

const turnsSoFar = async () =>
  (await chat.world.app.database.db.select().from(conversationTurns)).length;

async function countOf(accountId: string) {
  const { db } = chat.world.app.database;
  const own = <Row extends { accountId: string } | { walletId: string }>(rows: readonly Row[]) =>
    rows.filter((row) => ('walletId' in row ? row.walletId : row.accountId) === accountId);
  return {
    videos: own(await db.select().from(videos)).length,
    holds: own(await db.select().from(quotaTransfers)).filter(({ verb }) => verb === 'hold').length,
    publications: own(await db.select().from(publications)).length,
  };
}

test.each(Object.entries(flows))(
  'a restart after every step: %s goes on with its old buttons, nothing lost, nothing twice',
  async (name, { steps, ends }) => {
    const story = await createStory(chat, `restart, ${name}`, 'en-US');
    const { owner, direct } = story;
    let eyes: Eyes = { seen: await owner.ask('model list') };
    for (const step of steps) {
      await chat.restart();
      eyes = { ...eyes, ...(await step(story, eyes)) };
    }
    await chat.restart();
    await live(chat.world, 5);
    const accountId = await greet(chat, owner.person);
    expect(await countOf(accountId)).toEqual({
      videos: ends.videos,
      holds: ends.videos,
      publications: ends.publications,
    });
    expect(following(owner)).toHaveLength(ends.videos);
    if (ends.notices > 0)
      await direct.place.waitFor(() => direct.place.sees().length === ends.notices);
    expect(direct.place.sees()).toHaveLength(ends.notices);
    await expectHealthy(chat);
  },
);

test('two presses at once, around a restart, start one video', async () => {
  const story = await createStory(chat, 'restart, two presses', 'en-US');
  const { owner } = story;
  const card = await askForVideo(story);
  const presses = [owner.click(card, 'consent-yes'), owner.click(card, 'consent-yes')];
  for (const turn of await Promise.all(presses)) await turn.acked();
  await chat.restart();
  await owner.finds('video-cancel');
  const accountId = await greet(chat, owner.person);
  expect(await countOf(accountId)).toEqual({ videos: 1, holds: 1, publications: 0 });
  expect(following(owner)).toHaveLength(1);
  await expectHealthy(chat);
});
