import { createRandom } from './random.ts';
import { instagramItem, tiktokItem, youtubeItem } from './shapes.ts';
import { makeVideo, type SandboxPlatform, type Video } from './videos.ts';

/** What one run of an actor was asked for. */
export type Order = {
  readonly platform: SandboxPlatform;
  readonly keyword: string;
  readonly shorts: number;
  /** Long videos; only YouTube has them. */
  readonly longs: number;
};

type GenerateOptions = {
  readonly seed: number;
  readonly now: Date;
  /** Where the pictures are served. */
  readonly imagesUrl: string;
};

type Item = Record<string, unknown>;

/**
 * Makes the dataset of a run, in the field names of the real actors: heavy-tailed counts, hidden likes,
 * missing comments, about 5% error and note items, a few duplicates. The same for the same seed,
 * keyword, platform and moment.
 */
export function generateItems(order: Order, options: GenerateOptions): Item[] {
  const random = createRandom(`${options.seed}|${order.keyword}|${order.platform}|items`);
  const items: Item[] = [];
  const places = [
    ...Array.from({ length: order.shorts }, (_, index) => ({ index, isShort: true })),
    ...Array.from({ length: order.longs }, (_, index) => ({ index, isShort: false })),
  ];
  for (const place of places) {
    const chance = random.next();
    const earlier = items[random.whole(0, Math.max(0, items.length - 1))];
    if (chance < 0.03) items.push(errorItem(order));
    else if (chance < 0.05) items.push({ note: `No more results for "${order.keyword}"` });
    else if (chance < 0.08 && earlier) items.push({ ...earlier });
    else items.push(videoItem(order, options, place));
  }
  return items;
}

function videoItem(
  order: Order,
  options: GenerateOptions,
  place: { readonly index: number; readonly isShort: boolean },
): Item {
  const { platform, keyword } = order;
  const video: Video = makeVideo(`${options.seed}`, platform, place, keyword, options.now);
  const picture = `${options.imagesUrl}/${platform}-${video.id}.png`;
  if (platform === 'tiktok') return tiktokItem(video, keyword, picture);
  if (platform === 'instagram') return instagramItem(video, keyword, picture);
  return youtubeItem(video, keyword, picture, place.index);
}

function errorItem({ platform, keyword }: Order): Item {
  if (platform === 'instagram') {
    return { error: 'not_found', errorDescription: 'Post does not exist', inputUrl: keyword };
  }
  return { errorCode: 'INVALID_URLS', error: 'The page could not be read.', input: keyword };
}
