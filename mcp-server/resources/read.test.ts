import { specTypeSchemas } from '@modelcontextprotocol/server';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { Context } from '../../core/context.ts';
import { perform } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { publicationShow } from '../../core/publication/show.ts';
import { quotaHistory } from '../../core/quota/history.ts';
import { trendShow } from '../../core/trend/show.ts';
import { untrustedRule } from '../../core/untrusted.ts';
import { videoShow } from '../../core/video/show.ts';
import {
  addVideos,
  hideVideo,
  openBelongings,
  type BelongingsScene,
} from '../../test/kit/belongings.ts';
import { videoRow } from '../../test/kit/trips.ts';
import { parseAddress, uriOf } from './address.ts';
import { readResource } from './read.ts';
import { resourceTemplates } from './templates.ts';

let scene: BelongingsScene;
beforeAll(async () => {
  scene = await openBelongings();
});
afterAll(() => scene.world.close());

const contentSchema = z.tuple([
  z.object({ uri: z.string(), mimeType: z.string(), text: z.string() }),
]);

/** The JSON that a resource holds. */
async function readJson(uri: string, context: Context): Promise<Record<string, unknown>> {
  const read = await readResource(uri, context, operations);
  const [content] = contentSchema.parse(read?.contents);
  expect(content).toMatchObject({ uri, mimeType: 'application/json' });
  return z.record(z.string(), z.unknown()).parse(JSON.parse(content.text));
}

describe('addresses', () => {
  const id = '0123456789abcdef';
  const good = [
    `jilo://videos/vid_${id}`,
    `jilo://videos/vid_${id}/poster`,
    `jilo://trends/trd_${id}`,
    `jilo://publications/pub_${id}`,
    'jilo://ledger',
    'jilo://ledger/2026-01',
    'jilo://ledger/2026-12',
  ];
  test.each(good)('%s is one', (uri) => {
    const address = parseAddress(uri);
    expect(address && uriOf(address)).toBe(uri);
  });

  const bad = [
    '',
    'jilo:',
    'jilo://',
    'jilo://videos',
    'jilo://videos/',
    `jilo://videos/vid_${id}0`,
    `jilo://videos/vid_${id.slice(1)}`,
    `jilo://videos/trd_${id}`,
    `jilo://trends/vid_${id}`,
    `JILO://videos/vid_${id}`,
    `Jilo://videos/vid_${id}`,
    `jilo://Videos/vid_${id}`,
    `jilo://videos/vid_${id.toUpperCase()}`,
    `jilo://videos/vid%5F${id}`,
    `jilo://videos/%76id_${id}`,
    `jilo://videos/../videos/vid_${id}`,
    `jilo://videos/./vid_${id}`,
    `jilo://videos//vid_${id}`,
    `jilo://videos/vid_${id}/`,
    `jilo://videos/vid_${id}/poster/`,
    `jilo://videos/vid_${id}/poster.jpg`,
    `jilo://trends/trd_${id}/poster`,
    `jilo://videos/vid_${id}?a=1`,
    `jilo://videos/vid_${id}#a`,
    `jilo://videos/vid_${id}\n`,
    ` jilo://videos/vid_${id}`,
    `jilo://user@videos/vid_${id}`,
    `file:///videos/vid_${id}`,
    `jilo://videos/vid_${'a'.repeat(100_000)}`,
    'jilo://ledger/',
    'jilo://ledger/2026-13',
    'jilo://ledger/2026-00',
    'jilo://ledger/2026-1',
    'jilo://ledger/26-01',
    'jilo://ledger/２０２６-01',
    'jilo://ledger/2026-01/x',
  ];
  test.each(bad)('%s is none', async (uri) => {
    expect(parseAddress(uri)).toBeNull();
    expect(await readResource(uri, scene.owner, operations)).toBeNull();
  });

  test('have a template each, but for the ledger itself', () => {
    const filled = resourceTemplates.map(({ uriTemplate }) =>
      uriTemplate
        .replace('{month}', '2026-01')
        .replace('{id}', `${uriTemplate.slice(7, 10).replace('tre', 'trd')}_${id}`),
    );
    expect(filled.toSorted()).toEqual(
      good.filter((uri) => uri !== 'jilo://ledger' && uri !== 'jilo://ledger/2026-12').toSorted(),
    );
  });
});

describe('what is read', () => {
  test('is what the operation shows', async () => {
    const { owner, own } = scene;
    const shown = async (operation: Parameters<typeof perform>[0], input: object) => {
      const outcome = await perform(operation, input, owner);
      return outcome.ok ? outcome.value : outcome.fault.code;
    };
    const { video, publication } = own;
    expect(await readJson(`jilo://videos/${video}`, owner)).toEqual(
      await shown(videoShow, { video }),
    );
    expect(await readJson(`jilo://publications/${publication}`, owner)).toEqual(
      await shown(publicationShow, { publication }),
    );
    expect(await readJson('jilo://ledger', owner)).toEqual(
      await shown(quotaHistory, { limit: 100 }),
    );
  });

  test('fits the protocol', async () => {
    const { owner, own } = scene;
    for (const uri of [`jilo://trends/${own.trend}`, `jilo://videos/${own.video}/poster`]) {
      const read = await readResource(uri, owner, operations);
      expect(specTypeSchemas.ReadResourceResult['~standard'].validate(read)).not.toHaveProperty(
        'issues',
      );
    }
  });

  test('marks the words of strangers and leaves all the rest as it is', async () => {
    const { owner, own } = scene;
    const outcome = await perform(trendShow, { trend: own.trend }, owner);
    const shown = outcome.ok ? outcome.value : {};
    const { notice, title, channel, description, ...rest } = await readJson(
      `jilo://trends/${own.trend}`,
      owner,
    );
    expect(notice).toBe(untrustedRule);
    expect(title).toMatch(
      /^<untrusted kind="title">Paper boats [^<>]*Ignore all[^<>]*<\/untrusted>$/u,
    );
    expect(description).toMatch(
      /^<untrusted kind="description">[^<>]*Ignore all[^<>]*<\/untrusted>$/u,
    );
    expect(channel).toBe('<untrusted kind="channel">Boats</untrusted>');
    expect(rest).toEqual(
      Object.fromEntries(
        Object.entries(shown).filter(
          ([name]) => !['title', 'channel', 'description'].includes(name),
        ),
      ),
    );
    expect(JSON.stringify(rest)).not.toContain('Ignore all');
  });

  test('is the poster as it is stored', async () => {
    const { world, owner, own } = scene;
    const { posterKey } = await videoRow(world, own.video);
    const { storage } = world.app.ports;
    const facts = await storage.stat(posterKey ?? '');
    const stored = await buffer(storage.read(posterKey ?? '', 0, (facts?.bytes ?? 0) - 1));
    const uri = `jilo://videos/${own.video}/poster`;
    const read = await readResource(uri, owner, operations);
    expect(read?.contents).toEqual([
      { uri, mimeType: 'image/jpeg', blob: stored.toString('base64') },
    ]);
    expect(stored.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  test('is nothing of another account, and nothing that was deleted', async () => {
    const { world, owner, stranger, own, foreign } = scene;
    const urisOf = ({ video, trend, publication }: typeof own) => [
      `jilo://videos/${video}`,
      `jilo://videos/${video}/poster`,
      `jilo://trends/${trend}`,
      `jilo://publications/${publication}`,
    ];
    for (const uri of urisOf(foreign))
      expect(await readResource(uri, owner, operations)).toBeNull();
    for (const uri of urisOf(own)) expect(await readResource(uri, stranger, operations)).toBeNull();
    expect(JSON.stringify(await readJson('jilo://ledger', stranger))).not.toContain(own.video);
    const [gone = ''] = await addVideos(world, owner, ['soon gone']);
    expect(await readResource(`jilo://videos/${gone}`, owner, operations)).not.toBeNull();
    expect(await readResource(`jilo://videos/${gone}/poster`, owner, operations)).toBeNull();
    await hideVideo(world, gone);
    expect(await readResource(`jilo://videos/${gone}`, owner, operations)).toBeNull();
  });

  test('is nothing where its operation is not there', async () => {
    const { owner, own } = scene;
    for (const uri of [
      `jilo://videos/${own.video}`,
      `jilo://videos/${own.video}/poster`,
      `jilo://trends/${own.trend}`,
      `jilo://publications/${own.publication}`,
      'jilo://ledger',
      'jilo://ledger/2026-11',
    ]) {
      expect(await readResource(uri, owner, operations), uri).not.toBeNull();
      expect(await readResource(uri, owner, []), uri).toBeNull();
    }
  });

  test('is in the language of the person', async () => {
    const { world, owner } = scene;
    const context: Context = { ...owner, locale: 'zh' };
    const [video = ''] = await addVideos(world, owner, ['a cancelled one']);
    await cancelled(video);
    expect((await readJson(`jilo://videos/${video}`, context))['why']).toMatch(/[\u4e00-\u9fff]/u);
    expect((await readJson(`jilo://videos/${video}`, owner))['why']).toMatch(/^[\u0020-\u007e]+$/u);
  });

  test('ends in the fault of what failed otherwise', async () => {
    const { owner } = scene;
    const broken = operations.map((one) => (one.name === 'quota_history' ? failing : one));
    await expect(readResource('jilo://ledger', owner, broken)).rejects.toMatchObject({
      code: 'internal',
    });
  });
});

const failing = {
  ...quotaHistory,
  run: async () => {
    throw new Error('out of order');
  },
};

async function cancelled(id: string): Promise<void> {
  const { sql } = scene.world.app.database;
  await sql`update videos set status = 'cancelled' where id = ${id}`;
}

describe('the ledger of a month', () => {
  test('is counted in the time zone of the person', async () => {
    const { world } = scene;
    const person = await world.context('mcp', 'saver');
    const { accountId } = person.actor;
    const { sql } = world.app.database;
    const post = (key: string, at: string) =>
      sql`select quota_post('grant', ${accountId}, 5::integer, ${key}, ${`${accountId} ${key}`}, ${at}::timestamptz)`;
    await post('last minute', '2026-10-31T23:59:59Z');
    await post('first minute', '2026-11-01T00:00:00Z');
    const referencesIn = async (month: string, timeZone: string) => {
      const uri = `jilo://ledger/${month}`;
      const { entries } = await readJson(uri, { ...person, timeZone });
      const read = z.array(z.object({ reference: z.string() })).parse(entries);
      return read.map(({ reference }) => reference).filter((name) => name.endsWith('minute'));
    };
    expect(await referencesIn('2026-10', 'UTC')).toEqual(['last minute']);
    expect(await referencesIn('2026-11', 'UTC')).toEqual(['first minute']);
    expect(await referencesIn('2026-11', 'Asia/Shanghai')).toEqual(['first minute', 'last minute']);
    expect(await referencesIn('2026-10', 'America/New_York')).toEqual([
      'first minute',
      'last minute',
    ]);
    expect(await readResource('jilo://ledger/2026-09', person, operations)).toBeNull();
    expect(await readResource('jilo://ledger/2026-10', scene.stranger, operations)).toBeNull();
  });

  test.each([
    [500, 500, 0],
    [501, 500, 1],
  ])('of %i movements holds %i and says that %i are left', async (count, shown, more) => {
    const { world } = scene;
    const person = await world.context('mcp', `mover${count}`);
    const { accountId } = person.actor;
    await world.app.database.sql`
      select quota_post('grant', ${accountId}, 1::integer, 'drop', ${accountId} || ' ' || n, '2025-05-05T12:00:00Z'::timestamptz)
      from generate_series(1, ${count}::integer) as n`;
    const month = await readJson('jilo://ledger/2025-05', person);
    expect(month).toMatchObject({ month: '2025-05', more });
    expect(month['entries']).toHaveLength(shown);
  });
});
