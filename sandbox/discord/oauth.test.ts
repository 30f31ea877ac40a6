import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { createManualClock } from '../clock.ts';
import { startDiscord, type DiscordEmulator } from './discord.ts';

const clock = createManualClock(new Date('2026-11-22T08:00:00.000Z'));
const clientSecret = 'test-client-secret';
const redirectUri = 'http://127.0.0.1:9/auth/callback/discord';
const verifier = 'a-verifier-that-is-longer-than-forty-three-characters';
const challenge = createHash('sha256').update(verifier).digest('base64url');

let discord: DiscordEmulator;
let mo = '';
beforeAll(async () => {
  discord = await startDiscord({ clock, token: 'test-bot', clientSecret, applicationId: '12345' });
  mo = discord.person('Mo <b>', { email: 'mo@example.org' }).id;
});
afterAll(() => discord.close());

type Fields = Readonly<Record<string, string>>;
const asked = (): Fields => ({
  client_id: '12345',
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'identify email',
  state: 'the state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
});
const show = (changes: Fields = {}) => {
  const query = new URLSearchParams({ ...asked(), ...changes }).toString();
  return fetch(`${discord.apiUrl}/oauth2/authorize?${query}`);
};
const decide = (changes: Fields, headers: Fields = {}) =>
  fetch(`${discord.apiUrl}/oauth2/authorize`, {
    method: 'POST',
    body: new URLSearchParams({ ...asked(), account: mo, decision: 'allow', ...changes }),
    redirect: 'manual',
    headers,
  });
const backOf = (response: Response): URLSearchParams =>
  new URL(response.headers.get('location') ?? 'http://nowhere/').searchParams;
const codeFor = async (changes: Fields = {}): Promise<string> =>
  backOf(await decide(changes)).get('code') ?? '';

const token = (fields: Fields, headers: Fields = {}) =>
  fetch(`${discord.apiUrl}/v10/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
  });
const redeem = (code: string, changes: Fields = {}) =>
  token({
    grant_type: 'authorization_code',
    client_id: '12345',
    client_secret: clientSecret,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    code,
    ...changes,
  });
const tokensSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.literal(604_800),
  refresh_token: z.string(),
  scope: z.string(),
});
const tokensOf = async (response: Response) => tokensSchema.parse(await response.json());
const me = (authorization: string) =>
  fetch(`${discord.apiUrl}/v10/users/@me`, { headers: { authorization } });

describe('the page', () => {
  test('shows who may sign in, without a script, and posts to itself and the way back alone', async () => {
    const response = await show();
    const page = await response.text();
    expect(page).toContain('Mo &lt;b&gt;');
    expect(page).toContain('mo@example.org');
    expect(page).not.toMatch(/<script|onclick|style="/u);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' http://127.0.0.1:9;");
    expect(policy).not.toContain('unsafe');
  });

  test.each<[string, Fields]>([
    ['another application', { client_id: '54321' }],
    ['no way back', { redirect_uri: 'javascript:alert(1)' }],
    ['an unknown scope', { scope: 'identify guilds.join' }],
    ['a token at once', { response_type: 'token' }],
    ['a plain proof', { code_challenge_method: 'plain' }],
  ])('is not shown for %s, nor is its form taken', async (_what, changes) => {
    expect((await show(changes)).status).toBe(400);
    const decided = await decide(changes);
    expect([decided.status, decided.headers.get('location')]).toEqual([400, null]);
  });

  test('sends a no back as one, and takes no press of another site', async () => {
    expect(Object.fromEntries(backOf(await decide({ decision: 'cancel' })))).toEqual({
      error: 'access_denied',
      error_description: 'The resource owner or authorization server denied the request',
      state: 'the state',
    });
    expect((await decide({}, { origin: 'https://evil.example' })).status).toBe(400);
    expect((await decide({ account: '1' })).status).toBe(400);
  });
});

describe('a code', () => {
  test('becomes tokens, with the secret in the form or in the header', async () => {
    const inForm = await redeem(await codeFor());
    expect((await tokensOf(inForm)).scope).toBe('identify email');
    const basic = `Basic ${Buffer.from(`12345:${clientSecret}`).toString('base64')}`;
    const code = await codeFor();
    const fields = { grant_type: 'authorization_code', redirect_uri: redirectUri, code };
    const inHeader = await token({ ...fields, code_verifier: verifier }, { authorization: basic });
    expect(inHeader.status).toBe(200);
  });

  test('is good once, and for ten minutes', async () => {
    const code = await codeFor();
    expect((await redeem(code)).status).toBe(200);
    const again = await redeem(code);
    expect([again.status, await again.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
    const late = await codeFor();
    clock.advance(600_000);
    expect((await redeem(late)).status).toBe(400);
  });

  test.each<[string, number, Fields]>([
    ['another way back', 400, { redirect_uri: `${redirectUri}/` }],
    ['another proof', 400, { code_verifier: `${verifier}x` }],
    ['no proof', 400, { code_verifier: '' }],
    ['another secret', 401, { client_secret: 'guessed' }],
    ['another application', 401, { client_id: '54321' }],
    ['another kind of grant', 400, { grant_type: 'password' }],
  ])('is good for nothing with %s', async (_what, status, changes) => {
    expect((await redeem(await codeFor(), changes)).status).toBe(status);
  });

  test('is renewed by its refresh token once', async () => {
    const { refresh_token } = await tokensOf(await redeem(await codeFor()));
    const renewal = { grant_type: 'refresh_token', refresh_token };
    expect((await redeem('', renewal)).status).toBe(200);
    expect((await redeem('', renewal)).status).toBe(400);
  });
});

describe('GET /users/@me', () => {
  test('tells the address only with the scope email', async () => {
    const whole = await tokensOf(await redeem(await codeFor()));
    expect(await (await me(`Bearer ${whole.access_token}`)).json()).toMatchObject({
      id: mo,
      username: 'mo.<b>',
      global_name: 'Mo <b>',
      avatar: null,
      email: 'mo@example.org',
      verified: true,
    });
    const less = await tokensOf(await redeem(await codeFor({ scope: 'identify' })));
    const shown = z.looseObject({ id: z.string() });
    const body = shown.parse(await (await me(`Bearer ${less.access_token}`)).json());
    expect(body.id).toBe(mo);
    expect(body).not.toHaveProperty('email');
    expect(body).not.toHaveProperty('verified');
  });

  test('knows the bot by its own token, and no other token', async () => {
    expect(await (await me('Bot test-bot')).json()).toMatchObject({ id: '12345', bot: true });
    expect((await me('Bearer test-bot')).status).toBe(401);
    const { access_token } = await tokensOf(await redeem(await codeFor()));
    expect((await me(`Bot ${access_token}`)).status).toBe(401);
    clock.advance(604_800_000);
    expect((await me(`Bearer ${access_token}`)).status).toBe(401);
    expect(discord.selfFaults).toEqual([]);
  });
});

test('whoever is the first to come finds somebody to sign in as', async () => {
  const empty = await startDiscord({ clock, token: 'test-bot', applicationId: '12345' });
  const query = new URLSearchParams(asked()).toString();
  const page = await fetch(`${empty.apiUrl}/oauth2/authorize?${query}`, {
    headers: { 'accept-language': 'zh-CN' },
  });
  expect(await page.text()).toContain('你');
  expect(empty.people().map(({ name }) => name)).toEqual(['你']);
  await empty.close();
});
