import type { EncodedPacketSink, Input, InputAudioTrack, InputVideoTrack } from 'mediabunny';

type Bunny = typeof import('mediabunny');

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

/** Where a clip lies in the joined video. */
export type Placed = {
  readonly clip: Clip;
  /** Seconds into the joined video. */
  readonly offset: number;
  readonly lengthSeconds: number;
  /** How many video packets to take, in decode order. */
  readonly packetCount: number;
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

/**
 * Lays the clips end to end up to `seconds`. The last one may end up to some frames off, since a packet can
 * be dropped only together with everything that follows it in decode order.
 */
export async function placeClips(
  bunny: Bunny,
  clips: readonly Clip[],
  seconds: number,
): Promise<Placed[]> {
  const placed: Placed[] = [];
  let offset = 0;
  for (const clip of clips) {
    if (offset >= seconds) break;
    const sink = new bunny.EncodedPacketSink(clip.video);
    const { lengthSeconds, packetCount } = await bestCut(sink, clip, seconds - offset);
    if (packetCount > 0) placed.push({ clip, offset, lengthSeconds, packetCount });
    offset += lengthSeconds;
  }
  return placed;
}

/** The run of packets from the start, without holes in presentation order, that ends nearest to `limit`. */
async function bestCut(
  sink: EncodedPacketSink,
  clip: Clip,
  limit: number,
): Promise<{ lengthSeconds: number; packetCount: number }> {
  const whole = clip.endsAt - clip.startsAt;
  let best = { lengthSeconds: 0, packetCount: 0 };
  let [count, end, shown] = [0, 0, 0];
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    count += 1;
    end = Math.max(end, packet.timestamp + packet.duration - clip.startsAt);
    shown += packet.duration;
    const hasHole = end - shown > packet.duration / 2;
    if (!hasHole && Math.abs(end - limit) < Math.abs(best.lengthSeconds - limit)) {
      best = { lengthSeconds: end, packetCount: count };
    }
    // Reordering never reaches back further than the decoder's 16 reference frames.
    if (whole > limit && packet.timestamp - clip.startsAt > limit + 16 * packet.duration) break;
  }
  // A track with holes of its own is taken whole when nothing has to be cut.
  return whole <= limit ? { lengthSeconds: whole, packetCount: count } : best;
}
