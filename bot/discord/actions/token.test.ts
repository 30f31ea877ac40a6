import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { accessTokens } from '../../../drizzle/schema/access.ts';
import { conversationMessages, conversationTurns } from '../../../drizzle/schema/chat.ts';
import { verifyToken } from '../../../core/token/verify.ts';
import type { Person, Place } from '../../../sandbox/discord/discord.ts';
import { accountOf, buttonOf } from '../../../test/kit/chat-steps.ts';
import { createChat, expectNoViolation, type Chat } from '../../../test/kit/chat.ts';

let chat: Chat;
let number = 0;
beforeAll(async () => {
  chat = await createChat();
});
afterEach(() => expectNoViolation(chat));
afterAll(() => chat.close());

const comeIn = (): { person: Person; place: Place } => {
  const person = chat.discord.person(`owner ${(number += 1)}`);
  return { person, place: person.in(chat.discord.guild('Studio').channel('general')) };
};
const tokenIn = (text: string): string => /jilo_[\w-]{49}/.exec(text)?.[0] ?? '';
const rowsOf = (accountId: string) =>
  chat.world.app.database.db
    .select()
    .from(accessTokens)
    .where(eq(accessTokens.accountId, accountId));

test('a token is shown to the person alone, works, and is revoked by a press', async () => {
  const { person, place } = comeIn();
  const other = comeIn();
  const shown = await (
    await place.slash('/token create', { name: 'Claude', scopes: 'read', days: 1 })
  ).reply();
  expect(shown.ephemeral).toBe(true);
  const token = tokenIn(shown.text);
  const accountId = await accountOf(chat, person);
  expect(await verifyToken(chat.world.app, token)).toMatchObject({ accountId, scopes: ['read'] });
  expect(JSON.stringify(other.place.sees())).not.toContain(token);
  // Nothing of it is told to the agent later on.
  const { db } = chat.world.app.database;
  const said = [
    await db.select().from(conversationTurns),
    await db.select().from(conversationMessages),
  ];
  expect(JSON.stringify(said)).not.toContain(token);
  expect(chat.world.logs.join('')).not.toContain(token);

  const list = await (await place.click(shown, buttonOf(shown, 'tokens-show'))).reply();
  expect(list.ephemeral).toBe(true);
  expect(list.text).toContain('may read');
  expect(list.text).not.toContain('jilo_');
  const revoked = await (await place.click(list, buttonOf(list, 'token-revoke'))).reply();
  expect(revoked.text).toContain('The token is revoked');
  expect(await verifyToken(chat.world.app, token)).toBeNull();
});

test('what is named while typing are the tokens that work', async () => {
  const { person, place } = comeIn();
  for (const name of ['Claude', 'Cursor'])
    await (await place.slash('/token create', { name })).reply();
  const [first] = await rowsOf(await accountOf(chat, person));
  await (await place.slash('/token revoke', { token: first?.id ?? '' })).reply();
  const left = (await rowsOf(await accountOf(chat, person))).filter(
    ({ revokedAt }) => revokedAt === null,
  );
  expect(await place.suggest('/token revoke', 'token', 'c')).toEqual(
    left.map(({ id, name }) => ({ name, value: id })),
  );
  expect(left).toHaveLength(1);
  const stranger = comeIn().place;
  expect(await stranger.suggest('/token revoke', 'token', '')).toEqual([]);
  const refused = await (
    await stranger.slash('/token revoke', { token: left[0]?.id ?? '' })
  ).reply();
  expect(refused.ephemeral).toBe(true);
  expect(refused.text).toMatch(/There is no token/u);
});
