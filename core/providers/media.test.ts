import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { registerMediabunnyServer } from '@mediabunny/server';
import {
  ALL_FORMATS,
  AudioSampleSink,
  BufferTarget,
  EncodedPacketSink,
  FilePathSource,
  Input,
  Mp4OutputFormat,
  Output,
  Quality,
  VideoSample,
  VideoSampleSink,
  VideoSampleSource,
} from 'mediabunny';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createClipRenderer, type ClipSpec } from '../../sandbox/fal/clips.ts';
import { createMediaTools } from './media.ts';

registerMediabunnyServer({ hardwareContext: null });

const media = createMediaTools();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jilo-media-'));
  const renderer = createClipRenderer(0.1);
  const portrait = { seed: 1, width: 720, height: 1280, fps: 24, audio: true };
  const make = async (name: string, spec: ClipSpec) => {
    await writeFile(at(name), await renderer.render(spec));
  };
  await make('six.mp4', { ...portrait, prompt: 'six', seconds: 6 });
  await make('ten.mp4', { ...portrait, prompt: 'ten', seconds: 10 });
  await make('mute.mp4', { ...portrait, prompt: 'mute', seconds: 3, audio: false });
  await make('wide.mp4', { ...portrait, prompt: 'wide', width: 1280, height: 720, seconds: 3 });
  await renderer.close();
  await writeFile(at('reordered.mp4'), await encodeReordered(5));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

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

describe('join', () => {
  test('copies packets of like clips and cuts the tail', async () => {
    const facts = await media.join([at('six.mp4'), at('ten.mp4')], 15, at('fifteen.mp4'));
    expect(facts).toMatchObject({ width: 72, height: 128, hasAudio: true });
    expect(Math.abs(facts.durationSeconds - 15)).toBeLessThan(0.05);
    const joined = await look('fifteen.mp4');
    expect(joined.frames).toBe(15 * 24);
    expect(joined.largestStep).toBeCloseTo(1 / 24, 3);
    expect(joined.largestGapInSound).toBeLessThan(0.03);
    expect(Math.abs(joined.soundSeconds - 15)).toBeLessThan(0.06);
    const first = await packetBytes('six.mp4');
    expect((await packetBytes('fifteen.mp4')).slice(0, first.length)).toEqual(first);
  });

  test('puts the index in front', async () => {
    await media.join([at('six.mp4'), at('ten.mp4')], 15, at('front.mp4'));
    const file = await readFile(at('front.mp4'));
    expect(file.indexOf('moov')).toBeLessThan(file.indexOf('mdat'));
  });

  test('drops clips that begin after the end and keeps what there is when it is short', async () => {
    const cut = await media.join([at('six.mp4'), at('ten.mp4'), at('six.mp4')], 4, at('four.mp4'));
    expect(Math.abs(cut.durationSeconds - 4)).toBeLessThan(0.05);
    const short = await media.join([at('six.mp4')], 15, at('short.mp4'));
    expect(short.durationSeconds).toBeCloseTo(6, 2);
  });

  test('copies reordered frames', async () => {
    const paths = [at('reordered.mp4'), at('reordered.mp4')];
    for (const seconds of [7, 8.3, 9.9]) {
      const facts = await media.join(paths, seconds, at('b-frames.mp4'));
      expect(Math.abs(facts.durationSeconds - seconds)).toBeLessThanOrEqual(0.1);
      const joined = await look('b-frames.mp4');
      expect(joined.largestStep).toBeLessThan(1.5 / 24);
      expect(joined.seconds).toBeCloseTo(facts.durationSeconds, 2);
    }
  });

  test('encodes clips of another shape to the first one’s size', async () => {
    const facts = await media.join([at('mute.mp4'), at('wide.mp4')], 5, at('mixed.mp4'));
    expect(facts).toMatchObject({ width: 72, height: 128, hasAudio: true });
    expect(Math.abs(facts.durationSeconds - 5)).toBeLessThanOrEqual(0.1);
    const joined = await look('mixed.mp4');
    expect(joined.frames).toBe(5 * 24);
    expect(joined.largestGapInSound).toBeLessThan(0.03);
    expect(Math.abs(joined.soundSeconds - 5)).toBeLessThan(0.1);
  });

  test('keeps the picture of like clips when only the sound differs', async () => {
    const facts = await media.join([at('six.mp4'), at('mute.mp4')], 9, at('half-mute.mp4'));
    expect(facts.hasAudio).toBe(true);
    expect(facts.durationSeconds).toBeCloseTo(9, 1);
    const first = await packetBytes('six.mp4');
    expect((await packetBytes('half-mute.mp4')).slice(0, first.length)).toEqual(first);
    expect(Math.abs((await look('half-mute.mp4')).soundSeconds - 9)).toBeLessThan(0.1);
  });

  test('leaves nothing behind when a clip is broken', async () => {
    await writeFile(at('bad.mp4'), 'no video');
    await expect(
      media.join([at('six.mp4'), at('bad.mp4')], 15, at('never.mp4')),
    ).rejects.toMatchObject({ code: 'provider_failed' });
    expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
  });
});

/** Decodes a whole file and says what a viewer would see and hear. */
async function look(name: string) {
  const input = new Input({ source: new FilePathSource(at(name)), formats: ALL_FORMATS });
  const video = await input.getPrimaryVideoTrack();
  if (!video) throw new Error('no video');
  let [frames, end, largestStep, previous] = [0, 0, 0, 0];
  for await (const frame of new VideoSampleSink(video).samples()) {
    if (frames > 0) largestStep = Math.max(largestStep, frame.timestamp - previous);
    previous = frame.timestamp;
    end = frame.timestamp + frame.duration;
    frames += 1;
    frame.close();
  }
  let [soundSeconds, largestGapInSound] = [0, 0];
  const audio = await input.getPrimaryAudioTrack();
  for await (const sample of audio ? new AudioSampleSink(audio).samples() : []) {
    largestGapInSound = Math.max(largestGapInSound, sample.timestamp - soundSeconds);
    soundSeconds = sample.timestamp + sample.duration;
    sample.close();
  }
  input.dispose();
  return { frames, seconds: end, largestStep, soundSeconds, largestGapInSound };
}

async function packetBytes(name: string): Promise<number[]> {
  const input = new Input({ source: new FilePathSource(at(name)), formats: ALL_FORMATS });
  const video = await input.getPrimaryVideoTrack();
  if (!video) throw new Error('no video');
  const sizes: number[] = [];
  for await (const { byteLength } of new EncodedPacketSink(video).packets()) sizes.push(byteLength);
  input.dispose();
  return sizes;
}

/** A clip with B-frames, as the real models' files have. */
async function encodeReordered(seconds: number): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat(), target });
  const source = new VideoSampleSource({
    codec: 'avc',
    quality: new Quality('medium'),
    latencyMode: 'quality',
    hardwareAcceleration: 'prefer-software',
  });
  output.addVideoTrack(source);
  await output.start();
  for (let index = 0; index < seconds * 24; index += 1) {
    const data = new Uint8Array((64 * 64 * 3) / 2).map((_, pixel) => (pixel + index * 5) % 200);
    const sample = new VideoSample(data, {
      format: 'I420',
      codedWidth: 64,
      codedHeight: 64,
      timestamp: index / 24,
      duration: 1 / 24,
    });
    await source.add(sample);
    sample.close();
  }
  await output.finalize();
  const input = new Input({
    source: new (await import('mediabunny')).BufferSource(target.buffer ?? new ArrayBuffer(0)),
    formats: ALL_FORMATS,
  });
  const video = await input.getPrimaryVideoTrack();
  const times: number[] = [];
  if (video) {
    for await (const packet of new EncodedPacketSink(video).packets()) times.push(packet.timestamp);
  }
  input.dispose();
  // The test would be worth nothing if the encoder kept the frames in order.
  expect(times).not.toEqual(times.toSorted((one, other) => one - other));
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}
