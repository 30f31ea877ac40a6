import { afterEach, beforeEach, expect, it } from 'vitest';

import {
  clientOf,
  openLocalGoogle,
  outcome,
  signIn,
  type LocalGoogle,
} from '../../test/kit/google.ts';

let local: LocalGoogle;
let token = '';

beforeEach(async () => {
  local = await openLocalGoogle();
  token = await signIn(local);
});
afterEach(() => local.close());

const revoke = async (): Promise<number> => {
  const query = new URLSearchParams({ token });
  const url = `${local.google.url}/revoke?${query.toString()}`;
  return (await fetch(url, { method: 'POST' })).status;
};
const look = () => {
  const { api, place } = clientOf(local, token);
  return outcome(api.channels.list({ part: ['id'], mine: true }, place));
};

it('counts what is granted, and forgets what is revoked or removed', async () => {
  const first = token;
  token = await signIn(local);
  expect(local.google.grants).toBe(2);
  expect(await revoke()).toBe(200);
  expect(local.google.grants).toBe(1);
  expect(await look()).toBe('401 authError');
  token = first;
  expect(await look()).toBe('fine');
  local.google.removeAccess();
  expect(local.google.grants).toBe(0);
  expect(await look()).toBe('401 authError');
});

it('revokes nothing while it is down, and loses the answer where it is told to', async () => {
  local.google.misbehave({ on: 'revoke', how: 'http_503', times: 1 });
  expect(await revoke()).toBe(503);
  expect(local.google.grants).toBe(1);
  local.google.misbehave({ on: 'revoke', how: 'reset_after', times: 1 });
  await expect(revoke()).rejects.toThrow('fetch failed');
  expect(local.google.grants).toBe(0);
  expect(await revoke()).toBe(400);
});
