import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ALL_FORMATS, FilePathSource, Input } from 'mediabunny';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  look,
  lumaAt,
  packets,
  soundOf,
  toneLevel,
  writeClip,
  writeTone,
  type TestClip,
} from '../../test/kit/media-clips.ts';
import type { Assembly } from '../ports/media-tools.ts';
import { LoudnessMeter } from './media-loudness.ts';
import { createMediaTools } from './media.ts';

const media = createMediaTools();
let folder = '';
const at = (name: string): string => join(folder, name);
const music = { hertz: 500, level: 0.2 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jilo-assemble-'));
  const make = (name: string, clip: TestClip) => writeClip(at(name), { sound: music, ...clip });
  const wide = { width: 128, height: 72 };
  // Dark on the left, bright on the right, and a stripe in the middle.
  const paint = (x: number) => (Math.abs(x - 0.5) < 0.1 ? 235 : x < 0.5 ? 40 : 160);
  await make('upright.mp4', { seconds: 4 });
  await make('wide.mp4', { ...wide, seconds: 4, paint });
  await make('thirty.mp4', { ...wide, seconds: 3, fps: 30, paint });
  await make('vp9.mp4', { seconds: 2, codec: 'vp9', paint: () => 200 });
  await make('mute.mp4', { seconds: 3, sound: null });
  await make('stereo.mp4', { seconds: 3, sound: { ...music, rate: 48_000, channels: 2 } });
  await make('quiet.mp4', { seconds: 4, sound: { hertz: 700, level: 0.05 } });
  await make('loud.mp4', { seconds: 4, sound: { hertz: 900, level: 0.8 } });
  await writeTone(at('line.wav'), { hertz: 1500, level: 0.3 }, 2);
  await writeTone(at('long.wav'), { hertz: 1500, level: 0.3, laterHertz: 2500 }, 6);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Wish = Partial<Assembly> & Pick<Assembly, 'seconds'>;

async function assemble(names: readonly (readonly [string, number])[], to: string, wish: Wish) {
  const facts = await media.assemble({
    clips: names.map(([name, seconds]) => ({ path: at(name), seconds })),
    size: { width: 72, height: 128 },
    fit: 'crop',
    captions: [],
    voice: [],
    outputPath: at(to),
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...wish,
  });
  expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
  expect(facts.durationSeconds).toBeCloseTo(wish.seconds, 2);
  return facts;
}

/** What a file says about its own tracks. */
async function tracksOf(name: string) {
  const input = new Input({ source: new FilePathSource(at(name)), formats: ALL_FORMATS });
  const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
  const config = await video?.getDecoderConfig();
  const facts = {
    picture: config?.codec,
    sound: await audio?.getCodec(),
    rate: await audio?.getSampleRate(),
    channels: await audio?.getNumberOfChannels(),
  };
  input.dispose();
  return facts;
}

describe('a clip of another shape', () => {
  test.each([
    ['upright', { width: 72, height: 128 }],
    ['square', { width: 72, height: 72 }],
  ])('is cropped to %s', async (_what, size) => {
    const facts = await assemble([['wide.mp4', 4]], 'cropped.mp4', { seconds: 4, size });
    expect(facts).toMatchObject({ ...size, videoCodec: 'avc', hasAudio: true });
    const frame = await lumaAt(at('cropped.mp4'), 2);
    // The picture fills all of the height, and its middle is in the middle.
    for (const y of [0.02, 0.5, 0.98]) expect(frame.at(0.5, y)).toBeGreaterThan(200);
    const seen = await look(at('cropped.mp4'));
    expect(seen.frames).toBe(4 * 24);
    expect(seen.largestStep).toBeCloseTo(1 / 24, 3);
  });

  test('is padded with a blurred copy of itself', async () => {
    const size = { width: 72, height: 128 };
    const wish = { seconds: 4, size, fit: 'pad' } as const;
    expect(await assemble([['wide.mp4', 4]], 'padded.mp4', wish)).toMatchObject(size);
    const frame = await lumaAt(at('padded.mp4'), 2);
    // All of the picture is seen in the middle rows.
    expect(frame.at(0.1, 0.5)).toBeLessThan(60);
    expect(frame.at(0.9, 0.5)).toBeGreaterThan(140);
    expect(frame.at(0.5, 0.5)).toBeGreaterThan(200);
    // Above and below it is enlarged, and so blurred that the edge of the stripe is gone.
    expect(frame.at(0.5, 0.1)).toBeGreaterThan(120);
    const row = Array.from({ length: 36 }, (_, index) => frame.at((index * 2) / 72, 0.1));
    const steps = row.slice(1).map((value, index) => Math.abs(value - (row[index] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(40);
    expect(Math.min(...row)).toBeGreaterThan(30);
  });

  test('comes out in even sizes', async () => {
    const size = { width: 71, height: 71 };
    const facts = await assemble([['wide.mp4', 1]], 'odd.mp4', { seconds: 1, size });
    expect(facts).toMatchObject({ width: 72, height: 72 });
  });
});

describe('clips that differ', () => {
  test('in shape, rate, codec and sound become one stream', async () => {
    const clips = [
      ['upright.mp4', 2],
      ['thirty.mp4', 2.5],
      ['vp9.mp4', 2],
      ['mute.mp4', 2],
      ['stereo.mp4', 1.5],
    ] as const;
    await assemble(clips, 'mixed.mp4', { seconds: 10 });
    const seen = await look(at('mixed.mp4'));
    expect(seen.frames).toBe(10 * 24);
    expect([seen.smallestStep, seen.largestStep].map((step) => step.toFixed(3))).toEqual([
      '0.042',
      '0.042',
    ]);
    expect(seen.largestGapInSound).toBeLessThan(0.03);
    expect(Math.abs(seen.soundSeconds - 10)).toBeLessThan(0.06);
    expect(await tracksOf('mixed.mp4')).toMatchObject({
      picture: expect.stringMatching(/^avc1\.64/),
      sound: 'aac',
      rate: 48_000,
      channels: 2,
    });
    const sound = await soundOf(at('mixed.mp4'));
    expect(toneLevel(sound, 500, 0.5, 1.5)).toBeGreaterThan(0.15);
    expect(toneLevel(sound, 500, 6.7, 8.3)).toBeLessThan(0.005);
    expect(toneLevel(sound, 500, 8.7, 9.5)).toBeGreaterThan(0.15);
  });

  test('take the first one’s rate, and hold the last frame where one is too short', async () => {
    const clips = [['thirty.mp4', 2] as const, ['upright.mp4', 5] as const];
    await assemble(clips, 'held.mp4', { seconds: 7 });
    const seen = await look(at('held.mp4'));
    expect(seen.frames).toBe(7 * 30);
    expect(seen.largestStep).toBeCloseTo(1 / 30, 3);
    expect((await lumaAt(at('held.mp4'), 6.9)).at(0.5, 0.5)).toBeCloseTo(120, -1);
    expect(Math.abs(seen.soundSeconds - 7)).toBeLessThan(0.06);
    const sound = await soundOf(at('held.mp4'));
    expect(toneLevel(sound, 500, 1.9, 1.99)).toBeGreaterThan(0.15);
    expect(toneLevel(sound, 500, 5.85, 5.98)).toBeGreaterThan(0.15);
    expect(toneLevel(sound, 500, 6.1, 6.9)).toBeLessThan(0.005);
  });

  test('in sound only keep their picture', async () => {
    const clips = [
      ['upright.mp4', 4],
      ['mute.mp4', 3],
    ] as const;
    await assemble(clips, 'half.mp4', { seconds: 7 });
    const [first, second] = [
      await packets(at('upright.mp4'), 'video'),
      await packets(at('mute.mp4'), 'video'),
    ];
    expect(await packets(at('half.mp4'), 'video')).toEqual([...first, ...second]);
    const sound = await soundOf(at('half.mp4'));
    expect(toneLevel(sound, 500, 1, 3)).toBeGreaterThan(0.15);
    expect(toneLevel(sound, 500, 4.2, 6.8)).toBeLessThan(0.005);
  });

  test('in picture only keep their sound', async () => {
    const clips = [
      ['upright.mp4', 4],
      ['wide.mp4', 4],
    ] as const;
    await assemble(clips, 'heard.mp4', { seconds: 8 });
    const [source, copied] = [
      await packets(at('upright.mp4'), 'audio'),
      await packets(at('heard.mp4'), 'audio'),
    ];
    expect(copied.slice(0, source.length - 2)).toEqual(source.slice(0, -2));
  });
});

describe('captions', () => {
  const size = { width: 144, height: 256 };
  const captions = [
    { from: 0.5, to: 1.5, text: 'Hello there' },
    { from: 2, to: 3, text: '你好，世界' },
  ];
  /** Pixels near white within the rows where captions stand, and outside of them. */
  async function ink(name: string, second: number) {
    const frame = await lumaAt(at(name), second);
    const found = { inside: 0, below: 0, above: 0 };
    for (let y = 0; y < frame.height; y += 1) {
      for (let x = 0; x < frame.width; x += 1) {
        const [across, down] = [(x + 0.5) / frame.width, (y + 0.5) / frame.height];
        if (frame.at(across, down) < 215) continue;
        found[down > 0.82 ? 'below' : down < 0.6 ? 'above' : 'inside'] += 1;
      }
    }
    return found;
  }

  test('are seen in their time only, above the lowest 18 percent', async () => {
    await assemble([['upright.mp4', 4]], 'captions.mp4', { seconds: 4, size, captions });
    for (const second of [0.25, 1.75, 3.5]) {
      expect(await ink('captions.mp4', second)).toEqual({ inside: 0, below: 0, above: 0 });
    }
    for (const second of [0.55, 1, 1.45, 2.05, 2.95]) {
      const { inside, ...elsewhere } = await ink('captions.mp4', second);
      expect(inside).toBeGreaterThan(60);
      expect(elsewhere).toEqual({ below: 0, above: 0 });
    }
  });

  test('of characters that no font has change nothing', async () => {
    const wish = { seconds: 1, size, captions: [{ from: 0, to: 1, text: '😀' }] };
    await assemble([['upright.mp4', 1]], 'emoji.mp4', wish);
    expect((await ink('emoji.mp4', 0.5)).inside).toBe(0);
  });
});

describe('a voice', () => {
  test('is heard at its time, and the music goes down under it', async () => {
    const voice = [{ path: at('line.wav'), at: 1, seconds: 2.5 }];
    await assemble([['upright.mp4', 4]], 'voiced.mp4', { seconds: 4, voice });
    const sound = await soundOf(at('voiced.mp4'));
    expect(toneLevel(sound, 1500, 1.1, 2.9)).toBeGreaterThan(0.05);
    expect(toneLevel(sound, 1500, 0.2, 0.95)).toBeLessThan(0.005);
    expect(toneLevel(sound, 1500, 3.05, 3.8)).toBeLessThan(0.005);
    const before = toneLevel(sound, 500, 0.2, 0.7);
    const under = toneLevel(sound, 500, 1.1, 2.9);
    const after = toneLevel(sound, 500, 3.4, 3.8);
    expect(20 * Math.log10(under / before)).toBeCloseTo(-12, 0);
    expect(20 * Math.log10(after / before)).toBeCloseTo(0, 0);
    expect(await packets(at('voiced.mp4'), 'video')).toEqual(
      await packets(at('upright.mp4'), 'video'),
    );
  });

  test('begins and ends to the hundredth of a second', async () => {
    const voice = [{ path: at('line.wav'), at: 0.5, seconds: 2 }];
    await assemble([['mute.mp4', 3]], 'onset.mp4', { seconds: 3, voice });
    const { rate, data } = await soundOf(at('onset.mp4'));
    const first = data.findIndex((value) => Math.abs(value) > 0.05) / rate;
    const last = data.findLastIndex((value) => Math.abs(value) > 0.05) / rate;
    expect(Math.abs(first - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(last - 2.5)).toBeLessThan(0.01);
  });

  test('that is too long is sped up at its pitch, and then cut', async () => {
    // 6 s in 4 s: at 1.3 times it still takes 4.6 s.
    const voice = [{ path: at('long.wav'), at: 0, seconds: 4 }];
    await assemble(
      [
        ['upright.mp4', 4],
        ['upright.mp4', 2],
      ],
      'long.mp4',
      { seconds: 6, voice },
    );
    const sound = await soundOf(at('long.mp4'));
    // Its second half begins after 3 / 1.3 seconds.
    expect(toneLevel(sound, 1500, 0.3, 2.2)).toBeGreaterThan(0.1);
    expect(toneLevel(sound, 1500, 2.4, 3.8)).toBeLessThan(0.01);
    expect(toneLevel(sound, 2500, 2.4, 3.7)).toBeGreaterThan(0.1);
    expect(toneLevel(sound, 2500, 0.3, 2.2)).toBeLessThan(0.01);
    expect(toneLevel(sound, 2500, 4.05, 5.5)).toBeLessThan(0.005);
    // 6 s in 5 s fits at 1.2 times.
    const fits = [{ path: at('long.wav'), at: 0, seconds: 5 }];
    await assemble(
      [
        ['upright.mp4', 4],
        ['upright.mp4', 2],
      ],
      'fits.mp4',
      { seconds: 6, voice: fits },
    );
    const fitted = await soundOf(at('fits.mp4'));
    expect(toneLevel(fitted, 1500, 0.3, 2.4)).toBeGreaterThan(0.1);
    expect(toneLevel(fitted, 2500, 2.6, 4.9)).toBeGreaterThan(0.1);
    expect(toneLevel(fitted, 2500, 5.1, 5.9)).toBeLessThan(0.005);
  });
});

describe('clips of different loudness', () => {
  const loudness = async (name: string, from: number, to: number) => {
    const { rate, data } = await soundOf(at(name));
    const meter = new LoudnessMeter(rate, 1);
    meter.add([data.subarray(from * rate, to * rate)]);
    return meter.integrated();
  };

  test('are brought together', async () => {
    const clips = [
      ['quiet.mp4', 4],
      ['upright.mp4', 4],
      ['loud.mp4', 4],
    ] as const;
    await assemble(clips, 'levelled.mp4', { seconds: 12 });
    const levels = [
      await loudness('levelled.mp4', 0.1, 3.9),
      await loudness('levelled.mp4', 4.1, 7.9),
      await loudness('levelled.mp4', 8.1, 11.9),
    ];
    expect(Math.max(...levels) - Math.min(...levels)).toBeLessThan(1);
    // The one in the middle stays as it is.
    expect(Math.abs((levels[1] ?? 0) - (await loudness('upright.mp4', 0.1, 3.9)))).toBeLessThan(
      0.5,
    );
  });

  test('never become louder than full scale', async () => {
    const voice = [{ path: at('line.wav'), at: 1, seconds: 2 }];
    await assemble([['loud.mp4', 4]], 'limited.mp4', { seconds: 4, voice });
    const { data } = await soundOf(at('limited.mp4'));
    expect(data.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0)).toBeLessThan(1);
  });
});
