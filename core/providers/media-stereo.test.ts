import { describe, expect, test } from 'vitest';

import { toneLevel } from '../../test/kit/media-clips.ts';
import { createLimiter } from './media-limiter.ts';
import { LoudnessMeter } from './media-loudness.ts';
import { createResampler } from './media-resample.ts';
import { concat, slice, type Stereo } from './media-stereo.ts';
import { speedUp } from './media-tempo.ts';

/** A sine in both channels. */
function tone(hertz: number, level: number, seconds: number, rate = 48_000): Stereo {
  const left = Float32Array.from(
    { length: Math.round(seconds * rate) },
    (_, at) => level * Math.sin((2 * Math.PI * hertz * at) / rate),
  );
  return { left, right: left.slice() };
}

const peakOf = (data: Float32Array): number =>
  data.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);

const pieces = (sound: Stereo, length: number): Stereo[] =>
  Array.from({ length: Math.ceil(sound.left.length / length) }, (_, index) =>
    slice(sound, index * length, (index + 1) * length),
  );

describe('loudness', () => {
  const measure = (sound: Stereo, rate: number, channels: 1 | 2 = 2) => {
    const meter = new LoudnessMeter(rate, channels);
    for (const { left, right } of pieces(sound, 1024)) meter.add([left, right].slice(0, channels));
    return meter.integrated();
  };

  // EBU Tech 3341, case 1 and 2: a stereo sine of 1000 Hz at -23 dBFS measures -23 LUFS.
  test.each([
    [-23, 48_000],
    [-33, 48_000],
    [-23, 44_100],
    [-23, 24_000],
  ])('of a sine of %i dB at %i Hz is as much', (decibels, rate) => {
    expect(measure(tone(1000, 10 ** (decibels / 20), 20, rate), rate)).toBeCloseTo(decibels, 1);
  });

  test('passes over what is much quieter than the rest', () => {
    // EBU Tech 3341, case 3: -36 for 10 s, -23 for 60 s, -36 for 10 s.
    const quiet = tone(1000, 10 ** (-36 / 20), 10);
    const sound = concat([quiet, tone(1000, 10 ** (-23 / 20), 60), quiet]);
    expect(measure(sound, 48_000)).toBeCloseTo(-23, 1);
  });

  test('of one channel is what it is from both sides', () => {
    expect(measure(tone(1000, 10 ** (-23 / 20), 5), 48_000, 1)).toBeCloseTo(-23, 1);
  });

  test('of silence is nothing', () => {
    expect(measure(tone(1000, 0, 2), 48_000)).toBe(-Infinity);
    expect(new LoudnessMeter(48_000, 2).integrated()).toBe(-Infinity);
  });
});

describe('resampling', () => {
  test.each([44_100, 24_000, 22_050, 16_000, 96_000, 44_056])(
    '%i Hz keeps tone, level and length',
    (rate) => {
      const { push, end } = createResampler(rate, 48_000);
      const sound = tone(1000, 0.5, 2, rate);
      const out = concat([...pieces(sound, 1000).map(push), end()]);
      expect(Math.abs(out.left.length - 96_000)).toBeLessThanOrEqual(2);
      const heard = { rate: 48_000, data: out.left };
      expect(toneLevel(heard, 1000, 0.1, 1.9)).toBeCloseTo(0.5, 2);
      const rest = out.left.map(
        (value, at) => value - 0.5 * Math.sin((2 * Math.PI * 1000 * at) / 48_000),
      );
      // In step with the source, without a seam between the pieces.
      expect(peakOf(rest.subarray(2000, 94_000))).toBeLessThan(0.01);
    },
  );

  test('removes what the new rate cannot hold', () => {
    const { push, end } = createResampler(96_000, 48_000);
    const out = concat([push(tone(40_000, 0.5, 1, 96_000)), end()]);
    expect(peakOf(out.left.subarray(1000, 40_000))).toBeLessThan(0.02);
  });
});

describe('the limiter', () => {
  const limited = (sound: Stereo) => {
    const limiter = createLimiter(240);
    const parts = pieces(sound, 1000).map((piece) => limiter.push(piece));
    return concat([...parts, limiter.push(slice(concat([sound]), 0, 240))]).left.subarray(240);
  };

  test('leaves alone what is low enough', () => {
    const sound = tone(500, 0.84, 0.5);
    expect(limited(sound).subarray(0, 20_000)).toEqual(sound.left.subarray(0, 20_000));
  });

  test('keeps the highest peak at the ceiling and bends nothing', () => {
    const sound = concat([tone(500, 0.4, 0.3), tone(500, 1.7, 0.3), tone(500, 0.4, 0.3)]);
    const out = limited(sound);
    const peak = peakOf(out);
    expect(peak).toBeLessThanOrEqual(0.8501);
    expect(peak).toBeGreaterThan(0.8);
    const steps = out.map((value, at) => Math.abs(value - (out[at - 1] ?? value)));
    // The steepest place of a sine of 500 Hz at 0.85.
    expect(peakOf(steps)).toBeLessThan(0.06);
  });
});

test.each([1.05, 1.2, 1.3])('speech at %f times keeps its pitch', (speed) => {
  const fast = speedUp(tone(440, 0.5, 3), speed);
  expect(fast.left.length).toBe(Math.round((3 * 48_000) / speed));
  const heard = { rate: 48_000, data: fast.left };
  expect(toneLevel(heard, 440, 0.1, 0.4)).toBeGreaterThan(0.35);
  expect(toneLevel(heard, 440 * speed, 0.1, 0.4)).toBeLessThan(0.1);
  expect(peakOf(fast.left)).toBeLessThan(0.65);
});
