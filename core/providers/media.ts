import { rename, rm } from 'node:fs/promises';

import { systemIds, type Ids } from '../ids.ts';
import type { Assembly, MediaFacts, MediaTools } from '../ports/media-tools.ts';
import { copyPackets, encode, planAssembly } from './media-assemble.ts';
import { faultOfFile, openClip, type Bunny, type Clip } from './media-clips.ts';
import { placeCuts } from './media-plan.ts';
import { poster } from './media-poster.ts';
import { probeSound } from './media-sound.ts';
import { drawThumbnail } from './media-title.ts';

/** Of the whole progress: finding out what is to do, and putting the index of an encoded file in front. */
const planShare = 0.02;
const indexShare = 0.05;

/** Looks into and assembles files with mediabunny: copies packets where it can, encodes with FFmpeg where it must. */
export function createMediaTools(ids: Ids = systemIds): MediaTools {
  return {
    probe,
    probeSound,
    poster,
    drawThumbnail,
    async assemble(assembly) {
      const bunny = await import('mediabunny');
      const draft = `${assembly.outputPath}.${ids.next('part')}`;
      const drafts = { encoded: `${draft}.encoded.mp4`, whole: `${draft}.whole.mp4` };
      const clips: Clip[] = [];
      try {
        for (const { path } of assembly.clips) {
          assembly.signal.throwIfAborted();
          clips.push(await open(bunny, path));
        }
        await write(bunny, clips, assembly, drafts);
        assembly.signal.throwIfAborted();
        await rename(drafts.whole, assembly.outputPath);
      } finally {
        for (const clip of clips) clip.close();
        await rm(drafts.encoded, { force: true });
        await rm(drafts.whole, { force: true });
      }
      assembly.onProgress(1);
      return probe(assembly.outputPath);
    },
  };
}

/** Writes the file with its index in front to `whole`; `clips` takes what has to be closed later. */
async function write(
  bunny: Bunny,
  clips: Clip[],
  assembly: Assembly,
  drafts: { readonly encoded: string; readonly whole: string },
): Promise<void> {
  const { seconds, signal, onProgress } = assembly;
  let told = 0;
  /** Progress from `from` up to `to` while the seconds of the video are written. */
  const watch = (from: number, to: number) => ({
    signal,
    onWritten: (at: number) => {
      const fraction = from + (to - from) * Math.min(1, at / seconds);
      // Packets are written in the order of decoding, in which time goes back now and then.
      if (fraction <= told) return;
      told = fraction;
      onProgress(fraction);
    },
  });
  const plan = await planAssembly(bunny, clips, assembly);
  onProgress(planShare);
  const isSoundReady = plan.sound === 'copied' || plan.sound === 'none';
  if (plan.cuts && isSoundReady) {
    await copyPackets(bunny, plan.cuts, drafts.whole, watch(planShare, 1));
    return;
  }
  await encode(bunny, plan, assembly, {
    path: drafts.encoded,
    watch: watch(planShare, 1 - indexShare),
  });
  const encoded = await openClip(bunny, drafts.encoded);
  clips.push(encoded);
  const cuts = await placeCuts(bunny, [encoded], [seconds], seconds);
  if (!cuts) throw new Error('the encoded picture cannot be cut at its end');
  await copyPackets(bunny, cuts, drafts.whole, watch(1 - indexShare, 1));
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
    throw faultOfFile(error);
  }
}
