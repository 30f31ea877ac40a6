import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createChat, expectNoViolation, type Chat } from '../../test/kit/chat.ts';

const inFlight = 200;
let chat: Chat;
let stalled: Server;
beforeAll(async () => {
  stalled = createServer(() => undefined);
  await new Promise<void>((resolve) => {
    stalled.listen(0, '127.0.0.1', resolve);
  });
  const address = stalled.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  chat = await createChat({
    settings: { APIFY_API_URL: `http://127.0.0.1:${address.port}` },
    graceMs: 0,
    discord: { rateLimits: 'off' },
  });
});
afterAll(async () => {
  stalled.closeAllConnections();
  stalled.close();
  await chat.close();
});

const snowflakeMs = (id: string): number => Number(BigInt(id) >> 22n) + 1_420_070_400_000;

test('200 commands at once are acknowledged within a second while a provider says nothing', async () => {
  const place = chat.discord.guild('Studio').channel('general');
  const people = Array.from({ length: 20 }, (_, index) =>
    chat.discord.person(`owner ${index}`).in(place),
  );
  const turns = await Promise.all(
    Array.from({ length: inFlight }, (_, index) => {
      const person = people[index % people.length];
      if (!person) throw new Error('nobody');
      return person.slash('/trend search', { keyword: `idea ${index}` });
    }),
  );
  expect(await Promise.all(turns.map((turn) => turn.acked()))).toEqual(turns.map(() => 'thinking'));
  const asked = new Map(
    turns.map(({ interactionId }) => [interactionId, snowflakeMs(interactionId)]),
  );
  const waits = chat.discord.requests.flatMap(({ route, at }) => {
    const [, id = ''] = /^\/interactions\/(\d+)\/[^/]+\/callback$/u.exec(route) ?? [];
    const since = asked.get(id);
    return since === undefined ? [] : [Date.parse(at) - since];
  });
  expect(waits).toHaveLength(inFlight);
  const sorted = waits.toSorted((a, b) => a - b);
  const p99 = sorted[Math.ceil(inFlight * 0.99) - 1] ?? Infinity;
  process.stdout.write(`acknowledged: p50 ${sorted[inFlight / 2]} ms, p99 ${p99} ms\n`);
  expect(p99).toBeLessThan(1000);
  // All of them are still waiting for the provider.
  expect(turns.map(({ state }) => state)).toEqual(turns.map(() => 'thinking'));
  expectNoViolation(chat);
});

test('a press and a form are acknowledged meanwhile', async () => {
  const owner = chat.discord.person('owner 1');
  const dm = owner.dm();
  const before = chat.discord.violations.length;
  const asked = await dm.slash('/video generate', { prompt: 'A paper boat in the rain' });
  expect(await asked.acked()).toBe('thinking');
  const card = await asked.reply();
  const press = await dm.click(card, 'Cancel');
  await press.acked();
  expect(await (await dm.slash('/video generate')).acked()).toBe('modal');
  expect(await dm.suggest('/video show', 'video', '')).toEqual([]);
  expect(chat.discord.violations).toHaveLength(before);
});
