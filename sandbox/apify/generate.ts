import { pictureUrl } from './image.ts';
import { createRandom } from './random.ts';
import { instagramItem, tiktokItem, youtubeItem } from './shapes.ts';
import { makeVideo, type SandboxPlatform, type Video } from './videos.ts';

/** What one run of an actor was asked to find. */
export type SearchOrder = {
  readonly platform: SandboxPlatform;
  readonly keyword: string;
  readonly shorts: number;
  /** Long videos; only YouTube has them. */
  readonly longs: number;
};

export type GenerateOptions = {
  readonly seed: number;
  readonly now: Date;
  /** Where the pictures are served. */
  readonly imagesUrl: string;
  /** Called with every video that is brought. */
  readonly remember?: (video: Video) => void;
};

type Item = Record<string, unknown>;

/**
 * Makes the dataset of a run, in the field names of the real actors: heavy-tailed counts, hidden likes,
 * missing comments, about 5% error and note items, a few duplicates. The same for the same seed,
 * keyword, platform and moment.
 */
export function generateItems(order: SearchOrder, options: GenerateOptions): Item[] {
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
  { platform, keyword }: SearchOrder,
  options: GenerateOptions,
  place: { readonly index: number; readonly isShort: boolean },
): Item {
  const video = makeVideo(`${options.seed}`, { platform, keyword, ...place }, options.now);
  options.remember?.(video);
  return writeItem(video, options, null);
}

/** The item of a video, found by its keyword or by the address. */
export function writeItem(
  video: Video,
  { imagesUrl, now }: Pick<GenerateOptions, 'imagesUrl' | 'now'>,
  address: string | null,
): Item {
  const { platform } = video.origin;
  const around = { address, picture: pictureUrl(imagesUrl, { platform, id: video.id, now }) };
  if (platform === 'tiktok') return tiktokItem(video, around);
  return platform === 'instagram' ? instagramItem(video, around) : youtubeItem(video, around);
}

function errorItem({ platform, keyword }: SearchOrder): Item {
  if (platform === 'instagram') {
    return { error: 'not_found', errorDescription: 'Post does not exist', inputUrl: keyword };
  }
  return { errorCode: 'INVALID_URLS', error: 'The page could not be read.', input: keyword };
}
