import type { Reading } from '../ports/trend-source.ts';
import { isInstagram, readInstagram } from './apify-items/instagram.ts';
import { isTikTok, readTikTok } from './apify-items/tiktok.ts';
import { isItem, isOn, readUrl, type FoundItem, type Item } from './apify-items/values.ts';
import { isYouTube, readYouTube } from './apify-items/youtube.ts';

/**
 * Reads dataset items of the clockworks TikTok, streamers YouTube and apify Instagram actors, the
 * platform told from each item's shape. One reading per item, in order; never throws. Of several items
 * for the same video the one with the most views is the sighting, the others are `duplicate`.
 * `seenAt` dates relative times such as "3 days ago".
 */
export function readItems(items: readonly unknown[], seenAt: Date): Reading[] {
  const readings: Reading[] = [];
  const best = new Map<string, { index: number; views: number }>();
  for (const item of items) {
    const reading = readItem(item, seenAt);
    const index = readings.push(reading) - 1;
    if (!('sighting' in reading)) continue;
    const { platform, externalId, views } = reading.sighting;
    const key = `${platform} ${externalId}`;
    const earlier = best.get(key);
    if (earlier && earlier.views >= (views ?? -1)) readings[index] = { skipped: 'duplicate' };
    else {
      if (earlier) readings[earlier.index] = { skipped: 'duplicate' };
      best.set(key, { index, views: views ?? -1 });
    }
  }
  return readings;
}

function readItem(item: unknown, seenAt: Date): Reading {
  if (!isItem(item)) return { skipped: 'not_an_object' };
  if (isSaid(item['error']) || isSaid(item['errorCode'])) return { skipped: 'error_item' };
  if (isSaid(item['note']) && item['id'] === undefined) return { skipped: 'note_item' };
  const page = readUrl(item['webVideoUrl'] ?? item['url']);
  return readerFor(item, page)({ item, page, seenAt });
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false;
}

/** The page address decides before field names do: names are shared, addresses are not. */
function readerFor(item: Item, page: URL | null): (found: FoundItem) => Reading {
  if (isOn(page, 'tiktok.com')) return readTikTok;
  if (isOn(page, 'instagram.com')) return readInstagram;
  if (isOn(page, 'youtube.com', 'youtu.be')) return readYouTube;
  if (isTikTok(item)) return readTikTok;
  if (isInstagram(item)) return readInstagram;
  return isYouTube(item) ? readYouTube : () => ({ skipped: 'wrong_type' });
}
