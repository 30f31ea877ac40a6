import { betterAuth } from 'better-auth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { createWorld, type World } from '../../test/kit/world.ts';
import { signInMails } from '../account/sign-in-mails.ts';
import { signInOptions } from './sign-in-options.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const methods = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const endpoint = z.object({ path: z.string(), options: z.object({ method: methods }) });

/** Every address that the library answers at, with each of its methods. */
function addresses(): string[] {
  const { app, publicUrl } = world;
  const { api } = betterAuth(signInOptions(app, publicUrl, signInMails(app, publicUrl)));
  return Object.values(api).flatMap((one) => {
    const { success, data } = endpoint.safeParse(Object.assign({}, one));
    return success ? data.options.method.map((method) => `${method} /auth${data.path}`) : [];
  });
}

const ours = new Set([
  'GET /auth/oauth2/authorize',
  'POST /auth/oauth2/token',
  'POST /auth/oauth2/register',
  'POST /auth/oauth2/revoke',
  'GET /auth/.well-known/oauth-authorization-server',
]);

test('of all that the library answers at, nothing is to be had from outside but what programs need', async () => {
  const all = addresses();
  expect(all.length).toBeGreaterThan(40);
  for (const named of [
    'POST /auth/sign-up/email',
    'GET /auth/get-session',
    'POST /auth/update-user',
    'POST /auth/oauth2/introspect',
    'GET /auth/oauth2/userinfo',
    'POST /auth/reset-password',
    'GET /auth/error',
    ...ours,
  ])
    expect(all).toContain(named);
  for (const address of all.filter((one) => !ours.has(one))) {
    const [method = '', path = ''] = address.split(' ');
    const answer = await fetch(`${world.publicUrl}${path.replaceAll(/:\w+/gu, 'x')}`, {
      method,
      redirect: 'manual',
      ...(method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } }),
    });
    expect([address, answer.status]).toEqual([address, 404]);
  }
});

test.each([
  '/auth/oauth2/authorize/',
  '/AUTH/oauth2/authorize',
  '/auth/oauth2//authorize',
  '/auth/oauth2/token/../introspect',
  '/auth/oauth2/token%2f..%2fintrospect',
  '/auth/callback/google/../../get-session',
  '/auth/callback/github',
  '/auth/oauth2/authorize%00',
])('an address that is written in another way leads nowhere: %s', async (path) => {
  const at = `${world.publicUrl}${path}`;
  const answers = await Promise.all([
    fetch(at, { redirect: 'manual' }),
    fetch(at, { method: 'POST', redirect: 'manual' }),
  ]);
  for (const { status } of answers) expect([404, 302]).toContain(status);
});

test.each(['PUT', 'DELETE', 'PATCH'])('no address of ours is asked by %s', async (method) => {
  for (const path of ['authorize', 'token', 'register', 'revoke']) {
    const answer = await fetch(`${world.publicUrl}/auth/oauth2/${path}`, { method });
    expect(answer.status).toBe(404);
  }
});
