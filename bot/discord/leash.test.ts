import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { accounts } from '../../drizzle/schema/people.ts';
import {
  accountOf,
  askAgentForVideo,
  newPrompt,
  plainModel,
  spentBy,
} from '../../test/kit/chat-steps.ts';
import { createChat, expectNoViolation, type Chat } from '../../test/kit/chat.ts';

let chat: Chat;
beforeAll(async () => {
  chat = await createChat({
    ports: { chatModel: plainModel() },
    discord: { rateLimits: 'off' },
  });
});
afterEach(() => {
  expectNoViolation(chat);
});
afterAll(() => chat.close());

test('what the agent spends on the leash starts at once and is followed, and what is more is asked about', async () => {
  const owner = chat.discord.person('owner');
  const dm = owner.dm();
  await (await dm.slash('/account show')).reply();
  const { db } = chat.world.app.database;
  const accountId = await accountOf(chat, owner);
  await db.update(accounts).set({ leashUnits: 1 }).where(eq(accounts.id, accountId));
  await dm.say(`make ${newPrompt()}`);
  await dm.waitFor(/getting ready|0%/iu);
  expect(await spentBy(chat, owner)).toMatchObject({ videos: 1, holds: 1 });
  const card = await askAgentForVideo(dm, '');
  expect(card.text).toContain('I prepared this for you.');
  expect(await spentBy(chat, owner)).toMatchObject({ videos: 1, holds: 1 });
  const shown = await (await dm.slash('/account show')).reply();
  expect(shown.text).toContain('models may spend up to 1 quota a day · 1 used today');
});
