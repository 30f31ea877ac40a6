import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { writeClip, type TestClip } from '../../test/kit/media-clips.ts';
import { createMediaTools } from './media.ts';
import { drawTitle } from './media-title-ink.ts';

const media = createMediaTools();
const size = { width: 1280, height: 720 };
/** What the host's label and the edges of a card leave free, as parts of the picture. */
const free = { left: 0.045, right: 0.955, top: 0.46, bottom: 0.935 };
const label = { left: 0.78, top: 0.79 };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jilo-title-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const films = new Map<string, Promise<string>>();

/** Of its name there is one only. */
function film(name: string, clip: Partial<TestClip>): Promise<string> {
  const made = films.get(name) ?? makeFilm(join(folder, `${name}.mp4`), clip);
  films.set(name, made);
  return made;
}

async function makeFilm(path: string, clip: Partial<TestClip>): Promise<string> {
  await writeClip(path, { seconds: 4, fps: 6, width: 320, height: 180, ...clip });
  return path;
}

type Colour = { readonly red: number; readonly green: number; readonly blue: number };

async function pixelsOf(jpeg: Buffer) {
  expect(jpeg.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  expect(jpeg.length).toBeLessThan(2_000_000);
  const image = await loadImage(jpeg);
  expect([image.width, image.height]).toEqual([size.width, size.height]);
  const canvas = createCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, size.width, size.height);
  const colourAt = (pixel: number): Colour => ({
    red: data[pixel * 4] ?? 0,
    green: data[pixel * 4 + 1] ?? 0,
    blue: data[pixel * 4 + 2] ?? 0,
  });
  const at = (x: number, y: number): Colour =>
    colourAt(Math.floor(y * size.height) * size.width + Math.floor(x * size.width));
  return { colourAt, at, brightness: (x: number, y: number) => at(x, y).green };
}

const drawn = async (videoPath: string, title: string) =>
  pixelsOf(await media.drawThumbnail({ videoPath, title, size }));

/** Tiles whose edges are as sharp as 1, or as soft as the number of them to an edge. */
const tiles = (x: number, y: number, softness: number, base = 128): number => {
  const wave = Math.sin(x * 40) * Math.sin(y * 24);
  return base + 60 * Math.max(-1, Math.min(1, wave * (20 / softness)));
};

describe('the frame', () => {
  test('is the sharp one among blurred ones', async () => {
    // Told apart by its brightness; a twelfth of the film is long enough to be looked at once.
    const path = await film('sharp', {
      paint: (x, y, second) =>
        second >= 2 && second < 2.5 ? 75 + tiles(x, y, 1, 150) / 2 : tiles(x, y, 20, 90),
    });
    const { at } = await drawn(path, '🔥');
    const lines = Array.from({ length: 80 }, (_, index) => at(index / 160 + 0.2, 0.2).green);
    const mean = lines.reduce((sum, value) => sum + value, 0) / lines.length;
    expect(mean).toBeGreaterThan(130);
  });

  test('is never black where there is anything else, and lies neither at the start nor at the end', async () => {
    const path = await film('edges', {
      seconds: 5,
      fps: 10,
      paint: (x, y, second) => {
        if (second < 0.1 || second >= 4.9) return tiles(x, y, 1, 170);
        // Black but for some sharp stripes, as a card with names is.
        if (second < 4) return x > 0.93 && Math.floor(y * 45) % 2 === 0 ? 235 : 16;
        return tiles(x, y, 20, 100);
      },
    });
    const { brightness } = await drawn(path, '');
    const values = Array.from({ length: 60 }, (_, index) => brightness(index / 60, 0.5));
    expect(Math.max(...values)).toBeGreaterThan(60);
    expect(Math.max(...values)).toBeLessThan(200);
  });

  test('is taken of a film of one frame, and of one that is black', async () => {
    const brief = await film('brief', { seconds: 1 / 6, paint: (x, y) => tiles(x, y, 1) });
    expect((await drawn(brief, 'A boat')).brightness(0.9, 0.1)).toBeGreaterThan(40);
    const black = await film('black', { paint: () => 16 });
    expect((await drawn(black, 'A boat')).brightness(0.9, 0.1)).toBeLessThan(10);
  });
});

describe('a film', () => {
  /** Bright in its middle, dark at its edges. */
  const paint = (x: number, y: number) => (Math.hypot(x - 0.5, y - 0.5) < 0.3 ? 220 : 60);

  test.each([
    ['of 16:9 fills the picture', 320, 180, 'cropped'],
    ['of 4:3 is cropped', 240, 180, 'cropped'],
    ['of 21:9 is cropped', 420, 180, 'cropped'],
    ['that stands is shown whole', 180, 320, 'whole'],
    ['that is square is shown whole', 180, 180, 'whole'],
  ])('%s', async (_what, width, height, how) => {
    const path = await film(`${width}x${height}`, {
      width,
      height,
      paint: (x, y) => (y < 0.04 ? 235 : paint(x, y)),
    });
    const { brightness } = await drawn(path, '');
    expect(brightness(0.5, 0.5)).toBeGreaterThan(190);
    // The bright line along the upper edge of the film, in the middle and at the side of the picture.
    const isCutOff = width / height < 16 / 9;
    expect(brightness(0.5, 0.015) > 150).toBe(how === 'whole' || !isCutOff);
    expect(brightness(0.02, 0.015) > 150).toBe(how === 'cropped' && !isCutOff);
  });

  test('that stands is before a darker and blurred copy of itself, without a light edge', async () => {
    const path = await film('stands', { width: 180, height: 320, paint: (x, y) => tiles(x, y, 1) });
    const { brightness } = await drawn(path, '');
    const beside = Array.from({ length: 100 }, (_, index) => brightness(0.002 * index, 0.5));
    const steps = beside.slice(1).map((value, index) => Math.abs(value - (beside[index] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(12);
    expect(Math.max(...beside)).toBeLessThan(110);
    expect(Math.min(...beside)).toBeGreaterThan(20);
  });
});

const longEnglish =
  'The incredible story of a small paper boat that crossed every river and found its way home at last!!';
const longChinese = '一只纸船顺着雨后的街道漂流，穿过城市、河流与大海，'.repeat(4);
const titles = [
  ['English', 'The paper boat that crossed an ocean'],
  ['two words', 'Paper boat'],
  ['Chinese', '2049年的上海夜景：霓虹灯下的机器人外卖员'],
  ['100 letters', longEnglish],
  ['100 characters', longChinese],
  ['one word of 100 letters', 'Supercalifragilisticexpialidocious'.repeat(3).slice(0, 100)],
  ['tall letters', 'ẤŽÅgjpqy| ÇŞ'],
  ['letters beside emoji', '🔥 Live ⚡ today ✨'],
  ['full-width quotes', '“完美”背后的真相'],
] as const;

test('the longest titles that are tried are as long as a title may be', () => {
  expect([longEnglish, longChinese].map(({ length }) => length)).toEqual([100, 100]);
});

async function inkOf(title: string) {
  const ink = await drawTitle(title, size);
  if (!ink) throw new Error(`nothing was written of ${title}`);
  const { data } = ink.canvas.getContext('2d').getImageData(0, 0, size.width, size.height);
  const isEmpty = (pixel: number) => (data[pixel * 4 + 3] ?? 0) === 0;
  const isWhite = (pixel: number) => data[pixel * 4] === 255 && data[pixel * 4 + 3] === 255;
  return { ...ink, isEmpty, isWhite };
}

/** How many pixels of a part of the picture hold ink. */
function inkWithin(
  { isEmpty }: Awaited<ReturnType<typeof inkOf>>,
  isThere: (x: number, y: number) => boolean,
): number {
  let found = 0;
  for (let y = 0; y < size.height; y += 1)
    for (let x = 0; x < size.width; x += 1)
      if (isThere(x / size.width, y / size.height) && !isEmpty(y * size.width + x)) found += 1;
  return found;
}

describe.each(titles)('a title: %s', (_what, title) => {
  test('stands within the safe area, clear of the label at the lower right', async () => {
    const ink = await inkOf(title);
    const pixel = 1 / size.width;
    expect(inkWithin(ink, (x) => x < free.left - pixel)).toBe(0);
    expect(inkWithin(ink, (x) => x < free.left + 0.012)).toBeGreaterThan(0);
    expect(inkWithin(ink, (x) => x > free.right)).toBe(0);
    expect(inkWithin(ink, (_x, y) => y < free.top)).toBe(0);
    expect(inkWithin(ink, (_x, y) => y > free.bottom)).toBe(0);
    expect(inkWithin(ink, (x, y) => x > label.left && y > label.top)).toBe(0);
    expect(ink.lines.length).toBeLessThanOrEqual(3);
    // 13 pixels in a card that is 320 wide.
    expect(ink.size / 4).toBeGreaterThanOrEqual(12.9);
  });

  test('stands out from white by 4.5 to 1', async () => {
    const path = await film('white', { seconds: 1 / 6, paint: () => 235 });
    const { colourAt } = await drawn(path, title);
    const { isEmpty, isWhite, block } = await inkOf(title);
    // The colours of pixels beside an edge are mixed by JPEG.
    const isFar = (pixel: number) =>
      [-2, 0, 2].every((across) =>
        [-2, 0, 2].every((down) => isEmpty(pixel + across + down * size.width)),
      );
    const sums = { ground: 0, brightest: 0, letters: 0, light: 0 };
    for (let y = block.top; y < block.bottom; y += 1) {
      for (let x = Math.ceil(free.left * size.width); x < block.right; x += 1) {
        const pixel = y * size.width + x;
        const luminance = luminanceOf(colourAt(pixel));
        if (isWhite(pixel)) {
          sums.letters += 1;
          sums.light += luminance;
        } else if (isFar(pixel)) {
          sums.ground += 1;
          sums.brightest = Math.max(sums.brightest, luminance);
        }
      }
    }
    expect(sums.ground).toBeGreaterThan(1000);
    expect(sums.letters).toBeGreaterThan(1000);
    const contrast = (sums.light / sums.letters + 0.05) / (sums.brightest + 0.05);
    expect(contrast).toBeGreaterThanOrEqual(4.5);
  });
});

/** Relative luminance of WCAG 2.2. */
function luminanceOf({ red, green, blue }: Colour): number {
  const linear = (channel: number) =>
    channel <= 10.31 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

test('a title whose letters the font does not have leaves the frame as it is', async () => {
  const path = await film('bare', { seconds: 1, paint: (x, y) => tiles(x, y, 1) });
  const wish = { videoPath: path, size };
  const bare = await media.drawThumbnail({ ...wish, title: '' });
  for (const title of ['🔥🎉👍🏽', '한국어', '!?'])
    expect(await media.drawThumbnail({ ...wish, title })).toEqual(bare);
  expect(await media.drawThumbnail({ ...wish, title: 'A' })).not.toEqual(bare);
});

test('the same film and title give the same picture, byte by byte', async () => {
  const path = await film('again', { seconds: 1, paint: (x, y) => tiles(x, y, 2) });
  const wish = { videoPath: path, title: '纸船 again', size };
  expect(await media.drawThumbnail(wish)).toEqual(await createMediaTools().drawThumbnail(wish));
});

test('refuses what is no film, and says of a missing one that it is missing', async () => {
  const words = join(folder, 'words.mp4');
  await writeFile(words, 'this is no video at all, only some words');
  const draw = (videoPath: string) => media.drawThumbnail({ videoPath, title: 'A boat', size });
  await expect(draw(words)).rejects.toMatchObject({ code: 'provider_failed' });
  await expect(draw(join(folder, 'missing.mp4'))).rejects.toMatchObject({ code: 'ENOENT' });
});
