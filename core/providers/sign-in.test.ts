import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Services } from '../context.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { createSignIn } from './sign-in.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test('a database that is away at the first request is asked again at the next', async () => {
  let isAway = true;
  const { db } = world.app.database;
  const failing: typeof db = new Proxy(db, {
    get(target, name, receiver) {
      if (isAway) throw new Error('the database is away');
      return Reflect.get(target, name, receiver);
    },
  });
  const services: Services = {
    ...world.services,
    database: { ...world.app.database, db: failing },
  };
  const signIn = createSignIn(() => services);
  await expect(signIn.describe()).rejects.toThrow('the database is away');
  isAway = false;
  expect(await signIn.describe()).toMatchObject({ issuer: `${world.publicUrl}/auth` });
});
