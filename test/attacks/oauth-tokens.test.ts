import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { accountDelete } from '../../core/account/delete.ts';
import { openApp } from '../../core/app.ts';
import { loadSurroundings } from '../../core/config.ts';
import { operations } from '../../core/operations.ts';
import { tokenList } from '../../core/token/list.ts';
import { tokenRevoke } from '../../core/token/revoke.ts';
import { createWebApp } from '../../web-callbacks/app.ts';
import { serveWeb } from '../../web-callbacks/serve.ts';
import {
  askToken,
  callTool,
  createProof,
  letIn,
  questionAddress,
  registerProgram,
  tokensIn,
  type Program,
  type Tokens,
} from '../kit/programs.ts';
import { contextOfLogin } from '../kit/signed-up.ts';
import { createVisitor, linkInMail, signUp, type Visitor } from '../kit/visitor.ts';
import { createWorld, type World } from '../kit/world.ts';
import { askForCode, exchange, refusalOf, sentTo } from './oauth-kit.ts';

let world: World;
let origin: string;
let ana: Visitor;
let other: Program;

beforeAll(async () => {
  world = await createWorld();
  origin = world.publicUrl;
  ana = createVisitor(origin);
  await signUp(world, ana, 'ana@example.org');
  other = await registerProgram(origin, { client_name: 'Other' });
});
afterAll(() => world.close());

type Held = { readonly program: Program; readonly tokens: Tokens };

async function hold(visitor: Visitor, scope = 'read spend'): Promise<Held> {
  const program = await registerProgram(origin);
  return { program, tokens: await letIn(origin, visitor, program, { scope }) };
}

const refresh = ({ program, tokens }: Held, changes: Readonly<Record<string, string>> = {}) =>
  askToken(origin, {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token,
    client_id: program.clientId,
    ...changes,
  });

const statusOf = async (tokens: Tokens): Promise<number> =>
  (await callTool(origin, tokens.access_token)).status;

describe('a token for another server', () => {
  test.each([
    'https://mcp.evil.example/mcp',
    'https://mcp.evil.example',
    'not an address',
    '',
    'http://127.0.0.1/mcp',
  ])('is not to be had at %j', async (resource) => {
    const { challenge } = createProof();
    const changes = { resource };
    const address = questionAddress(origin, { program: other, challenge, changes });
    const { place } = await sentTo(origin, ana, address);
    expect(place.origin + place.pathname).toBe(other.redirectUri);
    expect(place.searchParams.get('error')).toMatch(/^invalid_(?:target|request)$/u);
  });

  test('is not to be had with a fragment, a slash or a query more either', async () => {
    const { challenge } = createProof();
    for (const more of ['#x', '/', '?x', '/../mcp/x']) {
      const changes = { resource: `${origin}/mcp${more}` };
      const address = questionAddress(origin, { program: other, challenge, changes });
      const { place } = await sentTo(origin, ana, address);
      expect(place.searchParams.get('error')).toMatch(/^invalid_(?:target|request)$/u);
    }
  });

  test('is not to be had for a code or a refresh token of ours', async () => {
    const resource = 'https://mcp.evil.example/mcp';
    const given = await askForCode(origin, ana, other);
    expect(await refusalOf(await exchange(origin, given, { resource }))).toEqual([
      400,
      'invalid_target',
    ]);
    const held = await hold(ana);
    expect(await refusalOf(await refresh(held, { resource }))).toEqual([400, 'invalid_target']);
  });

  test('of what the library has besides is not good at our tools', async () => {
    const resource = `${origin}/auth/oauth2/userinfo`;
    const program = await registerProgram(origin);
    const tokens = await letIn(origin, ana, program, { resource });
    expect(await statusOf(tokens)).toBe(401);
  });
});

describe('an address that we had before', () => {
  test('has tokens of its own, which are not good at the new one, nor the other way round', async () => {
    const moved: { url: string | null } = { url: null };
    const app = await openApp({
      config: world.app.config,
      path: loadSurroundings().path,
      write: (line) => void world.logs.push(line),
      worker: false,
      publicUrl: () => moved.url,
      clock: world.app.clock,
      timers: world.app.timers,
    });
    const web = await serveWeb(createWebApp(app, { operations, instanceId: 'run_moved' }), 0);
    const { tokens } = await hold(ana);
    moved.url = origin;
    expect((await callTool(web.url, tokens.access_token)).status).toBe(200);
    moved.url = web.url;
    expect((await callTool(web.url, tokens.access_token)).status).toBe(401);
    // The new address is known to the database by now, so the old one could be asked for it.
    await fetch(`${web.url}/auth/.well-known/oauth-authorization-server`);
    const program = await registerProgram(origin);
    const late = await letIn(origin, ana, program, { resource: `${web.url}/mcp` });
    expect(await statusOf(late)).toBe(401);
    await web.close();
    await app.close();
  });
});

describe('a refresh token', () => {
  test('does not give more than the person allowed', async () => {
    const held = await hold(ana, 'read');
    for (const scope of ['read spend', 'publish', 'read admin', 'openid'])
      expect(await refusalOf(await refresh(held, { scope }))).toEqual([400, 'invalid_scope']);
    const less = await tokensIn(await refresh(held, { scope: 'offline_access read' }));
    expect(less.scope.split(' ').toSorted()).toEqual(['offline_access', 'read']);
  });

  test('and a code give no scope that is asked for at the token address', async () => {
    const given = await askForCode(origin, ana, other, { scope: 'read' });
    const tokens = await tokensIn(await exchange(origin, given, { scope: 'read publish spend' }));
    expect(tokens.scope.split(' ').toSorted()).toEqual(['offline_access', 'read']);
  });

  test('is no good with the name of another program, and stays good with its own', async () => {
    const held = await hold(ana);
    const stolen = await refresh(held, { client_id: other.clientId });
    expect(await refusalOf(stolen)).toEqual([400, 'invalid_grant']);
    expect((await refresh(held)).status).toBe(200);
  });

  test('is no access token, and an access token is no refresh token', async () => {
    const held = await hold(ana);
    expect((await callTool(origin, held.tokens.refresh_token)).status).toBe(401);
    const turned = await refresh(held, { refresh_token: held.tokens.access_token });
    expect(await refusalOf(turned)).toEqual([400, 'invalid_token']);
  });

  test('is used by one of two at once; used again, it ends what came of it', async () => {
    const held = await hold(ana);
    const both = await Promise.all([refresh(held), refresh(held)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    const winner = await tokensIn(both.find(({ ok }) => ok) ?? new Response('{}'));
    expect(await refusalOf(await refresh(held))).toEqual([400, 'invalid_grant']);
    expect(await statusOf(winner)).toBe(401);
    expect((await refresh({ ...held, tokens: winner })).status).toBe(400);
  });
});

describe('what a program holds', () => {
  test('is renewed after its person has signed out, which ends only the hour that goes on', async () => {
    const own = createVisitor(origin);
    await signUp(world, own, 'out@example.org');
    const held = await hold(own);
    const page = await own.open('/dashboard');
    await own.press(page, '/sign-out');
    expect((await own.open('/dashboard')).url).toContain('/sign-in');
    expect(await statusOf(held.tokens)).toBe(401);
    const renewed = await tokensIn(await refresh(held));
    expect(await statusOf(renewed)).toBe(200);
  });

  test('ends with a new password, as somebody else may have let the program in', async () => {
    const own = createVisitor(origin);
    await signUp(world, own, 'new@example.org');
    const held = await hold(own);
    const form = await own.open('/reset');
    await own.press(form, '/reset', { email: 'new@example.org' });
    await world.drain();
    const page = await own.open(linkInMail(world, 'new@example.org'));
    const password = 'wholly different 9';
    await own.press(page, '/reset/new', { password, repeat: password });
    expect(await statusOf(held.tokens)).toBe(401);
    expect(await refusalOf(await refresh(held))).toEqual([400, 'invalid_grant']);
  });

  test('ends at once when its person ends it', async () => {
    const own = createVisitor(origin);
    await signUp(world, own, 'end@example.org');
    const held = await hold(own);
    const context = await contextOfLogin(world, 'end@example.org');
    const { tokens } = tokenList.output.parse(await world.must(tokenList, {}, context));
    await world.must(tokenRevoke, { token: tokens[0]?.id }, context);
    expect(await statusOf(held.tokens)).toBe(401);
    expect(await refusalOf(await refresh(held))).toEqual([400, 'invalid_grant']);
  });

  test('ends at once with the account', async () => {
    const own = createVisitor(origin);
    await signUp(world, own, 'gone@example.org');
    const held = await hold(own);
    const given = await askForCode(origin, own, other);
    const context = await contextOfLogin(world, 'gone@example.org');
    await world.must(accountDelete, {}, context);
    expect(await statusOf(held.tokens)).toBe(401);
    expect(await refusalOf(await refresh(held))).toEqual([400, 'invalid_grant']);
    expect(await (await exchange(origin, given)).json()).not.toHaveProperty('access_token');
  });
});
