import { sql } from 'drizzle-orm';

import { hostAllowances } from '../../drizzle/schema/publishing.ts';
import type { Services } from '../context.ts';
import { Fault } from '../fault.ts';
import { pacificDay, secondsUntilPacificMidnight } from '../pacific-day.ts';
import type { VideoHost } from '../ports/video-host.ts';

type Bucket = (typeof hostAllowances.$inferSelect)['bucket'];

/** Takes from today's allowance of the whole project. @throws Fault `provider_busy` until midnight Pacific. */
export type Spend = (bucket: Bucket, units: number) => Promise<void>;

/**
 * Counts the calls of one Pacific day in the database, for all processes together. What was counted
 * stays counted when the call fails: YouTube counts failed calls as well.
 */
export function createSpend(services: Pick<Services, 'config' | 'clock' | 'database'>): Spend {
  const limits: Record<Bucket, number> = {
    uploads: services.config.YOUTUBE_DAILY_UPLOADS,
    units: services.config.YOUTUBE_DAILY_UNITS,
  };
  return async (bucket, units) => {
    const now = services.clock.now();
    const limit = limits[bucket];
    const { used } = hostAllowances;
    const taken =
      units > limit
        ? []
        : await services.database.db
            .insert(hostAllowances)
            .values({ day: pacificDay(now), bucket, used: units })
            .onConflictDoUpdate({
              target: [hostAllowances.day, hostAllowances.bucket],
              set: { used: sql`${used} + ${units}` },
              setWhere: sql`${used} + ${units} <= ${limit}`,
            })
            .returning({ used });
    if (taken.length > 0) return;
    throw new Fault(
      'provider_busy',
      { provider: 'YouTube' },
      { retryAfterSeconds: secondsUntilPacificMidnight(now) },
    );
  };
}

/**
 * The host with every call counted before it is made. Units a call, reads of what is changed included:
 * https://developers.google.com/youtube/v3/determine_quota_cost; the bytes of an upload, and OAuth, cost none.
 */
export function meterHost(host: VideoHost, spend: Spend): VideoHost {
  const costing =
    <A extends readonly unknown[], R>(units: number, call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await spend('units', units);
      return call(...args);
    };
  return {
    ...host,
    async startUpload(...args) {
      await spend('uploads', 1);
      return host.startUpload(...args);
    },
    fetchChannels: costing(1, (...args: Parameters<VideoHost['fetchChannels']>) =>
      host.fetchChannels(...args),
    ),
    fetchVideo: costing(1, (...args: Parameters<VideoHost['fetchVideo']>) =>
      host.fetchVideo(...args),
    ),
    fetchCounts: costing(1, (...args: Parameters<VideoHost['fetchCounts']>) =>
      host.fetchCounts(...args),
    ),
    fetchUploads: costing(3, (...args: Parameters<VideoHost['fetchUploads']>) =>
      host.fetchUploads(...args),
    ),
    fetchPlaylists: costing(4, (...args: Parameters<VideoHost['fetchPlaylists']>) =>
      host.fetchPlaylists(...args),
    ),
    createPlaylist: costing(50, (...args: Parameters<VideoHost['createPlaylist']>) =>
      host.createPlaylist(...args),
    ),
    addToPlaylist: costing(51, (...args: Parameters<VideoHost['addToPlaylist']>) =>
      host.addToPlaylist(...args),
    ),
    addCaptions: costing(450, (...args: Parameters<VideoHost['addCaptions']>) =>
      host.addCaptions(...args),
    ),
    updateVideo: costing(51, (...args: Parameters<VideoHost['updateVideo']>) =>
      host.updateVideo(...args),
    ),
    setThumbnail: costing(50, (...args: Parameters<VideoHost['setThumbnail']>) =>
      host.setThumbnail(...args),
    ),
  };
}
