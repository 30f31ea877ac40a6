import { z } from 'zod';

import type { SearchOrder } from './generate.ts';
import type { RevisitOrder } from './revisit.ts';
import type { SandboxPlatform } from './videos.ts';

type FieldKind = 'text' | 'texts' | 'count' | 'flag' | 'sources';

/** A real actor as the emulator knows it: its input fields, prices and floor (live-checked 2026-10-09). */
export type Actor = {
  readonly id: string;
  readonly name: string;
  readonly platform: SandboxPlatform;
  readonly fields: Readonly<Record<string, FieldKind>>;
  /** At least one of these must hold something. */
  readonly oneOf: readonly string[];
  /** The field that names pages to look at; null when it only searches. */
  readonly addressField: string | null;
  readonly startUsd: number;
  readonly itemUsd: number;
  /** The lowest `maxTotalChargeUsd` the actor accepts; null when it has none. */
  readonly floorUsd: number | null;
};

/** An actor's input after JSON parsing. */
export type ActorInput = Readonly<Record<string, unknown>>;

const actors: readonly Actor[] = [
  {
    id: 'GdWCkxBtKWOsKjdch',
    name: 'clockworks/tiktok-scraper',
    platform: 'tiktok',
    fields: {
      hashtags: 'texts',
      profiles: 'texts',
      searchQueries: 'texts',
      postURLs: 'texts',
      resultsPerPage: 'count',
      searchSection: 'text',
      searchSorting: 'text',
      searchDatePosted: 'text',
      oldestPostDateUnified: 'text',
      newestPostDate: 'text',
      leastDiggs: 'count',
      mostDiggs: 'count',
      excludePinnedPosts: 'flag',
      scrapeRelatedVideos: 'flag',
      shouldDownloadVideos: 'flag',
      shouldDownloadCovers: 'flag',
      shouldDownloadAvatars: 'flag',
      shouldDownloadSlideshowImages: 'flag',
      shouldDownloadMusicCovers: 'flag',
      downloadSubtitlesOptions: 'text',
      proxyCountryCode: 'text',
      commentsPerPost: 'count',
      maxProfilesPerQuery: 'count',
    },
    oneOf: ['hashtags', 'profiles', 'searchQueries', 'postURLs'],
    addressField: 'postURLs',
    startUsd: 0.001,
    itemUsd: 0.0037,
    floorUsd: 0.5,
  },
  {
    id: 'h7sDV53CddomktSi5',
    name: 'streamers/youtube-scraper',
    platform: 'youtube',
    fields: {
      searchQueries: 'texts',
      maxResults: 'count',
      maxResultsShorts: 'count',
      maxResultStreams: 'count',
      startUrls: 'sources',
      sortingOrder: 'text',
      dateFilter: 'text',
      videoType: 'text',
      downloadSubtitles: 'flag',
      saveSubsToKVS: 'flag',
    },
    oneOf: ['searchQueries', 'startUrls'],
    addressField: 'startUrls',
    startUsd: 0,
    itemUsd: 0.004,
    floorUsd: null,
  },
  {
    id: 'reGe1ST3OBgYZSsZJ',
    name: 'apify/instagram-hashtag-scraper',
    platform: 'instagram',
    fields: {
      hashtags: 'texts',
      resultsType: 'text',
      resultsLimit: 'count',
      keywordSearch: 'flag',
    },
    oneOf: ['hashtags'],
    addressField: null,
    startUsd: 0,
    itemUsd: 0.0026,
    floorUsd: 0.0026,
  },
  {
    id: 'shu8hvrXbJbY3Eb9W',
    name: 'apify/instagram-scraper',
    platform: 'instagram',
    fields: {
      directUrls: 'texts',
      resultsType: 'text',
      resultsLimit: 'count',
      search: 'text',
      searchType: 'text',
      searchLimit: 'count',
      onlyPostsNewerThan: 'text',
      addParentData: 'flag',
    },
    oneOf: ['directUrls'],
    addressField: 'directUrls',
    startUsd: 0,
    itemUsd: 0.0027,
    floorUsd: 0.0027,
  },
];

/** The actor behind `user~name`, `user/name` or an id. */
export function findActor(key: string): Actor | undefined {
  const name = decodeURIComponent(key).replace('~', '/');
  return actors.find((actor) => actor.id === name || actor.name === name);
}

/**
 * Why the actor refuses this input, or null. Stricter than the real service in one thing: unknown
 * fields are refused, as they always are a mistake of ours.
 */
export function findInputProblem(actor: Actor, input: ActorInput): string | null {
  for (const [name, value] of Object.entries(input)) {
    const kind = actor.fields[name];
    if (kind === undefined) return `Input is not valid: Property input.${name} is not allowed.`;
    const wanted = findMismatch(kind, value);
    if (wanted !== null) return `Input is not valid: Field input.${name} must be ${wanted}.`;
  }
  const isAsked = actor.oneOf.some((name) => {
    const value = input[name];
    return Array.isArray(value) && value.length > 0;
  });
  if (!isAsked) return `Input is not valid: one of ${actor.oneOf.join(', ')} is required.`;
  return findTypeProblem(actor, input) ?? findHashtagProblem(input);
}

function findMismatch(kind: FieldKind, value: unknown): string | null {
  if (kind === 'text') return typeof value === 'string' ? null : 'string';
  if (kind === 'flag') return typeof value === 'boolean' ? null : 'boolean';
  if (kind === 'sources') return sourcesSchema.safeParse(value).success ? null : 'array of {url}';
  if (kind === 'count') {
    return typeof value === 'number' && Number.isInteger(value) && value >= 0
      ? null
      : 'integer >= 0';
  }
  const isTexts =
    Array.isArray(value) &&
    value.every((entry: unknown) => typeof entry === 'string' && entry.trim() !== '');
  return isTexts ? null : 'array of non-empty strings';
}

/** What the Instagram actors bring, by the field that they are asked with. */
const resultTypes: Readonly<Record<string, readonly string[]>> = {
  hashtags: ['posts', 'reels', 'stories'],
  directUrls: ['posts', 'details', 'comments', 'mentions', 'reels', 'stories'],
};

function findTypeProblem({ oneOf }: Actor, input: ActorInput): string | null {
  const types = resultTypes[oneOf[0] ?? ''];
  const type = input['resultsType'] ?? 'posts';
  if (!types || types.some((known) => known === type)) return null;
  return `Input is not valid: Field input.resultsType must be one of ${types.join(', ')}.`;
}

function findHashtagProblem(input: ActorInput): string | null {
  const bad = textsOf(input['hashtags']).find(
    (tag) => !/^[^\s#!?.,:;\-+=*&%$@/\\~^|<>()[\]{}"'`]+$/u.test(tag),
  );
  return bad === undefined ? null : `Input is not valid: "${bad}" is not a hashtag.`;
}

/** What a run with this input has to bring. `0` means everything for YouTube's long videos. */
export function orderOf(actor: Actor, input: ActorInput): SearchOrder | RevisitOrder {
  const { platform, addressField } = actor;
  const addresses = addressField === null ? [] : addressesOf(input[addressField]);
  if (addresses.length > 0) return { platform, addresses };
  const count = (name: string, absent: number): number => {
    const value = input[name];
    return typeof value === 'number' ? value : absent;
  };
  const [keyword = ''] = actor.oneOf.flatMap((name) => textsOf(input[name]));
  if (platform === 'youtube') {
    const longs = count('maxResults', 10);
    return {
      platform,
      keyword,
      shorts: count('maxResultsShorts', 0),
      longs: longs === 0 ? 500 : longs,
    };
  }
  const shorts = platform === 'tiktok' ? count('resultsPerPage', 1) : count('resultsLimit', 20);
  return { platform, keyword, shorts, longs: 0 };
}

function textsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((entry: unknown) => typeof entry === 'string');
}

const sourcesSchema = z.array(z.strictObject({ url: z.string().min(1) }));

/** Pages are written as texts, or as objects with a `url`. */
function addressesOf(value: unknown): string[] {
  const sources = sourcesSchema.safeParse(value);
  return sources.success ? sources.data.map(({ url }) => url) : textsOf(value);
}
