import { z } from 'zod';

import { signInMails } from '../account/sign-in-mails.ts';
import type { Services } from '../context.ts';
import type { SignInAnswer, SignInProblem } from '../ports/sign-in.ts';
import { authPath } from '../token/resource.ts';

/** The sign-in library as it runs under one public address. */
export type Library = {
  readonly url: string;
  /** Answers a request to an address below `/auth`. */
  readonly handle: (request: Request) => Promise<Response>;
};

/** Loads the library for the address that the web app has now. @throws Error when the database is away. */
export async function openLibrary(services: Services, url: string): Promise<Library> {
  const [{ betterAuth }, { signInOptions }] = await Promise.all([
    import('better-auth'),
    import('./sign-in-options.ts'),
  ]);
  const auth = betterAuth(signInOptions(services, url, signInMails(services, url)));
  // It writes down the address that tokens are good at, and keeps a failure of that for ever.
  await auth.$context;
  return { url, handle: (request) => auth.handler(request) };
}

/** One call of our own pages: a body makes it a POST. */
export type Inner = {
  readonly body?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, string>>;
  /** What the browser sent; only its cookies go on. */
  readonly headers?: Headers;
};

type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly cookies: readonly string[];
  readonly location: string | null;
};

/** Calls one of the library's addresses as a page of our own does. */
export async function callLibrary(
  { url, handle }: Library,
  path: string,
  { body, query, headers }: Inner,
): Promise<Answer> {
  const address = new URL(`${authPath}${path}`, url);
  for (const [name, value] of Object.entries(query ?? {})) address.searchParams.set(name, value);
  const cookie = headers?.get('cookie');
  const response = await handle(
    new Request(address, {
      method: body ? 'POST' : 'GET',
      headers: {
        origin: new URL(url).origin,
        ...(cookie ? { cookie } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }),
  );
  const { status } = response;
  const text = await response.text();
  if (status >= 500) throw new Error(`the sign-in library answered ${status} to ${path}`);
  const cookies = response.headers.getSetCookie();
  return { status, body: parse(text), cookies, location: response.headers.get('location') };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const problems: Readonly<Record<string, SignInProblem>> = {
  INVALID_EMAIL_OR_PASSWORD: 'wrong_password',
  EMAIL_NOT_VERIFIED: 'not_verified',
  INVALID_EMAIL: 'email_not_valid',
  INVALID_TOKEN: 'link_not_valid',
  TOKEN_EXPIRED: 'link_not_valid',
  USER_NOT_FOUND: 'link_not_valid',
  PROVIDER_NOT_FOUND: 'provider_refused',
};

const failure = z.object({ code: z.string().optional(), error: z.string().optional() });
const goesOn = z.object({ url: z.string() });

/** What a browser is told of an answer. @throws Error for a refusal that no page of ours can lead to. */
export function toSignInAnswer({ status, body, cookies, location }: Answer): SignInAnswer {
  if (status < 400) {
    const on = goesOn.safeParse(body);
    return { cookies, problem: null, location: location ?? (on.success ? on.data.url : null) };
  }
  const { code, error } = failure.parse(body ?? {});
  const problem =
    problems[code ?? ''] ?? (error === 'invalid_signature' ? 'link_not_valid' : undefined);
  if (!problem) throw new Error(`the sign-in library refused: ${code ?? error ?? status}`);
  return { cookies: [], problem, location: null };
}
