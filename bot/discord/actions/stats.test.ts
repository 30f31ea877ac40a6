import { REST } from 'discord.js';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { wallClock } from '../../../sandbox/clock.ts';
import { startDiscord } from '../../../sandbox/discord/discord.ts';
import { recordExchange } from '../../../test/kit/exchange.ts';
import {
  addLive,
  addReading,
  clearStats,
  openStats,
  secondsBefore,
} from '../../../test/kit/stats.ts';
import { problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { createMessenger } from '../rest-messenger.ts';
import { statsActions } from './stats.ts';

let scene: Awaited<ReturnType<typeof openStats>>;
let id: string;
beforeAll(async () => {
  scene = await openStats();
});
afterAll(() => scene.world.close());
beforeEach(async () => {
  await clearStats(scene);
  [id = ''] = await addLive(scene, 1);
  for (const hours of [3, 1])
    await addReading(scene, id, secondsBefore(scene.world.now(), hours * 3600), [90, 5, 2]);
});

async function press(...args: readonly string[]) {
  const context = await scene.world.context('discord');
  const recorded = recordExchange(context);
  await statsActions[0]?.handle(recorded.exchange, args, {});
  const [view] = recorded.views;
  if (!view) throw new Error('nothing was shown');
  return { ...recorded, view };
}

test('a span of time is shown with its chart, in a message of its own', async () => {
  const { steps, view } = await press('7', '');
  expect(steps).toEqual(['defer everyone', 'answer everyone']);
  expect(textOfView(view)).toContain('in 7 days');
  expect(textOfView(view)).toContain('A boat');
  expect(problemsOfView(view)).toEqual([]);
  const [file] = view.files ?? [];
  const data = file && 'data' in file ? file.data : Buffer.alloc(0);
  expect(data.subarray(1, 4).toString()).toBe('PNG');
});

test('of one publication only that one is shown', async () => {
  const [other = ''] = await addLive(scene, 1, { title: 'Another ship' });
  await addReading(scene, other, secondsBefore(scene.world.now(), 60), [7, 1, 1]);
  const { view } = await press('90', other);
  expect(textOfView(view)).toContain('**7 views · 1 like · 1 comment**');
  expect(textOfView(view)).not.toContain('A boat');
});

test('without a chart the card stands alone', async () => {
  await clearStats(scene);
  const { view } = await press('30');
  expect(view.files).toBeUndefined();
  expect(problemsOfView(view)).toEqual([]);
});

test('Discord takes the chart as a picture of the message', async () => {
  const emulator = await startDiscord({ clock: wallClock, token: 'right-token' });
  const rest = new REST({ api: emulator.apiUrl, version: '10', retries: 0 });
  const person = emulator.person('Ada');
  const channelId = emulator.guild().channel('numbers').id;
  const { view } = await press('30');
  await createMessenger(rest, emulator.token).send(channelId, view);
  expect(person.in(channelId).sees()).toMatchObject([
    { attachments: [{ name: 'stats.png', size: expect.any(Number) }] },
  ]);
  expect(emulator.violations).toEqual([]);
  await emulator.close();
});
