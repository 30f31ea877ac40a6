import { afterAll, beforeAll, expect, test } from 'vitest';

import { createVisitor, goodPassword, signUp } from '../test/kit/visitor.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test('the account page names the address and how one signs in, and ends every session', async () => {
  const phone = createVisitor(world.publicUrl);
  await signUp(world, phone, 'ways@example.org');
  const desk = createVisitor(world.publicUrl, { language: 'zh' });
  const form = await desk.open('/sign-in');
  await desk.press(form, '/sign-in', { email: 'ways@example.org', password: goodPassword });
  const page = await desk.open('/account');
  expect(page.text).toContain('ways@example.org');
  expect(page.text).toMatch(/password|密码/);
  const after = await desk.press(page, '/sign-out/everywhere');
  expect(new URL(after.url).pathname).toBe('/sign-in');
  for (const browser of [desk, phone])
    expect(new URL((await browser.open('/account')).url).pathname).toBe('/sign-in');
});

test('no other page ends the sessions', async () => {
  const visitor = createVisitor(world.publicUrl);
  await signUp(world, visitor, 'kept@example.org');
  const refused = await visitor.post('/sign-out/everywhere', { csrf: 'made up' });
  expect(refused.status).toBe(403);
  expect(new URL((await visitor.open('/account')).url).pathname).toBe('/account');
});
