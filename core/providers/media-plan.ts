import type { EncodedPacketSink } from 'mediabunny';

import type { Bunny, Clip } from './media-clips.ts';

/** Where a clip lies in the video; all but `clip` in seconds. */
export type Placed = {
  readonly clip: Clip;
  readonly offset: number;
  /** Where the next one begins; a clip that is shorter shows its last frame until then. */
  readonly until: number;
  /** How much of the clip is used, from its start. */
  readonly lengthSeconds: number;
};

/** A clip of which whole packets are used. */
export type Cut = Placed & {
  /** How many video packets to take, in decode order. */
  readonly packetCount: number;
  /** The time of the last frame shown, on the clip's own time line. */
  readonly lastTimestamp: number;
};

/** How far a cut between packets may be from where it was asked for. */
const cutToleranceSeconds = 0.1;

/** Lays the clips end to end so that the last one ends at `seconds`, as only decoded frames can be cut. */
export function placeExactly(
  clips: readonly Clip[],
  wanted: readonly number[],
  seconds: number,
): Placed[] {
  let offset = 0;
  return targets(wanted, seconds).flatMap((until, index) => {
    const clip = clips[index];
    if (!clip || until <= offset) return [];
    const lengthSeconds = Math.min(clip.endsAt - clip.startsAt, until - offset);
    const placed = { clip, offset, until, lengthSeconds };
    offset = until;
    return [placed];
  });
}

/**
 * Lays the clips end to end, each cut between the packets that are nearest to where it should end, so that
 * the error of one cut is made good by the next; null when a cut would be off by more than 0.1 s.
 */
export async function placeCuts(
  bunny: Bunny,
  clips: readonly Clip[],
  wanted: readonly number[],
  seconds: number,
): Promise<Cut[] | null> {
  const placed: Cut[] = [];
  let offset = 0;
  for (const [index, target] of targets(wanted, seconds).entries()) {
    const clip = clips[index];
    if (!clip || target <= offset + cutToleranceSeconds) continue;
    const sink = new bunny.EncodedPacketSink(clip.video);
    const cut = await bestCut(sink, clip, target - offset);
    const end = offset + cut.lengthSeconds;
    const isWhole = cut.lengthSeconds >= clip.endsAt - clip.startsAt - 1e-6;
    if (cut.packetCount === 0 || (!isWhole && Math.abs(target - end) > cutToleranceSeconds)) {
      return null;
    }
    // A clip that ends too early is held until its time is over; what is less than two frames is no hold.
    const isHeld = target - end > (2 * cut.lengthSeconds) / cut.packetCount;
    const until = isHeld || target === seconds ? target : end;
    placed.push({ ...cut, clip, offset, until });
    offset = until;
  }
  return placed.at(-1)?.until === seconds ? placed : null;
}

/** Where each clip should end; the last of all at `seconds`, whatever they sum up to. */
function targets(wanted: readonly number[], seconds: number): number[] {
  let sum = 0;
  return wanted.map((length, index) => {
    sum += length;
    const isLast = index === wanted.length - 1;
    // Lengths in decimals do not sum up to the bit.
    return isLast || sum > seconds - 0.001 ? seconds : sum;
  });
}

type Run = Pick<Cut, 'lengthSeconds' | 'packetCount' | 'lastTimestamp'>;

/** The run of packets from the start, without holes in presentation order, that ends nearest to `limit`. */
async function bestCut(sink: EncodedPacketSink, clip: Clip, limit: number): Promise<Run> {
  const whole = clip.endsAt - clip.startsAt;
  let best: Run = { lengthSeconds: 0, packetCount: 0, lastTimestamp: 0 };
  let [count, end, shown, last] = [0, 0, 0, 0];
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    count += 1;
    last = Math.max(last, packet.timestamp);
    end = Math.max(end, packet.timestamp + packet.duration - clip.startsAt);
    shown += packet.duration;
    const hasHole = end - shown > packet.duration / 2;
    if (!hasHole && Math.abs(end - limit) < Math.abs(best.lengthSeconds - limit)) {
      best = { lengthSeconds: end, packetCount: count, lastTimestamp: last };
    }
    // Reordering never reaches back further than the decoder's 16 reference frames.
    if (whole > limit && packet.timestamp - clip.startsAt > limit + 16 * packet.duration) break;
  }
  // A track with holes of its own is taken whole when nothing has to be cut.
  return whole <= limit ? { lengthSeconds: whole, packetCount: count, lastTimestamp: last } : best;
}
