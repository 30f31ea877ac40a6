import type { EncodedPacket, InputAudioTrack } from 'mediabunny';

import type { Libav } from './media-av.ts';
import { decoded, faultOfFile } from './media-clips.ts';

export type Glimpse = {
  readonly track: InputAudioTrack;
  /** Seconds on the track's own time line. */
  readonly spans: readonly (readonly [from: number, to: number])[];
  /** Given the decoded frames, one array by channel. */
  readonly take: (channels: readonly Float32Array[]) => void;
};

/**
 * Decodes short spans of AAC in this very thread: mediabunny hands every packet to another thread and back,
 * which takes several times as long as the decoding.
 */
export async function glimpse(libav: Libav, { track, spans, take }: Glimpse): Promise<void> {
  const decode = await openDecoder(libav, track);
  try {
    for (const [from, to] of spans) {
      let isFirst = true;
      for await (const packet of decoded(packetsOf(libav, track, from, to))) {
        const channels = decode.packet(packet);
        // The first one would have to be added to one before it.
        if (!isFirst && channels) take(channels);
        isFirst = false;
      }
    }
  } finally {
    decode.close();
  }
}

async function* packetsOf(
  { bunny }: Libav,
  track: InputAudioTrack,
  from: number,
  to: number,
): AsyncGenerator<EncodedPacket, void> {
  const sink = new bunny.EncodedPacketSink(track);
  let packet = await sink.getPacket(from);
  while (packet && packet.timestamp < to) {
    yield packet;
    packet = await sink.getNextPacket(packet);
  }
}

async function openDecoder({ av }: Libav, track: InputAudioTrack) {
  const config = await track.getDecoderConfig();
  const codec = av.Codec.findDecoder(av.AV_CODEC_ID_AAC);
  if (!config || !codec) throw new Error('AAC cannot be decoded');
  const { description } = config;
  const context = new av.CodecContext();
  context.allocContext3(codec);
  context.sampleRate = config.sampleRate;
  context.extraData = description ? bytesOf(description) : null;
  av.FFmpegError.throwIfError(context.open2Sync(codec), 'open2');
  const [packet, frame] = [new av.Packet(), new av.Frame()];
  packet.alloc();
  frame.alloc();
  return {
    /** Null when the decoder has nothing to tell yet. */
    packet({ data }: EncodedPacket): Float32Array[] | null {
      packet.data = Buffer.from(data);
      const sent = context.sendPacketSync(packet);
      packet.unref();
      if (sent < 0) throw faultOfFile(new av.FFmpegError(sent));
      if (context.receiveFrameSync(frame) < 0) return null;
      const length = frame.nbSamples * Float32Array.BYTES_PER_ELEMENT;
      // Copied, since the decoder uses its memory again.
      return (
        frame.data?.map(
          (plane) => new Float32Array(new Uint8Array(plane.subarray(0, length)).buffer),
        ) ?? null
      );
    },
    close() {
      context.freeContext();
      packet.free();
      frame.free();
    },
  };
}

function bytesOf(source: NonNullable<AudioDecoderConfig['description']>): Buffer {
  return ArrayBuffer.isView(source)
    ? Buffer.from(source.buffer, source.byteOffset, source.byteLength)
    : Buffer.from(source);
}
