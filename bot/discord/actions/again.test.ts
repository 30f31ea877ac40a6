import { afterAll, beforeAll, expect, test } from 'vitest';

import { createChat, expectNoViolation, type Chat } from '../../../test/kit/chat.ts';

let chat: Chat;
beforeAll(async () => {
  chat = await createChat();
});
afterAll(async () => {
  expectNoViolation(chat);
  await chat.close();
});

test('what a provider could not do is asked for once more by one press, after a restart too', async () => {
  const owner = chat.discord.person('owner', { locale: 'en-US' });
  const { apify } = chat.world.emulators;
  apify.misbehave({ on: 'start', how: 'http_500' });
  const turn = await owner.slash('/trend search', { keyword: 'AI tools', platforms: 'tiktok' });
  const refused = await turn.reply();
  expect(refused.ephemeral).toBe(true);
  expect(refused.buttons.map(({ label }) => label)).toContain('Try again');
  await chat.restart();
  const again = await (await owner.click(refused, 'Try again')).reply();
  expect(again.text).toContain('Taking off: AI tools');
});
