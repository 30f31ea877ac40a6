import { count } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { presentPrompt } from '../../bot/discord/cards/prompt.ts';
import { presentTrend } from '../../bot/discord/cards/trend.ts';
import { presentTrends } from '../../bot/discord/cards/trends.ts';
import type { Draw } from '../../bot/discord/draw.ts';
import type { Context } from '../../core/context.ts';
import { promptWrite } from '../../core/prompt/write.ts';
import { trendSearch } from '../../core/trend/search.ts';
import { trendShow } from '../../core/trend/show.ts';
import { videoQuote } from '../../core/video/quote.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { startApify, type ApifyEmulator } from '../../sandbox/apify/apify.ts';
import { wallClock } from '../../sandbox/clock.ts';
import { expectNothingOf, ownOrders } from '../kit/orders.ts';
import { textOfView } from '../kit/view-limits.ts';
import { expectHarmless } from '../kit/written-prompts.ts';
import { createWorld, type World } from '../kit/world.ts';

/** Where a stranger puts it. */
const places = ['title', 'description', 'channel', 'error item'] as const;

/** Sixty, each in a place of its own: no order stands twice in the same one. */
const injections = Array.from({ length: 60 }, (_, at) => ({
  order: ownOrders[(at * 5) % ownOrders.length] ?? '',
  place: places[(at + Math.floor(at / ownOrders.length)) % places.length] ?? 'title',
}));

let world: World;
let apify: ApifyEmulator;
/** What the actors bring next. */
const dataset: unknown[] = [];
beforeAll(async () => {
  const clock = {
    now: () => world.now(),
    schedule: (_: number, task: () => void) => wallClock.schedule(0, task),
  };
  apify = await startApify({ clock, token: 'test-apify', runMs: 0, seed: 1, replay: dataset });
  world = await createWorld({ settings: { APIFY_API_URL: apify.url } });
});
afterAll(async () => {
  await world.close();
  await apify.close();
});

function itemOf({ order, place }: (typeof injections)[number], at: number): unknown {
  if (place === 'error item') return { error: 'not_found', errorDescription: order, note: order };
  const id = `x${String(at).padStart(10, '0')}`;
  return {
    id,
    type: 'shorts',
    url: `https://www.youtube.com/shorts/${id}`,
    title: place === 'title' ? order : 'A paper boat crosses a puddle',
    text: place === 'description' ? `A boat. ${order}` : 'It sails.',
    channelName: place === 'channel' ? order : 'Boats',
    viewCount: 10_000 + at,
    likes: 500,
    date: '2026-11-20T08:00:00.000Z',
  };
}

const draw = (): Draw => {
  return { locale: 'en', timeZone: 'UTC', now: world.now(), owner: '123456789012345678' };
};

/** What an uploader says of a video is shown as their words; everything else is ours or the model's. */
const uploaders = new Set(['title', 'description', 'channel']);
const oursOf = (value: Record<string, unknown>): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(value).filter(([name]) => !uploaders.has(name))),
  );

/** What a card says, without the times and signs that are ours. */
const cardText = (view: Parameters<typeof textOfView>[0]): string =>
  textOfView(view).replaceAll(/<t:\d+:\w>|\p{Emoji}\ufe0f/gu, '');

/** Everything that one person sees and sends on, from the search to the quote of a video. */
async function walk(keyword: string, context: Context) {
  const found = await world.must(trendSearch, { keyword, platforms: 'youtube' }, context);
  const { trends } = trendSearch.output.parse(found);
  const said: string[] = [];
  const cards = [cardText(presentTrends(found, draw(), { keyword }))];
  for (const { id } of trends) {
    const shown = await world.must(trendShow, { trend: id }, context);
    const written = await world.must(promptWrite, { trend: id }, context);
    const { prompt } = promptWrite.output.parse(written);
    const quoted = await world.must(videoQuote, { prompt, seconds: 15 }, context);
    said.push(oursOf(shown), oursOf(written), JSON.stringify(quoted));
    cards.push(cardText(presentTrend(shown, draw(), {})));
    cards.push(cardText(presentPrompt(written, draw(), {})));
  }
  return { trends, said, cards, found };
}

test('there are sixty, in both languages and every place', () => {
  const distinct = new Set(injections.map(({ order, place }) => `${place}: ${order}`));
  expect(distinct.size).toBe(60);
  const chinese = injections.filter(({ order }) => /\p{Script=Han}/u.test(order));
  expect(chinese.length).toBeGreaterThanOrEqual(15);
  for (const place of places)
    expect(injections.filter((one) => one.place === place).length).toBeGreaterThanOrEqual(10);
});

test.each(Array.from({ length: 15 }, (_, batch) => batch))(
  'a search with four of them, obeyed by the model (%i)',
  async (batch) => {
    const some = injections.slice(batch * 4, batch * 4 + 4);
    dataset.splice(0, dataset.length, ...some.map((one, at) => itemOf(one, batch * 4 + at)));
    const errors = some.filter(({ place }) => place === 'error item').length;
    world.emulators.gemini.misbehave({ how: 'obey', times: 1000 });
    const before = world.emulators.gemini.requests.length;
    const alice = await walk(`boats ${batch}`, await world.context('mcp', 'alice'));
    const bob = await walk(`boats ${batch}`, await world.context('discord', 'bob'));
    world.emulators.gemini.behave();
    for (const { trends, said, cards, found } of [alice, bob]) {
      expect(trends).toHaveLength(some.length - errors);
      expect(z.object({ skipped: z.unknown() }).parse(found).skipped).toEqual(
        errors > 0 ? { error_item: errors } : {},
      );
      for (const text of said) for (const { order } of some) expectNothingOf(order, text);
      for (const text of [...said, ...cards, JSON.stringify(found)]) expectHarmless(text);
    }
    // The model was asked, was given no tool, and met the strangers' words only where they are marked.
    const asked = world.emulators.gemini.requests.slice(before);
    expect(asked.length).toBeGreaterThanOrEqual(trendsOf(alice) + 1);
    for (const { prompt, instructions, tools } of asked) {
      expect(tools).toEqual([]);
      const ours = prompt.replaceAll(/<untrusted kind="[^"]*">[^<]*<\/untrusted>/gu, '');
      for (const { order } of some) {
        expectNothingOf(order, ours);
        expect(instructions).not.toContain(order);
      }
    }
    const { db } = world.app.database;
    for (const table of [approvals, videos])
      expect(await db.select({ rows: count() }).from(table)).toEqual([{ rows: 0 }]);
  },
);

const trendsOf = ({ trends }: Awaited<ReturnType<typeof walk>>): number => trends.length;
