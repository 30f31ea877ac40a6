import { z } from 'zod';

import { hashNumbers } from './clip-picture.ts';

export const speechSpecSchema = z.object({
  text: z.string(),
  voice: z.string(),
  speed: z.number().positive(),
  sampleRate: z.int().positive(),
  channels: z.int().min(1).max(2),
  bitrate: z.int().positive(),
});
export type SpeechSpec = z.infer<typeof speechSpecSchema>;

/** A syllable, or a pause where the text has a sign or a pause tag. */
type Beat = { readonly sound: string | null; readonly seconds: number };

const syllableSeconds = 0.25;
const hanSeconds = 0.28;
const signSeconds = 0.2;

/** Pause tags such as `<#0.5#>`, single Han characters, words, and the signs that make a voice pause. */
const pieces = /<#(\d+(?:\.\d+)?)#>|(\p{Script=Han})|([\p{L}\p{N}'’]+)|([.,;:!?…。，；：！？、])/gu;
const vowels = /[aeiouyàáâäèéêëìíîïòóôöùúûü]+/giu;

/** How long the text is spoken at normal speed, in seconds; always a little more than nothing. */
export const speechSeconds = ({ text, speed }: Pick<SpeechSpec, 'text' | 'speed'>): number =>
  beatsOf(text).reduce((sum, beat) => sum + beat.seconds, 0) / speed;

/** Mono samples: one falling or rising tone with a few harmonics for each syllable. */
export function speak(spec: SpeechSpec): Float32Array {
  const { sampleRate, speed } = spec;
  const samples = new Float32Array(Math.round(speechSeconds(spec) * sampleRate));
  const pitch = 100 + 120 * hashNumbers(`voice\n${spec.voice}`)();
  let at = 0;
  for (const { sound, seconds } of beatsOf(spec.text)) {
    const length = (seconds / speed) * sampleRate;
    if (sound !== null) {
      const next = hashNumbers(`syllable\n${sound}`);
      const tone = { from: pitch * (0.85 + 0.4 * next()), to: pitch * (0.85 + 0.4 * next()) };
      drawTone(samples, {
        at: Math.round(at),
        length: Math.round(length * 0.88),
        sampleRate,
        tone,
      });
    }
    at += length;
  }
  return samples;
}

function drawTone(
  samples: Float32Array,
  beat: {
    readonly at: number;
    readonly length: number;
    readonly sampleRate: number;
    readonly tone: { readonly from: number; readonly to: number };
  },
): void {
  const { at, length, sampleRate, tone } = beat;
  let phase = 0;
  for (let index = 0; index < length && at + index < samples.length; index += 1) {
    const share = index / length;
    phase += (2 * Math.PI * (tone.from + (tone.to - tone.from) * share)) / sampleRate;
    const loudness = 0.3 * Math.sin(Math.PI * share) ** 0.5;
    const wave = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.25 * Math.sin(3 * phase);
    samples[at + index] = (loudness * wave) / 1.75;
  }
}

function beatsOf(text: string): Beat[] {
  const beats = Array.from(text.matchAll(pieces)).flatMap(([, pause, han, word]): Beat[] => {
    if (pause !== undefined) return [{ sound: null, seconds: Number(pause) }];
    if (han !== undefined) return [{ sound: han, seconds: hanSeconds }];
    if (word === undefined) return [{ sound: null, seconds: signSeconds }];
    return Array.from({ length: syllablesIn(word) }, (_, index) => ({
      sound: `${word}/${index}`,
      seconds: syllableSeconds,
    }));
  });
  return beats.length > 0 ? beats : [{ sound: null, seconds: signSeconds }];
}

/** Groups of vowels without a silent `e` at the end; digits are read out one by one. */
function syllablesIn(word: string): number {
  if (/^\d+$/.test(word)) return word.length;
  const spoken = word.replace(/([^aeiou])e$/i, '$1');
  return Math.max(1, spoken.match(vowels)?.length ?? 0);
}
