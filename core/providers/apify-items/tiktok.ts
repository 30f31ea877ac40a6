import type { Reading } from '../../ports/trend-source.ts';
import { firstDate, readDuration } from './times.ts';
import {
  cleanLine,
  cleanText,
  descriptionLimit,
  firstUrl,
  inside,
  isOn,
  readCount,
  readHashtags,
  readId,
  readName,
  readText,
  readUrl,
  titleLimit,
  type FoundItem,
  type Item,
} from './values.ts';

const site = 'tiktok.com';
const keys = ['webVideoUrl', 'diggCount', 'playCount', 'authorMeta', 'videoMeta', 'createTimeISO'];

/** Whether an item has the shape of the clockworks TikTok actors. */
export function isTikTok(item: Item): boolean {
  return keys.some((key) => key in item) || isOn(readUrl(item['url']), site);
}

/** Reads one item of clockworks/tiktok-scraper: likes are `diggCount`, the caption is `text`. */
export function readTikTok({ item, page, seenAt }: FoundItem): Reading {
  const caption = readText(item['text']);
  const address = readText(item['webVideoUrl'] ?? item['url']);
  if (caption === null || address === null) return { skipped: 'wrong_type' };
  const own = isOn(page, site) ? page : null;
  if (isSlideshow(item, own)) return { skipped: 'not_a_video' };
  const externalId = readId(item['id']) ?? idOf(own);
  if (externalId === null) return { skipped: 'no_id' };
  const author = inside(item, 'authorMeta');
  const video = inside(item, 'videoMeta');
  const covers = inside(item, 'covers');
  const channel = readName(author['name'], author['nickName']);
  return {
    sighting: {
      platform: 'tiktok',
      externalId,
      kind: 'short',
      title: cleanLine(caption, titleLimit),
      description: cleanText(caption, descriptionLimit),
      url: own ? own.href : `https://www.tiktok.com/@${channel ?? '_'}/video/${externalId}`,
      channel,
      channelFollowers: readCount(author['fans']),
      views: readCount(item['playCount']),
      likes: readCount(item['diggCount']),
      comments: readCount(item['commentCount']),
      shares: readCount(item['shareCount']),
      durationSeconds: readDuration(video['duration']),
      publishedAt: firstDate(seenAt, item['createTimeISO'], item['createTime']),
      thumbnailUrl: firstUrl(
        video['coverUrl'],
        video['originalCoverUrl'],
        covers['default'],
        covers['origin'],
      ),
      hashtags: readHashtags(item['hashtags']),
    },
  };
}

function idOf(url: URL | null): string | null {
  return readId(/\/(?:video|v)\/(\d+)/u.exec(url?.pathname ?? '')?.[1]);
}

function isSlideshow(item: Item, url: URL | null): boolean {
  return item['isSlideshow'] === true || url?.pathname.includes('/photo/') === true;
}
