import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';

import { savedTrends, trendResults, trends, trendSearches } from '../../drizzle/schema/trends.ts';
import { serveRoutes, type Emulator, type EmulatorAnswer } from '../../sandbox/http.ts';
import { drawImage, pictureUrl } from '../../sandbox/apify/image.ts';
import { jobContext, storedKeys } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { secondsAfter } from '../clock.ts';
import type { JobContext } from '../context.ts';
import { Fault } from '../fault.ts';
import { trendSave } from './save.ts';
import { copyThumbnail } from './thumbnail-copy.ts';
import { expireThumbnails } from './thumbnail-expire.ts';
import { askForThumbnails, showThumbnails, thumbnailLink, thumbnailUrlOf } from './thumbnail.ts';
import type { TrendView } from './view.ts';

const day = 86_400;

let world: World;
let pictures: Emulator;
let asked = 0;
let answer: () => EmulatorAnswer = () => ({ status: 200, body: drawImage('a') });
beforeAll(async () => {
  world = await createWorld();
  const handle = () => {
    asked += 1;
    return answer();
  };
  pictures = await serveRoutes([{ method: 'GET', path: /\/.*/u, handle }], { status: 404 });
});
afterAll(async () => {
  await world.close();
  await pictures.close();
});
beforeEach(() => {
  asked = 0;
  answer = () => ({ status: 200, body: drawImage('a') });
});

let made = 0;
type Row = typeof trends.$inferSelect;
async function trend(over: Partial<Row> = {}): Promise<string> {
  made += 1;
  const id = `trd_picture${made}`;
  await world.app.database.db.insert(trends).values({
    id,
    platform: 'tiktok',
    externalId: `${made}`,
    kind: 'short',
    title: 'A paper boat',
    description: '',
    url: 'https://www.tiktok.com/@a/video/1',
    hashtags: [],
    seenAt: world.now(),
    thumbnailUrl: `${pictures.url}/${made}.png`,
    ...over,
  });
  return id;
}
const rowOf = async (id: string): Promise<Row> => {
  const [row] = await world.app.database.db.select().from(trends).where(eq(trends.id, id));
  if (!row) throw new Error(`there is no trend ${id}`);
  return row;
};
const ask = (...ids: string[]) =>
  world.app.database.db.transaction((tx) => askForThumbnails(tx, world.app, ids));
const copy = (trendId: string, changes: Partial<JobContext> = {}) =>
  copyThumbnail.run({ trendId }, { ...jobContext(world), ...changes });
const filesOf = (id: string) => storedKeys(world).filter((key) => key.includes(`${id}.`));
const view = (id: string, thumbnail: string | null): TrendView => ({
  id,
  platform: 'tiktok',
  title: 'A paper boat',
  channel: null,
  url: 'https://www.tiktok.com/@a/video/1',
  views: null,
  likes: null,
  comments: null,
  shares: null,
  published_at: null,
  score: 50,
  parts: { views: 0.5, engagement: 0.5, growth: 0.5, quality: 0.5 },
  incomplete: true,
  confidence: 0.2,
  rising: null,
  thumbnail_url: thumbnail,
});

describe('the picture of a trend', () => {
  it('is copied, small, and served under a signed address that expires', async () => {
    const { apify } = world.emulators;
    const imagesUrl = `${apify.url}/images`;
    const at = { platform: 'tiktok', id: '7400000000000000001', now: world.now() } as const;
    const id = await trend({ thumbnailUrl: pictureUrl(imagesUrl, at) });
    await ask(id, id);
    await world.drain();
    const row = await rowOf(id);
    expect(row).toMatchObject({ thumbnailKey: `trends/${id}.jpg`, thumbnailTries: 1 });
    const link = thumbnailLink(world.app, row) ?? '';
    const served = await fetch(link);
    expect([served.status, served.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(Buffer.from(await served.arrayBuffer()).subarray(0, 3)).toEqual(
      Buffer.from([0xff, 0xd8, 0xff]),
    );
    await world.advance(day);
    // Neither the platform's address nor our link lasts; a new link does.
    expect((await fetch(row.thumbnailUrl ?? '')).status).toBe(403);
    expect((await fetch(link)).status).toBe(403);
    expect((await fetch(thumbnailLink(world.app, row) ?? '')).status).toBe(200);
  });

  it('is asked for once, and not again when it is here, nowhere, or given up', async () => {
    const id = await trend();
    const here = await trend({ thumbnailKey: 'trends/x.jpg' });
    const nowhere = await trend({ thumbnailUrl: null });
    const givenUp = await trend({ thumbnailTries: 3 });
    await Promise.all([ask(id, here, nowhere, givenUp), ask(id), ask()]);
    expect(
      await world.app.database.sql`
      select data -> 'payload' as asked from pgboss.job
      where name = 'trend.thumbnail' and state < 'active'`,
    ).toEqual([{ asked: { trendId: id } }]);
    await world.drain();
    expect(asked).toBe(1);
    await ask(id);
    await world.drain();
    await copy(id);
    expect(asked).toBe(1);
    expect(await rowOf(here)).toMatchObject({ thumbnailKey: 'trends/x.jpg', thumbnailTries: 0 });
  });

  it('is asked for by whoever saves the trend', async () => {
    const id = await trend();
    const context = await world.context();
    const { accountId } = context.actor;
    const createdAt = world.now();
    const search = { id: 'sea_save', accountId, keyword: 'x', request: {}, skipped: {}, notes: [] };
    const { db } = world.app.database;
    await db.insert(trendSearches).values({ ...search, createdAt });
    const result = { searchId: search.id, trendId: id, position: 0, score: view(id, null) };
    await db.insert(trendResults).values(result);
    await world.must(trendSave, { trend: id, saved: false }, context);
    await world.drain();
    expect(asked).toBe(0);
    await world.must(trendSave, { trend: id }, context);
    await world.drain();
    expect(await rowOf(id)).toMatchObject({ thumbnailKey: `trends/${id}.jpg` });
  });

  it('is not asked for by a transaction that does not commit', async () => {
    const id = await trend();
    const asking = world.app.database.db.transaction(async (tx) => {
      await askForThumbnails(tx, world.app, [id]);
      throw new Error('the search failed');
    });
    await expect(asking).rejects.toThrow('the search failed');
    await world.drain();
    expect(asked).toBe(0);
  });

  test.each([
    ['an expired address', { status: 403, body: 'URL signature expired' }],
    ['a busy host', { status: 503 }],
  ])('is tried three times, with %s', async (_, broken) => {
    answer = () => broken;
    const id = await trend();
    await ask(id);
    for (let turn = 0; turn < 6; turn += 1) {
      await world.drain();
      await world.advance(600);
    }
    expect(asked).toBe(3);
    expect(await rowOf(id)).toMatchObject({ thumbnailKey: null, thumbnailTries: 3 });
    expect(filesOf(id)).toEqual([]);
    const told = world.logs.filter((line) => line.includes(id));
    expect(told.at(-1)).toContain('was not copied');
  });

  test.each([
    ['no picture', { status: 200, body: 'no picture at all, only words' }, 1],
    ['too long', { status: 200, body: Buffer.alloc(9 * 1024 * 1024, drawImage('a')) }, 1],
    ['somewhere else', null, 0],
  ])('that is %s is given up at once', async (_, said, requests) => {
    if (said) answer = () => said;
    const id = await trend(said ? {} : { thumbnailUrl: 'http://169.254.169.254/a.png' });
    await copy(id);
    await copy(id);
    expect(asked).toBe(requests);
    expect(await rowOf(id)).toMatchObject({ thumbnailKey: null, thumbnailTries: 3 });
  });

  it('is copied by the next try when a process dies at any step', async () => {
    const id = await trend();
    const { storage, thumbnails } = world.app.ports;
    const died = new Error('the process died');
    const before = { ...thumbnails, fetch: () => Promise.reject(died) };
    const after = {
      ...storage,
      write: async (...call: Parameters<typeof storage.write>) => {
        await storage.write(...call);
        throw died;
      },
    };
    const ports = world.app.ports;
    await expect(copy(id, { ports: { ...ports, thumbnails: before } })).rejects.toThrow('died');
    expect(filesOf(id)).toEqual([]);
    await expect(copy(id, { ports: { ...ports, storage: after } })).rejects.toThrow('died');
    expect(await rowOf(id)).toMatchObject({ thumbnailKey: null, thumbnailTries: 2 });
    await copy(id);
    expect(await rowOf(id)).toMatchObject({ thumbnailKey: `trends/${id}.jpg`, thumbnailTries: 3 });
    expect(filesOf(id)).toHaveLength(1);
  });

  it('waits for a storage that has no room', async () => {
    const id = await trend();
    const write = () => Promise.reject(new Fault('storage_full', {}));
    const ports = { ...world.app.ports, storage: { ...world.app.ports.storage, write } };
    await expect(copy(id, { ports })).rejects.toMatchObject({ code: 'storage_full' });
    await copy(id);
    expect(filesOf(id)).toHaveLength(1);
  });
});

describe('what is shown', () => {
  it('is our copy, or the platform’s picture as it is now, or nothing', async () => {
    const key = 'trends/trd_x.jpg';
    const lasting = 'https://i.ytimg.com/vi/x/hq.jpg';
    const copied = await trend({ thumbnailKey: key, thumbnailUrl: lasting });
    const fresh = await trend({ thumbnailUrl: lasting });
    const none = await trend({ thumbnailUrl: null });
    const views = [view('trd_none', lasting), view(none, lasting), view(fresh, 'https://old/')];
    const shown = await showThumbnails(world.app, [view(copied, lasting), ...views]);
    expect(shown.map((one) => one.thumbnail_url)).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/media\/trends\/trd_x\.jpg\?exp=\d+&sig=/u),
      lasting,
      null,
      lasting,
    ]);
    expect(shown[1]).toEqual(views[0]);
    const silent = { ...world.app, publicUrl: () => null };
    const row = await rowOf(copied);
    expect(thumbnailLink(silent, row)).toBeNull();
    expect(thumbnailUrlOf(silent, row)).toBe(lasting);
    expect(await showThumbnails(world.app, [])).toEqual([]);
  });

  test.each([
    [-1, false],
    [0, false],
    [1, true],
  ])('is an address that ends in %i s: %s', (seconds, isShown) => {
    const end = Math.floor(world.now().getTime() / 1000) + seconds;
    for (const query of [`x-expires=${end}&x-signature=a`, `oh=a&oe=${end.toString(16)}`]) {
      const thumbnailUrl = `https://p16.tiktokcdn.com/a.jpg?${query}`;
      const shown = thumbnailUrlOf(world.app, { thumbnailKey: null, thumbnailUrl });
      expect(shown).toBe(isShown ? thumbnailUrl : null);
    }
  });

  test.each(['x-expires=soon', 'oe=zz', 'x-expires=1', 'q=1', ''])(
    'is an address whose end is not told: %s',
    (query) => {
      const thumbnailUrl = `https://p16.tiktokcdn.com/a.jpg?${query}`;
      expect(thumbnailUrlOf(world.app, { thumbnailKey: null, thumbnailUrl })).toBe(thumbnailUrl);
    },
  );
});

describe('the copies', () => {
  const copied = async (): Promise<string> => {
    const id = await trend();
    await copy(id);
    expect(filesOf(id)).toHaveLength(1);
    return id;
  };
  let searches = 0;
  async function searchedAgo(seconds: number, ...ids: string[]): Promise<void> {
    const { accountId } = (await world.context()).actor;
    const id = `sea_made${(searches += 1)}`;
    const createdAt = secondsAfter(world.now(), -seconds);
    const search = { id, accountId, keyword: 'x', request: {}, skipped: {}, notes: [], createdAt };
    await world.app.database.db.insert(trendSearches).values(search);
    await world.app.database.db
      .insert(trendResults)
      .values(ids.map((trendId, position) => ({ searchId: id, trendId, position, score: {} })));
  }
  const sweep = (changes: Partial<JobContext> = {}) =>
    expireThumbnails.run({}, { ...jobContext(world), ...changes });

  test.each([
    [-1, true],
    [0, false],
    [1, false],
  ])('of a search 90 days and %i s ago are kept: %s', async (over, isKept) => {
    const id = await copied();
    await searchedAgo(200 * day, id);
    await searchedAgo(90 * day + over, id);
    await sweep();
    expect(filesOf(id)).toHaveLength(isKept ? 1 : 0);
    const { thumbnailKey, thumbnailTries } = await rowOf(id);
    expect([thumbnailKey, thumbnailTries]).toEqual(isKept ? [`trends/${id}.jpg`, 1] : [null, 0]);
  });

  it('of saved trends are kept, whoever saved them, and those of no search go', async () => {
    const [saved, other] = [await copied(), await copied()];
    const { accountId } = (await world.context('terminal', 'somebody')).actor;
    const row = { accountId, trendId: saved, createdAt: world.now() };
    await world.app.database.db.insert(savedTrends).values(row);
    await searchedAgo(91 * day, saved);
    await sweep();
    expect([filesOf(saved), filesOf(other)].map((files) => files.length)).toEqual([1, 0]);
  });

  it('are many, and are copied again when they are found again', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 101; count += 1)
      ids.push(await trend({ thumbnailTries: 3, thumbnailKey: 'trends/x.jpg' }));
    await sweep();
    for (const id of ids) expect(await rowOf(id)).toMatchObject({ thumbnailKey: null });
    const [id = ''] = ids;
    await ask(id);
    await world.drain();
    expect(filesOf(id)).toHaveLength(1);
  });

  it('that no row names go too: a try that died has left them', async () => {
    const id = await copied();
    const { db } = world.app.database;
    await db.update(trends).set({ thumbnailKey: null }).where(eq(trends.id, id));
    await sweep();
    expect(filesOf(id)).toEqual([]);
  });

  it('that could not be removed keep their key until the next time', async () => {
    const id = await copied();
    const { storage } = world.app.ports;
    const remove = () => Promise.reject(new Fault('provider_locked', { provider: 'Storage' }));
    const ports = { ...world.app.ports, storage: { ...storage, remove } };
    await expect(sweep({ ports })).rejects.toMatchObject({ code: 'provider_busy' });
    expect(await rowOf(id)).toMatchObject({ thumbnailKey: `trends/${id}.jpg` });
    const signal = AbortSignal.abort(new Error('stopping'));
    await expect(sweep({ signal })).rejects.toThrow('stopping');
    expect(filesOf(id)).toHaveLength(1);
    await sweep();
    expect(filesOf(id)).toEqual([]);
  });
});
