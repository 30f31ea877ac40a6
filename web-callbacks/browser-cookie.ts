import type { CookieOptions, Request } from 'express';

import type { Services } from '../core/context.ts';
import { sha256Hex } from '../core/crypto.ts';

const isOverHttps = ({ publicUrl }: Pick<Services, 'publicUrl'>): boolean =>
  publicUrl()?.startsWith('https:') ?? false;

/**
 * A cookie's name; over https its prefix keeps other hosts of the same site from setting it (RFC 6265bis,
 * 4.1.3.2).
 */
export const hostCookie = (services: Pick<Services, 'publicUrl'>, name: string): string =>
  isOverHttps(services) ? `__Host-${name}` : name;

/** The cookie by which a browser is known again; each round trip has its own, so that two may run at once. */
export const browserCookie = (services: Services, state: string): string =>
  hostCookie(services, `jilo_connect_${sha256Hex(state).slice(0, 16)}`);

/** Sent back to us alone, on the way back from Google as well, and never to a script. */
export const browserCookieOptions = (services: Pick<Services, 'publicUrl'>): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  secure: isOverHttps(services),
  // The prefix takes no other path.
  path: '/',
});

/** The value of a cookie; null when the browser has none of that name. */
export function readCookie(request: Request, name: string): string | null {
  const pairs = (request.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}
