import { fieldFault } from '../input-fault.ts';
import type { Platform, TrendErrand, TrendSample, TrendSearch } from '../ports/trend-source.ts';

type Input = Readonly<Record<string, unknown>>;

/** What an actor costs. Prices and floors drift: these were live-checked on 2026-10-09. */
type Priced = {
  readonly name: string;
  /** US dollars per dataset item; error items are charged too. */
  readonly itemUsd: number;
  readonly startUsd: number;
  /** The lowest spending cap that the actor accepts; 0 when it has none. */
  readonly floorUsd: number;
};

/** One actor as it finds videos by a keyword. */
type Actor = Priced & {
  readonly buildInput: (keyword: string, items: number) => Input;
};

const tiktok = {
  name: 'clockworks/tiktok-scraper',
  itemUsd: 0.0037,
  startUsd: 0.001,
  floorUsd: 0.5,
} as const;
/** What the actor would otherwise fetch besides, at a price. */
const tiktokExtras = {
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
} as const;
const youtube = {
  name: 'streamers/youtube-scraper',
  itemUsd: 0.004,
  startUsd: 0,
  floorUsd: 0,
} as const;

const actors: Readonly<Record<Platform, Actor>> = {
  tiktok: {
    ...tiktok,
    buildInput: (keyword, items) => ({
      searchQueries: [keyword],
      // Without it the actor brings one single result.
      resultsPerPage: items,
      searchSection: '/video',
      ...tiktokExtras,
    }),
  },
  youtube: {
    ...youtube,
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

/** One actor as it looks again at videos whose pages are known. */
type Revisitor = Priced & { readonly buildInput: (addresses: readonly string[]) => Input };

const revisitors: Readonly<Record<Platform, Revisitor>> = {
  tiktok: {
    ...tiktok,
    buildInput: (addresses) => ({
      postURLs: addresses,
      resultsPerPage: addresses.length,
      ...tiktokExtras,
    }),
  },
  youtube: {
    ...youtube,
    buildInput: (addresses) => ({
      startUrls: addresses.map((url) => ({ url })),
      // An address of one video brings one item, whatever these say; `0` would mean everything.
      maxResults: addresses.length,
      maxResultsShorts: addresses.length,
      maxResultStreams: 0,
      downloadSubtitles: false,
    }),
  },
  instagram: {
    name: 'apify/instagram-scraper',
    itemUsd: 0.0027,
    startUsd: 0,
    floorUsd: 0.0027,
    buildInput: (addresses) => ({
      directUrls: addresses,
      resultsType: 'posts',
      resultsLimit: 1,
      addParentData: false,
    }),
  },
};

/** What one errand asks of Apify. */
export type ActorCall = {
  readonly actor: string;
  readonly input: Input;
  readonly maxItems: number;
  readonly maxTotalChargeUsd: number;
};

/**
 * Turns an errand into an actor's input and caps. As many items are asked for as both limits allow, so
 * that an actor whose floor lies above `maxCostUsd` still costs no more than that.
 * @throws Fault `invalid_input` when nothing of the keyword is left for a hashtag.
 */
export const planCall = (errand: TrendErrand): ActorCall =>
  'addresses' in errand ? planSample(errand) : planSearch(errand);

function planSearch({ keyword, platform, maxItems, maxCostUsd }: TrendSearch): ActorCall {
  const actor = actors[platform];
  const items = affordable(actor, maxItems, maxCostUsd);
  return capped(actor, { items, maxCostUsd, input: actor.buildInput(keyword.trim(), items) });
}

function planSample({ platform, addresses, maxCostUsd }: TrendSample): ActorCall {
  const actor = revisitors[platform];
  const items = affordable(actor, addresses.length, maxCostUsd);
  const input = actor.buildInput(addresses.slice(0, items));
  return capped(actor, { items, maxCostUsd, input });
}

function affordable(actor: Priced, wanted: number, maxCostUsd: number): number {
  // A hair more, because 0.1 / 0.004 is 24.999… in binary.
  const most = Math.floor((maxCostUsd - actor.startUsd) / actor.itemUsd + 1e-9);
  return Math.max(1, Math.min(wanted, most));
}

function capped(
  actor: Priced,
  call: { readonly items: number; readonly maxCostUsd: number; readonly input: Input },
): ActorCall {
  return {
    actor: actor.name,
    input: call.input,
    // Pay-per-result actors go by the first cap and pay-per-event ones by the second; the other is ignored.
    maxItems: call.items,
    maxTotalChargeUsd: Math.max(call.maxCostUsd, actor.floorUsd),
  };
}

/** Instagram's hashtags hold letters, digits and underscores of any script. */
function toHashtag(keyword: string): string {
  const tag = keyword.normalize('NFKC').replaceAll(/[^\p{L}\p{M}\p{N}_]/gu, '');
  if (tag !== '') return tag;
  throw fieldFault('keyword', { problem: 'no_hashtag', params: null });
}
