import { rename, rm } from 'node:fs/promises';

import { Fault } from '../fault.ts';
import { systemIds, type Ids } from '../ids.ts';
import type { MediaFacts, MediaTools } from '../ports/media-tools.ts';
import { openClip, placeClips, type Clip, type Placed } from './media-clips.ts';
import { copyAudio, copyVideo, decodeAudio, decodeVideo, writeInterleaved } from './media-steps.ts';

type Bunny = typeof import('mediabunny');

/** How far a copied join may end from what was asked for before it is encoded anew. */
const cutToleranceSeconds = 0.1;
/** Room in the reserved index beyond the counted packets. */
const sparePackets = 64;

/** Looks into and joins files with mediabunny: copies packets where it can, encodes with FFmpeg where it must. */
export function createMediaTools(ids: Ids = systemIds): MediaTools {
  return {
    probe,
    async join(clipPaths, seconds, outputPath) {
      const bunny = await import('mediabunny');
      const draft = `${outputPath}.${ids.next('part')}`;
      const drafts = { encoded: `${draft}.encoded.mp4`, joined: `${draft}.joined.mp4` };
      const clips: Clip[] = [];
      try {
        for (const path of clipPaths) clips.push(await open(bunny, path));
        const plan = await placeClips(bunny, clips, seconds);
        if (plan.length === 0) throw new Error('there is nothing to join');
        const fits = whatFits(plan, seconds);
        if (fits.picture && fits.sound) {
          await copy(bunny, plan, drafts.joined);
        } else {
          const exact = fits.picture ? plan : plan.map((part) => cutExactly(part, seconds));
          await encode(bunny, exact, fits.picture, drafts.encoded);
          const whole = await openClip(bunny, drafts.encoded);
          clips.push(whole);
          await copy(bunny, await placeClips(bunny, [whole], seconds), drafts.joined);
        }
        await rename(drafts.joined, outputPath);
      } finally {
        for (const clip of clips) clip.close();
        await rm(drafts.encoded, { force: true });
        await rm(drafts.joined, { force: true });
      }
      return probe(outputPath);
    },
  };
}

async function probe(path: string): Promise<MediaFacts> {
  const { video, audio, startsAt, endsAt, close } = await open(await import('mediabunny'), path);
  try {
    return {
      durationSeconds: endsAt - startsAt,
      width: await video.getDisplayWidth(),
      height: await video.getDisplayHeight(),
      videoCodec: (await video.getCodec()) ?? 'unknown',
      hasAudio: audio !== null,
    };
  } finally {
    close();
  }
}

async function open(bunny: Bunny, path: string): Promise<Clip> {
  try {
    return await openClip(bunny, path);
  } catch (error) {
    // A missing file or a full disk is ours, not the provider's.
    if (error instanceof Error && 'syscall' in error) throw error;
    throw new Fault('provider_failed', { provider: 'The video model' }, { cause: error });
  }
}

/** Whether all clips share their settings, and the cut falls near a packet's end. */
function whatFits(plan: readonly Placed[], seconds: number): { picture: boolean; sound: boolean } {
  const first = plan[0]?.clip;
  const last = plan.at(-1);
  const end = last ? last.offset + last.lengthSeconds : 0;
  const available = plan.reduce((sum, { clip }) => sum + clip.endsAt - clip.startsAt, 0);
  return {
    picture:
      Math.abs(end - Math.min(seconds, available)) <= cutToleranceSeconds &&
      plan.every(({ clip }) => clip.videoKind === first?.videoKind),
    sound: plan.every(({ clip }) => clip.audioKind === first?.audioKind),
  };
}

/** Packets as they are, the index in front, and never more than a few packets in memory. */
async function copy(bunny: Bunny, plan: readonly Placed[], path: string): Promise<void> {
  const first = plan[0]?.clip;
  const decoderConfig = await first?.video.getDecoderConfig();
  if (!first || !decoderConfig) throw new Error('there is nothing to copy');
  const output = new bunny.Output({
    format: new bunny.Mp4OutputFormat({ fastStart: 'reserve' }),
    target: new bunny.FilePathTarget(path),
  });
  const picture = new bunny.EncodedVideoPacketSource((await first.video.getCodec()) ?? 'avc');
  // With the settings known from the start, the muxer reserves its index before the first packet; later it
  // trips over reordered frames (mediabunny 1.61.0, isobmff-boxes.js cslg).
  output.addVideoTrack(picture, {
    decoderConfig,
    rotation: await first.video.getRotation(),
    maximumPacketCount: plan.reduce((sum, { packetCount }) => sum + packetCount, sparePackets),
  });
  const sound = new bunny.EncodedAudioPacketSource((await first.audio?.getCodec()) ?? 'aac');
  const soundConfig = await first.audio?.getDecoderConfig();
  if (soundConfig) {
    const maximumPacketCount = await countAudioPackets(plan);
    output.addAudioTrack(sound, { decoderConfig: soundConfig, maximumPacketCount });
  }
  await writeInterleaved(
    output,
    copyVideo(bunny, plan, picture),
    soundConfig ? copyAudio(bunny, plan, sound) : null,
  );
}

async function countAudioPackets(plan: readonly Placed[]): Promise<number> {
  let count = sparePackets;
  for (const { clip } of plan) {
    if (clip.audio) count += (await clip.audio.computePacketStats()).packetCount;
  }
  return count;
}

/**
 * Sound decoded and encoded again with the first sound's settings (silence where a clip has none); the picture
 * too, at the first clip's size, unless its packets can be kept.
 */
async function encode(
  bunny: Bunny,
  plan: readonly Placed[],
  keepPicture: boolean,
  path: string,
): Promise<void> {
  const { registerMediabunnyServer } = await import('@mediabunny/server');
  // Without the search for graphics hardware and the warnings it prints.
  registerMediabunnyServer({ hardwareContext: null });
  const first = plan[0]?.clip.video;
  if (!first) throw new Error('there is nothing to encode');
  const output = new bunny.Output({
    format: new bunny.Mp4OutputFormat({ fastStart: false }),
    target: new bunny.FilePathTarget(path),
  });
  const pictures = keepPicture
    ? new bunny.EncodedVideoPacketSource((await first.getCodec()) ?? 'avc')
    : new bunny.VideoSampleSource({
        codec: 'avc',
        quality: new bunny.Quality('high'),
        hardwareAcceleration: 'prefer-software',
        keyFrameInterval: 2,
        sizeChangeBehavior: 'contain',
        transform: {
          width: even(await first.getDisplayWidth()),
          height: even(await first.getDisplayHeight()),
        },
      });
  output.addVideoTrack(pictures, keepPicture ? { rotation: await first.getRotation() } : {});
  const heard = plan.find(({ clip }) => clip.audio)?.clip.audio;
  const sampleRate = (await heard?.getSampleRate()) ?? 0;
  const sounds = new bunny.AudioSampleSource({
    codec: 'aac',
    quality: new bunny.Quality('high'),
    ...(heard
      ? { transform: { sampleRate, numberOfChannels: await heard.getNumberOfChannels() } }
      : {}),
  });
  if (heard) output.addAudioTrack(sounds);
  await writeInterleaved(
    output,
    pictures instanceof bunny.VideoSampleSource
      ? decodeVideo(bunny, plan, pictures)
      : copyVideo(bunny, plan, pictures),
    heard ? decodeAudio(bunny, plan, sampleRate, sounds) : null,
  );
}

/** Decoded frames can be cut anywhere. */
function cutExactly(part: Placed, seconds: number): Placed {
  const { clip, offset } = part;
  return { ...part, lengthSeconds: Math.min(clip.endsAt - clip.startsAt, seconds - offset) };
}

/** H.264 in its usual form has no odd sizes. */
const even = (pixels: number): number => Math.max(2, Math.round(pixels / 2) * 2);
