import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { registerMediabunnyServer } from '@mediabunny/server';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import {
  BufferTarget,
  Mp4OutputFormat,
  Output,
  Quality,
  VideoSample,
  VideoSampleSource,
} from 'mediabunny';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createMediaTools } from './media.ts';
import { encodeJpeg, fitInto } from './media-jpeg.ts';

registerMediabunnyServer({ hardwareContext: null });

const media = createMediaTools();
const fps = 20;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jilo-poster-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Film = {
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  readonly rotation?: 0 | 90;
  /** Grey of the whole frame at a time, 0 to 255; its upper left quarter is red. */
  readonly grey: (seconds: number) => number;
};

async function makeFilm(name: string, film: Film): Promise<string> {
  const { width = 160, height = 90, seconds = 2, rotation = 0, grey } = film;
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat(), target });
  const source = new VideoSampleSource({ codec: 'avc', quality: new Quality('high') });
  output.addVideoTrack(source, { frameRate: fps, rotation });
  await output.start();
  for (let frame = 0; frame < seconds * fps; frame += 1) {
    const data = Buffer.alloc(width * height * 4, grey(frame / fps));
    for (let y = 0; y < height / 2; y += 1)
      for (let x = 0; x < width / 2; x += 1)
        data.writeUInt8(Math.min(255, grey(frame / fps) * 2), (y * width + x) * 4);
    const sample = new VideoSample(data, {
      format: 'RGBX',
      codedWidth: width,
      codedHeight: height,
      timestamp: frame / fps,
      duration: 1 / fps,
    });
    await source.add(sample);
    sample.close();
  }
  await output.finalize();
  if (!target.buffer) throw new Error('nothing was encoded');
  const path = join(folder, name);
  await writeFile(path, Buffer.from(target.buffer));
  return path;
}

async function posterOf(film: string) {
  const path = join(folder, 'poster.jpg');
  const told = await media.poster(film, path);
  const data = await readFile(path);
  expect(data.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  expect(told.bytes).toBe(data.length);
  const image = await loadImage(data);
  expect([image.width, image.height]).toEqual([told.width, told.height]);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const at = (x: number, y: number) => [
    ...context.getImageData(Math.floor(x * image.width), Math.floor(y * image.height), 1, 1).data,
  ];
  return { ...told, at, brightness: at(0.9, 0.9)[1] ?? 0 };
}

test('takes the very first frame when it shows something', async () => {
  const film = await makeFilm('bright.mp4', { grey: (at) => (at < 0.4 ? 60 : 200) });
  const { width, height, brightness } = await posterOf(film);
  expect([width, height]).toEqual([160, 90]);
  expect(brightness).toBeGreaterThan(40);
  expect(brightness).toBeLessThan(80);
});

test.each([
  ['half a second', 0.4, 120],
  ['a second', 0.9, 120],
])('looks after %s where the film begins in black', async (_, until, grey) => {
  const film = await makeFilm('late.mp4', { grey: (at) => (at < until ? 0 : grey) });
  expect((await posterOf(film)).brightness).toBeGreaterThan(90);
});

test('takes the first frame of a film that stays dark, or is too short to look further', async () => {
  const dark = await makeFilm('dark.mp4', { grey: (at) => (at < 1.5 ? 2 : 200) });
  expect((await posterOf(dark)).brightness).toBeLessThan(12);
  const brief = await makeFilm('brief.mp4', { seconds: 0.4, grey: () => 0 });
  expect((await posterOf(brief)).width).toBe(160);
});

test('is no larger than 1280 on its long side, and never larger than the film', async () => {
  const film = await makeFilm('large.mp4', {
    width: 1080,
    height: 1920,
    seconds: 0.2,
    grey: () => 90,
  });
  const { width, height, bytes } = await posterOf(film);
  expect([width, height]).toEqual([720, 1280]);
  expect(bytes).toBeLessThan(2_000_000);
});

test('stands upright where the film is to be turned', async () => {
  const film = await makeFilm('turned.mp4', { rotation: 90, grey: () => 100 });
  const { width, height, at } = await posterOf(film);
  expect([width, height]).toEqual([90, 160]);
  const [red = 0, green = 0] = at(0.75, 0.25);
  expect(red - green).toBeGreaterThan(40);
  const [otherRed = 0, otherGreen = 0] = at(0.25, 0.25);
  expect(Math.abs(otherRed - otherGreen)).toBeLessThan(25);
});

test('refuses what is no film, and says of a missing one that it is missing', async () => {
  const words = join(folder, 'words.mp4');
  await writeFile(words, 'this is no video at all, only some words');
  const before = await readdir(folder);
  const out = join(folder, 'none.jpg');
  await expect(media.poster(words, out)).rejects.toMatchObject({ code: 'provider_failed' });
  await expect(media.poster(join(folder, 'missing.mp4'), out)).rejects.toMatchObject({
    code: 'ENOENT',
  });
  expect(await readdir(folder)).toEqual(before);
});

test.each([
  [
    { width: 1280, height: 720 },
    { width: 1280, height: 720 },
  ],
  [
    { width: 1281, height: 720 },
    { width: 1280, height: 719 },
  ],
  [
    { width: 100, height: 50 },
    { width: 100, height: 50 },
  ],
  [
    { width: 8192, height: 1 },
    { width: 1280, height: 1 },
  ],
])('%j fits into 1280x720 as %j', (size, fitted) => {
  expect(fitInto(size, { width: 1280, height: 720 })).toEqual(fitted);
});

test('a JPEG is as good as fits below the limit, which it never reaches', async () => {
  const canvas = createCanvas(200, 200);
  const context = canvas.getContext('2d');
  const noise = context.createImageData(200, 200);
  for (let at = 0; at < noise.data.length; at += 1) noise.data[at] = (at * 7919 * (at % 251)) % 256;
  context.putImageData(noise, 0, 0);
  const best = await encodeJpeg(canvas);
  expect(await encodeJpeg(canvas, best.length + 1)).toHaveLength(best.length);
  expect((await encodeJpeg(canvas, best.length)).length).toBeLessThan(best.length);
  await expect(encodeJpeg(canvas, 100)).rejects.toThrow('no JPEG of 200x200 fits below 100 bytes');
});
