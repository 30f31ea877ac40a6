import type { Video } from './videos.ts';

type Item = Record<string, unknown>;

/** Around the video: the address that was asked for, when it was not found by its keyword; its picture. */
export type Around = { readonly address: string | null; readonly picture: string };

/** An item as clockworks/tiktok-scraper writes it. */
export function tiktokItem(video: Video, { address, picture }: Around): Item {
  const { text, random } = video;
  const { keyword } = video.origin;
  const { handle } = text;
  return {
    id: video.id,
    text: text.description.replaceAll('\n', ' '),
    textLanguage: /\p{Script=Han}/u.test(keyword) ? 'zh' : 'en',
    createTime: Math.floor(video.publishedAt.getTime() / 1000),
    createTimeISO: video.publishedAt.toISOString(),
    isAd: false,
    authorMeta: {
      id: `6${random.letters('0123456789', 18)}`,
      name: handle,
      profileUrl: `https://www.tiktok.com/@${handle}`,
      nickName: text.channel,
      verified: random.next() < 0.1,
      signature: '',
      bioLink: null,
      avatar: picture,
      fans: video.followers,
      heart: video.followers * 12,
      video: random.whole(5, 900),
      following: random.whole(0, 500),
      digg: random.whole(0, 5000),
      privateAccount: false,
      ttSeller: false,
    },
    musicMeta: {
      musicName: 'original sound',
      musicAuthor: text.channel,
      musicOriginal: true,
      musicId: `7${random.letters('0123456789', 18)}`,
    },
    webVideoUrl: `https://www.tiktok.com/@${handle}/video/${video.id}`,
    videoMeta: {
      height: 1024,
      width: 576,
      duration: video.durationSeconds,
      coverUrl: picture,
      originalCoverUrl: picture,
      definition: '540p',
      format: 'mp4',
      subtitleLinks: [],
    },
    diggCount: video.likes ?? -1,
    shareCount: video.shares,
    playCount: video.views,
    collectCount: Math.round(video.shares * 0.8),
    commentCount: video.comments,
    repostCount: 0,
    mentions: [],
    detailedMentions: [],
    hashtags: text.hashtags.map((name) => ({ name })),
    effectStickers: [],
    isSlideshow: random.next() < 0.03,
    isPinned: false,
    isSponsored: false,
    mediaUrls: [],
    input: address ?? keyword,
    ...(address === null ? { searchQuery: keyword } : { submittedVideoUrl: address }),
  };
}

/** An item as streamers/youtube-scraper writes it; some dates are relative, as in its search mode. */
export function youtubeItem(video: Video, { address, picture }: Around): Item {
  const { text, random } = video;
  const { keyword, index } = video.origin;
  const days = Math.floor(video.ageHours / 24);
  const relative = days >= 1 && random.next() < 0.12 && address === null;
  const clock = [3600, 60, 1].map((unit) => Math.floor(video.durationSeconds / unit) % 60);
  const handle = text.handle.replace('.', '');
  return {
    title: text.title,
    translatedTitle: null,
    type: video.isShort ? 'shorts' : 'video',
    id: video.id,
    url: video.isShort
      ? `https://www.youtube.com/shorts/${video.id}`
      : `https://www.youtube.com/watch?v=${video.id}`,
    thumbnailUrl: picture,
    viewCount: video.views,
    date: relative ? `${days} day${days === 1 ? '' : 's'} ago` : video.publishedAt.toISOString(),
    likes: video.likes,
    location: null,
    channelName: text.channel,
    channelUrl: `https://www.youtube.com/@${handle}`,
    channelUsername: handle,
    channelId: `UC${random.letters('abcdefghijklmnopqrstuvwxyz0123456789', 22)}`,
    numberOfSubscribers: random.next() < 0.1 ? 0 : video.followers,
    duration: clock.map((part) => `${part}`.padStart(2, '0')).join(':'),
    commentsCount: video.comments,
    text: text.description,
    descriptionLinks: [],
    hashtags: text.hashtags.map((name) => `#${name}`),
    subtitles: null,
    order: index,
    commentsTurnedOff: video.comments === null,
    fromYTUrl:
      address ?? `https://www.youtube.com/results?search_query=${encodeURIComponent(keyword)}`,
    isMonetized: null,
    isPaidContent: false,
    isMembersOnly: false,
    input: address ?? keyword,
  };
}

/** An item as the apify/instagram-* actors write it. */
export function instagramItem(video: Video, { address, picture }: Around): Item {
  const { text, random } = video;
  const shortCode = toShortCode(video.id);
  return {
    id: video.id,
    type: 'Video',
    productType: 'clips',
    shortCode,
    caption: text.description,
    hashtags: text.hashtags,
    mentions: [],
    url: `https://www.instagram.com/p/${shortCode}/`,
    inputUrl:
      address ??
      `https://www.instagram.com/explore/tags/${encodeURIComponent(video.origin.keyword)}`,
    commentsCount: video.comments,
    firstComment: '',
    latestComments: [],
    likesCount: video.likes ?? -1,
    videoViewCount: Math.floor(video.views / 4.2),
    videoPlayCount: video.views,
    videoDuration: video.durationSeconds + random.whole(0, 999) / 1000,
    videoUrl: picture.replace('.png', '.mp4'),
    displayUrl: picture,
    images: [],
    dimensionsHeight: 1920,
    dimensionsWidth: 1080,
    timestamp: video.publishedAt.toISOString(),
    ownerUsername: text.handle,
    ownerFullName: text.channel,
    ownerId: random.letters('123456789', 10),
    isSponsored: false,
    isCommentsDisabled: video.comments === null,
    musicInfo: {
      audio_id: random.letters('123456789', 15),
      song_name: 'Original audio',
      artist_name: text.handle,
      uses_original_audio: true,
    },
    childPosts: [],
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The media id behind a shortcode. */
export function fromShortCode(code: string): string {
  let id = 0n;
  for (const letter of code) id = id * 64n + BigInt(alphabet.indexOf(letter));
  return id.toString();
}

/** Instagram's shortcode is the media id in base 64. */
function toShortCode(id: string): string {
  let code = '';
  for (let rest = BigInt(id); rest > 0n; rest /= 64n) {
    code = `${alphabet.charAt(Number(rest % 64n))}${code}`;
  }
  return code;
}
