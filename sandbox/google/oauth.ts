import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { oauthError } from './answers.ts';
import { html, requestProblem, scopesOf } from './authorize-request.ts';
import { noChannel, renderConsent, renderRefusal } from './consent-page.ts';
import type { Troublemaker } from './misbehaviour.ts';
import { fullScope, idTokenOf, isIdentityScope, type Signer } from './openid.ts';
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
  /** Who signs in; null where nothing is asked of the person. */
  readonly personId: string | null;
  readonly nonce: string | null;
  readonly scopes: readonly string[];
  readonly offline: boolean;
  readonly expiresAt: number;
};

/** accounts.google.com and oauth2.googleapis.com: consent page, codes, tokens, revocation. */
export function oauthRoutes(project: Project, trouble: Troublemaker, signer: Signer): Route[] {
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
      handle: trouble.wrap('token', (request) => answerToken({ project, signer }, codes, request)),
    },
    {
      method: 'POST',
      path: /\/revoke/u,
      handle: trouble.wrap('revoke', (request) => revoke(project, request)),
    },
  ];
}

function showConsent(project: Project, asked: URLSearchParams): EmulatorAnswer {
  const problem = requestProblem(project, asked);
  if (problem) return problem;
  if (asked.get('prompt') === 'none') return goBack(asked, { error: 'interaction_required' });
  return html(
    200,
    renderConsent({
      action: authorizePath,
      host: new URL(asked.get('redirect_uri') ?? '').host,
      scopes: scopesOf(asked.get('scope')),
      channels: project.store.state.channels,
      people: project.store.state.people,
      hidden: Object.fromEntries(asked),
    }),
  );
}

/** Sends the browser back with the answer. */
function goBack(asked: URLSearchParams, answer: Readonly<Record<string, string>>): EmulatorAnswer {
  const back = new URL(asked.get('redirect_uri') ?? '');
  const state = asked.get('state');
  if (state !== null) back.searchParams.set('state', state);
  for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
  return { status: 302, headers: { location: back.href, 'cache-control': 'no-store' } };
}

function decide(project: Project, codes: Map<string, Code>, form: URLSearchParams): EmulatorAnswer {
  const problem = requestProblem(project, form);
  if (problem) return problem;
  const ticked = form.getAll('granted');
  const granted = scopesOf(form.get('scope')).filter(
    (scope) => isIdentityScope(scope) || ticked.includes(scope),
  );
  if (form.get('decision') !== 'allow' || granted.length === 0)
    return goBack(form, { error: 'access_denied' });
  const chosen = chosenIn(project, form);
  if ('lacks' in chosen)
    return html(400, renderRefusal('invalid_request', `Choose ${chosen.lacks}.`));
  const earlier = project.store.state.grants.filter((grant) => isOfSame(grant, chosen));
  const scopes = [
    ...new Set([
      ...granted.map(fullScope),
      ...(form.get('include_granted_scopes') === 'true'
        ? earlier.flatMap((grant) => grant.scopes)
        : []),
    ]),
  ];
  const code = `4/0${randomBytes(32).toString('base64url')}`;
  codes.set(code, {
    ...chosen,
    code,
    redirectUri: form.get('redirect_uri') ?? '',
    challenge: form.get('code_challenge'),
    nonce: form.get('nonce'),
    scopes,
    offline:
      form.get('access_type') === 'offline' &&
      (earlier.length === 0 || (form.get('prompt') ?? '').split(' ').includes('consent')),
    expiresAt: project.options.clock.now().getTime() + codeLifetimeMs,
  });
  return goBack(form, { code, scope: scopes.join(' ') });
}

type Chosen = { readonly channelId: string | null; readonly personId: string | null };

const isOfSame = (grant: Chosen, { channelId, personId }: Chosen): boolean =>
  grant.channelId === channelId && grant.personId === personId;

/** Whom and what the person chose, of what the request asks for. */
function chosenIn(
  { store }: Project,
  form: URLSearchParams,
): Chosen | { readonly lacks: 'a channel' | 'an account' } {
  const { channels, people } = store.state;
  const scopes = scopesOf(form.get('scope'));
  const person = people.find(({ id }) => id === form.get('account'));
  if (!person && scopes.some(isIdentityScope)) return { lacks: 'an account' };
  const channel = channels.find(({ id }) => id === form.get('channel'));
  if (!channel && form.get('channel') !== noChannel && !scopes.every(isIdentityScope))
    return { lacks: 'a channel' };
  return { channelId: channel?.id ?? null, personId: person?.id ?? null };
}

/** What tokens are made with. */
type Mint = { readonly project: Project; readonly signer: Signer };

function answerToken(
  mint: Mint,
  codes: Map<string, Code>,
  request: EmulatorRequest,
): EmulatorAnswer {
  if (!request.header('content-type')?.startsWith('application/x-www-form-urlencoded')) {
    return oauthError('invalid_request', 'Bad Request');
  }
  const form = new URLSearchParams(request.body.toString('utf8'));
  const { clientId, clientSecret } = mint.project.options;
  if (form.get('client_id') !== clientId) {
    return oauthError('invalid_client', 'The OAuth client was not found.');
  }
  if (form.get('client_secret') !== clientSecret) {
    return oauthError('invalid_client', 'The provided client secret is invalid.');
  }
  const kind = form.get('grant_type');
  if (kind === 'authorization_code') return redeemCode(mint, codes, form);
  if (kind === 'refresh_token') return refresh(mint, form);
  return oauthError('unsupported_grant_type', `Invalid grant_type: ${kind ?? ''}`);
}

const matches = (verifier: string, challenge: string): boolean =>
  createHash('sha256').update(verifier).digest('base64url') === challenge;

function redeemCode(mint: Mint, codes: Map<string, Code>, form: URLSearchParams): EmulatorAnswer {
  const { project } = mint;
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
  const { channelId, personId, nonce, scopes } = code;
  if (!code.offline) return issue(mint, { ...code, refreshToken: null }, {});
  const refreshToken = `1//0${randomBytes(48).toString('base64url')}`;
  const expiresAt = project.options.testing ? now + testingLifetimeMs : null;
  const { state } = project.store;
  const grant = { refreshToken, channelId, personId, scopes: [...scopes] };
  state.grants.push({ ...grant, issuedAt: now, expiresAt });
  const live = state.grants.filter((other) => isOfSame(other, grant));
  const dropped = new Set(live.slice(0, Math.max(0, live.length - liveTokensPerChannel)));
  state.grants = state.grants.filter((other) => !dropped.has(other));
  const more = { refresh_token: refreshToken, ...expiry(expiresAt, now) };
  return issue(mint, { ...grant, nonce }, more);
}

const expiry = (expiresAt: number | null, now: number): object =>
  expiresAt === null ? {} : { refresh_token_expires_in: Math.floor((expiresAt - now) / 1000) };

function refresh(mint: Mint, form: URLSearchParams): EmulatorAnswer {
  const { project } = mint;
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
  return issue(mint, { ...grant, nonce: null }, expiry(grant.expiresAt, now));
}

/** A fresh access token; expired ones are forgotten on the way. */
function issue(
  { project, signer }: Mint,
  grant: Chosen & {
    readonly refreshToken: string | null;
    readonly scopes: readonly string[];
    readonly nonce: string | null;
  },
  more: object,
): EmulatorAnswer {
  const { options, store } = project;
  const now = options.clock.now().getTime();
  const token = `ya29.${randomBytes(48).toString('base64url')}`;
  const { refreshToken, channelId, personId, scopes, nonce } = grant;
  store.state.access = store.state.access.filter(({ expiresAt }) => expiresAt > now);
  store.state.access.push({
    token,
    refreshToken,
    channelId,
    personId,
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
      ...idTokenOf(project, signer, { personId, scopes, accessToken: token, nonce }),
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
