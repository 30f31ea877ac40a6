import { fieldFault } from '../input-fault.ts';
import type { Platform, TrendSearch } from '../ports/trend-source.ts';

/** One actor as we use it. Prices and floors drift: these were live-checked on 2026-10-09. */
type Actor = {
  readonly name: string;
  /** US dollars per dataset item; error items are charged too. */
  readonly itemUsd: number;
  readonly startUsd: number;
  /** The lowest spending cap that the actor accepts; 0 when it has none. */
  readonly floorUsd: number;
  readonly buildInput: (keyword: string, items: number) => Readonly<Record<string, unknown>>;
};

const actors: Readonly<Record<Platform, Actor>> = {
  tiktok: {
    name: 'clockworks/tiktok-scraper',
    itemUsd: 0.0037,
    startUsd: 0.001,
    floorUsd: 0.5,
    buildInput: (keyword, items) => ({
      searchQueries: [keyword],
      // Without it the actor brings one single result.
      resultsPerPage: items,
      searchSection: '/video',
      excludePinnedPosts: false,
      scrapeRelatedVideos: false,
      shouldDownloadVideos: false,
      shouldDownloadCovers: false,
      shouldDownloadAvatars: false,
      shouldDownloadSlideshowImages: false,
      shouldDownloadMusicCovers: false,
      downloadSubtitlesOptions: 'NEVER_DOWNLOAD_SUBTITLES',
      proxyCountryCode: 'None',
      commentsPerPost: 0,
    }),
  },
  youtube: {
    name: 'streamers/youtube-scraper',
    itemUsd: 0.004,
    startUsd: 0,
    floorUsd: 0,
    buildInput: (keyword, items) => {
      // `maxResults: 0` would mean everything, so one place always goes to a long video.
      const longs = Math.max(1, Math.floor(items / 5));
      return {
        searchQueries: [keyword],
        maxResultsShorts: items - longs,
        maxResults: longs,
        maxResultStreams: 0,
        downloadSubtitles: false,
      };
    },
  },
  instagram: {
    name: 'apify/instagram-hashtag-scraper',
    itemUsd: 0.0026,
    startUsd: 0,
    floorUsd: 0.0027,
    buildInput: (keyword, items) => ({
      hashtags: [toHashtag(keyword)],
      resultsType: 'reels',
      resultsLimit: items,
    }),
  },
};

/** What one search asks of Apify. */
export type ActorCall = {
  readonly actor: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly maxItems: number;
  readonly maxTotalChargeUsd: number;
};

/**
 * Turns a search into an actor's input and caps. As many items are asked for as both limits allow, so
 * that an actor whose floor lies above `maxCostUsd` still costs no more than that.
 * @throws Fault `invalid_input` when nothing of the keyword is left for a hashtag.
 */
export function planCall({ keyword, platform, maxItems, maxCostUsd }: TrendSearch): ActorCall {
  const actor = actors[platform];
  // A hair more, because 0.1 / 0.004 is 24.999… in binary.
  const affordable = Math.floor((maxCostUsd - actor.startUsd) / actor.itemUsd + 1e-9);
  const items = Math.max(1, Math.min(maxItems, affordable));
  return {
    actor: actor.name,
    input: actor.buildInput(keyword.trim(), items),
    // Pay-per-result actors go by the first cap and pay-per-event ones by the second; the other is ignored.
    maxItems: items,
    maxTotalChargeUsd: Math.max(maxCostUsd, actor.floorUsd),
  };
}

/** Instagram's hashtags hold letters, digits and underscores of any script. */
function toHashtag(keyword: string): string {
  const tag = keyword.normalize('NFKC').replaceAll(/[^\p{L}\p{M}\p{N}_]/gu, '');
  if (tag !== '') return tag;
  throw fieldFault('keyword', { problem: 'no_hashtag', params: null });
}
