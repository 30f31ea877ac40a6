import type { Request, Response } from 'express';

import { contextOfAccount } from '../core/account/acting.ts';
import { accountOfLogin } from '../core/account/of-login.ts';
import type { Context, Services } from '../core/context.ts';
import type { Login } from '../core/ports/sign-in.ts';
import { SignInNeeded } from './sign-in-needed.ts';
import { headersOf, setCookies } from './web-request.ts';

/** Who has a page open. */
export type SignedInPerson = {
  readonly accountId: string;
  readonly sessionId: string;
  readonly login: Login;
  /** In which the person's own operations run. */
  readonly context: Context;
};

/** Who is signed in; null for nobody. A session that is used is prolonged. */
export async function findSignedIn(
  services: Services,
  request: Request,
): Promise<SignedInPerson | null> {
  if (!request.get('cookie')?.includes('session_token=')) return null;
  const found = await services.signIn.find(headersOf(request));
  if (!found) return null;
  const { login, cookies } = found;
  if (request.res) setCookies(request.res, cookies);
  const accountId = await accountOfLogin(services, login);
  const context = await contextOfAccount(services, {
    accountId,
    surface: 'web',
    signal: signalOf(request.res),
  });
  return { accountId, sessionId: login.sessionId, login, context };
}

/**
 * Who is signed in; `back` is where whoever has to sign in first comes back to.
 * @throws SignInNeeded where nobody is.
 */
export async function requireSignedIn(
  services: Services,
  request: Request,
  back = request.method === 'GET' ? request.originalUrl : '/dashboard',
): Promise<SignedInPerson> {
  const person = await findSignedIn(services, request);
  if (person) return person;
  throw new SignInNeeded(back);
}

/** Aborts when the reader leaves before the answer. */
function signalOf(response: Response | undefined): AbortSignal {
  const left = new AbortController();
  response?.once('close', () => left.abort());
  return left.signal;
}
