import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';

const linkSeconds = 24 * 60 * 60;

/** Whom the page is drawn for. */
type Audience = 'owner';

/**
 * A signed address of the page of a video, for a day: with its prompt, its cost and its publications, so it
 * is for its owner alone. Null while no web app runs.
 */
export function videoPageLink(
  services: Services,
  videoId: string,
  audience: Audience,
): string | null {
  const base = services.publicUrl();
  if (!base) return null;
  const expires = String(
    Math.floor(secondsAfter(services.clock.now(), linkSeconds).getTime() / 1000),
  );
  const signature = services.crypto.sign('video-page', videoId, audience, expires);
  return `${base}/videos/${videoId}?exp=${expires}&sig=${signature}`;
}

/** Whether the address was made by us for this video and audience, and whether it still works. */
export function judgeVideoPageLink(
  { crypto, clock }: Services,
  video: { readonly id: string; readonly audience: Audience },
  { exp, sig }: { readonly exp: string; readonly sig: string },
): 'good' | 'expired' | 'unknown' {
  if (!crypto.verify(sig, 'video-page', video.id, video.audience, exp)) return 'unknown';
  return Number(exp) > clock.now().getTime() / 1000 ? 'good' : 'expired';
}
