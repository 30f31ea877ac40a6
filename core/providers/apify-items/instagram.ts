import type { Reading } from '../../ports/trend-source.ts';
import { readDate, readDuration } from './times.ts';
import {
  cleanLine,
  cleanText,
  descriptionLimit,
  firstCount,
  firstUrl,
  isItem,
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

const site = 'instagram.com';
const keys = [
  'shortCode',
  'ownerUsername',
  'likesCount',
  'videoPlayCount',
  'videoViewCount',
  'displayUrl',
];
/** Fields of profiles, places and hashtags, which the same actors also return. */
const profileKeys = ['followersCount', 'postsCount', 'topPosts', 'postUrl'];
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Whether an item has the shape of the apify/instagram-* actors. */
export function isInstagram(item: Item): boolean {
  return keys.some((key) => key in item) || isOn(readUrl(item['url']), site);
}

/**
 * Reads one item of the apify/instagram-* actors. Plays come before views: views count a fraction of
 * them. The short form of the hashtag actor names no type and no id: its page address holds the
 * shortcode, which is the media id in base 64, and as reels have `/p/` addresses too nothing in it
 * speaks against a video, so it is read as one whose views and length are unknown.
 */
export function readInstagram({ item, page, seenAt }: FoundItem): Reading {
  const caption = readText(item['caption'] ?? item['title']);
  const address = readText(item['url']);
  if (caption === null || address === null) return { skipped: 'wrong_type' };
  if (isOtherThanVideo(item)) return { skipped: 'not_a_video' };
  const url = (item['webVideoUrl'] ?? null) === null ? page : readUrl(address);
  const own = isOn(url, site) ? url : null;
  const identity = identityOf(item, own);
  if (identity === null) return { skipped: 'no_id' };
  return {
    sighting: {
      platform: 'instagram',
      externalId: identity.externalId,
      kind: 'short',
      title: cleanLine(caption, titleLimit),
      description: cleanText(caption, descriptionLimit),
      url: own ? own.href : `https://www.instagram.com/p/${identity.shortCode}/`,
      channel: readName(item['ownerUsername'], item['ownerFullName']),
      channelFollowers: null,
      views: firstCount(item['videoPlayCount'], item['videoViewCount']),
      likes: readCount(item['likesCount']),
      comments: item['isCommentsDisabled'] === true ? null : readCount(item['commentsCount']),
      shares: firstCount(item['sharesCount'], item['reshareCount']),
      durationSeconds: readDuration(item['videoDuration']),
      publishedAt: readDate(item['timestamp'], seenAt),
      thumbnailUrl: firstUrl(item['displayUrl']),
      hashtags: readHashtags(item['hashtags']),
    },
  };
}

function isOtherThanVideo(item: Item): boolean {
  if (profileKeys.some((key) => key in item)) return true;
  if (typeof item['type'] !== 'string' || item['type'].toLowerCase() === 'video') return false;
  return !hasVideo(item);
}

/** Whether an image post or album (Sidecar) holds a video after all. */
function hasVideo(item: Item): boolean {
  const children: readonly unknown[] = Array.isArray(item['childPosts']) ? item['childPosts'] : [];
  return (
    item['productType'] === 'clips' ||
    readUrl(item['videoUrl']) !== null ||
    children.some((child) => isItem(child) && child['type'] === 'Video')
  );
}

function identityOf(item: Item, url: URL | null): { externalId: string; shortCode: string } | null {
  const inUrl = /\/(?:p|reels?|tv)\/([\w-]+)/u.exec(url?.pathname ?? '')?.[1];
  const shortCode = readId(item['shortCode']) ?? readId(inUrl);
  const externalId = idOf(item['id']) ?? (shortCode === null ? null : idFromShortCode(shortCode));
  if (externalId === null) return null;
  return { externalId, shortCode: shortCode ?? shortCodeFromId(externalId) };
}

/** Some clients write `mediaId_ownerId`. */
function idOf(value: unknown): string | null {
  const id = readId(value);
  return id === null ? null : (/^(\d+)_\d+$/u.exec(id)?.[1] ?? id);
}

/** The media id behind a shortcode; the longer codes of private posts stay as they are. */
function idFromShortCode(code: string): string {
  if (code.length > 11) return code;
  let id = 0n;
  for (const letter of code) id = id * 64n + BigInt(alphabet.indexOf(letter));
  return id.toString();
}

function shortCodeFromId(id: string): string {
  if (!/^\d{1,20}$/u.test(id)) return id;
  let code = '';
  for (let rest = BigInt(id); rest > 0n; rest /= 64n)
    code = `${alphabet.charAt(Number(rest % 64n))}${code}`;
  return code;
}
