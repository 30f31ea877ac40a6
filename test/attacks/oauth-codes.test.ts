import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import {
  askToken,
  callTool,
  createProof,
  questionAddress,
  registerProgram,
  tokensIn,
  type Program,
  type Question,
} from '../kit/programs.ts';
import { createVisitor, signUp, type Visitor } from '../kit/visitor.ts';
import { createWorld, type World } from '../kit/world.ts';
import { askForCode, exchange, refusalOf, sentTo } from './oauth-kit.ts';

let world: World;
let origin: string;
let visitor: Visitor;
let program: Program;
let other: Program;

beforeAll(async () => {
  world = await createWorld();
  origin = world.publicUrl;
  visitor = createVisitor(origin);
  await signUp(world, visitor, 'ana@example.org');
  program = await registerProgram(origin);
  other = await registerProgram(origin, { client_name: 'Other' });
});
afterAll(() => world.close());
afterEach(() => vi.useRealTimers());

/** What a program is told at once, without anybody being asked. */
async function answerTo(changes: Question['changes']): Promise<Record<string, string>> {
  const { challenge } = createProof();
  const address = questionAddress(origin, { program, challenge, changes: changes ?? {} });
  const { place } = await sentTo(origin, visitor, address);
  expect(place.origin + place.pathname).toBe(program.redirectUri);
  return Object.fromEntries(place.searchParams);
}

describe('a question without a good proof key is refused', () => {
  const { verifier } = createProof();
  test.each<[string, Question['changes']]>([
    ['none', { code_challenge: null, code_challenge_method: null }],
    ['a challenge in the open', { code_challenge: verifier, code_challenge_method: 'plain' }],
    ['a challenge whose method is left out', { code_challenge_method: null }],
    ['a method without a challenge', { code_challenge: null }],
    ['an empty challenge', { code_challenge: '' }],
    ['an unknown method', { code_challenge_method: 'S512' }],
    ['a method in other letters', { code_challenge_method: 's256' }],
  ])('%s', async (_what, changes) => {
    expect(await answerTo(changes)).toMatchObject({
      error: 'invalid_request',
      state: 'state-of-the-program',
      iss: `${origin}/auth`,
    });
  });
});

describe('a code is refused', () => {
  test.each<[string, () => Record<string, string | null>]>([
    ['without a verifier', () => ({ code_verifier: null })],
    ['with an empty verifier', () => ({ code_verifier: '' })],
    ['with a wrong verifier', () => ({ code_verifier: createProof().verifier })],
    ['for another program', () => ({ client_id: other.clientId })],
    ['for nobody', () => ({ client_id: null })],
    ['without the address it was sent to', () => ({ redirect_uri: null })],
    ['for another address', () => ({ redirect_uri: 'https://claude.com/api/mcp/auth_callback' })],
    ['for the same address with a slash', () => ({ redirect_uri: `${program.redirectUri}/` })],
    ['for another server', () => ({ resource: 'https://mcp.evil.example/mcp' })],
    ['with a secret that was never given', () => ({ client_secret: 'x' })],
  ])('%s', async (_how, changes) => {
    const given = await askForCode(origin, visitor, program);
    const refused = await exchange(origin, given, changes());
    expect([400, 401]).toContain(refused.status);
    expect(await refused.json()).not.toHaveProperty('access_token');
  });

  test('with the verifier of another code', async () => {
    const first = await askForCode(origin, visitor, program);
    const second = await askForCode(origin, visitor, program);
    for (const [{ code }, { verifier }] of [
      [first, second],
      [second, first],
    ] as const)
      expect((await exchange(origin, { program, code, verifier })).status).toBe(401);
    // Nobody tries a second verifier on the same code.
    expect(await refusalOf(await exchange(origin, first))).toEqual([400, 'invalid_grant']);
  });

  test('a second time, and the tokens of the first time end, with those that came of them', async () => {
    const own = await registerProgram(origin);
    const given = await askForCode(origin, visitor, own);
    const first = await tokensIn(await exchange(origin, given));
    const refreshed = await tokensIn(
      await askToken(origin, {
        grant_type: 'refresh_token',
        refresh_token: first.refresh_token,
        client_id: own.clientId,
      }),
    );
    for (const { access_token: token } of [first, refreshed])
      expect((await callTool(origin, token)).status).toBe(200);
    expect(await refusalOf(await exchange(origin, given))).toEqual([400, 'invalid_grant']);
    for (const { access_token: token } of [first, refreshed])
      expect((await callTool(origin, token)).status).toBe(401);
    const again = await askToken(origin, {
      grant_type: 'refresh_token',
      refresh_token: refreshed.refresh_token,
      client_id: own.clientId,
    });
    expect(await refusalOf(again)).toEqual([400, 'invalid_grant']);
  });

  test('of two exchanges at once exactly one gets tokens', async () => {
    const given = await askForCode(origin, visitor, program);
    const both = await Promise.all([exchange(origin, given), exchange(origin, given)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
  });

  test('after ten minutes, and not a minute before', async () => {
    const kept = await askForCode(origin, visitor, program);
    const late = await askForCode(origin, visitor, program);
    const now = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: now + 9 * 60_000 });
    expect((await exchange(origin, kept)).status).toBe(200);
    vi.setSystemTime(now + 10 * 60_000 + 2000);
    expect(await refusalOf(await exchange(origin, late))).toEqual([400, 'invalid_grant']);
  });

  test('that was made up', async () => {
    const { verifier } = createProof();
    const refused = await exchange(origin, { program, code: 'a'.repeat(32), verifier });
    expect(await refusalOf(refused)).toEqual([400, 'invalid_grant']);
  });
});

describe('the token address refuses', () => {
  test.each([
    ['client_credentials', 'client_credentials'],
    ['password', 'password'],
    ['implicit', 'implicit'],
    ['token exchange', 'urn:ietf:params:oauth:grant-type:token-exchange'],
    ['signed statements', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
    ['device codes', 'urn:ietf:params:oauth:grant-type:device_code'],
    ['nothing', ''],
  ])('the grant %s', async (_name, grant_type) => {
    const refused = await askToken(origin, { grant_type, client_id: program.clientId });
    expect(refused.status).toBe(400);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(await refused.json()).not.toHaveProperty('access_token');
  });

  test('a program that is not registered, however it says so, with 401 invalid_client', async () => {
    const unknown = { grant_type: 'refresh_token', refresh_token: 'jilo_rt_x' };
    const posted = await askToken(origin, { ...unknown, client_id: 'client_none' });
    expect(await refusalOf(posted)).toEqual([401, 'invalid_client']);
    const basic = await fetch(`${origin}/auth/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('client_none:x').toString('base64')}` },
      body: new URLSearchParams(unknown),
    });
    expect(basic.headers.get('www-authenticate')).toBe('Basic');
    expect(await refusalOf(basic)).toEqual([401, 'invalid_client']);
  });
});

describe('mix-up', () => {
  test('the issuer of the metadata stands in every answer, good or bad', async () => {
    const read = await fetch(`${origin}/.well-known/oauth-authorization-server/auth`);
    const { issuer } = z.object({ issuer: z.string() }).parse(await read.json());
    const answers = [
      await answerTo({ scope: 'root' }),
      await answerTo({ resource: 'https://mcp.evil.example/mcp' }),
      await answerTo({ code_challenge_method: 'plain' }),
      await answerTo({ prompt: 'none', scope: 'publish' }),
      await answerTo({ scope: 'read spend' }),
    ];
    expect(answers.map(({ iss }) => iss)).toEqual(answers.map(() => issuer));
    expect(answers.map(({ error }) => error)).toEqual([
      'invalid_scope',
      'invalid_target',
      'invalid_request',
      'consent_required',
      undefined,
    ]);
  });

  test.each([
    ['long', 'a'.repeat(2000)],
    ['markup', '"><script>alert(1)</script>'],
    ['an address', 'https://evil.example/#&error=x'],
    ['a header', '%00%0d%0aLocation: https://evil.example'],
    ['of many letters', '\u202e状态 😀'],
    ['a template', '{{7*7}}${7*7}'],
    ['an answer', 'a&code=stolen&iss=https://evil.example'],
    ['of white space', ' a + b '],
  ])('a state that is %s comes back as it was sent', async (_what, state) => {
    const answer = await answerTo({ state, scope: 'read spend' });
    expect(answer).toMatchObject({ state, iss: `${origin}/auth`, code: expect.any(String) });
    expect(Object.keys(answer).toSorted()).toEqual(['code', 'iss', 'state']);
    expect((await answerTo({ state, scope: 'root' }))['state']).toBe(state);
  });
});
