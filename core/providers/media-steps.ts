import type {
  AudioSampleSource,
  EncodedAudioPacketSource,
  EncodedVideoPacketSource,
  Output,
  VideoSampleSource,
} from 'mediabunny';

import type { Placed } from './media-clips.ts';

type Bunny = typeof import('mediabunny');

/** One thing to write: `at` is its time in the joined video, in seconds. */
export type Step = { readonly at: number; readonly write: () => Promise<void> };

/**
 * Writes an output whose tracks are added: in order of time, so that neither track has to wait in memory for the
 * other. The output is cancelled when anything fails.
 */
export async function writeInterleaved(
  output: Output,
  video: AsyncGenerator<Step, void>,
  audio: AsyncGenerator<Step, void> | null,
): Promise<void> {
  const sounds = audio ?? nothing();
  try {
    await output.start();
    let sound = await sounds.next();
    for await (const picture of video) {
      while (!sound.done && sound.value.at <= picture.at) {
        await sound.value.write();
        sound = await sounds.next();
      }
      await picture.write();
    }
    while (!sound.done) {
      await sound.value.write();
      sound = await sounds.next();
    }
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  }
}

async function* nothing(): AsyncGenerator<Step, void> {}

/** Video packets as they are, moved to their place. */
export async function* copyVideo(
  bunny: Bunny,
  clips: readonly Placed[],
  target: EncodedVideoPacketSource,
): AsyncGenerator<Step, void> {
  const decoderConfig = await clips[0]?.clip.video.getDecoderConfig();
  for (const { clip, offset, packetCount } of clips) {
    let left = packetCount;
    for await (const packet of new bunny.EncodedPacketSink(clip.video).packets()) {
      if (left <= 0) break;
      left -= 1;
      const timestamp = offset + packet.timestamp - clip.startsAt;
      const moved = packet.clone({ timestamp });
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
  for (const { clip, offset, lengthSeconds } of clips) {
    if (!clip.audio) continue;
    for await (const packet of new bunny.EncodedPacketSink(clip.audio).packets()) {
      const wanted = offset + packet.timestamp - clip.startsAt;
      const half = packet.duration / 2;
      if (wanted + half >= offset + lengthSeconds) break;
      if (wanted < heardUntil - half) continue;
      const timestamp = wanted < heardUntil + half ? heardUntil : wanted;
      heardUntil = timestamp + packet.duration;
      const moved = packet.clone({ timestamp });
      yield {
        at: timestamp,
        write: () => target.add(moved, decoderConfig ? { decoderConfig } : undefined),
      };
    }
  }
}

/** Decoded frames, moved to their place; the target scales and encodes them. */
export async function* decodeVideo(
  bunny: Bunny,
  clips: readonly Placed[],
  target: VideoSampleSource,
): AsyncGenerator<Step, void> {
  for (const { clip, offset, lengthSeconds } of clips) {
    const end = clip.startsAt + lengthSeconds;
    for await (const frame of new bunny.VideoSampleSink(clip.video).samples(clip.startsAt, end)) {
      const at = offset + frame.timestamp - clip.startsAt;
      frame.setTimestamp(at);
      frame.setDuration(Math.min(frame.duration, offset + lengthSeconds - at));
      yield {
        at,
        write: async () => {
          await target.add(frame);
          frame.close();
        },
      };
    }
  }
}

/** Decoded sound without a gap: where a clip is silent, so are the samples. */
export async function* decodeAudio(
  bunny: Bunny,
  clips: readonly Placed[],
  sampleRate: number,
  target: AudioSampleSource,
): AsyncGenerator<Step, void> {
  const silence = (from: number, to: number): Step[] =>
    silentSpans(from, to).map(([start, end]) => {
      const data = new Float32Array(Math.round((end - start) * sampleRate));
      const shape = { format: 'f32', numberOfChannels: 1, sampleRate, timestamp: start } as const;
      return soundStep(new bunny.AudioSample({ data, ...shape }), target);
    });
  let heardUntil = 0;
  for (const { clip, offset, lengthSeconds } of clips) {
    const end = clip.startsAt + lengthSeconds;
    const samples = clip.audio
      ? new bunny.AudioSampleSink(clip.audio).samples(clip.startsAt, end)
      : [];
    for await (const sample of samples) {
      const wanted = offset + sample.timestamp - clip.startsAt;
      if (wanted + sample.duration / 2 < heardUntil) {
        sample.close();
        continue;
      }
      yield* silence(heardUntil, wanted);
      sample.setTimestamp(Math.max(wanted, heardUntil));
      heardUntil = sample.timestamp + sample.duration;
      yield soundStep(sample, target);
    }
    yield* silence(heardUntil, offset + lengthSeconds);
    heardUntil = Math.max(heardUntil, offset + lengthSeconds);
  }
}

function soundStep(sample: InstanceType<Bunny['AudioSample']>, target: AudioSampleSource): Step {
  return {
    at: sample.timestamp,
    write: async () => {
      await target.add(sample);
      sample.close();
    },
  };
}

/** Spans of at most a second; less than a millisecond is no gap. */
function silentSpans(from: number, to: number): [number, number][] {
  if (to - from < 0.001) return [];
  return Array.from({ length: Math.ceil(to - from) }, (_, index) => [
    from + index,
    Math.min(from + index + 1, to),
  ]);
}
