import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { oauthError } from './answers.ts';
import { noChannel, renderConsent, renderRefusal } from './consent-page.ts';
import type { Troublemaker } from './misbehaviour.ts';
import type { Project } from './project.ts';

const authorizePath = '/o/oauth2/v2/auth';
const codeLifetimeMs = 10 * 60_000;
const accessLifetimeMs = 3_599_000;
const testingLifetimeMs = 7 * 86_400_000;
/** Google drops the oldest silently (reference/youtube.md 4.5). */
const liveTokensPerChannel = 100;

type Code = {
  readonly code: string;
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly channelId: string | null;
  readonly scopes: readonly string[];
  readonly offline: boolean;
  readonly expiresAt: number;
};

const html = (status: number, body: string): EmulatorAnswer => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
  },
  body,
});

/** accounts.google.com and oauth2.googleapis.com: consent page, codes, tokens, revocation. */
export function oauthRoutes(project: Project, trouble: Troublemaker): Route[] {
  /** Codes live for minutes and need not survive a restart. */
  const codes = new Map<string, Code>();
  return [
    {
      method: 'GET',
      path: /\/o\/oauth2\/v2\/auth/u,
      handle: ({ url }) => showConsent(project, url.searchParams),
    },
    {
      method: 'POST',
      path: /\/o\/oauth2\/v2\/auth/u,
      handle: ({ body }) => decide(project, codes, new URLSearchParams(body.toString('utf8'))),
    },
    {
      method: 'POST',
      path: /\/token/u,
      handle: trouble.wrap('token', (request) => answerToken(project, codes, request)),
    },
    {
      method: 'POST',
      path: /\/revoke/u,
      handle: trouble.wrap('revoke', (request) => revoke(project, request)),
    },
  ];
}

type Problem = { readonly error: string; readonly detail: string };

function redirectProblem(redirectUri: string | null): Problem | null {
  const redirect = URL.parse(redirectUri ?? '');
  if (!redirect) {
    return { error: 'invalid_request', detail: 'Missing required parameter: redirect_uri' };
  }
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(redirect.hostname);
  const isWeb = redirect.protocol === 'https:' || (redirect.protocol === 'http:' && isLoopback);
  return isWeb && redirect.hash === ''
    ? null
    : {
        error: 'redirect_uri_mismatch',
        detail: 'Plain http is only accepted for this computer, and no fragment.',
      };
}

function challengeProblem(challenge: string | null, method: string | null): string | null {
  if (challenge === null) return method === null ? null : 'code_challenge is missing.';
  if (method !== 'S256') return 'code_challenge_method must be S256.';
  return /^[\w-]{43}$/u.test(challenge) ? null : 'code_challenge is not a SHA-256 in base64url.';
}

const invalid = (detail: string): Problem => ({ error: 'invalid_request', detail });

function findProblem(asked: URLSearchParams): Problem | null {
  if (asked.get('response_type') !== 'code') {
    return invalid('Missing or unsupported response_type; it must be code.');
  }
  if (!asked.get('scope')?.trim()) return invalid('Missing required parameter: scope');
  const challenge = challengeProblem(
    asked.get('code_challenge'),
    asked.get('code_challenge_method'),
  );
  return challenge === null ? redirectProblem(asked.get('redirect_uri')) : invalid(challenge);
}

function requestProblem(project: Project, asked: URLSearchParams): EmulatorAnswer | null {
  if (asked.get('client_id') !== project.options.clientId) {
    return html(401, renderRefusal('invalid_client', 'The OAuth client was not found.'));
  }
  const problem = findProblem(asked);
  return problem ? html(400, renderRefusal(problem.error, problem.detail)) : null;
}

function showConsent(project: Project, asked: URLSearchParams): EmulatorAnswer {
  const problem = requestProblem(project, asked);
  if (problem) return problem;
  return html(
    200,
    renderConsent({
      action: authorizePath,
      host: new URL(asked.get('redirect_uri') ?? '').host,
      scopes: scopesOf(asked.get('scope')),
      channels: project.store.state.channels,
      hidden: Object.fromEntries(asked),
    }),
  );
}

const scopesOf = (text: string | null): string[] => [
  ...new Set((text ?? '').split(/\s+/u).filter((scope) => scope !== '')),
];

function decide(project: Project, codes: Map<string, Code>, form: URLSearchParams): EmulatorAnswer {
  const problem = requestProblem(project, form);
  if (problem) return problem;
  const redirectUri = form.get('redirect_uri') ?? '';
  const back = new URL(redirectUri);
  const state = form.get('state');
  if (state !== null) back.searchParams.set('state', state);
  const asked = scopesOf(form.get('scope'));
  const granted = form.getAll('granted').filter((scope) => asked.includes(scope));
  if (form.get('decision') !== 'allow' || granted.length === 0) {
    back.searchParams.set('error', 'access_denied');
    return { status: 302, headers: { location: back.href } };
  }
  const { channels, grants } = project.store.state;
  const channelId = channels.find(({ id }) => id === form.get('channel'))?.id ?? null;
  if (channelId === null && form.get('channel') !== noChannel) {
    return html(400, renderRefusal('invalid_request', 'Choose a channel.'));
  }
  const earlier = grants.filter((grant) => grant.channelId === channelId);
  const scopes =
    form.get('include_granted_scopes') === 'true'
      ? [...new Set([...granted, ...earlier.flatMap((grant) => grant.scopes)])]
      : granted;
  const code = `4/0${randomBytes(32).toString('base64url')}`;
  codes.set(code, {
    code,
    redirectUri,
    challenge: form.get('code_challenge'),
    channelId,
    scopes,
    offline:
      form.get('access_type') === 'offline' &&
      (earlier.length === 0 || (form.get('prompt') ?? '').split(' ').includes('consent')),
    expiresAt: project.options.clock.now().getTime() + codeLifetimeMs,
  });
  back.searchParams.set('code', code);
  back.searchParams.set('scope', scopes.join(' '));
  return { status: 302, headers: { location: back.href, 'cache-control': 'no-store' } };
}

function answerToken(
  project: Project,
  codes: Map<string, Code>,
  request: EmulatorRequest,
): EmulatorAnswer {
  if (!request.header('content-type')?.startsWith('application/x-www-form-urlencoded')) {
    return oauthError('invalid_request', 'Bad Request');
  }
  const form = new URLSearchParams(request.body.toString('utf8'));
  const { clientId, clientSecret } = project.options;
  if (form.get('client_id') !== clientId) {
    return oauthError('invalid_client', 'The OAuth client was not found.');
  }
  if (form.get('client_secret') !== clientSecret) {
    return oauthError('invalid_client', 'The provided client secret is invalid.');
  }
  const kind = form.get('grant_type');
  if (kind === 'authorization_code') return redeemCode(project, codes, form);
  if (kind === 'refresh_token') return refresh(project, form);
  return oauthError('unsupported_grant_type', `Invalid grant_type: ${kind ?? ''}`);
}

const matches = (verifier: string, challenge: string): boolean =>
  createHash('sha256').update(verifier).digest('base64url') === challenge;

function redeemCode(
  project: Project,
  codes: Map<string, Code>,
  form: URLSearchParams,
): EmulatorAnswer {
  const now = project.options.clock.now().getTime();
  const code = codes.get(form.get('code') ?? '');
  if (!code) return oauthError('invalid_grant', 'Malformed auth code.');
  codes.delete(code.code);
  if (code.expiresAt <= now) return oauthError('invalid_grant', 'Code was expired.');
  if (form.get('redirect_uri') !== code.redirectUri) {
    return oauthError('redirect_uri_mismatch', 'Bad Request');
  }
  const verifier = form.get('code_verifier');
  if (code.challenge !== null && verifier === null) {
    return oauthError('invalid_grant', 'Missing code verifier.');
  }
  if (code.challenge !== null && !matches(verifier ?? '', code.challenge)) {
    return oauthError('invalid_grant', 'Invalid code verifier.');
  }
  const { channelId, scopes } = code;
  if (!code.offline) return issue(project, { refreshToken: null, channelId, scopes }, {});
  const refreshToken = `1//0${randomBytes(48).toString('base64url')}`;
  const expiresAt = project.options.testing ? now + testingLifetimeMs : null;
  const { state } = project.store;
  state.grants.push({ refreshToken, channelId, scopes: [...scopes], issuedAt: now, expiresAt });
  const live = state.grants.filter((grant) => grant.channelId === channelId);
  const dropped = new Set(live.slice(0, Math.max(0, live.length - liveTokensPerChannel)));
  state.grants = state.grants.filter((grant) => !dropped.has(grant));
  return issue(
    project,
    { refreshToken, channelId, scopes },
    { refresh_token: refreshToken, ...expiry(expiresAt, now) },
  );
}

const expiry = (expiresAt: number | null, now: number): object =>
  expiresAt === null ? {} : { refresh_token_expires_in: Math.floor((expiresAt - now) / 1000) };

function refresh(project: Project, form: URLSearchParams): EmulatorAnswer {
  const now = project.options.clock.now().getTime();
  const asked = z.string().min(1).safeParse(form.get('refresh_token'));
  if (!asked.success) {
    return oauthError('invalid_request', 'Missing required parameter: refresh_token');
  }
  const grant = project.store.state.grants.find(
    ({ refreshToken, expiresAt }) =>
      refreshToken === asked.data && (expiresAt === null || expiresAt > now),
  );
  if (!grant) return oauthError('invalid_grant', 'Token has been expired or revoked.');
  return issue(project, grant, expiry(grant.expiresAt, now));
}

/** A fresh access token; expired ones are forgotten on the way. */
function issue(
  { options, store }: Project,
  grant: {
    readonly refreshToken: string | null;
    readonly channelId: string | null;
    readonly scopes: readonly string[];
  },
  more: object,
): EmulatorAnswer {
  const now = options.clock.now().getTime();
  const token = `ya29.${randomBytes(48).toString('base64url')}`;
  const { refreshToken, channelId, scopes } = grant;
  store.state.access = store.state.access.filter(({ expiresAt }) => expiresAt > now);
  store.state.access.push({
    token,
    refreshToken,
    channelId,
    scopes: [...scopes],
    expiresAt: now + accessLifetimeMs,
  });
  store.save();
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      access_token: token,
      expires_in: accessLifetimeMs / 1000,
      scope: scopes.join(' '),
      token_type: 'Bearer',
      ...more,
    },
  };
}

/** Revoking either token ends the grant and everything issued from it. */
function revoke({ store }: Project, { url, body }: EmulatorRequest): EmulatorAnswer {
  const form = new URLSearchParams(body.toString('utf8'));
  const token = url.searchParams.get('token') ?? form.get('token');
  const { state } = store;
  const access = state.access.find((known) => known.token === token);
  const refreshToken = access?.refreshToken ?? token;
  const known = state.grants.some((grant) => grant.refreshToken === refreshToken);
  if (!access && !known) return oauthError('invalid_token', 'Token expired or revoked');
  state.grants = state.grants.filter((grant) => grant.refreshToken !== refreshToken);
  state.access = state.access.filter(
    (other) => other.token !== token && other.refreshToken !== refreshToken,
  );
  store.save();
  return { status: 200, body: {} };
}
