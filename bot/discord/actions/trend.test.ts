import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Context } from '../../../core/context.ts';
import type { Sighting } from '../../../core/ports/trend-source.ts';
import { rankSightings } from '../../../core/trend/rank.ts';
import { storeSightings } from '../../../core/trend/sightings.ts';
import { viewTrend } from '../../../core/trend/view.ts';
import { trendResults, trendSearches } from '../../../drizzle/schema/trends.ts';
import { recordExchange } from '../../../test/kit/exchange.ts';
import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { createWorld, type World } from '../../../test/kit/world.ts';
import { parseActionId } from '../action-id.ts';
import { trendActions } from './trend.ts';

let world: World;
let context: Context;
beforeAll(async () => {
  world = await createWorld();
  context = await world.context('discord', 'somebody');
});
afterAll(() => world.close());
beforeEach(() => world.emulators.gemini.behave());

const sighting: Sighting = {
  platform: 'youtube',
  externalId: 'dQw4w9WgXcQ',
  kind: 'short',
  title: 'A paper boat',
  description: 'It sails.',
  url: 'https://www.youtube.com/shorts/dQw4w9WgXcQ',
  channel: 'Boats',
  channelFollowers: null,
  views: 10_000,
  likes: 500,
  comments: 20,
  shares: null,
  durationSeconds: 20,
  publishedAt: null,
  thumbnailUrl: null,
  hashtags: [],
};

/** The ids of a search and of the one trend that it found. */
async function found(externalId: string): Promise<readonly [string, string]> {
  const seenAt = world.now();
  const stored = await storeSightings(world.app, [{ ...sighting, externalId }], seenAt);
  const [ranked] = rankSightings(
    stored.map((trend) => ({ ...trend, analysis: null })),
    seenAt,
  );
  if (!ranked) throw new Error('nothing was stored');
  const searchId = world.app.ids.next('sea');
  const { db } = world.app.database;
  await db.insert(trendSearches).values({
    id: searchId,
    accountId: context.actor.accountId,
    keyword: 'boats',
    request: {},
    skipped: {},
    notes: [],
    createdAt: seenAt,
  });
  const row = { searchId, trendId: ranked.id, position: 0, score: viewTrend(ranked) };
  await db.insert(trendResults).values(row);
  return [searchId, ranked.id];
}

async function press(name: string, args: readonly string[]) {
  const action = trendActions.find((one) => one.name === name);
  if (!action) throw new Error(`no action ${name}`);
  const recorded = recordExchange(context);
  await action.handle(recorded.exchange, args, {});
  for (const view of recorded.views) expect(problemsOfView(view)).toEqual([]);
  return recorded;
}

describe('watching from the card', () => {
  test('says that it goes on, and then what was seen; it is offered once', async () => {
    const [search, trend] = await found('aaaaaaaaaaa');
    const { views, steps } = await press('trend-watch', [trend, search, '2']);
    expect(steps).toEqual(['deferUpdate', 'update', 'update']);
    const [during, after] = views;
    if (!during || !after) throw new Error('there are two cards');
    expect(labelsOfView(during)).toEqual([
      'Make one like this',
      'Save',
      'Watching…',
      'Back to the list',
      'Open the original',
    ]);
    expect(textOfView(during)).toContain('from title and numbers');
    expect(textOfView(after)).toContain('👁️ Watched');
    expect(labelsOfView(after)).toEqual([
      'Make one like this',
      'Save',
      'Back to the list',
      'Open the original',
    ]);
    const back = idsOfView(after).map((id) => parseActionId(id));
    expect(back.find((id) => id?.name === 'trends-page')?.args).toEqual([search, '2']);
    const again = await press('trend-show', [trend]);
    expect(again.views.map((view) => textOfView(view)).join('')).toContain('👁️ Watched');
  });

  test('that does not work is told, and may be tried again', async () => {
    const [, trend] = await found('bbbbbbbbbbb');
    await press('trend-show', [trend]);
    world.emulators.gemini.misbehave({ how: 'video_private', times: 1 });
    const { views } = await press('trend-watch', [trend]);
    const last = views.at(-1);
    if (!last) throw new Error('there is a card');
    expect(textOfView(last)).toContain('⚠️ The video could not be watched');
    expect(labelsOfView(last)).toContain('Watch it');
  });

  test('of a trend that nobody found is refused', async () => {
    const { steps } = await press('trend-watch', ['trd_0000000000000000']);
    expect(steps).toEqual(['deferUpdate', 'fault not_found']);
  });
});
