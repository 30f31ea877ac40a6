/** One look at a video; `seenAt` in milliseconds. */
type Look = { readonly views: number; readonly seenAt: number };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** In trending charts a quarter of the videos grows so fast; they gain six times what others gain next. */
const risingPerDay = Math.log(1.25);
/** From 3 to 10 views is no rise. */
const leastGain = 100;

/**
 * Whether a video gained at least 25% a day, and 100 views, between two looks; null when the looks are
 * less than an hour apart, which measures the platform's counter updates.
 */
export function risingOf(previous: Look, now: Look): boolean | null {
  const elapsed = now.seenAt - previous.seenAt;
  if (!(elapsed >= hourMs)) return null;
  if (now.views - previous.views < leastGain) return false;
  return Math.log(now.views / Math.max(1, previous.views)) * dayMs >= risingPerDay * elapsed;
}

/** What is compared with the other videos of its channel; unknown is null. */
type ChannelVideo = { readonly channel: string | null; readonly views: number | null };
type KnownVideo = { readonly index: number; readonly views: number };

/** A median of fewer other videos is not worth telling. */
const leastOthers = 3;

/**
 * The views of each video as a multiple of the median of the channel's other videos among the given
 * ones, in order; null where fewer than three others are known.
 */
export function timesChannelMedians(videos: readonly ChannelVideo[]): (number | null)[] {
  const channels = new Map<string, KnownVideo[]>();
  for (const [index, { channel, views }] of videos.entries()) {
    if (channel === null || views === null) continue;
    const known = channels.get(channel);
    if (known) known.push({ index, views });
    else channels.set(channel, [{ index, views }]);
  }
  const multiples = videos.map((): number | null => null);
  for (const known of channels.values()) {
    if (known.length <= leastOthers) continue;
    const sorted = known.toSorted((a, b) => a.views - b.views);
    for (const [place, { index, views }] of sorted.entries())
      multiples[index] = views / Math.max(1, medianWithout(sorted, place));
  }
  return multiples;
}

function medianWithout(sorted: readonly KnownVideo[], place: number): number {
  const at = (index: number): number => sorted[index < place ? index : index + 1]?.views ?? 0;
  const middle = (sorted.length - 2) / 2;
  return (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
}
