import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { createWorld, type World } from '../kit/world.ts';
import { forgeries } from './forgeries.ts';
import { playDeliveries } from './play.ts';

const wanted = inject('evals') === 'all' ? 5000 : 120;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test(`${wanted} deliveries of every kind end as the books of Stripe say`, async () => {
  const played = await playDeliveries(world, wanted, 'one');
  const lines = [...played.counts]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([kind, times]) => `  ${kind}: ${times}`);
  const { deliveries, forged, forgedAccepted, found } = played;
  process.stdout.write(
    `${deliveries} deliveries, ${forged} forged and ${forgedAccepted} of them accepted, ${found} lost ones found\n${lines.join('\n')}\n`,
  );
  expect(Object.keys(forgeries)).toHaveLength(20);
  expect(forgedAccepted).toBe(0);
  expect(found).toBeGreaterThan(0);
}, 900_000);
