import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { pictures } from '../../drizzle/schema/pictures.ts';
import { serveRoutes, type Emulator } from '../../sandbox/http.ts';
import { refused, storedKeys } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { offered, offeredToModels, perform } from '../operation.ts';
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
  expect(offeredToModels([pictureKeep], world.app.ports)).toEqual([]);
});
