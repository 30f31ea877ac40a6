import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { watches } from '../../../drizzle/schema/trends.ts';
import type { Context } from '../../../core/context.ts';
import { watchCreate } from '../../../core/watch/create.ts';
import { recordExchange, type Recorded } from '../../../test/kit/recorded-exchange.ts';
import { problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { createWorld, type World } from '../../../test/kit/world.ts';
import { watchActions } from './watch.ts';

let world: World;
let context: Context;
let watch: string;
let people = 0;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  const own = await world.context('discord', `person${(people += 1)}`);
  context = { ...own, actor: { ...own.actor, serverId: null } };
  const made = await world.must(watchCreate, { keyword: 'paper boats', daily_usd: 2 }, context);
  watch = z.string().parse(made['watch']);
});

async function act(name: string, who = context): Promise<Recorded> {
  const recorded = recordExchange(who);
  const action = watchActions.find((one) => one.name === name);
  if (!action) throw new Error(`no action ${name}`);
  await action.handle(recorded.exchange, [watch], {});
  return recorded;
}
const shown = ({ views }: Recorded): string => {
  const [view] = views;
  if (!view) throw new Error('nothing is shown');
  expect(problemsOfView(view)).toStrictEqual([]);
  return textOfView(view);
};
const rowOf = async () => {
  const { db } = world.app.database;
  const [row] = await db.select().from(watches).where(eq(watches.id, watch));
  return row;
};

describe('a press', () => {
  test('shows the list', async () => {
    expect((await act('watches-show')).steps).toEqual([
      'defer everyone',
      'perform watch_list',
      'show watch_list',
    ]);
  });

  test('ends a watch, on its card', async () => {
    expect(shown(await act('watch-stop'))).toContain('No longer watched');
    expect(await rowOf()).toMatchObject({ status: 'deleted' });
  });

  test('ends a watch, in the list', async () => {
    expect(shown(await act('watch-drop'))).toContain('You watch nothing yet');
    expect(await rowOf()).toMatchObject({ status: 'deleted' });
    expect((await act('watch-drop')).steps.at(-1)).toBe('fail not_found');
  });

  test('starts a paused one again, as it was', async () => {
    const paused = { status: 'paused' as const, failures: 3, minScore: 88, everyHours: 24 };
    await world.app.database.db.update(watches).set(paused).where(eq(watches.id, watch));
    expect((await act('watch-start')).steps).toEqual([
      'defer everyone',
      'perform watch_list',
      'perform watch_create',
      'show watch_create',
    ]);
    expect(await rowOf()).toMatchObject({
      status: 'active',
      failures: 0,
      minScore: 88,
      everyHours: 24,
      dailyUsd: 2,
      platforms: ['tiktok', 'youtube'],
    });
  });

  test('does nothing to what was made elsewhere', async () => {
    const inServer = { ...context, actor: { ...context.actor, serverId: '11' } };
    for (const name of ['watch-stop', 'watch-drop', 'watch-start'])
      expect((await act(name, inServer)).steps.at(-1)).toBe('fail not_found');
    expect(await rowOf()).toMatchObject({ status: 'active' });
  });
});
