import { registerMediabunnyServer } from '@mediabunny/server';
import { ALL_FORMATS, AudioSampleSink, BufferSource, Input } from 'mediabunny';
import { afterAll, expect, test } from 'vitest';

import { createClipRenderer } from './clips.ts';
import { speak, speechSeconds, type SpeechSpec } from './speech.ts';

registerMediabunnyServer({ hardwareContext: null });

const renderer = createClipRenderer();
afterAll(() => renderer.close());

const spec: SpeechSpec = {
  text: 'A paper boat sails down the street.',
  voice: 'Wise_Woman',
  speed: 1,
  sampleRate: 32_000,
  channels: 1,
  bitrate: 128_000,
};

test.each<[string, number]>([
  ['boat', 0.25],
  ['paper', 0.5],
  ['time', 0.25],
  ['a paper boat', 1],
  ['纸船', 0.56],
  ['纸船，漂过 rain', 2 * 0.28 + 0.2 + 2 * 0.28 + 0.25],
  ['2026', 1],
  ['boat<#1.5#>boat', 2],
  ['boat.', 0.45],
  ['', 0.2],
  ['🙂', 0.2],
])('%s takes %d s', (text, seconds) => {
  expect(speechSeconds({ text, speed: 1 })).toBeCloseTo(seconds, 6);
  expect(speechSeconds({ text, speed: 2 })).toBeCloseTo(seconds / 2, 6);
});

test('pauses are silent and syllables are not', () => {
  const samples = speak({ ...spec, text: 'boat<#1#>boat' });
  const loudest = (from: number, to: number) =>
    samples
      .subarray(from * spec.sampleRate, to * spec.sampleRate)
      .reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(samples).toHaveLength(1.5 * spec.sampleRate);
  expect(loudest(0, 0.25)).toBeGreaterThan(0.1);
  expect(loudest(0.25, 1.25)).toBe(0);
  expect(loudest(1.25, 1.5)).toBeGreaterThan(0.1);
  expect(loudest(0, 1.5)).toBeLessThan(0.5);
});

test.each([
  [1, 32_000],
  [2, 44_100],
])(
  'an MP3 with %i channels at %i Hz can be played, and is as long as it says',
  async (channels, sampleRate) => {
    const bytes = await renderer.speak({ ...spec, channels, sampleRate });
    using input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
    expect(await input.getMimeType()).toContain('audio/mpeg');
    const track = await input.getPrimaryAudioTrack();
    if (!track) throw new Error('no sound');
    expect(Math.abs((await input.computeDuration()) - speechSeconds(spec))).toBeLessThan(0.1);
    expect(await track.getSampleRate()).toBe(sampleRate);
    expect(await track.getNumberOfChannels()).toBe(channels);
    let frames = 0;
    let loudest = 0;
    for await (const sample of new AudioSampleSink(track).samples()) {
      const data = new Float32Array(sample.numberOfFrames);
      sample.copyTo(data, { planeIndex: 0, format: 'f32-planar' });
      frames += data.length;
      loudest = data.reduce((most, value) => Math.max(most, Math.abs(value)), loudest);
      sample.close();
    }
    expect(Math.abs(frames / sampleRate - speechSeconds(spec))).toBeLessThan(0.1);
    expect(loudest).toBeGreaterThan(0.1);
  },
);

test('the same words and voice give the same bytes, another voice others', async () => {
  const first = Buffer.from(await renderer.speak(spec));
  expect(first.equals(Buffer.from(await renderer.speak(spec)))).toBe(true);
  const other = await renderer.speak({ ...spec, voice: 'Deep_Voice_Man' });
  expect(first.equals(Buffer.from(other))).toBe(false);
});
