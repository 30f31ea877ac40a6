import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { consent } from '../../sandbox/google/consent.ts';
import { serveRoutes, type EmulatorRequest } from '../../sandbox/http.ts';
import {
  caught,
  codeVerifier,
  connect,
  film,
  metadata,
  openYouTube,
  redirectUri,
  stayOnLoopback,
  type YouTubeSandbox,
} from '../../test/kit/youtube.ts';
import { manageScope, requiredScopes, scopesOf } from '../ports/video-host.ts';
import { createYouTube } from './youtube.ts';

stayOnLoopback();
let tube: YouTubeSandbox;
beforeEach(async () => {
  tube = await openYouTube();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await tube.close();
});

const asked = { state: 'abc', codeVerifier, redirectUri, scopes: requiredScopes };
const codeFrom = async (url: string) => new URL(await consent(url)).searchParams.get('code') ?? '';

describe('asking for access', () => {
  it('asks for offline access with PKCE and consent', () => {
    const url = new URL(tube.host.authorizationUrl(asked));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: requiredScopes.join(' '),
      state: 'abc',
      access_type: 'offline',
      prompt: 'consent',
      include_granted_scopes: 'true',
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
  });

  it.each([
    ['upload', [...requiredScopes]],
    ['manage', [...requiredScopes, manageScope]],
  ] as const)('asks for what %s needs, and gets it', async (access, scopes) => {
    const url = new URL(tube.host.authorizationUrl({ ...asked, scopes: scopesOf(access) }));
    expect(url.searchParams.get('scope')?.split(' ')).toEqual(scopes);
    expect((await connect(tube, access)).scopes.toSorted()).toEqual(scopes.toSorted());
  });

  it("goes to Google's own pages when no address is set", () => {
    const live = createYouTube({ ...tube.settings, oauthUrl: null }, () => tube.clock.now());
    const url = new URL(live.authorizationUrl(asked));
    expect(url.origin + url.pathname).toBe('https://accounts.google.com/o/oauth2/v2/auth');
  });

  it('exchanges the code; times come from the given clock', async () => {
    const tokens = await connect(tube, 'upload');
    expect(tokens).toMatchObject({ scopes: [...requiredScopes] });
    expect(tokens.refreshToken).toMatch(/^1\/\//u);
    expect(tokens.expiresAt.getTime()).toBe(tube.clock.now().getTime() + 3_599_000);
  });

  it('reports the scopes that a person left ticked', async () => {
    const tokens = await connect(tube, 'upload', { scopes: [requiredScopes[1]] });
    expect(tokens.scopes).toEqual([requiredScopes[1]]);
    const fault = await caught(tube.host.startUpload(tokens.accessToken, metadata, film.length));
    expect(fault).toMatchObject({
      code: 'channel_scope_missing',
      params: { scopes: 'youtube.upload, youtube.readonly' },
    });
  });

  it('refuses another verifier and a used code', async () => {
    const { host } = tube;
    const url = host.authorizationUrl(asked);
    const wrong = { code: await codeFrom(url), codeVerifier: 'w'.repeat(43), redirectUri };
    expect((await caught(host.exchangeCode(wrong))).code).toBe('channel_reconnect');
    const right = { code: await codeFrom(url), codeVerifier, redirectUri };
    await host.exchangeCode(right);
    expect((await caught(host.exchangeCode(right))).code).toBe('channel_reconnect');
  });

  it('asks for tokens once, even when the answer is lost', async () => {
    tube.google.misbehave({ on: 'token', how: 'reset_after', times: 1 });
    expect((await caught(connect(tube))).code).toBe('provider_busy');
    expect(tube.google.calls.filter(({ path }) => path === '/token')).toHaveLength(1);
  });

  it('blames the operator for a wrong secret', async () => {
    const settings = { ...tube.settings, clientSecret: 'wrong' };
    const host = createYouTube(settings, () => tube.clock.now());
    expect((await caught(connect({ host }))).code).toBe('provider_locked');
  });

  it('does not take what runs on this computer through a proxy', async () => {
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'])
      vi.stubEnv(name, 'http://127.0.0.1:9');
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    const { accessToken } = await connect(tube);
    expect(await tube.host.fetchChannels(accessToken)).toHaveLength(1);
  });
});

describe('keeping access', () => {
  it('refreshes without repeating the refresh token', async () => {
    const { refreshToken = '', accessToken } = await connect(tube);
    const fresh = await tube.host.refresh(refreshToken);
    expect(fresh.accessToken).not.toBe(accessToken);
    expect(fresh).not.toHaveProperty('refreshToken');
    expect(await tube.host.fetchChannels(fresh.accessToken)).toHaveLength(1);
  });

  it('says reconnect when the person took the access away', async () => {
    const { refreshToken = '', accessToken } = await connect(tube);
    tube.google.removeAccess();
    expect((await caught(tube.host.refresh(refreshToken))).code).toBe('channel_reconnect');
    expect((await caught(tube.host.fetchChannels(accessToken))).code).toBe('channel_reconnect');
  });

  it('lists the chosen channel, or none', async () => {
    const { accessToken } = await connect(tube, 'upload', { channel: '城市慢镜头' });
    expect(await tube.host.fetchChannels(accessToken)).toEqual([
      { id: 'UCjiloSandbox0000000002B', title: '城市慢镜头', handle: '@chengshi-slow' },
    ]);
    const nobody = await connect(tube, 'upload', { channel: 'none' });
    expect(await tube.host.fetchChannels(nobody.accessToken)).toEqual([]);
    const started = tube.host.startUpload(nobody.accessToken, metadata, film.length);
    expect(await caught(started)).toMatchObject({
      code: 'publication_refused',
      params: { reason: 'youtubeSignupRequired' },
    });
  });

  it('keeps tokens and addresses out of the cause', async () => {
    const { refreshToken = '' } = await connect(tube);
    tube.google.removeAccess();
    const { cause } = await caught(tube.host.refresh(refreshToken));
    expect(cause instanceof Error && Object.keys(cause)).toEqual([]);
    expect(String(cause)).toBe('Error: YouTube answered 400: invalid_grant');
  });
});

describe('giving access back', () => {
  it.each(['refreshToken', 'accessToken'] as const)('ends all of it by the %s', async (which) => {
    const tokens = await connect(tube);
    await tube.host.revoke(tokens[which] ?? '');
    const refreshed = tube.host.refresh(tokens.refreshToken ?? '');
    expect((await caught(refreshed)).code).toBe('channel_reconnect');
    const listed = tube.host.fetchChannels(tokens.accessToken);
    expect((await caught(listed)).code).toBe('channel_reconnect');
  });

  it('is done when the token is not valid any more', async () => {
    const { refreshToken = '' } = await connect(tube);
    await tube.host.revoke(refreshToken);
    await tube.host.revoke(refreshToken);
    await tube.host.revoke('never-given');
    const asks = tube.google.calls.filter(({ path }) => path === '/revoke');
    expect(asks).toHaveLength(3);
  });

  it('leaves the other channel connected', async () => {
    const { refreshToken = '' } = await connect(tube);
    const other = await connect(tube, 'manage', { channel: '城市慢镜头' });
    await tube.host.revoke(refreshToken);
    expect(await tube.host.fetchChannels(other.accessToken)).toHaveLength(1);
  });

  it.each([
    [503, {}, 'provider_busy'],
    [500, { error: 'invalid_token' }, 'provider_busy'],
    [400, { error: 'invalid_request' }, 'publication_refused'],
    [302, {}, 'publication_refused'],
  ])('is not done after %i %o', async (status, body, code) => {
    const requests: string[] = [];
    const handle = ({ header, body: sent }: EmulatorRequest) => {
      requests.push(`${header('content-type')} ${sent.toString('utf8')}`);
      return { status, headers: { location: '/elsewhere' }, body };
    };
    const elsewhere = () => ({ status: 200, body: {} });
    const odd = await serveRoutes(
      [
        { method: 'POST', path: /\/revoke/u, handle },
        { method: 'GET', path: /\/elsewhere/u, handle: elsewhere },
      ],
      { status: 404 },
    );
    const settings = { ...tube.settings, oauthUrl: `${odd.url}/` };
    const fault = await caught(createYouTube(settings, () => tube.clock.now()).revoke('1//a+b'));
    await odd.close();
    expect(fault.code).toBe(code);
    expect(requests).toEqual(['application/x-www-form-urlencoded token=1%2F%2Fa%2Bb']);
  });
});
