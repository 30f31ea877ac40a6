import type { Reading } from '../../ports/trend-source.ts';
import { readDate, readDuration } from './times.ts';
import {
  cleanLine,
  cleanText,
  descriptionLimit,
  firstUrl,
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

const sites = ['youtube.com', 'youtu.be', 'youtube-nocookie.com'];
const keys = [
  'viewCount',
  'numberOfSubscribers',
  'channelName',
  'channelUrl',
  'channelId',
  'fromYTUrl',
  'commentsTurnedOff',
];
const otherTypes = new Set(['stream', 'streams', 'live', 'channel', 'playlist', 'mix', 'movie']);
const otherPages = /^\/(?:channel|c|user|playlist|results|hashtag|post|@[^/]+\/?$)/u;
/** YouTube has taken Shorts of up to three minutes since 2024-10-15. */
const longestShortSeconds = 180;

/** Whether an item has the shape of streamers/youtube-scraper. */
export function isYouTube(item: Item): boolean {
  return keys.some((key) => key in item) || isOn(readUrl(item['url']), ...sites);
}

/** Reads one item of streamers/youtube-scraper; the platform tells no share count. */
export function readYouTube({ item, page, seenAt }: FoundItem): Reading {
  const title = readText(item['title']);
  const address = readText(item['url']);
  if (title === null || address === null) return { skipped: 'wrong_type' };
  const url = (item['webVideoUrl'] ?? null) === null ? page : readUrl(address);
  const own = isOn(url, ...sites) ? url : null;
  if (isOtherThanVideo(item, own)) return { skipped: 'not_a_video' };
  const externalId = readId(item['id']) ?? (own && idOf(own));
  if (externalId === null) return { skipped: 'no_id' };
  const durationSeconds = readDuration(item['duration']);
  const kind = kindOf(item, own, durationSeconds);
  return {
    sighting: {
      platform: 'youtube',
      externalId,
      kind,
      title: cleanLine(title, titleLimit),
      description: cleanText(readText(item['text']) ?? '', descriptionLimit),
      url: own ? own.href : `https://www.youtube.com/watch?v=${externalId}`,
      channel: readName(item['channelName'], decode(item['channelUsername'])),
      // 0 is what the actor writes when it could not read the number: one of its versions says 0 for
      // every channel, and hidden counts look the same.
      channelFollowers: readCount(item['numberOfSubscribers']) || null,
      views: readCount(item['viewCount']),
      likes: readCount(item['likes']),
      comments: item['commentsTurnedOff'] === true ? null : readCount(item['commentsCount']),
      shares: null,
      durationSeconds,
      publishedAt: readDate(item['date'], seenAt),
      thumbnailUrl: firstUrl(item['thumbnailUrl']),
      hashtags: readHashtags(item['hashtags']),
    },
  };
}

function typeOf(item: Item): string {
  return typeof item['type'] === 'string' ? item['type'].toLowerCase() : '';
}

function isOtherThanVideo(item: Item, url: URL | null): boolean {
  return otherTypes.has(typeOf(item)) || (url !== null && otherPages.test(url.pathname));
}

function kindOf(item: Item, url: URL | null, seconds: number | null): 'short' | 'long' {
  const isShort =
    ['short', 'shorts'].includes(typeOf(item)) || url?.pathname.startsWith('/shorts/') === true;
  return isShort && (seconds === null || seconds <= longestShortSeconds) ? 'short' : 'long';
}

function idOf(url: URL): string | null {
  const inPath = /^\/(?:shorts|embed|live|v)\/([\w-]{11})(?:\/|$)/u.exec(url.pathname)?.[1];
  const short =
    url.hostname === 'youtu.be' ? /^\/([\w-]{11})$/u.exec(url.pathname)?.[1] : undefined;
  return inPath ?? short ?? readId(url.searchParams.get('v'));
}

/** Handles come percent-encoded; broken escapes are kept as they are. */
function decode(handle: unknown): unknown {
  if (typeof handle !== 'string' || !handle.includes('%')) return handle;
  const escaped = handle.replaceAll('+', '%2B').replaceAll('&', '%26');
  return new URLSearchParams(`handle=${escaped}`).get('handle');
}
