import { Readable } from 'node:stream';

import { createCanvas } from '@napi-rs/canvas';
import { and, eq, gt } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { pictures } from '../../drizzle/schema/pictures.ts';
import { serveRoutes, type Emulator } from '../../sandbox/http.ts';
import { refused, storedKeys } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { secondsAfter } from '../clock.ts';
import type { Context } from '../context.ts';
import type { Storage } from '../ports/storage.ts';
import { offered, offeredToAgent, perform } from '../operation.ts';
import { pictureKeep, readPicture } from './keep.ts';

const png = createCanvas(1600, 900).toBuffer('image/png');

let world: World;
let context: Context;
let files: Emulator;
beforeAll(async () => {
  const answers: Readonly<Record<string, Buffer>> = {
    '/a.png': png,
    '/words.png': Buffer.from('no picture at all, only words'),
    '/long.png': Buffer.concat([png, Buffer.alloc(8 * 1024 * 1024)]),
    '/bomb.png': bomb(),
  };
  files = await serveRoutes(
    [
      {
        method: 'GET',
        path: /\/.*/u,
        handle: ({ url }) => ({ status: 200, body: answers[url.pathname] ?? '' }),
      },
    ],
    { status: 404 },
  );
  world = await createWorld({ settings: { DISCORD_API_URL: `${files.url}/api` } });
  context = await world.context('discord');
});
afterAll(async () => {
  await world.close();
  await files.close();
});

function bomb(): Buffer {
  const data = Buffer.from(png);
  data.writeUInt32BE(8193, 16);
  return data;
}

const inServer = (serverId: string | null): Context => ({
  ...context,
  actor: { ...context.actor, serverId },
});

const rows = () => world.app.database.db.select().from(pictures);

async function keep(from: Context): Promise<string> {
  const value = await world.must(pictureKeep, { url: `${files.url}/a.png` }, from);
  return z.string().parse(value['picture']);
}

test('is kept drawn anew, with a row that says what it is', async () => {
  const outcome = await perform(pictureKeep, { url: ` ${files.url}/a.png ` }, inServer('100'));
  if (!outcome.ok) throw outcome.fault;
  const { picture } = pictureKeep.output.parse(outcome.value);
  expect(outcome.text).toBe(`Kept as ${picture} (1280×720).`);
  const [row, ...more] = await rows();
  expect(more).toEqual([]);
  expect(row).toMatchObject({
    id: picture,
    accountId: context.actor.accountId,
    serverId: '100',
    fileKey: `pictures/${picture}.jpg`,
    width: 1280,
    height: 720,
    createdAt: world.now(),
  });
  expect(outcome.value).toEqual({ picture, width: 1280, height: 720, bytes: row?.bytes });
  expect(storedKeys(world)).toEqual([`pictures/${picture}.jpg`]);
});

test('is seen in its account and where it was uploaded, and nowhere else', async () => {
  const shared = await keep(inServer('100'));
  const own = await keep(inServer(null));
  await expect(readPicture(inServer('100'), shared)).resolves.toMatchObject({ id: shared });
  await expect(readPicture(inServer(null), own)).resolves.toMatchObject({ id: own });
  // A surface that is the person's own sees both.
  await expect(readPicture(context, own)).resolves.toMatchObject({ id: own });
  const other = await world.context('discord', 'other');
  const elsewhere: readonly (readonly [Context, string])[] = [
    [inServer('200'), shared],
    [inServer(null), shared],
    [inServer('100'), own],
    [other, shared],
    [other, 'pic_none'],
  ];
  for (const [where, id] of elsewhere)
    await expect(readPicture(where, id)).rejects.toMatchObject({
      code: 'not_found',
      field: 'picture',
      params: { what: 'picture', id },
    });
});

test.each([
  ['/words.png', 'is no picture that can be read; upload a JPEG, PNG or WebP'],
  ['/long.png', 'is more than 8 MiB; make the picture smaller and upload it again'],
  ['/bomb.png', 'has more than 8192 pixels on a side; make the picture smaller'],
  ['https://evil.example/a.png', 'is not a picture that was uploaded here; upload it in the chat'],
  ['http://x@127.0.0.1/a.png', 'is not a picture that was uploaded here'],
])('is not kept when it is %s, and it is said why', async (where, words) => {
  const before = (await rows()).length;
  const url = where.startsWith('/') ? files.url + where : where;
  const fault = await refused(world, pictureKeep, { url }, context);
  expect(fault).toMatchObject({ code: 'invalid_input', field: 'url' });
  expect(fault.message).toContain(`url: ${words}`);
  expect(await rows()).toHaveLength(before);
  expect(storedKeys(world)).toHaveLength(before);
});

test('says it in Chinese too', async () => {
  const outcome = await perform(pictureKeep, { url: 'https://evil.example/' }, context);
  if (outcome.ok) throw new Error('it was kept');
  expect(outcome.fault.params).toMatchObject({
    problems: { zh: 'url: 不是在此处上传的图片；请在聊天中上传，再给出其地址' },
  });
});

test.each(['', ' ', 'x'.repeat(2001)])('does not even look at %j', async (url) => {
  expect(await refused(world, pictureKeep, { url }, context)).toMatchObject({
    code: 'invalid_input',
    field: 'url',
  });
});

test('is for people: no model is offered it', () => {
  expect(offered([pictureKeep], world.app.ports)).toHaveLength(1);
  expect(offeredToAgent([pictureKeep], world.app.ports)).toEqual([]);
});

const rowOf = async (id: string) => {
  const { db } = world.app.database;
  const [row] = await db.select().from(pictures).where(eq(pictures.id, id));
  return row;
};

const filesOf = (id: string) => storedKeys(world).filter((key) => key === `pictures/${id}.jpg`);

describe('a process that dies', () => {
  const id = 'pic_death';

  async function keepWith(write: Storage['write']): Promise<unknown> {
    const { storage } = context.ports;
    const ports = { ...context.ports, storage: { ...storage, write } };
    return pictureKeep.run(
      { url: `${files.url}/a.png` },
      { ...context, ports, ids: { ...context.ids, next: () => id } },
    );
  }
  afterEach(async () => {
    await world.app.database.db.delete(pictures).where(eq(pictures.id, id));
    await context.ports.storage.remove(`pictures/${id}.jpg`);
  });

  test('before the file was written leaves a row of no picture', async () => {
    const trying = keepWith(() => Promise.reject(new Error('the process died')));
    await expect(trying).rejects.toThrow('the process died');
    expect(filesOf(id)).toEqual([]);
    expect(await rowOf(id)).toMatchObject({ bytes: 0, sha256: '', fileKey: `pictures/${id}.jpg` });
    await expect(readPicture(context, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('after the file was written leaves a file that a row names, and no picture', async () => {
    const trying = keepWith(async (...call) => {
      await context.ports.storage.write(...call);
      throw new Error('the process died');
    });
    await expect(trying).rejects.toThrow('the process died');
    expect(filesOf(id)).toEqual([`pictures/${id}.jpg`]);
    expect(await rowOf(id)).toMatchObject({ bytes: 0, sha256: '', fileKey: `pictures/${id}.jpg` });
    await expect(readPicture(context, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('before the row was written leaves nothing', async () => {
    const { db } = world.app.database;
    const [first] = await rows();
    if (!first) throw new Error('nothing was kept before');
    await db.insert(pictures).values({ ...first, id, fileKey: 'pictures/other.jpg' });
    let written = 0;
    const trying = keepWith(async () => {
      written += 1;
      return { bytes: 1, sha256: 'x' };
    });
    await expect(trying).rejects.toThrow('insert into "pictures"');
    expect(written).toBe(0);
  });
});

describe('the fifty pictures of an account', () => {
  let made = 0;
  /** As many kept ones, the first the oldest; without their drawing. */
  async function fill(person: Context, count: number): Promise<string[]> {
    made += 1;
    const ids = Array.from({ length: count }, (_, at) => `pic_of${made}x${at}`);
    const createdAt = (at: number) => secondsAfter(world.now(), at - count);
    const { accountId } = person.actor;
    const facts = { accountId, serverId: null, bytes: 3, sha256: 'abc', width: 1, height: 1 };
    await world.app.database.db
      .insert(pictures)
      .values(
        ids.map((id, at) => ({ ...facts, id, fileKey: keyOf(id), createdAt: createdAt(at) })),
      );
    for (const id of ids)
      await world.app.ports.storage.write(keyOf(id), Readable.from([Buffer.from('abc')]), 3);
    return ids;
  }
  const keyOf = (id: string) => `pictures/${id}.jpg`;
  const keptOf = async ({ actor }: Context) => {
    const own = and(eq(pictures.accountId, actor.accountId), gt(pictures.bytes, 0));
    const found = await world.app.database.db.select().from(pictures).where(own);
    return found.map(({ id }) => id).toSorted();
  };

  test.each([
    [48, 0],
    [49, 0],
    [50, 1],
    [52, 3],
  ])('with %i before a new one, %i of the oldest go', async (before, gone) => {
    const person = await world.context('discord', `keeper of ${before}`);
    const bystander = await world.context('discord', 'bystander');
    const theirs = await fill(bystander, 2);
    const ids = await fill(person, before);
    const fresh = await keep(person);
    const left = [...ids.slice(gone), fresh].toSorted();
    expect(await keptOf(person)).toEqual(left);
    for (const id of ids.slice(0, gone))
      await expect(readPicture(person, id)).rejects.toMatchObject({ code: 'not_found' });
    await world.drain();
    expect(await keptOf(person)).toEqual(left);
    for (const id of ids.slice(0, gone)) expect(await rowOf(id)).toBeUndefined();
    for (const [at, id] of ids.entries()) expect(filesOf(id)).toHaveLength(at < gone ? 0 : 1);
    for (const id of theirs) expect(filesOf(id)).toHaveLength(1);
  });

  test('are fifty however many come at once', async () => {
    const person = await world.context('discord', 'hurried');
    const ids = await fill(person, 48);
    const fresh = await Promise.all(Array.from({ length: 5 }, () => keep(person)));
    expect(await keptOf(person)).toEqual([...ids.slice(3), ...fresh].toSorted());
    await world.drain();
    expect(ids.slice(0, 4).map((id) => filesOf(id).length)).toEqual([0, 0, 0, 1]);
  });

  test('stay where the new one could not be taken in', async () => {
    const person = await world.context('discord', 'unlucky');
    const ids = await fill(person, 50);
    const enqueue = () => Promise.reject(new Error('the database went away'));
    const trying = pictureKeep.run(
      { url: `${files.url}/a.png` },
      { ...person, queue: { ...person.queue, enqueue } },
    );
    await expect(trying).rejects.toThrow('the database went away');
    expect(await keptOf(person)).toEqual(ids.toSorted());
  });
});
