import { createHash, randomBytes } from 'node:crypto';

import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import type { Faults } from './faults.ts';
import { renderAuthorize, renderAuthorizeRefusal } from './oauth-page.ts';
import { formOf, isOurs, readWish, type Wish } from './oauth-request.ts';
import type { PersonState, World } from './world.ts';

const codeLifetimeMs = 10 * 60_000;
const tokenSeconds = 604_800;

type Grant = { readonly personId: string; readonly scopes: readonly string[] };
type Code = Grant & Pick<Wish, 'challenge'> & { readonly redirectUri: string; expiresAt: number };
type Desk = {
  readonly world: World;
  readonly newcomer: (language: string | undefined) => void;
  /** Codes and tokens live as long as the emulator. */
  readonly codes: Map<string, Code>;
  readonly access: Map<string, Grant & { readonly expiresAt: number }>;
  readonly refresh: Map<string, Grant>;
};

export type DiscordOAuth = {
  /** The page on which people sign in, and the tokens. */
  readonly routes: readonly Route[];
  /** `GET /users/@me` of a person; null for a request that brings no token of one. */
  readonly me: (request: EmulatorRequest) => Promise<EmulatorAnswer | null>;
};

/** OAuth 2 of Discord: codes and tokens for people who sign in elsewhere with their account. */
export function createOAuth(
  world: World,
  faults: Faults,
  newcomer: Desk['newcomer'],
): DiscordOAuth {
  const desk: Desk = {
    world,
    newcomer,
    codes: new Map(),
    access: new Map(),
    refresh: new Map(),
  };
  const faulty = async (
    method: string,
    route: string,
    handle: () => EmulatorAnswer,
  ): Promise<EmulatorAnswer> => {
    const fault = await faults.take(method, route);
    if (fault?.instead) return fault.instead;
    const answer = handle();
    return fault?.loseAnswer ? { status: 0, reset: true } : answer;
  };
  return {
    routes: [
      {
        method: 'GET',
        path: /^\/api(?:\/v\d+)?\/oauth2\/authorize$/,
        handle: (request) => showAuthorize(desk, request),
      },
      {
        method: 'POST',
        path: /^\/api(?:\/v\d+)?\/oauth2\/authorize$/,
        handle: (request) => decide(desk, request),
      },
      {
        method: 'POST',
        path: /^\/api(?:\/v\d+)?\/oauth2\/token$/,
        handle: (request) => faulty('POST', '/oauth2/token', () => answerToken(desk, request)),
      },
    ],
    async me(request) {
      const [, token] = /^Bearer (.*)$/.exec(request.header('authorization') ?? '') ?? [];
      const isMe = /^\/api(?:\/v\d+)?\/users\/@me$/.test(request.url.pathname);
      if (token === undefined || !isMe || request.method !== 'GET') return null;
      return faulty('GET', '/users/@me', () => tellMe(desk, token));
    },
  };
}

function showAuthorize(desk: Desk, { url, header }: EmulatorRequest): EmulatorAnswer {
  const { world } = desk;
  const wish = readWish(world, url.searchParams);
  if ('wrong' in wish) return renderAuthorizeRefusal(wish.wrong);
  if (world.people.size === 0) desk.newcomer(header('accept-language'));
  return renderAuthorize({
    ...wish,
    action: url.pathname,
    application: world.botUser.username,
    people: [...world.people.values()],
    hidden: Object.fromEntries(url.searchParams),
  });
}

function decide({ world, codes }: Desk, request: EmulatorRequest): EmulatorAnswer {
  const origin = request.header('origin');
  // Another page that the person has open must not press the button.
  if (origin !== undefined && origin !== `http://${request.header('host')}`)
    return renderAuthorizeRefusal('Foreign origin');
  const form = formOf(request);
  const wish = readWish(world, form);
  if ('wrong' in wish) return renderAuthorizeRefusal(wish.wrong);
  const { redirect, scopes, challenge } = wish;
  if (form.get('decision') !== 'allow')
    return goBack(wish, {
      error: 'access_denied',
      error_description: 'The resource owner or authorization server denied the request',
    });
  const person = world.people.get(form.get('account') ?? '');
  if (!person) return renderAuthorizeRefusal('Choose who signs in.');
  const code = randomBytes(15).toString('hex');
  codes.set(code, {
    personId: person.user.id,
    scopes,
    challenge,
    redirectUri: form.get('redirect_uri') ?? redirect.href,
    expiresAt: world.clock.now().getTime() + codeLifetimeMs,
  });
  return goBack(wish, { code });
}

function goBack(
  { redirect, state }: Wish,
  answer: Readonly<Record<string, string>>,
): EmulatorAnswer {
  const back = new URL(redirect);
  for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
  if (state !== null) back.searchParams.set('state', state);
  return { status: 302, headers: { location: back.href, 'cache-control': 'no-store' } };
}

const refused = (error: string, error_description: string, status = 400): EmulatorAnswer => ({
  status,
  body: { error, error_description },
});

function answerToken(desk: Desk, request: EmulatorRequest): EmulatorAnswer {
  if (!request.header('content-type')?.startsWith('application/x-www-form-urlencoded'))
    return refused('invalid_request', 'The request is not form-encoded.');
  if (!isOurs(desk.world, request))
    return refused('invalid_client', 'The client is not known by this id and secret.', 401);
  const form = formOf(request);
  const kind = form.get('grant_type');
  if (kind === 'authorization_code') return redeem(desk, form);
  if (kind === 'refresh_token') return renew(desk, form);
  return refused('unsupported_grant_type', 'Unsupported grant type');
}

const invalid = (field: string): EmulatorAnswer =>
  refused('invalid_grant', `Invalid "${field}" in request.`);

function redeem(desk: Desk, form: URLSearchParams): EmulatorAnswer {
  const { codes, world } = desk;
  const given = form.get('code') ?? '';
  const code = codes.get(given);
  codes.delete(given);
  if (!code || code.expiresAt <= world.clock.now().getTime()) return invalid('code');
  if (form.get('redirect_uri') !== code.redirectUri) return invalid('redirect_uri');
  const verifier = form.get('code_verifier') ?? '';
  const hashed = createHash('sha256').update(verifier).digest('base64url');
  if (code.challenge !== null && code.challenge !== hashed) return invalid('code_verifier');
  return issue(desk, code);
}

/** A refresh token is good once: its successor comes with the new tokens. */
function renew(desk: Desk, form: URLSearchParams): EmulatorAnswer {
  const given = form.get('refresh_token') ?? '';
  const grant = desk.refresh.get(given);
  desk.refresh.delete(given);
  return grant ? issue(desk, grant) : invalid('refresh_token');
}

function issue({ world, access, refresh }: Desk, grant: Grant): EmulatorAnswer {
  const accessToken = randomBytes(15).toString('base64url');
  const refreshToken = randomBytes(15).toString('base64url');
  const { personId, scopes } = grant;
  const expiresAt = world.clock.now().getTime() + tokenSeconds * 1000;
  access.set(accessToken, { personId, scopes, expiresAt });
  refresh.set(refreshToken, { personId, scopes });
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      token_type: 'Bearer',
      access_token: accessToken,
      expires_in: tokenSeconds,
      refresh_token: refreshToken,
      scope: scopes.join(' '),
    },
  };
}

function tellMe({ world, access }: Desk, token: string): EmulatorAnswer {
  const grant = access.get(token);
  const person = world.people.get(grant?.personId ?? '');
  if (!grant || !person || grant.expiresAt <= world.clock.now().getTime())
    return { status: 401, body: { message: '401: Unauthorized', code: 0 } };
  return { status: 200, body: meObject(person, grant.scopes) };
}

function meObject({ user, locale, email, emailVerified }: PersonState, scopes: readonly string[]) {
  const { bot: _bot, ...shown } = user;
  return {
    ...shown,
    mfa_enabled: false,
    locale,
    ...(scopes.includes('email') ? { email, verified: emailVerified } : {}),
  };
}
