import type { EncodedVideoPacketSource, VideoSampleSource } from 'mediabunny';

import type { Assembly } from '../ports/media-tools.ts';
import { loadLibav } from './media-av.ts';
import type { Bunny, Clip } from './media-clips.ts';
import { drawFrames, frameRateOf } from './media-frames.ts';
import type { Size } from './media-jpeg.ts';
import { levelGains, soundAlike } from './media-levels.ts';
import { mixSound } from './media-mix.ts';
import { placeCuts, placeExactly, type Cut, type Placed } from './media-plan.ts';
import { even } from './media-shape.ts';
import { copyAudio, copyVideo, writeInterleaved, type Watch } from './media-steps.ts';

/** Room in the reserved index beyond the counted packets. */
const sparePackets = 64;
/** Sound that ends this much before its picture is filled up with silence, in seconds. */
const longestPause = 0.06;
/** MiniMax calls 1366x768 16:9: nobody sees so small a difference, and it is not worth an encoding. */
const shapeTolerance = 0.02;
/** 8 bit and 4:2:0 in H.264: constrained baseline, main and high. */
const plainProfiles = /^avc[13]\.(42|4d|64)/i;

/** What of the clips can be used as it is. */
export type Plan = {
  /** Null: the picture is encoded. */
  readonly cuts: readonly Cut[] | null;
  readonly placed: readonly Placed[];
  readonly sound: 'none' | 'copied' | 'encoded';
};

/** Finds out what has to be encoded. */
export async function planAssembly(
  bunny: Bunny,
  clips: readonly Clip[],
  assembly: Assembly,
): Promise<Plan> {
  const { seconds } = assembly;
  const wanted = assembly.clips.map((clip) => clip.seconds);
  const cuts = (await isPictureReady(clips, assembly))
    ? await placeCuts(bunny, clips, wanted, seconds)
    : null;
  const placed = cuts ?? placeExactly(clips, wanted, seconds);
  if (placed.length === 0) throw new Error('there is nothing to assemble');
  return { cuts, placed, sound: await planSound(bunny, placed, assembly) };
}

async function isPictureReady(clips: readonly Clip[], assembly: Assembly): Promise<boolean> {
  const { size, captions } = assembly;
  const [first] = clips;
  if (!first || captions.length > 0) return false;
  if (clips.some(({ videoKind }) => videoKind !== first.videoKind)) return false;
  const config = await first.video.getDecoderConfig();
  if (!plainProfiles.test(config?.codec ?? '')) return false;
  const [width, height] = [
    await first.video.getDisplayWidth(),
    await first.video.getDisplayHeight(),
  ];
  return Math.abs((width * size.height) / (height * size.width) - 1) <= shapeTolerance;
}

async function planSound(
  bunny: Bunny,
  placed: readonly Placed[],
  { voice }: Assembly,
): Promise<Plan['sound']> {
  if (voice.length > 0) return 'encoded';
  if (placed.every(({ clip }) => !clip.audio)) return 'none';
  const kind = placed[0]?.clip.audioKind;
  if (placed.some(({ clip }) => clip.audioKind !== kind)) return 'encoded';
  for (const { clip, offset, until } of placed) {
    if ((await clip.audio?.getCodec()) !== 'aac') return 'encoded';
    const heard = ((await clip.audio?.computeDuration()) ?? 0) - clip.startsAt;
    if (until - offset - heard > longestPause) return 'encoded';
  }
  return (await soundAlike(await loadLibav(bunny), placed)) ? 'copied' : 'encoded';
}

/** Packets as they are, the index in front, and never more than a few packets in memory. */
export async function copyPackets(
  bunny: Bunny,
  cuts: readonly Cut[],
  path: string,
  watch: Watch,
): Promise<void> {
  const first = cuts[0]?.clip;
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
    maximumPacketCount: cuts.reduce((sum, { packetCount }) => sum + packetCount, sparePackets),
  });
  const sound = new bunny.EncodedAudioPacketSource((await first.audio?.getCodec()) ?? 'aac');
  const soundConfig = await first.audio?.getDecoderConfig();
  if (soundConfig) {
    const maximumPacketCount = await countAudioPackets(cuts);
    output.addAudioTrack(sound, { decoderConfig: soundConfig, maximumPacketCount });
  }
  await writeInterleaved(
    output,
    copyVideo(bunny, cuts, picture),
    soundConfig ? copyAudio(bunny, cuts, sound) : null,
    watch,
  );
}

async function countAudioPackets(plan: readonly Placed[]): Promise<number> {
  let count = sparePackets;
  for (const { clip } of plan) {
    if (clip.audio) count += (await clip.audio.computePacketStats()).packetCount;
  }
  return count;
}

/** Encodes what the plan says and copies the rest; the index comes last. */
export async function encode(
  bunny: Bunny,
  plan: Plan,
  assembly: Assembly,
  to: { readonly path: string; readonly watch: Watch },
): Promise<void> {
  const libav = await loadLibav(bunny);
  const output = new bunny.Output({
    format: new bunny.Mp4OutputFormat({ fastStart: false }),
    target: new bunny.FilePathTarget(to.path),
  });
  const frameRate = await firstFrameRate(plan);
  const picture = await pictureSource(bunny, plan);
  output.addVideoTrack(
    picture.source,
    picture.isEncoded ? { frameRate } : { rotation: picture.rotation },
  );
  const sounds =
    plan.sound === 'copied'
      ? new bunny.EncodedAudioPacketSource('aac')
      : new bunny.AudioSampleSource({ codec: 'aac', quality: new bunny.Quality('high') });
  if (plan.sound !== 'none') output.addAudioTrack(sounds);
  const frames = picture.isEncoded
    ? drawFrames(
        libav,
        plan.placed,
        { ...assembly, size: evenSize(assembly.size), frameRate },
        picture.source,
      )
    : copyVideo(bunny, plan.cuts ?? [], picture.source);
  await writeInterleaved(
    output,
    frames,
    plan.sound === 'none'
      ? null
      : sounds instanceof bunny.AudioSampleSource
        ? mixSound(libav, await mixOf(bunny, plan, assembly), sounds)
        : copyAudio(bunny, plan.placed, sounds),
    to.watch,
  );
}

const firstFrameRate = async ({ placed: [first] }: Plan): Promise<number> =>
  first ? frameRateOf(first.clip.video) : 0;

const mixOf = async (bunny: Bunny, { placed }: Plan, { voice, signal }: Assembly) => ({
  plan: placed,
  gains: await levelGains(bunny, placed, signal),
  voice,
});

type PictureSource =
  | { readonly isEncoded: true; readonly source: VideoSampleSource }
  | {
      readonly isEncoded: false;
      readonly source: EncodedVideoPacketSource;
      readonly rotation: 0 | 90 | 180 | 270;
    };

async function pictureSource(bunny: Bunny, { cuts }: Plan): Promise<PictureSource> {
  const kept = cuts?.[0]?.clip.video;
  if (kept) {
    const source = new bunny.EncodedVideoPacketSource((await kept.getCodec()) ?? 'avc');
    return { isEncoded: false, source, rotation: await kept.getRotation() };
  }
  const source = new bunny.VideoSampleSource({
    codec: 'avc',
    quality: new bunny.Quality('high'),
    hardwareAcceleration: 'prefer-software',
    keyFrameInterval: 2,
  });
  return { isEncoded: true, source };
}

const evenSize = ({ width, height }: Size): Size => ({ width: even(width), height: even(height) });
