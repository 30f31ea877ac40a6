import { writeItem, type GenerateOptions } from './generate.ts';
import { fromShortCode } from './shapes.ts';
import { makeVideo, type Origin, type SandboxPlatform, type Video } from './videos.ts';

/** Pages that one run of an actor was asked to look at. */
export type RevisitOrder = {
  readonly platform: SandboxPlatform;
  readonly addresses: readonly string[];
};

type RevisitOptions = Omit<GenerateOptions, 'remember'> & {
  /** Where a video that an earlier run has brought comes from. */
  readonly find: (key: string) => Origin | undefined;
};

type Item = Record<string, unknown>;

/** What a video is remembered under. */
export const keyOfVideo = ({ id, origin }: Video): string => `${origin.platform}-${id}`;

/**
 * Makes the dataset of a run that was given addresses: exactly these videos with their counters grown
 * until now, and an error item for every address that no earlier run has brought.
 */
export function revisitItems(
  { platform, addresses }: RevisitOrder,
  options: RevisitOptions,
): Item[] {
  return addresses.map((address) => {
    const id = idIn(platform, address);
    const origin = id === null ? undefined : options.find(`${platform}-${id}`);
    if (!origin) return unknownItem(platform, address);
    return writeItem(makeVideo(`${options.seed}`, origin, options.now), options, address);
  });
}

const pages: Readonly<Record<SandboxPlatform, RegExp>> = {
  tiktok: /^https:\/\/www\.tiktok\.com\/@[\w.]+\/video\/(?<id>\d+)\/?$/u,
  youtube: /^https:\/\/(?:www\.youtube\.com\/(?:shorts\/|watch\?v=)|youtu\.be\/)(?<id>[\w-]{11})$/u,
  instagram: /^https:\/\/www\.instagram\.com\/(?:p|reel)\/(?<id>[\w-]{5,11})\/?$/u,
};

function idIn(platform: SandboxPlatform, address: string): string | null {
  const id = pages[platform].exec(address)?.groups?.['id'];
  if (id === undefined) return null;
  return platform === 'instagram' ? fromShortCode(id) : id;
}

function unknownItem(platform: SandboxPlatform, url: string): Item {
  if (platform === 'instagram') {
    return { url, inputUrl: url, error: 'not_found', errorDescription: 'Post does not exist' };
  }
  if (platform === 'tiktok') {
    return { url, input: url, errorCode: 'INVALID_URLS', error: 'Post not found or private.' };
  }
  return { url, input: url, error: 'This video is not available.' };
}
