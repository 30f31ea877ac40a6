import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { createManualClock } from '../clock.ts';
import { consent } from './consent.ts';
import { startGoogle, type GoogleEmulator } from './google.ts';

const clientId = 'test.apps.googleusercontent.com';
const clientSecret = 'test-google';
const redirectUri = 'http://127.0.0.1:9/auth/callback/google';
const verifier = 'a-verifier-that-is-longer-than-forty-three-characters';
const challenge = createHash('sha256').update(verifier).digest('base64url');

const clock = createManualClock(new Date('2026-11-22T08:00:00.000Z'));
const folder = mkdtempSync(join(tmpdir(), 'jilo-openid-'));
let google: GoogleEmulator;
beforeAll(async () => {
  const options = { clock, clientId, clientSecret, uploadFolder: folder, processingMs: 0 };
  google = await startGoogle(options);
});
afterAll(async () => {
  await google.close();
  rmSync(folder, { recursive: true, force: true });
});

const tokensSchema = z.object({
  access_token: z.string(),
  id_token: z.string().optional(),
  refresh_token: z.string().optional(),
  scope: z.string(),
});

function addressOf(changes: Readonly<Record<string, string>> = {}): string {
  const address = new URL('/o/oauth2/v2/auth', google.url);
  address.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email profile',
    state: 'the state',
    nonce: 'the nonce',
    prompt: 'select_account',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...changes,
  }).toString();
  return address.href;
}

async function codeFor(changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const back = new URL(await consent(addressOf(changes), { account: '城市慢镜头' }));
  expect(back.searchParams.get('state')).toBe('the state');
  return back.searchParams.get('code') ?? '';
}

const redeem = (code: string, changes: Readonly<Record<string, string>> = {}) =>
  fetch(`${google.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      code,
      ...changes,
    }),
  });
const tokensFor = async (changes: Readonly<Record<string, string>> = {}) =>
  tokensSchema.parse(await (await redeem(await codeFor(changes))).json());
const userinfo = (token: string) =>
  fetch(`${google.url}/v1/userinfo`, { headers: { authorization: `Bearer ${token}` } });

const chosen = {
  sub: '100000000000000000002',
  email: 'chengshi@example.org',
  email_verified: true,
  name: '城市慢镜头',
  given_name: '城市慢镜头',
};

describe('an ID token', () => {
  test('is signed with a key of the list and says who was chosen', async () => {
    const { id_token: token = '', access_token, refresh_token } = await tokensFor();
    const [head = '', payload = '', signature = ''] = token.split('.');
    const json = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString());
    const { kid, alg } = z.object({ kid: z.string(), alg: z.string() }).parse(json(head));
    expect(alg).toBe('RS256');
    const certs: unknown = await (await fetch(`${google.url}/oauth2/v3/certs`)).json();
    const { keys } = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) }).parse(certs);
    const jwk = z.looseObject({}).parse(keys.find((one) => one.kid === kid));
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const bytes = Buffer.from(signature, 'base64url');
    expect(verify('sha256', Buffer.from(`${head}.${payload}`), key, bytes)).toBe(true);
    expect(JSON.stringify(jwk)).not.toContain('"d"');

    const seconds = Date.parse('2026-11-22T08:00:00.000Z') / 1000;
    const half = createHash('sha256').update(access_token).digest().subarray(0, 16);
    expect(json(payload)).toEqual({
      ...chosen,
      iss: 'https://accounts.google.com',
      aud: clientId,
      azp: clientId,
      nonce: 'the nonce',
      at_hash: half.toString('base64url'),
      iat: seconds,
      exp: seconds + 3600,
    });
    expect(refresh_token).toBeUndefined();
  });

  test('comes only with the scope openid, a refresh token only with access_type offline', async () => {
    expect((await tokensFor({ scope: 'email' })).id_token).toBeUndefined();
    expect((await tokensFor({ access_type: 'offline' })).refresh_token).toMatch(/^1\/\//);
  });
});

describe('who somebody is', () => {
  test.each([
    ['openid', { sub: chosen.sub }],
    ['openid email', { sub: chosen.sub, email: chosen.email, email_verified: true }],
    ['openid profile', { sub: chosen.sub, name: chosen.name, given_name: chosen.name }],
    ['openid email profile', chosen],
  ])('is told as far as %s goes', async (scope, claims) => {
    const { access_token } = await tokensFor({ scope });
    const answer = await userinfo(access_token);
    expect([answer.status, await answer.json()]).toEqual([200, claims]);
  });

  test('is told to nobody with a token that is wrong, old or for YouTube alone', async () => {
    const youtube = { scope: 'https://www.googleapis.com/auth/youtube.readonly' };
    const old = (await tokensFor()).access_token;
    for (const token of ['wrong', (await tokensFor(youtube)).access_token])
      expect((await userinfo(token)).status).toBe(401);
    clock.advance(3_600_000);
    const answer = await userinfo(old);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('invalid_token'),
    ]);
  });

  test('may be somebody whose address nobody has confirmed', async () => {
    const added = google.addPerson({ name: 'New', email: 'new@example.org', emailVerified: false });
    const back = new URL(await consent(addressOf(), { account: added.id }));
    const answer = await redeem(back.searchParams.get('code') ?? '');
    const { access_token } = tokensSchema.parse(await answer.json());
    expect(await (await userinfo(access_token)).json()).toMatchObject({ email_verified: false });
  });
});

describe('a code', () => {
  test.each([
    ['another redirect', { redirect_uri: 'http://127.0.0.1:9/auth/callback/googl' }],
    ['another proof', { code_verifier: `${verifier}x` }],
    ['another secret', { client_secret: 'guessed' }],
  ])('is good for nothing with %s', async (_what, changes) => {
    expect((await redeem(await codeFor(), changes)).ok).toBe(false);
  });

  test('is good once', async () => {
    const code = await codeFor();
    expect((await redeem(code)).status).toBe(200);
    expect((await redeem(code)).status).toBe(400);
  });
});

test('the page offers the people and no channel, and a no comes back as one', async () => {
  const page = await (await fetch(addressOf())).text();
  expect(page).toContain('name="account"');
  expect(page).not.toMatch(/name="(?:channel|granted)"/u);
  const back = new URL(await consent(addressOf(), { decision: 'deny' }));
  expect(Object.fromEntries(back.searchParams)).toEqual({
    state: 'the state',
    error: 'access_denied',
  });
  const silent = await fetch(addressOf({ prompt: 'none' }), { redirect: 'manual' });
  expect(silent.headers.get('location')).toContain('error=interaction_required');
});
