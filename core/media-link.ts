import { secondsAfter } from './clock.ts';
import type { Services } from './context.ts';

const linkSeconds = 24 * 60 * 60;

/** A signed address of a stored file that expires after a day; null while no web app runs. */
export function mediaLink(services: Services, key: string): string | null {
  const base = services.publicUrl();
  if (!base) return null;
  const expires = String(
    Math.floor(secondsAfter(services.clock.now(), linkSeconds).getTime() / 1000),
  );
  const signature = services.crypto.sign('media', key, expires);
  return `${base}/media/${key}?exp=${expires}&sig=${signature}`;
}

/** Whether the address was made by us for this file and has not expired. */
export function isMediaLink(
  services: Services,
  key: string,
  expires: string,
  signature: string,
): boolean {
  const now = services.clock.now().getTime() / 1000;
  return services.crypto.verify(signature, 'media', key, expires) && Number(expires) > now;
}
