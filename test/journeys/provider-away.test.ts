import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';

import { presentPublication } from '../../bot/discord/cards/publication.ts';
import { presentTrends } from '../../bot/discord/cards/trends.ts';
import { presentVideo } from '../../bot/discord/cards/video.ts';
import { locales, type Locale } from '../../core/messages/catalogue.ts';
import { waitingWords } from '../../core/messages/waiting.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import { publicationShow } from '../../core/publication/show.ts';
import { uploadPublication } from '../../core/publication/upload.ts';
import { readSearch } from '../../core/trend/read-search.ts';
import { trendSearch } from '../../core/trend/search.ts';
import { videoShow } from '../../core/video/show.ts';
import { openDoor, type Door } from '../kit/door.ts';
import { drawIn } from '../kit/draws.ts';
import {
  attemptsOf,
  availableOf,
  connectChannel,
  eventKinds,
  jobContext,
  live,
  makeReadyVideo,
  moneyOf,
  quickWish,
  settled,
  startVideo,
  submitsOf,
  videoRow,
} from '../kit/trips.ts';
import { textOfView } from '../kit/view-limits.ts';
import { createWorld, type World } from '../kit/world.ts';

let world: World;
let door: Door;
afterEach(async () => {
  await settled(world);
  await world.close();
  await door.close();
});

/** A world that reaches one service through a door of ours. */
async function behindDoor(
  settings: (url: string) => Readonly<Record<string, string>>,
  addressOf: (world: World) => string,
  generationMs = 0,
): Promise<void> {
  door = await openDoor();
  world = await createWorld({ settings: settings(door.url), generationMs });
  door.leadTo(addressOf(world));
}
const behindFal = (generationMs?: number) =>
  behindDoor(
    (url) => ({ FAL_QUEUE_URL: `${url}/queue.fal.run` }),
    ({ emulators }) => emulators.fal.url,
    generationMs,
  );
const behindRunway = () =>
  behindDoor(
    (url) => ({ RUNWAY_API_URL: url }),
    ({ emulators }) => emulators.runway.url,
  );

/** What the stream at a signed address tells first. */
async function firstEvent(address: unknown): Promise<unknown> {
  const leaving = new AbortController();
  const { body } = await fetch(z.url().parse(address), { signal: leaving.signal });
  let text = '';
  for await (const part of body ?? []) {
    text += Buffer.from(part).toString();
    if (/^data: .*\n\n/mu.test(text)) break;
  }
  leaving.abort();
  return JSON.parse(/^data: (.*)$/mu.exec(text)?.[1] ?? 'null');
}

type Seen = {
  readonly value: Record<string, unknown>;
  readonly said: string;
  readonly card: string;
};

/** What a person sees of a video or a publication: the answer, what is said of it, and its card. */
async function seenIn(locale: Locale, id: string): Promise<Seen> {
  const context = await world.context('terminal', 'owner', locale);
  const isVideo = id.startsWith('vid_');
  const shown = isVideo
    ? await world.perform(videoShow, { video: id }, context)
    : await world.perform(publicationShow, { publication: id }, context);
  if (!shown.ok) throw shown.fault;
  const { value, text: said } = shown;
  const draw = drawIn(locale);
  const view = isVideo ? presentVideo(value, draw) : presentPublication(value, draw, {});
  return { value, said, card: textOfView(view) };
}

async function expectWaiting(id: string, provider: string): Promise<void> {
  for (const locale of locales) {
    const { value, said, card } = await seenIn(locale, id);
    expect(value).toMatchObject({ waiting_for: provider });
    const sentence = waitingWords[locale](provider);
    expect(said).toContain(sentence);
    expect(card).toContain(sentence);
    const event = await firstEvent(value['progress_url']);
    expect(event).toMatchObject({ waiting_for: provider });
  }
}

async function expectGoingOn(id: string, provider: string): Promise<void> {
  for (const locale of locales) {
    const { value, said, card } = await seenIn(locale, id);
    expect(value).toMatchObject({ waiting_for: null });
    const sentence = waitingWords[locale](provider);
    expect(said).not.toContain(sentence);
    expect(card).not.toContain(sentence);
  }
}

test.each([
  ['fal', behindFal, quickWish],
  ['Runway', behindRunway, { ...quickWish, model: 'runway' }],
] as const)(
  '%s is away for ten minutes: a video waits, nothing is charged, then each shot is paid once',
  async (provider, behind, wish) => {
    await behind();
    await door.shut();
    const id = await startVideo(world, 'owner', wish);
    await world.drain();
    await live(world, 600, { step: 20 });
    await expectWaiting(id, provider);
    expect(await moneyOf(world, id)).toEqual({ moves: ['hold'], compensation: null });
    const tried = await attemptsOf(world, id);
    expect(tried.length).toBeGreaterThan(20);
    expect(new Set(tried.map(({ status }) => status))).toEqual(new Set(['rejected']));
    await door.open();
    await live(world, 60, { step: 10 });
    expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
    await expectGoingOn(id, provider);
    expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
    const taken = (await attemptsOf(world, id)).filter(({ status }) => status !== 'rejected');
    const { fal, runway } = world.emulators;
    expect(fal.submits.length + runway.submits.length).toBe(taken.length);
    const kinds = await eventKinds(world, id);
    expect(kinds.filter((kind) => kind === 'waits')).toHaveLength(taken.length);
    expect(kinds.filter((kind) => kind === 'goes_on')).toHaveLength(taken.length);
  },
  60_000,
);

test('fal that stays away: given back after fifteen minutes with the reason, and never sent later', async () => {
  await behindFal();
  await door.shut();
  const id = await startVideo(world);
  await world.drain();
  await live(world, 890, { step: 10 });
  await expectWaiting(id, 'fal');
  await live(world, 20, { step: 10 });
  expect(await videoRow(world, id)).toMatchObject({ status: 'failed', failure: 'provider_away' });
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'release'], compensation: null });
  expect(await availableOf(world)).toBe(100);
  const whyIn = async (locale: Locale) => {
    const context = await world.context('terminal', 'owner', locale);
    return (await world.must(videoShow, { video: id }, context))['why'];
  };
  expect(await whyIn('en')).toBe(
    'fal could not be reached for 15 minutes, so nothing was made. Try again a little later. Nothing was charged.',
  );
  expect(await whyIn('zh')).toContain('15 分钟内一直无法连接 fal');
  await door.open();
  await live(world, 600, { step: 60 });
  expect(await submitsOf(world, id)).toHaveLength(0);
}, 60_000);

test('fal that goes away with shots in its hands is only asked about them', async () => {
  await behindFal(120_000);
  world.emulators.fal.misbehave({ on: 'webhook', how: 'lost', times: 2 });
  const id = await startVideo(world);
  await world.drain();
  await door.shut();
  await live(world, 300, { step: 10 });
  await expectWaiting(id, 'fal');
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold'], compensation: null });
  await door.open();
  await live(world, 120, { step: 10 });
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
  expect(await submitsOf(world, id)).toHaveLength(2);
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
}, 60_000);

test('YouTube that is away before, and after, the upload: one video, and it goes on by itself', async () => {
  await behindDoor(
    (url) => ({ YOUTUBE_API_URL: url }),
    ({ emulators }) => emulators.google.url,
  );
  const video = await makeReadyVideo(world);
  await connectChannel(world);
  const wish = { video, title: 'Away', privacy: 'public' };
  await door.shut();
  const { publication } = await world.must(publicationCreate, wish, await world.context());
  const id = z.string().parse(publication);
  await live(world, 1800, { step: 60 });
  await expectWaiting(id, 'YouTube');
  const shownStatus = async () => {
    const shown = await world.must(publicationShow, { publication: id }, await world.context());
    return shown['status'];
  };
  expect(await shownStatus()).toBe('uploading');
  await door.open();
  await uploadPublication.run({ publicationId: id }, jobContext(world));
  await expectGoingOn(id, 'YouTube');
  await door.shut();
  await live(world, 1800, { step: 60 });
  await expectWaiting(id, 'YouTube');
  expect(await shownStatus()).toBe('processing');
  await door.open();
  await live(world, 610, { step: 10 });
  expect(await shownStatus()).toBe('live');
  await expectGoingOn(id, 'YouTube');
  const sent = world.emulators.google.videos.filter(({ title }) => title === 'Away');
  expect(sent).toHaveLength(1);
  expect(await eventKinds(world, id)).toEqual(expect.arrayContaining(['waits', 'goes_on', 'live']));
}, 60_000);

test('Apify that is away: the search waits by its name, and goes on with one paid run', async () => {
  await behindDoor(
    (url) => ({ APIFY_API_URL: url }),
    ({ emulators }) => emulators.apify.url,
  );
  await door.shut();
  const wish = { keyword: 'paper boats', platforms: 'youtube' };
  const searches: string[] = [];
  for (const locale of locales) {
    const context = await world.context('terminal', 'owner', locale);
    const outcome = await world.perform(trendSearch, wish, context);
    if (!outcome.ok) throw outcome.fault;
    const sentence = `YouTube: ${waitingWords[locale]('Apify')}`;
    expect(outcome.value).toMatchObject({ status: 'running', notes: [sentence] });
    expect(outcome.text).toContain(sentence);
    expect(textOfView(presentTrends(outcome.value, drawIn(locale), wish))).toContain(sentence);
    searches.push(z.string().parse(outcome.value['search']));
  }
  await live(world, 600, { step: 60 });
  expect(world.emulators.apify.starts).toBe(0);
  await door.open();
  await live(world, 120, { step: 60 });
  const context = await world.context();
  const [first, second] = await Promise.all(searches.map((id) => readSearch(context, id)));
  expect(first).toMatchObject({ status: 'ready', notes: [] });
  expect(first?.trends.length).toBeGreaterThan(0);
  expect(second?.trends.length).toBe(first?.trends.length);
  expect(world.emulators.apify.starts).toBe(1);
}, 60_000);
