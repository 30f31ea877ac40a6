import type { Assembly } from '../ports/media-tools.ts';
import { faultOfFile, type Bunny } from './media-clips.ts';
import { LoudnessMeter } from './media-loudness.ts';
import { decodeStereo } from './media-pcm.ts';
import { concat, ramp, slice, soundRate, type Stereo } from './media-stereo.ts';
import { speedUp } from './media-tempo.ts';

export type Line = Assembly['voice'][number];

const provider = 'The voice model';
/** Faster than this, speech is hard to follow. */
const largestSpeed = 1.3;
/** How speech is levelled, in LUFS, and by how much at most, in dB. */
const speechLoudness = -16;
const largestGain = 15;
/** How long a line that has to be cut fades out. */
const fadeFrames = 0.2 * soundRate;

/**
 * A spoken line as it will be heard: levelled, sped up to at most 1.3 times where it is too long for its
 * time, and then cut.
 * @throws Fault `provider_failed` when the file holds no sound.
 */
export async function loadLine(bunny: Bunny, line: Line): Promise<Stereo> {
  const spoken = await readLine(bunny, line);
  const room = Math.round(line.seconds * soundRate);
  const speed = Math.min(largestSpeed, spoken.left.length / room);
  const fitted = speed > 1 ? speedUp(spoken, speed) : spoken;
  const heard = slice(fitted, 0, room);
  if (fitted.left.length > room) ramp(slice(heard, Math.max(0, room - fadeFrames)), 1, 0);
  const gain = gainOf(heard);
  ramp(heard, gain, gain);
  return heard;
}

/** No more than can be used, so that a wrong file does not fill the memory. */
async function readLine(bunny: Bunny, { path, seconds }: Line): Promise<Stereo> {
  const input = new bunny.Input({
    source: new bunny.FilePathSource(path),
    formats: bunny.ALL_FORMATS,
  });
  try {
    const track = await firstSound(input.getPrimaryAudioTrack());
    const from = Math.max(0, await track.getFirstTimestamp());
    const to = from + seconds * largestSpeed + 1;
    const parts: Stereo[] = [];
    for await (const part of decodeStereo(bunny, { track, from, to, provider })) parts.push(part);
    return concat(parts);
  } finally {
    input.dispose();
  }
}

async function firstSound<Track>(found: Promise<Track | null>): Promise<Track> {
  try {
    const track = await found;
    if (!track) throw new Error('there is no sound');
    return track;
  } catch (error) {
    throw faultOfFile(error, provider);
  }
}

function gainOf({ left, right }: Stereo): number {
  const meter = new LoudnessMeter(soundRate, 2);
  meter.add([left, right]);
  const change = speechLoudness - meter.integrated();
  if (!Number.isFinite(change)) return 1;
  return 10 ** (Math.max(-largestGain, Math.min(largestGain, change)) / 20);
}
