import type { CookieOptions, Request } from 'express';

import type { Services } from '../core/context.ts';
import { sha256Hex } from '../core/crypto.ts';

/** The cookie by which a browser is known again; each round trip has its own, so that two may run at once. */
export const browserCookie = (state: string): string =>
  `jilo_connect_${sha256Hex(state).slice(0, 16)}`;

/** Sent back to us alone, on the way back from Google as well, and never to a script. */
export const browserCookieOptions = (services: Services): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  secure: services.publicUrl()?.startsWith('https:') ?? false,
  path: '/oauth/google',
});

/** The value of a cookie; null when the browser has none of that name. */
export function readCookie(request: Request, name: string): string | null {
  const pairs = (request.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}
