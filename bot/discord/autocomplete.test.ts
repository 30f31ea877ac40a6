import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { defineOperation, type AnyOperation } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import type { Person, Place, Suggestion } from '../../sandbox/discord/discord.ts';
import { createChat, expectNoViolation, type Chat } from '../../test/kit/chat.ts';

type Video = { readonly video: string; readonly status: string; readonly prompt: string };
let videos: Video[] = [];
let wait: Promise<unknown> = Promise.resolve();
let breaks = false;

/** In the place of the real one: answers what a test has put there. */
const videoList: AnyOperation = defineOperation({
  name: 'video_list',
  summary: { en: 'List videos.', zh: '列出视频。' },
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({ limit: z.int().min(1).max(50).default(10).describe('How many') }),
  output: z.object({
    videos: z.array(z.object({ video: z.string(), status: z.string(), prompt: z.string() })),
  }),
  run: async ({ limit }) => {
    await wait;
    if (breaks) throw new Error('broken');
    return { videos: videos.slice(0, limit) };
  },
  say: () => 'Listed.',
});
const offered = operations.map((one) => (one.name === 'video_list' ? videoList : one));

let chat: Chat;
let owner: Person;
let place: Place;
beforeAll(async () => {
  chat = await createChat({ operations: offered, discord: { rateLimits: 'off' } });
  owner = chat.discord.person('owner');
  place = owner.in(chat.discord.guild('Studio').channel('general'));
});
afterEach(() => {
  videos = [];
  wait = Promise.resolve();
  breaks = false;
  expectNoViolation(chat);
});
afterAll(() => chat.close());

const made = (count: number): Video[] =>
  Array.from({ length: count }, (_, index) => ({
    video: `vid_${index}`,
    status: 'ready',
    prompt: `Boat number ${index} in the Rain`,
  }));
const suggest = (typed: string, where = place): Promise<readonly Suggestion[]> =>
  where.suggest('/video show', 'video', typed);
const namesOf = (found: readonly { readonly name: string }[]) => found.map(({ name }) => name);

describe('what is suggested', () => {
  test('is at most 25, the first ones', async () => {
    videos = made(26);
    const found = await suggest('');
    expect(found).toHaveLength(25);
    expect(found[0]).toMatchObject({ value: 'vid_0' });
    expect(found[24]).toMatchObject({ value: 'vid_24' });
    videos = made(24);
    expect(await suggest('')).toHaveLength(24);
  });

  test('has every word that was typed, in any order and case, or its id', async () => {
    videos = made(12);
    const values = async (typed: string) => (await suggest(typed)).map(({ value }) => value);
    expect(await values('rain 11')).toEqual(['vid_11']);
    expect(await values('RAIN boat 3')).toEqual(['vid_3']);
    expect(await values('vid_7')).toEqual(['vid_7']);
    expect(await values('snow')).toEqual([]);
    expect(await values('rain snow')).toEqual([]);
  });

  test('is looked for among everything, not among the first 25', async () => {
    videos = made(40);
    expect(await suggest('number 39')).toHaveLength(1);
  });

  test('is one line of at most 100 letters', async () => {
    videos = [{ video: 'vid_1', status: 'ready', prompt: `Two\nlines  ${'long '.repeat(50)}` }];
    const [found] = await suggest('');
    expect(found?.name).toMatch(/^\S+ · Two lines long/u);
    expect(found?.name.length).toBe(100);
  });

  test('is in the language of the person', async () => {
    videos = made(1);
    const [english] = namesOf(await suggest(''));
    const chinese = chat.discord.person('other', { locale: 'zh-CN' });
    const [translated] = namesOf(await suggest('', chinese.in(place)));
    expect(english).toMatch(/^Ready/iu);
    expect(translated).toMatch(/^\p{Script=Han}+ · Boat/u);
  });

  test('are models with their grades', async () => {
    const models = await place.suggest('/video generate', 'model', 'kling');
    expect(models).toContainEqual(expect.objectContaining({ value: 'kling' }));
    expect(namesOf(models)[0]).toMatch(/⚡.*⭐.*💰/u);
  });
});

describe('nothing is suggested', () => {
  test.each([
    ['/video show', 'video'],
    ['/trend show', 'trend'],
    ['/publication show', 'publication'],
    ['/publication create', 'channel'],
  ])('for %s %s where there is nothing', async (command, field) => {
    expect(await place.suggest(command, field, '')).toEqual([]);
  });

  test('where the list fails', async () => {
    videos = made(3);
    breaks = true;
    expect(await suggest('')).toEqual([]);
  });

  test('once two seconds have passed, while Discord still listens', async () => {
    videos = made(3);
    const late = Promise.withResolvers<void>();
    wait = late.promise;
    expect(await suggest('')).toEqual([]);
    late.resolve();
    expect(await suggest('')).toHaveLength(3);
  });
});
