import { and, eq, isNull } from 'drizzle-orm';

import { videos } from '../../drizzle/schema/videos.ts';
import { requirePublicUrl, type Services } from '../context.ts';
import type { VideoRow } from './row.ts';

/** What a share link says: which video, the number of its sharing, until when (in seconds since 1970). */
type Share = { readonly id: string; readonly epoch: number; readonly expires: number };

const purpose = 'share';

const signedParts = ({ id, epoch, expires }: Share): [string, string, string] => [
  id,
  String(epoch),
  String(expires),
];

/** A public address of the player of a video. @throws Fault `service_missing` when no web app runs. */
export function shareLink(services: Services, share: Share): string {
  const parts = signedParts(share);
  const token = [...parts, services.crypto.sign(purpose, ...parts)].join('.');
  return `${requirePublicUrl(services)}/s/${token}`;
}

/** What is shared by a link, and for how long it still is. */
export type Shared = { readonly video: VideoRow; readonly secondsLeft: number };

/**
 * What a token leads to: `unknown` for one that is not ours, `gone` for one that has expired or was taken back,
 * and for a video that is no longer there. Only who holds our signature learns that there was something.
 */
export async function findShared(
  services: Services,
  token: string,
): Promise<Shared | 'unknown' | 'gone'> {
  const share = readToken(services, token);
  if (!share) return 'unknown';
  const secondsLeft = share.expires - services.clock.now().getTime() / 1000;
  if (secondsLeft <= 0) return 'gone';
  const [video] = await services.database.db
    .select()
    .from(videos)
    .where(
      and(
        eq(videos.id, share.id),
        eq(videos.shareEpoch, share.epoch),
        eq(videos.status, 'ready'),
        isNull(videos.deletedAt),
      ),
    );
  return video ? { video, secondsLeft: Math.ceil(secondsLeft) } : 'gone';
}

function readToken({ crypto }: Services, token: string): Share | null {
  const match = /^(\w{1,64})\.(\d{1,9})\.(\d{1,12})\.([\w-]{1,100})$/.exec(token);
  const [, id = '', epoch = '', expires = '', signature = ''] = match ?? [];
  if (!crypto.verify(signature, purpose, id, epoch, expires)) return null;
  return { id, epoch: Number(epoch), expires: Number(expires) };
}
