import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { drafts } from '../../drizzle/schema/chat.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { trendForecasts } from '../../drizzle/schema/trends.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import {
  addTrend,
  approve,
  forecastsOf,
  openForecasts,
  publishWith,
  seeScore,
  showForecast,
  writeFrom,
  type ForecastScene,
} from '../../test/kit/forecasts.ts';
import {
  drainWith,
  eventKinds,
  jobContext,
  live,
  quickWish,
  startVideo,
  withVideoHost,
  youtubeOf,
} from '../../test/kit/trips.ts';
import type { Context } from '../context.ts';
import { promptWrite } from '../prompt/write.ts';
import { confirmPublication } from '../publication/confirm.ts';
import { trendSearch } from './search.ts';

let scene: ForecastScene;
beforeAll(async () => {
  scene = await openForecasts();
});
afterAll(() => scene.world.close());

const rowsOf = (publication: string) => forecastsOf(scene, publication);
const show = (publication: string) => showForecast(scene, publication);
const isOf = (publication: string) => eq(trendForecasts.publicationId, publication);
const confirm = (publicationId: string, services = jobContext(scene.world)) =>
  confirmPublication.run({ publicationId, round: 0, told: 0 }, services);

/** Uploaded, and not read back yet. */
async function uploaded(): Promise<string> {
  const working = withVideoHost(scene.world, {
    async fetchVideo(token, id) {
      const found = await youtubeOf(scene.world).fetchVideo(token, id);
      return found && { ...found, uploadStatus: 'uploaded' };
    },
  });
  const trend = await addTrend(scene);
  await seeScore(scene, scene.context, trend, 55);
  await writeFrom(scene, trend);
  const publication = await approve(scene);
  await drainWith(scene.world, working);
  expect(await show(publication)).toEqual({ status: 'processing', forecast: null });
  return publication;
}

test('a video from a found trend has the score that was shown', async () => {
  const { world, context } = scene;
  const answer = await world.must(trendSearch, { keyword: 'paper boats' }, context);
  const found = trendSearch.output.parse(answer).trends[2];
  if (!found) throw new Error('nothing was found');
  const written = await world.must(promptWrite, { trend: found.id }, context);
  const prompt = z.string().parse(written['prompt']);
  const video = await startVideo(world, 'owner', { ...quickWish, prompt });
  await world.drain();
  const publication = await approve(scene, { video });
  expect(await show(publication)).toEqual({ status: 'uploading', forecast: null });
  await world.drain();
  expect(await show(publication)).toEqual({
    status: 'live',
    forecast: {
      score: found.score,
      trend: found.id,
      views_after_72h: null,
      read_after_hours: null,
    },
  });
  const at = world.now();
  expect(await rowsOf(publication)).toMatchObject([
    {
      accountId: context.actor.accountId,
      madeAt: at,
      dueAt: new Date(at.getTime() + 72 * 3_600_000),
      views: null,
      gradedAt: null,
      tries: 0,
    },
  ]);
});

describe('which score', () => {
  test('is the one that this account saw last', async () => {
    const { world, context } = scene;
    const trend = await addTrend(scene);
    await seeScore(scene, context, trend, 40.5);
    await world.advance(1);
    await seeScore(scene, context, trend, 81.5);
    await world.advance(1);
    await seeScore(scene, await world.context('terminal', 'other'), trend, 12);
    await writeFrom(scene, trend);
    const publication = await approve(scene);
    await world.drain();
    expect((await show(publication)).forecast).toMatchObject({ score: 81.5, trend });
  });

  test.each([0, 100])('may be %i', async (score) => {
    expect((await show(await publishWith(scene, score))).forecast).toMatchObject({ score });
  });

  test.each([-0.1, 100.1, '81', null])('is not made up from %s', async (score) => {
    const publication = await publishWith(scene, score);
    expect(await show(publication)).toEqual({ status: 'live', forecast: null });
    expect(await rowsOf(publication)).toEqual([]);
  });

  test('follows the prompt within the chat server that the video was made in', async () => {
    const { world, context, video } = scene;
    const here: Context = { ...context, actor: { ...context.actor, serverId: 'server-a' } };
    const inServer = (serverId: string | null) =>
      world.app.database.db.update(videos).set({ serverId }).where(eq(videos.id, video));
    const trend = await addTrend(scene);
    await seeScore(scene, here, trend, 66);
    await writeFrom(scene, trend, here);
    const scores: unknown[] = [];
    for (const server of ['server-a', 'server-b', null]) {
      await inServer(server);
      const publication = await approve(scene);
      await world.drain();
      scores.push((await show(publication)).forecast?.score);
    }
    expect(scores).toEqual([66, undefined, undefined]);
  });
});

describe('nothing is foretold, and the video is live all the same,', () => {
  const liveWith = async (changes: object = {}, ports = scene.world.app.ports) => {
    const publication = await approve(scene, changes);
    await live(scene.world, 60, { step: 10, ports });
    return { ...(await show(publication)), rows: await rowsOf(publication) };
  };
  const nothing = { status: 'live', forecast: null, rows: [] };
  const fromTrend = async () => {
    const trend = await addTrend(scene);
    await seeScore(scene, scene.context, trend, 77);
    await writeFrom(scene, trend);
    return trend;
  };

  test('without a trend', async () => {
    await writeFrom(scene, null);
    expect(await liveWith()).toEqual(nothing);
  });

  test('when the trend was never scored for this account', async () => {
    const trend = await addTrend(scene);
    await seeScore(scene, await scene.world.context('terminal', 'other'), trend, 50);
    await writeFrom(scene, trend);
    expect(await liveWith()).toEqual(nothing);
  });

  test('when the prompt was changed afterwards', async () => {
    await fromTrend();
    const { db } = scene.world.app.database;
    const changed = { prompt: 'Something else, by the person' };
    await db.update(videos).set(changed).where(eq(videos.id, scene.video));
    expect(await liveWith()).toEqual(nothing);
  });

  test('when what was kept of the prompt cannot be read', async () => {
    await fromTrend();
    await scene.world.app.database.db.update(drafts).set({ fields: { trend: 7 } });
    expect(await liveWith()).toEqual(nothing);
  });

  test.each(['private', 'unlisted'])('where nobody comes across it: %s', async (privacy) => {
    await fromTrend();
    expect(await liveWith({ privacy })).toEqual(nothing);
  });

  test('when YouTube keeps it private', async () => {
    await fromTrend();
    const locked = withVideoHost(scene.world, {
      async fetchVideo(token, id) {
        const found = await youtubeOf(scene.world).fetchVideo(token, id);
        return found && { ...found, privacy: 'private' };
      },
    });
    expect(await liveWith({}, locked)).toEqual(nothing);
  });
});

test('a scheduled video has its forecast from when it has gone public', async () => {
  const { world } = scene;
  const at = new Date(world.now().getTime() + 7_200_000);
  const publication = await publishWith(scene, 60, {
    privacy: 'private',
    publish_at: at.toISOString(),
  });
  await live(world, 7140, { step: 3570 });
  expect(await show(publication)).toEqual({ status: 'scheduled', forecast: null });
  await live(world, 120, { step: 30 });
  expect(await show(publication)).toMatchObject({ status: 'live', forecast: { score: 60 } });
  const [row, ...more] = await rowsOf(publication);
  expect(more).toEqual([]);
  expect(row?.madeAt.getTime()).toBeGreaterThanOrEqual(at.getTime());
});

describe('it is written once', () => {
  test('by two that read back at the same time', async () => {
    const publication = await uploaded();
    await Promise.all([confirm(publication), confirm(publication)]);
    expect(await rowsOf(publication)).toHaveLength(1);
    expect((await eventKinds(scene.world, publication)).filter((kind) => kind === 'live')).toEqual([
      'live',
    ]);
  });

  test('and not again for one that is live', async () => {
    const publication = await uploaded();
    await confirm(publication);
    const first = await rowsOf(publication);
    await scene.world.advance(60);
    await confirm(publication);
    expect(await rowsOf(publication)).toEqual(first);
    expect(first).toHaveLength(1);
  });

  test('after a death before YouTube has answered', async () => {
    const publication = await uploaded();
    const dead = withVideoHost(scene.world, {
      fetchVideo: () => Promise.reject(new Error('the process died')),
    });
    await expect(confirm(publication, jobContext(scene.world, dead))).rejects.toThrow('died');
    expect(await rowsOf(publication)).toEqual([]);
    await confirm(publication);
    expect(await rowsOf(publication)).toHaveLength(1);
  });

  test('together with the change, or neither is', async () => {
    const publication = await uploaded();
    const dying = {
      ...jobContext(scene.world),
      ids: {
        ...scene.world.app.ids,
        next(prefix: string): string {
          if (prefix === 'fct') throw new Error('the process died');
          return scene.world.app.ids.next(prefix);
        },
      },
    };
    await expect(confirm(publication, dying)).rejects.toThrow('the process died');
    expect(await show(publication)).toEqual({ status: 'processing', forecast: null });
    await confirm(publication);
    expect(await show(publication)).toMatchObject({ status: 'live', forecast: { score: 55 } });
  });

  test('or not at all when the process dies before the commit', async () => {
    const publication = await uploaded();
    const { database } = scene.world.app;
    const { db } = database;
    const transaction: typeof db.transaction = (run) =>
      db.transaction(async (tx) => {
        const done = await run(tx);
        const written = await tx.select().from(trendForecasts).where(isOf(publication));
        if (written.length > 0) throw new Error('the process died');
        return done;
      });
    const dying = new Proxy(db, {
      get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name)),
    });
    const services = { ...jobContext(scene.world), database: { ...database, db: dying } };
    await expect(confirm(publication, services)).rejects.toThrow('the process died');
    expect(await show(publication)).toEqual({ status: 'processing', forecast: null });
    await confirm(publication);
    expect(await rowsOf(publication)).toHaveLength(1);
  });

  test('where one is there already, that one stays', async () => {
    const publication = await uploaded();
    const at = scene.world.now();
    const first = {
      id: 'fct_first',
      accountId: scene.context.actor.accountId,
      publicationId: publication,
      score: 3,
      madeAt: at,
      dueAt: at,
    };
    await scene.world.app.database.db.insert(trendForecasts).values(first);
    await confirm(publication);
    expect(await show(publication)).toMatchObject({ status: 'live', forecast: { score: 3 } });
  });
});

test('another account sees none of it', async () => {
  const publication = await publishWith(scene, 88);
  const { db } = scene.world.app.database;
  const other = await scene.world.context('terminal', 'other');
  const { accountId } = other.actor;
  await db.update(publications).set({ accountId }).where(eq(publications.id, publication));
  await expect(show(publication)).rejects.toMatchObject({ code: 'not_found' });
});
