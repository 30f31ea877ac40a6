import type { EncodedAudioPacketSource, EncodedVideoPacketSource, Output } from 'mediabunny';

import type { Bunny } from './media-clips.ts';
import type { Cut, Placed } from './media-plan.ts';

/** One thing to write: `at` is its time in the video, in seconds. */
export type Step = { readonly at: number; readonly write: () => Promise<void> };

export type Watch = {
  readonly signal: AbortSignal;
  /** Told the time in the video, in seconds, that has been written. */
  readonly onWritten: (at: number) => void;
};

/**
 * Writes an output whose tracks are added: in order of time, so that neither track has to wait in memory for the
 * other. The output is cancelled when anything fails or the signal aborts.
 */
export async function writeInterleaved(
  output: Output,
  video: AsyncGenerator<Step, void>,
  audio: AsyncGenerator<Step, void> | null,
  { signal, onWritten }: Watch,
): Promise<void> {
  const sounds = audio ?? nothing();
  const write = async (step: Step): Promise<void> => {
    signal.throwIfAborted();
    await step.write();
  };
  try {
    await output.start();
    let sound = await sounds.next();
    for await (const picture of video) {
      while (!sound.done && sound.value.at <= picture.at) {
        await write(sound.value);
        sound = await sounds.next();
      }
      await write(picture);
      onWritten(picture.at);
    }
    while (!sound.done) {
      await write(sound.value);
      sound = await sounds.next();
    }
    signal.throwIfAborted();
    await output.finalize();
    signal.throwIfAborted();
  } catch (error) {
    // Decoders of the track that was not at fault are still open.
    await Promise.all([video.return(), sounds.return()]);
    await output.cancel();
    throw error;
  }
}

async function* nothing(): AsyncGenerator<Step, void> {}

/** Video packets as they are, moved to their place. */
export async function* copyVideo(
  bunny: Bunny,
  cuts: readonly Cut[],
  target: EncodedVideoPacketSource,
): AsyncGenerator<Step, void> {
  const decoderConfig = await cuts[0]?.clip.video.getDecoderConfig();
  for (const { clip, offset, until, packetCount, lastTimestamp } of cuts) {
    let left = packetCount;
    for await (const packet of new bunny.EncodedPacketSink(clip.video).packets()) {
      if (left <= 0) break;
      left -= 1;
      const timestamp = offset + packet.timestamp - clip.startsAt;
      const isLast = packet.timestamp === lastTimestamp;
      const duration = isLast ? Math.max(until - timestamp, 0.001) : packet.duration;
      const moved = packet.clone({ timestamp, duration });
      yield {
        at: timestamp,
        write: () => target.add(moved, decoderConfig ? { decoderConfig } : undefined),
      };
    }
  }
}

/**
 * Audio packets as they are. Sound is cut into packets of its own length, so a clip's sound never ends exactly with
 * its picture: packets snap to the end of the one before, and one that would overlap by half is left out.
 * The offset stays under one packet (about 20 ms) and does not add up over clips.
 */
export async function* copyAudio(
  bunny: Bunny,
  clips: readonly Placed[],
  target: EncodedAudioPacketSource,
): AsyncGenerator<Step, void> {
  const decoderConfig = await clips[0]?.clip.audio?.getDecoderConfig();
  let heardUntil = 0;
  for (const { clip, offset, until } of clips) {
    if (!clip.audio) continue;
    for await (const packet of new bunny.EncodedPacketSink(clip.audio).packets()) {
      const wanted = offset + packet.timestamp - clip.startsAt;
      const half = packet.duration / 2;
      if (wanted < heardUntil - half) continue;
      const timestamp = wanted < heardUntil + half ? heardUntil : wanted;
      if (timestamp + half >= until) break;
      heardUntil = timestamp + packet.duration;
      const moved = packet.clone({ timestamp });
      yield {
        at: timestamp,
        write: () => target.add(moved, decoderConfig ? { decoderConfig } : undefined),
      };
    }
  }
}
