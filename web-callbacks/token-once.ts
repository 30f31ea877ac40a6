import type { CookieOptions, Request, Response } from 'express';
import { z } from 'zod';

import type { SealPlace } from '../core/crypto.ts';
import { browserCookieOptions, hostCookie, readCookie } from './browser-cookie.ts';
import type { SignedIn } from './signed-in-page.ts';

const purpose = 'new-token';
/** Long enough for the way to the page that shows it. */
const cookieSeconds = 60;

const shownSchema = z.object({ token: z.string(), name: z.string(), use: z.string() });

/** A token that its person sees once, and how a program is given it. */
export type NewToken = z.output<typeof shownSchema>;

const placeOf = ({ accountId, sessionId }: SignedIn): SealPlace => ({
  table: 'pages',
  column: purpose,
  row: sessionId,
  account: accountId,
});

const cookieOf = ({ context }: SignedIn): string => hostCookie(context, 'jilo_new_token');

const optionsOf = ({ context }: SignedIn): CookieOptions => ({
  ...browserCookieOptions(context),
  sameSite: 'strict',
});

/** Hands a token on to the page that follows, sealed for this session: a page that is loaded again makes no other. */
export function carryToken(response: Response, signedIn: SignedIn, made: NewToken): void {
  const { crypto } = signedIn.context;
  const sealed = crypto.seal(JSON.stringify(made), placeOf(signedIn));
  const signature = crypto.sign(purpose, signedIn.sessionId, sealed);
  response.cookie(cookieOf(signedIn), `${sealed}.${signature}`, {
    ...optionsOf(signedIn),
    maxAge: cookieSeconds * 1000,
  });
}

/** Takes what was handed on, once; null when there is nothing for this session. */
export function takeToken(
  request: Request,
  response: Response,
  signedIn: SignedIn,
): NewToken | null {
  const carried = readCookie(request, cookieOf(signedIn));
  if (carried === null) return null;
  response.clearCookie(cookieOf(signedIn), optionsOf(signedIn));
  const [sealed = '', signature = ''] = carried.split('.');
  const { crypto } = signedIn.context;
  // What is not ours, or of a session before, would not open.
  if (!crypto.verify(signature, purpose, signedIn.sessionId, sealed)) return null;
  return shownSchema.parse(JSON.parse(crypto.open(sealed, placeOf(signedIn))));
}
