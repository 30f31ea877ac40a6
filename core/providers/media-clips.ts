import type { Input, InputAudioTrack, InputVideoTrack } from 'mediabunny';

import { Fault } from '../fault.ts';

export type Bunny = typeof import('mediabunny');

/** An open clip; `close` it. All times are seconds on the clip's own time line. */
export type Clip = {
  readonly video: InputVideoTrack;
  readonly audio: InputAudioTrack | null;
  readonly startsAt: number;
  readonly endsAt: number;
  /** Equal for clips whose packets one decoder can take one after the other. */
  readonly videoKind: string;
  readonly audioKind: string | null;
  readonly close: () => void;
};

/**
 * Opens a file and reads its index and its last packet, so that a file that broke off is noticed.
 * @throws when it is no video a decoder could take.
 */
export async function openClip(bunny: Bunny, path: string): Promise<Clip> {
  const input = new bunny.Input({
    source: new bunny.FilePathSource(path),
    formats: bunny.ALL_FORMATS,
  });
  try {
    return await readClip(bunny, input);
  } catch (error) {
    input.dispose();
    throw error;
  }
}

async function readClip(bunny: Bunny, input: Input): Promise<Clip> {
  const video = await input.getPrimaryVideoTrack();
  if (!video) throw new Error('there is no video track');
  const videoConfig = await video.getDecoderConfig();
  if (!videoConfig) throw new Error('the video codec is unknown');
  const last = await new bunny.EncodedPacketSink(video).getPacket(Infinity);
  if (!last) throw new Error('the video track is empty');
  const audio = await input.getPrimaryAudioTrack();
  const audioConfig = audio ? await audio.getDecoderConfig() : null;
  return {
    video,
    audio: audioConfig ? audio : null,
    startsAt: await video.getFirstTimestamp(),
    endsAt: await video.computeDuration(),
    videoKind: JSON.stringify({
      ...videoConfig,
      description: hexOf(videoConfig.description),
      rotation: await video.getRotation(),
    }),
    audioKind:
      audioConfig &&
      JSON.stringify({ ...audioConfig, description: hexOf(audioConfig.description) }),
    close: () => input.dispose(),
  };
}

function hexOf(bytes: ArrayBuffer | ArrayBufferView | SharedArrayBuffer | undefined): string {
  if (bytes === undefined) return '';
  return ArrayBuffer.isView(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
    : Buffer.from(bytes).toString('hex');
}

/** What was thrown by reading a provider's file: a missing file or a full disk is ours, the rest is theirs. */
export function faultOfFile(error: unknown, provider = 'The video model'): unknown {
  if (error instanceof Error && 'syscall' in error) return error;
  return new Fault('provider_failed', { provider }, { cause: error });
}

/** The same items; a provider's file that cannot be decoded fails as Fault `provider_failed`. */
export async function* decoded<T>(
  items: AsyncIterable<T>,
  provider?: string,
): AsyncGenerator<T, void> {
  try {
    yield* items;
  } catch (error) {
    throw faultOfFile(error, provider);
  }
}
