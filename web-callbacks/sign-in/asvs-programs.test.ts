import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { operations } from '../../core/operations.ts';
import type { Services } from '../../core/context.ts';
import { secondsAfter } from '../../core/clock.ts';
import { signInWords } from '../../core/messages/sign-in.ts';
import { createSignIn } from '../../core/providers/sign-in.ts';
import { oauthRefreshTokens } from '../../drizzle/schema/oauth.ts';
import {
  askToken,
  createProof,
  letIn,
  questionAddress,
  registerProgram,
  tokensIn,
  type Program,
} from '../../test/kit/programs.ts';
import {
  createVisitor,
  formFields,
  goodPassword,
  signUp,
  type Visitor,
} from '../../test/kit/visitor.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { createWebApp } from '../app.ts';
import { serveWeb } from '../serve.ts';

let world: World;
let visitor: Visitor;
let program: Program;
beforeAll(async () => {
  world = await createWorld();
  visitor = createVisitor(world.publicUrl);
  await signUp(world, visitor, 'ana@example.org');
  program = await registerProgram(world.publicUrl);
});
afterAll(() => world.close());

test.each(['token', 'id_token', 'code token', 'code id_token', 'id_token token', 'none', ''])(
  'asked for %j, nothing is given out',
  async (response_type) => {
    const { challenge } = createProof();
    const changes = { response_type, prompt: 'consent' };
    const address = questionAddress(world.publicUrl, { program, challenge, changes });
    const { url, text } = await visitor.open(address);
    expect(url).toMatch(/error=(?:unsupported_response_type|invalid_request)/u);
    expect(url).not.toMatch(/[?#&](?:code|access_token|id_token)=/u);
    expect(text).not.toContain('action="/consent"');
  },
);

test('the question of a program says how long, and its person can sign out there', async () => {
  const { challenge } = createProof();
  const changes = { prompt: 'consent' };
  const address = questionAddress(world.publicUrl, { program, challenge, changes });
  const page = await visitor.open(address);
  expect(page.text).toContain(signInWords.en.onlyIfYou);
  expect(signInWords.en.onlyIfYou).toContain('for a year at most');
  expect(signInWords.zh.onlyIfYou).toContain('最长保留一年');
  expect(Object.keys(formFields(page.text, '/sign-out'))).toEqual(['csrf']);
});

describe('a refresh token', () => {
  test.each([
    [364, 200],
    [366, 400],
  ])('%i days after its person let the program in answers %i', async (days, status) => {
    const own = await registerProgram(world.publicUrl);
    const first = await letIn(world.publicUrl, visitor, own);
    const refresh = (token: string) =>
      askToken(world.publicUrl, {
        grant_type: 'refresh_token',
        refresh_token: token,
        client_id: own.clientId,
      });
    // Renewed once before, as a program does that is in use.
    const { refresh_token: renewed } = await tokensIn(await refresh(first.refresh_token));
    await world.app.database.db
      .update(oauthRefreshTokens)
      .set({ authTime: secondsAfter(world.now(), -days * 86_400) })
      .where(eq(oauthRefreshTokens.clientId, own.clientId));
    expect((await refresh(renewed)).status).toBe(status);
  });
});

test('over https every cookie is Secure, HttpOnly and SameSite, and its name binds it to this host', async () => {
  const address = 'https://jilo.test';
  const services: Services = {
    ...world.services,
    publicUrl: () => address,
    signIn: createSignIn(() => services),
  };
  const web = await serveWeb(createWebApp(services, { operations, instanceId: 'run_x' }), 0);
  const set: string[] = [];
  const send = async (path: string, fields?: Readonly<Record<string, string>>, cookie = '') => {
    const headers = { origin: address, cookie, accept: 'text/html' };
    const response = await fetch(`${web.url}${path}`, {
      redirect: 'manual',
      ...(fields ? { method: 'POST', body: new URLSearchParams(fields) } : {}),
      headers,
    });
    set.push(...response.headers.getSetCookie());
    return response;
  };
  await send('/sign-in', { email: 'ana@example.org', password: goodPassword });
  const session = set[0]?.split(';')[0] ?? '';
  await send('/sign-in/google', { next: '/dashboard' });
  const page = await (await send('/tokens', undefined, session)).text();
  const wish = { ...formFields(page, '/tokens'), name: 'Claude', scopes: 'read', days: '30' };
  await send('/tokens', wish, session);
  const made = set.at(-1)?.split(';')[0] ?? '';
  await send('/tokens', undefined, `${session}; ${made}`);
  const { csrf = '' } = formFields(page, '/sign-out');
  await send('/sign-out', { csrf }, session);
  await web.close();
  const names = set.map((one) => one.split('=')[0] ?? '');
  for (const name of names) expect(name).toMatch(/^__Host-jilo[._]/u);
  for (const name of ['jilo.session_token', 'jilo.state', 'jilo_new_token'])
    expect(names).toContain(`__Host-${name}`);
  // Made and ended: the session, and the token that was shown once.
  expect(names.filter((name) => name.endsWith('token')).length).toBeGreaterThanOrEqual(4);
  for (const one of set) {
    const attributes = one.toLowerCase().split('; ').slice(1);
    expect(attributes).toEqual(expect.arrayContaining(['secure', 'httponly', 'path=/']));
    expect(attributes.filter((each) => each.startsWith('samesite='))).toEqual([
      one.includes('new_token') ? 'samesite=strict' : 'samesite=lax',
    ]);
    expect(attributes.join(' ')).not.toContain('domain=');
  }
});
