import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import { hasEnded } from './state.ts';

const linkSeconds = 24 * 60 * 60;

/**
 * A signed address at which a video or a publication is followed live, for a day; null once it has
 * ended, and while no web app runs.
 */
export function progressLink(
  services: Services,
  subject: { readonly id: string; readonly status: string },
): string | null {
  const base = services.publicUrl();
  if (!base || hasEnded(subject)) return null;
  const expires = String(
    Math.floor(secondsAfter(services.clock.now(), linkSeconds).getTime() / 1000),
  );
  const signature = services.crypto.sign('progress', subject.id, expires);
  return `${base}/progress/${subject.id}?exp=${expires}&sig=${signature}`;
}

/** Whether the address was made by us for this subject and has not expired. */
export function isProgressLink(
  { crypto, clock }: Services,
  subjectId: string,
  { exp, sig }: { readonly exp: string; readonly sig: string },
): boolean {
  const now = clock.now().getTime() / 1000;
  return crypto.verify(sig, 'progress', subjectId, exp) && Number(exp) > now;
}
