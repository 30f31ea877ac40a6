import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { look, lumaAt, packets, writeClip, type TestClip } from '../../test/kit/media-clips.ts';
import type { Assembly } from '../ports/media-tools.ts';
import { createMediaTools } from './media.ts';

const media = createMediaTools();
let folder = '';

const sound = { hertz: 440, level: 0.2 };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jilo-media-'));
  const make = (name: string, clip: TestClip) => writeClip(at(name), { sound, ...clip });
  await make('five.mp4', { seconds: 5, paint: () => 60 });
  await make('six.mp4', { seconds: 6, paint: () => 120 });
  await make('eight.mp4', { seconds: 8, paint: () => 180 });
  await make('ten.mp4', { seconds: 10, paint: () => 220 });
  await make('mute.mp4', { seconds: 3, sound: null });
  await make('reordered.mp4', {
    seconds: 5,
    width: 64,
    height: 64,
    isReordered: true,
    sound: null,
    paint: (x, y, second) => (x * 90 + y * 50 + second * 120) % 200,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

const plain = {
  size: { width: 72, height: 128 },
  fit: 'crop',
  captions: [],
  voice: [],
  onProgress: () => undefined,
} as const;

type Wish = Partial<Assembly> & Pick<Assembly, 'seconds'>;

/** `names` with how much of each is used. */
const assemble = (names: readonly (readonly [string, number])[], to: string, wish: Wish) =>
  media.assemble({
    ...plain,
    clips: names.map(([name, seconds]) => ({ path: at(name), seconds })),
    outputPath: at(to),
    signal: new AbortController().signal,
    ...wish,
  });

describe('probe', () => {
  test('tells length, size, codec and sound', async () => {
    expect(await media.probe(at('six.mp4'))).toEqual({
      durationSeconds: 6,
      width: 72,
      height: 128,
      videoCodec: 'avc',
      hasAudio: true,
    });
    expect((await media.probe(at('mute.mp4'))).hasAudio).toBe(false);
  });

  test.each([
    ['text', (file: string) => writeFile(file, 'this is no video at all, only some words')],
    ['nothing', (file: string) => writeFile(file, '')],
    [
      'only the first bytes',
      async (file: string) => {
        await writeFile(file, (await readFile(at('six.mp4'))).subarray(0, 200));
      },
    ],
    [
      'a clip that broke off',
      async (file: string) => {
        const whole = await readFile(at('six.mp4'));
        await writeFile(file, whole);
        await truncate(file, Math.floor(whole.length / 2));
      },
    ],
  ])('refuses %s', async (_what, prepare) => {
    await prepare(at('bad.mp4'));
    await expect(media.probe(at('bad.mp4'))).rejects.toMatchObject({
      name: 'Fault',
      code: 'provider_failed',
    });
  });

  test('lets a missing file bubble as what it is', async () => {
    await expect(media.probe(at('missing.mp4'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('clips that need no encoding', () => {
  const repeat = (count: number, name: string, seconds: number) =>
    Array.from({ length: count }, () => [name, seconds] as const);

  test.each([
    [15, 'three of 5 s', repeat(3, 'five.mp4', 5)],
    [15, 'two of 8 s', repeat(2, 'eight.mp4', 7.5)],
    [
      15,
      'one of 8 s and a part of another',
      [['eight.mp4', 8] as const, ['eight.mp4', 7] as const],
    ],
    [30, 'five of 6 s', repeat(5, 'six.mp4', 6)],
    [30, 'three of 10 s', repeat(3, 'ten.mp4', 10)],
    [60, 'ten of 6 s', repeat(10, 'six.mp4', 6)],
    [60, 'eight of 8 s', repeat(8, 'eight.mp4', 7.5)],
    [60, 'nine of 8 s, each cut within a frame', repeat(9, 'eight.mp4', 60 / 9)],
  ])('make %i s of %s', async (seconds, _what, clips) => {
    const facts = await assemble(clips, 'exact.mp4', { seconds });
    expect(facts).toMatchObject({ width: 72, height: 128, hasAudio: true });
    expect(facts.durationSeconds).toBeCloseTo(seconds, 3);
    const seen = await look(at('exact.mp4'));
    expect(seen.frames).toBe(seconds * 24);
    expect(seen.seconds).toBeCloseTo(seconds, 3);
    expect(seen.largestStep).toBeLessThan(1.6 / 24);
    expect(seen.smallestStep).toBeGreaterThan(0.4 / 24);
    expect(seen.largestGapInSound).toBeLessThan(0.03);
    expect(Math.abs(seen.soundSeconds - seconds)).toBeLessThan(0.06);
  });

  test('are copied, picture and sound', async () => {
    const clips = [['six.mp4', 6] as const, ['ten.mp4', 9] as const];
    await assemble(clips, 'copied.mp4', { seconds: 15 });
    const [first, second] = [
      await packets(at('six.mp4'), 'video'),
      await packets(at('ten.mp4'), 'video'),
    ];
    expect(await packets(at('copied.mp4'), 'video')).toEqual([
      ...first,
      ...second.slice(0, 9 * 24),
    ]);
    const heard = await packets(at('six.mp4'), 'audio');
    const copied = await packets(at('copied.mp4'), 'audio');
    // All that is heard within the six seconds.
    expect(copied.slice(0, heard.length - 2)).toEqual(heard.slice(0, -2));
  });

  test('begin where they should, so that no cut moves the next ones', async () => {
    const clips = [...repeat(4, 'five.mp4', 3.27), ...repeat(1, 'ten.mp4', 6.92)];
    await assemble(clips, 'aimed.mp4', { seconds: 20 });
    expect((await lumaAt(at('aimed.mp4'), 4 * 3.27 - 0.06)).at(0.5, 0.5)).toBeLessThan(80);
    expect((await lumaAt(at('aimed.mp4'), 4 * 3.27 + 0.06)).at(0.5, 0.5)).toBeGreaterThan(200);
  });

  test('keep their own size when it is of the shape asked for', async () => {
    const wish = { seconds: 6, size: { width: 720, height: 1280 } };
    expect(await assemble([['six.mp4', 6]], 'own.mp4', wish)).toMatchObject({ width: 72 });
  });

  test('have the index in front', async () => {
    await assemble([['six.mp4', 6]], 'front.mp4', { seconds: 6 });
    const file = await readFile(at('front.mp4'));
    expect(file.indexOf('moov')).toBeLessThan(file.indexOf('mdat'));
  });

  test('hold the last frame where they are shorter than asked', async () => {
    const clips = [['five.mp4', 5.5] as const, ['ten.mp4', 6.5] as const];
    const facts = await assemble(clips, 'held.mp4', { seconds: 12 });
    expect(facts.durationSeconds).toBeCloseTo(12, 3);
    expect((await lumaAt(at('held.mp4'), 5.45)).at(0.5, 0.5)).toBeLessThan(80);
    expect((await lumaAt(at('held.mp4'), 5.52)).at(0.5, 0.5)).toBeGreaterThan(200);
    const seen = await look(at('held.mp4'));
    expect(seen.largestGapInSound).toBeLessThan(0.03);
    const end = await assemble([['five.mp4', 5]], 'longer.mp4', { seconds: 7 });
    expect(end.durationSeconds).toBeCloseTo(7, 3);
  });

  test('are left out when they would begin after the end', async () => {
    const clips = [['six.mp4', 4] as const, ['ten.mp4', 10] as const];
    const facts = await assemble(clips, 'four.mp4', { seconds: 4 });
    expect(facts.durationSeconds).toBeCloseTo(4, 3);
  });

  test('may have reordered frames', async () => {
    const first = await packets(at('reordered.mp4'), 'video');
    for (const seconds of [7, 8.3, 9.9]) {
      const clips = repeat(2, 'reordered.mp4', 5);
      const wish = { seconds, size: { width: 64, height: 64 } };
      const facts = await assemble(clips, 'b-frames.mp4', wish);
      expect(facts.durationSeconds).toBeCloseTo(seconds, 3);
      const seen = await look(at('b-frames.mp4'));
      expect(seen.largestStep).toBeLessThan(1.5 / 24);
      expect(seen.seconds).toBeCloseTo(seconds, 1);
      expect((await packets(at('b-frames.mp4'), 'video')).slice(0, first.length)).toEqual(first);
    }
  });

  test('have no sound when none of them has', async () => {
    const facts = await assemble(repeat(2, 'mute.mp4', 3), 'silent.mp4', { seconds: 6 });
    expect(facts).toMatchObject({ hasAudio: false, durationSeconds: 6 });
  });
});

describe('while it works', () => {
  test('progress grows up to 1', async () => {
    for (const size of [plain.size, { width: 64, height: 64 }]) {
      const told: number[] = [];
      const onProgress = (fraction: number) => told.push(fraction);
      await assemble([['five.mp4', 5]], 'told.mp4', { seconds: 5, size, onProgress });
      expect(told.length).toBeGreaterThan(50);
      expect(told).toEqual(told.toSorted((one, other) => one - other));
      expect(told.at(0)).toBeLessThan(0.1);
      expect(told.at(-1)).toBe(1);
    }
  });

  test.each([
    ['copying', plain.size],
    ['encoding', { width: 64, height: 64 }],
  ])('a stop while %s leaves no file', async (_what, size) => {
    const stop = new AbortController();
    const onProgress = (fraction: number) => {
      if (fraction > 0.3) stop.abort(new Error('stopped by hand'));
    };
    const wish = { seconds: 10, size, signal: stop.signal, onProgress };
    await expect(assemble([['ten.mp4', 10]], 'never.mp4', wish)).rejects.toThrow('stopped by hand');
    expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
  });

  test('a stop before the start does nothing', async () => {
    const signal = AbortSignal.abort(new Error('stopped before'));
    await expect(assemble([['ten.mp4', 10]], 'never.mp4', { seconds: 10, signal })).rejects.toThrow(
      'stopped before',
    );
  });
});

describe('a broken clip', () => {
  test('is the provider’s, and leaves nothing behind', async () => {
    await writeFile(at('bad.mp4'), 'no video');
    await expect(
      assemble(
        [
          ['six.mp4', 6],
          ['bad.mp4', 6],
        ],
        'never.mp4',
        { seconds: 12 },
      ),
    ).rejects.toMatchObject({ code: 'provider_failed' });
    expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
  });

  test('is noticed when its packets cannot be decoded', async () => {
    const file = await readFile(at('five.mp4'));
    const from = file.indexOf('mdat') + 4;
    const end = file.indexOf('moov') > from ? file.indexOf('moov') - 4 : file.length;
    file.fill(0xff, from, end);
    await writeFile(at('noise.mp4'), file);
    const wish = { seconds: 5, size: { width: 64, height: 64 } };
    await expect(assemble([['noise.mp4', 5]], 'never.mp4', wish)).rejects.toMatchObject({
      code: 'provider_failed',
    });
  });

  test('a missing file is ours', async () => {
    await expect(assemble([['missing.mp4', 5]], 'never.mp4', { seconds: 5 })).rejects.toMatchObject(
      { code: 'ENOENT' },
    );
  });

  test('a spoken line without sound is the voice model’s', async () => {
    await writeFile(at('line.mp3'), 'no sound');
    const voice = [{ path: at('line.mp3'), at: 0, seconds: 2 }];
    await expect(
      assemble([['five.mp4', 5]], 'never.mp4', { seconds: 5, voice }),
    ).rejects.toMatchObject({ code: 'provider_failed', params: { provider: 'The voice model' } });
    expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
  });
});
